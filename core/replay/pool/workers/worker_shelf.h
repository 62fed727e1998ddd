// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/replay/pool/workers/worker_process.h"
#include "core/store/scratch.h"

namespace hindcast::replay {

/// Workers that wait for units: started while the user still types or while a replay is planned, so that the seconds of
/// importing torch are over when it is confirmed. Starting an interpreter is the only way: thread pools that exist as
/// soon as NumPy is imported do not survive a fork. Unused ones end after a few minutes. Clears up behind programs that
/// died. Functions: any thread.
/// Workers hang on a thread of the shelf, so it must outlive those that were taken.
class WorkerShelf {
public:
    /// Most workers that wait at a time.
    static constexpr std::size_t kMostWaiting = 8;

    explicit WorkerShelf(WorkerSetup setup);
    ~WorkerShelf();

    /// Begins to start workers until `count` of this kind wait. Returns at once.
    void prepare(const WorkerKind& kind, int count);
    /// One that waits and lives; null when there is none.
    std::unique_ptr<WorkerProcess> take(const WorkerKind& kind);

private:
    struct Waiting {
        std::unique_ptr<WorkerProcess> worker;
        std::chrono::steady_clock::time_point since;
    };
    void run(const std::stop_token& stop);
    void startOne(const WorkerKind& kind);
    void dropUnused();

    WorkerSetup m_setup;
    std::optional<store::ScratchFolder> m_scratch;  ///< of the thread
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<WorkerKind> m_wanted;
    std::optional<WorkerKind> m_starting;
    std::vector<Waiting> m_waiting;
    std::jthread m_thread;
};

}  // namespace hindcast::replay

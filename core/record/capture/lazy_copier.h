// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace hindcast::record {

/// Copies behind the training thread's back what does not change for a while (parameters during forward and backward).
/// One copy at a time; start() and wait() by one thread.
class LazyCopier {
public:
    LazyCopier() = default;
    ~LazyCopier();
    LazyCopier(const LazyCopier&) = delete;
    LazyCopier& operator=(const LazyCopier&) = delete;

    /// Runs `copy` on the copier's own thread, which the first call starts. False when the system gives no thread.
    bool start(std::function<void()> copy);
    /// Returns when the copy has run.
    void wait();

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::function<void()> m_copy;
    bool m_busy = false;
    bool m_ends = false;
    std::thread m_thread;
};

}  // namespace hindcast::record

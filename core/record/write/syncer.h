// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

#include "core/record/write/failure_latch.h"

namespace hindcast::record {

/// Syncs files to disk on a thread of its own: a slow disk then delays durability, never the values on their way to the
/// kernel. Requests have tickets; those that
/// wait at the same time for the same file are served by one sync. Any thread.
class Syncer {
public:
    /// `done` is called on the syncing thread whenever requests were served.
    Syncer(FailureLatch& failure, void (*done)(void*), void* doneContext);
    ~Syncer();

    /// Syncs a copy of `descriptor`, so that the caller may close the file meanwhile.
    std::uint64_t requestCopy(int descriptor);
    /// Syncs `descriptor` itself, which must stay open until the ticket is done.
    std::uint64_t request(int descriptor);
    /// All requests up to this ticket are done (also when recording has failed, which nothing waits for).
    bool isDone(std::uint64_t ticket) const;
    void wait(std::uint64_t ticket);

private:
    struct Request {
        int descriptor = -1;
        bool owned = false;
    };
    std::uint64_t add(Request request);
    void serve(const std::deque<Request>& requests);
    void run();

    FailureLatch& m_failure;
    void (*m_done)(void*);
    void* m_doneContext;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Request> m_requests;
    std::uint64_t m_issued = 0;
    std::uint64_t m_completed = 0;
    bool m_stopping = false;
    std::thread m_thread;
};

}  // namespace hindcast::record

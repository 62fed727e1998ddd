// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>
#include <signal.h>

#include <thread>
#include <utility>

namespace hindcast::record {

/// Starts a thread that receives no signals: the program being recorded goes on handling its own, on its own threads.
/// Throws std::system_error when the system gives no thread.
template <class Body>
std::thread startQuietly(Body&& body) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct Restore {
        const sigset_t& mask;
        ~Restore() { pthread_sigmask(SIG_SETMASK, &mask, nullptr); }
    } const restore{before};
    return std::thread(std::forward<Body>(body));
}

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

#include "core/base/result.h"

namespace hindcast::store {

/// Asks `attempt` (a Result<bool>: whether it has the lock) again and again until it has, fails, or the time is over;
/// then false. File locks tell nobody when they become free.
template <class Try>
base::Result<bool> waitForLock(Try attempt, std::chrono::milliseconds wait,
                               std::chrono::milliseconds pause = std::chrono::milliseconds(20)) {
    const auto end = std::chrono::steady_clock::now() + wait;
    for (;;) {
        HINDCAST_ASSIGN(const bool locked, attempt());
        if (locked || std::chrono::steady_clock::now() >= end) return locked;
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace hindcast::store

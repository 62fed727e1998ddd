// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"

#include <cstdio>
#include <ctime>

namespace hindcast::base {

static std::int64_t nanosOf(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::int64_t wallClockMicros() {
    return nanosOf(CLOCK_REALTIME) / 1000;
}

std::int64_t monotonicNanos() {
    return nanosOf(CLOCK_MONOTONIC);
}

std::string isoTime(std::int64_t wallMicros) {
    const auto seconds = static_cast<time_t>(wallMicros / 1'000'000);
    tm parts{};
    gmtime_r(&seconds, &parts);
    char text[32];
    const std::size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    char fraction[16];
    snprintf(fraction, sizeof fraction, ".%06dZ", static_cast<int>(wallMicros % 1'000'000));
    return std::string(text, length) + fraction;
}

}  // namespace hindcast::base

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace hindcast::base {

/// Microseconds since the Unix epoch (CLOCK_REALTIME). For stamps that people read.
std::int64_t wallClockMicros();

/// Nanoseconds of CLOCK_MONOTONIC. For durations.
std::int64_t monotonicNanos();

/// "2026-11-22T09:15:04.123456Z".
std::string isoTime(std::int64_t wallMicros);

}  // namespace hindcast::base

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/format/events/event_encoder.h"

namespace hindcast::record {

class GpuMeter;

/// What the process takes of its machine, read from /proc and, where the process uses GPUs of NVIDIA's, from their
/// management library, which is loaded when it is there. One thread. Cost of a sample: tens of microseconds, and once
/// some 10 ms to open the library.
class SystemSampler {
public:
    struct Reading {
        format::NameRef name;  ///< "sys/cpu" …, as FORMAT.md lists them; lives as long as the sampler
        double value;
    };

    SystemSampler();
    ~SystemSampler();

    /// Seconds since construction, processor time since the last call in percent of one core, resident memory in bytes,
    /// and for each GPU its load in percent and its used memory in bytes. What cannot be read is left out.
    std::vector<Reading> sample();

private:
    format::NameRef nameOf(const std::string& name);

    std::deque<std::string> m_names;  ///< their places are their numbers
    const std::int64_t m_startNanos;
    std::int64_t m_lastNanos;
    std::int64_t m_lastCpuNanos;
    bool m_gpusWanted = true;
    std::unique_ptr<GpuMeter> m_gpus;
};

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include "core/record/host/system_sampler.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "core/base/clock.h"
#include "core/record/host/gpu_meter.h"

namespace hindcast::record {

namespace {

std::int64_t processorNanos() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

/// From /proc/self/statm: pages in all, resident pages, …
std::optional<double> residentBytes() {
    const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    std::array<char, 128> text{};
    const ssize_t size = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    if (size <= 0) return std::nullopt;
    char* at = nullptr;
    static_cast<void>(std::strtoull(text.data(), &at, 10));
    char* end = nullptr;
    const unsigned long long pages = std::strtoull(at, &end, 10);
    if (end == at) return std::nullopt;
    return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

/// Whether the process has loaded CUDA's driver: a script that does not is not told of other people's GPU work.
static bool usesCuda() {
    void* const driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    if (driver != nullptr) ::dlclose(driver);
    return driver != nullptr;
}

SystemSampler::SystemSampler()
    : m_startNanos(base::monotonicNanos()), m_lastNanos(m_startNanos), m_lastCpuNanos(processorNanos()) {}

SystemSampler::~SystemSampler() = default;

format::NameRef SystemSampler::nameOf(const std::string& name) {
    auto known = std::find(m_names.begin(), m_names.end(), name);
    if (known == m_names.end()) known = m_names.insert(m_names.end(), name);
    return {static_cast<std::uint32_t>(known - m_names.begin()), *known};
}

std::vector<SystemSampler::Reading> SystemSampler::sample() {
    std::vector<Reading> readings;
    const std::int64_t now = base::monotonicNanos();
    const std::int64_t cpu = processorNanos();
    readings.push_back({nameOf("sys/seconds"), static_cast<double>(now - m_startNanos) / 1e9});
    if (now > m_lastNanos) {
        readings.push_back({nameOf("sys/cpu"), 100.0 * static_cast<double>(cpu - m_lastCpuNanos) /
                                                   static_cast<double>(now - m_lastNanos)});
    }
    m_lastNanos = now;
    m_lastCpuNanos = cpu;
    if (const auto bytes = residentBytes()) readings.push_back({nameOf("sys/memory"), *bytes});
    if (m_gpusWanted && usesCuda()) {
        m_gpus = GpuMeter::open();
        m_gpusWanted = false;
    }
    if (m_gpus) {
        for (const GpuMeter::Load& load : m_gpus->read()) {
            const std::string gpu = "sys/gpu" + std::to_string(load.gpu);
            readings.push_back({nameOf(gpu + "/load"), load.percent});
            readings.push_back({nameOf(gpu + "/memory"), load.usedBytes});
        }
    }
    return readings;
}

}  // namespace hindcast::record

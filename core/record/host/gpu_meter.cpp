// SPDX-License-Identifier: Apache-2.0
#include "core/record/host/gpu_meter.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hindcast::record {

namespace {

// From NVML's documentation; its numbers and layouts are stable across drivers.
constexpr int kSuccess = 0;
struct Utilization {
    unsigned gpu;
    unsigned memory;
};
struct Memory {
    unsigned long long total;
    unsigned long long free;
    unsigned long long used;
};
struct Process {
    unsigned pid;
    unsigned long long usedMemory;
    unsigned gpuInstance;
    unsigned computeInstance;
};
constexpr unsigned kProcesses = 64;

template <class Function>
bool find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
}

}  // namespace

struct GpuMeter::Library {
    void* handle = nullptr;
    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    int (*count)(unsigned*) = nullptr;
    int (*device)(unsigned, void**) = nullptr;
    int (*utilization)(void*, Utilization*) = nullptr;
    int (*memory)(void*, Memory*) = nullptr;
    int (*processes)(void*, unsigned*, Process*) = nullptr;

    bool load() {
        handle = ::dlopen("libnvidia-ml.so.1", RTLD_LAZY | RTLD_LOCAL);
        return handle != nullptr && find(handle, "nvmlInit_v2", init) && find(handle, "nvmlShutdown", shutdown) &&
               find(handle, "nvmlDeviceGetCount_v2", count) && find(handle, "nvmlDeviceGetHandleByIndex_v2", device) &&
               find(handle, "nvmlDeviceGetUtilizationRates", utilization) &&
               find(handle, "nvmlDeviceGetMemoryInfo", memory) &&
               find(handle, "nvmlDeviceGetComputeRunningProcesses_v3", processes) && init() == kSuccess;
    }
};

std::vector<bool> visibleGpus(const char* visible, unsigned count) {
    std::vector<bool> all(count, true);
    if (visible == nullptr) return all;
    std::vector<bool> named(count, false);
    for (const char* at = visible; *at != '\0';) {
        char* end = nullptr;
        const long number = std::strtol(at, &end, 10);
        if (end == at || (*end != ',' && *end != '\0')) return all;
        if (number < 0 || number >= static_cast<long>(count)) break;  // CUDA ignores what follows a wrong number
        named[static_cast<std::size_t>(number)] = true;
        at = *end == ',' ? end + 1 : end;
    }
    return named;
}

GpuMeter::GpuMeter(std::unique_ptr<Library> library) : m_library(std::move(library)) {}

GpuMeter::~GpuMeter() {
    // The library stays loaded: another user of it in this process may be at work.
    m_library->shutdown();
}

std::unique_ptr<GpuMeter> GpuMeter::open() {
    auto library = std::make_unique<Library>();
    if (!library->load()) return nullptr;
    std::unique_ptr<GpuMeter> meter(new GpuMeter(std::move(library)));
    unsigned count = 0;
    if (meter->m_library->count(&count) != kSuccess) return nullptr;
    for (unsigned i = 0; i < count; ++i) {
        void* device = nullptr;
        meter->m_devices.push_back(meter->m_library->device(i, &device) == kSuccess ? device : nullptr);
    }
    meter->m_visible = visibleGpus(std::getenv("CUDA_VISIBLE_DEVICES"), count);
    return meter;
}

bool GpuMeter::runsHere(void* device) const {
    std::array<Process, kProcesses> found{};
    unsigned count = kProcesses;
    if (m_library->processes(device, &count, found.data()) != kSuccess) return false;
    const auto own = static_cast<unsigned>(::getpid());
    return std::any_of(found.begin(), found.begin() + std::min(count, kProcesses),
                       [own](const Process& process) { return process.pid == own; });
}

std::vector<GpuMeter::Load> GpuMeter::read() const {
    std::vector<bool> ours(m_devices.size());
    for (std::size_t i = 0; i < m_devices.size(); ++i) ours[i] = m_devices[i] != nullptr && runsHere(m_devices[i]);
    if (std::none_of(ours.begin(), ours.end(), [](bool own) { return own; })) ours = m_visible;
    std::vector<Load> loads;
    for (std::size_t i = 0; i < m_devices.size(); ++i) {
        Utilization utilization{};
        Memory memory{};
        if (!ours[i] || m_devices[i] == nullptr || m_library->utilization(m_devices[i], &utilization) != kSuccess ||
            m_library->memory(m_devices[i], &memory) != kSuccess) {
            continue;
        }
        loads.push_back(
            {static_cast<unsigned>(i), static_cast<double>(utilization.gpu), static_cast<double>(memory.used)});
    }
    return loads;
}

}  // namespace hindcast::record

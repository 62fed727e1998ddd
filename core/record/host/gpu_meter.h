// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace hindcast::record {

/// Reads the GPUs that this process uses through NVIDIA's management library (NVML), loaded at run time. One thread.
class GpuMeter {
public:
    struct Load {
        unsigned gpu;  ///< as the library numbers them
        double percent;
        double usedBytes;
    };

    /// Null where the library or the driver is missing.
    static std::unique_ptr<GpuMeter> open();
    ~GpuMeter();
    GpuMeter(const GpuMeter&) = delete;
    GpuMeter& operator=(const GpuMeter&) = delete;

    /// GPUs on which this process runs, by its own number; where the library does not know that number (in a container
    /// it sees other ones) those that CUDA_VISIBLE_DEVICES names, or all.
    std::vector<Load> read() const;

private:
    struct Library;
    explicit GpuMeter(std::unique_ptr<Library> library);
    bool runsHere(void* device) const;

    std::unique_ptr<Library> m_library;
    std::vector<void*> m_devices;
    std::vector<bool> m_visible;
};

/// The GPUs of `visible` (the text of CUDA_VISIBLE_DEVICES, null when not set) among `count`. Names that are no numbers
/// (UUIDs) make all visible: too many rather than none.
std::vector<bool> visibleGpus(const char* visible, unsigned count);

}  // namespace hindcast::record

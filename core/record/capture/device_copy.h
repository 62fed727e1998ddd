// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/result.h"

namespace hindcast::record {

/// How a capture reads memory that the host cannot: implemented by a plug-in per kind of device (CUDA), so that the
/// recorder links none of them. A recorder without one refuses tensors on a device.
///
/// A capture calls begin(), then copy() for every piece, then finish(), all on the thread that captures and without the
/// interpreter's lock. The copies may run in the background between copy() and finish().
class DeviceCopy {
public:
    virtual ~DeviceCopy() = default;

    /// Host memory that copy() will write to, so that it can be pinned. Called once for each arena, from any thread.
    virtual base::Result<void> prepare(std::byte* host, std::size_t bytes) = 0;
    /// Orders the copies behind the work that `stream` holds now (an opaque handle of the device's; 0 = its default
    /// stream).
    virtual base::Result<void> begin(int device, std::uintptr_t stream) = 0;
    /// Starts a copy of `bytes` from device memory.
    virtual base::Result<void> copy(std::byte* host, std::uintptr_t from, std::size_t bytes) = 0;
    /// Returns when every copy since begin() has arrived.
    virtual base::Result<void> finish() = 0;
};

}  // namespace hindcast::record

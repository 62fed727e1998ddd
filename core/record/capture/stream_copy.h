// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace hindcast::record {

/// Copies like memcpy, but past the cache where the processor can: the destination is read only much later, by another
/// thread, and the training's working set stays cached. `to` should be aligned to 64 bytes. The bytes are visible to
/// other threads as after memcpy.
void streamCopy(std::byte* to, const std::byte* from, std::size_t bytes);

}  // namespace hindcast::record

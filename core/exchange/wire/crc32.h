// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

/// The two 32-bit checksums that other trackers' files carry.
namespace hindcast::exchange {

/// CRC-32C (Castagnoli) as TensorBoard's record files have it: masked, so that a checksum of checksums stays useful.
std::uint32_t maskedCrc32c(base::BytesView bytes);

/// CRC-32 (IEEE 802.3) of `first` followed by `second`, as zlib computes it.
std::uint32_t crc32(base::BytesView first, base::BytesView second = {});

}  // namespace hindcast::exchange

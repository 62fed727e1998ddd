// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/base/bytes.h"

/// Internal to this folder: lossless coding of integer columns.
namespace hindcast::store {

/// Appends the column: as runs of arithmetic sequences (loop indices are nothing else), or packed to the width of its
/// range, whichever is shorter. The number of values is not stored.
void putIntegers(base::ByteWriter& out, std::span<const std::int64_t> values);

/// Fills `out`; false when the bytes do not hold exactly that many values.
bool getIntegers(base::ByteReader& in, std::span<std::int64_t> out);

}  // namespace hindcast::store

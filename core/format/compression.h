// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/bytes.h"

// The only door to zstd. Contexts are per thread and reused, so a call allocates nothing but its output.

namespace hindcast::format {

enum class Effort {
    Fast,         ///< zstd level 1
    EntropyOnly,  ///< Huffman over literals, no search for repeats: for float planes, twice as fast
};

/// Compresses into `out` (any capacity). Absent when the result would not fit, which is how a caller says what pays.
std::optional<std::size_t> compressInto(base::BytesView raw, Effort effort, std::span<std::byte> out);

/// Compressed copy, absent when it is not shorter than `raw`.
std::optional<base::Bytes> compress(base::BytesView raw);

/// Raw bytes that a zstd frame says it holds: to be compared before memory is taken for them. Absent when it does not
/// say.
std::optional<std::size_t> contentBytes(base::BytesView stored);

/// Decompresses one zstd frame that holds exactly out.size() bytes; false when it does not.
bool decompressInto(base::BytesView stored, std::span<std::byte> out);

}  // namespace hindcast::format

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/result.h"
#include "core/format/digest.h"
#include "core/format/tensors/capture.h"
#include "core/format/tensors/dtype.h"

// Chunk records: FORMAT.md section 6. Lossless coding of up to kChunkBytes of tensor bytes.

namespace hindcast::format {

inline constexpr std::size_t kChunkHeaderBytes = 72;
/// Where a record's checksum is; it covers what stands before it and what follows the header.
inline constexpr std::size_t kChecksumAt = 64;
inline constexpr unsigned kDeepestChain = 3;
/// A difference is kept only when it is this much shorter than the chunk coded by itself.
inline constexpr double kDifferenceKeep = 0.97;

enum class Transform : std::uint8_t { None = 0, Rotate = 1, Difference = 2 };
enum class PlaneCodec : std::uint8_t { Raw = 0, Constant = 1, Zstd = 2 };

struct ChunkHeader {
    Transform transform = Transform::None;
    std::uint8_t width = 0;  ///< bytes of an element; 0 = not split
    std::uint32_t rawBytes = 0;
    std::uint32_t storedBytes = 0;
    Digest digest;
    ChunkPlace base;  ///< of a difference
    Digest baseDigest;
    std::uint64_t checksum = 0;
};
/// Damaged when the fields are not those of a chunk record of format 1.
base::Result<ChunkHeader> decodeChunkHeader(base::BytesView bytes);

/// Points a whole, right record of a difference to the place where its base is now; its checksum follows.
void setBasePlace(std::span<std::byte> record, ChunkPlace base);

/// What a difference is taken against.
struct ChunkBase {
    ChunkPlace place;
    Digest digest;
    base::BytesView raw;  ///< as long as the chunk
};

/// Makes chunk records. Keeps its scratch memory; one thread at a time. About 1 GB/s and more per core.
class ChunkEncoder {
public:
    /// The record of a chunk by itself. The view lives until the next call. `raw` has 1 … kChunkBytes bytes.
    base::BytesView encode(base::BytesView raw, DType type, const Digest& digest);
    /// The record as a difference, absent when it would have more than `limitBytes`; what fails by far costs a tenth.
    std::optional<base::BytesView> encodeDifference(base::BytesView raw, DType type, const Digest& digest,
                                                    const ChunkBase& base, std::size_t limitBytes);

private:
    using PlaneBits = std::array<double, 8>;
    base::BytesView plane(std::size_t p, std::size_t width) const;
    base::BytesView encodePlanes(ChunkHeader header, const PlaneBits& bits);

    base::Bytes m_planes;
    base::Bytes m_record;
};

/// Undoes chunk records. Keeps its scratch memory; one thread at a time. About 3.5 GB/s per core without a base.
class ChunkDecoder {
public:
    /// `stored` are the header.storedBytes behind the header (checksum already verified); `baseRaw` the base's raw
    /// bytes for a difference, else empty; `out` has header.rawBytes bytes. Damaged when the bytes cannot be what an
    /// encoder wrote.
    base::Result<void> decode(const ChunkHeader& header, base::BytesView stored, base::BytesView baseRaw,
                              std::span<std::byte> out);

private:
    base::Bytes m_planes;
};

}  // namespace hindcast::format

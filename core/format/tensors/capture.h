// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/format/digest.h"
#include "core/format/events/events.h"
#include "core/format/tensors/dtype.h"

// Manifests of captured state, the content of CAPTURE frames: FORMAT.md section 5.

namespace hindcast::format {

enum class CapturePoint : std::uint8_t { Boundary = 0, Exit = 1, Mid = 2, Prefix = 3, End = 4 };
enum class TensorState : std::uint8_t { Stored = 0, DigestOnly = 1, NotCapturable = 2 };

inline constexpr std::size_t kChunkBytes = std::size_t{256} << 10;
/// Set in a segment number whose file is in packs/.
inline constexpr std::uint64_t kPackBit = std::uint64_t{1} << 40;

/// Where a chunk record begins.
struct ChunkPlace {
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;
    auto operator<=>(const ChunkPlace&) const = default;
};

struct TensorRecord {
    std::string key;  ///< path, "/"-joined
    DType dtype = DType::Raw;
    TensorState state = TensorState::Stored;
    std::vector<std::uint64_t> shape;
    std::uint64_t rawBytes = 0;
    Digest digest;                   ///< of the raw bytes, row-major and contiguous
    std::vector<ChunkPlace> chunks;  ///< when stored: kChunkBytes of raw bytes each, the last shorter
    bool operator==(const TensorRecord&) const = default;
};

struct CaptureRecord {
    CapturePoint point = CapturePoint::Boundary;
    LeaveReason how = LeaveReason::Exhausted;  ///< of Exit and End
    bool tensorsStored = true;
    std::int64_t stamp = 0;  ///< micros since 1970
    Coordinates coordinates;
    std::uint64_t passes = 0;
    std::vector<TensorRecord> tensors;
    base::Bytes meta;  ///< CBOR, FORMAT.md section 5.1
    bool operator==(const CaptureRecord&) const = default;
};

base::Bytes encodeCapture(const CaptureRecord& capture);
/// Damaged when the bytes are not one capture record from start to end; NewerFormat for a later record version.
base::Result<CaptureRecord> decodeCapture(base::BytesView payload);

}  // namespace hindcast::format

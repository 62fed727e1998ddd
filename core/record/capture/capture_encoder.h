// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/uuid.h"
#include "core/format/tensors/segment.h"
#include "core/record/capture/staged_capture.h"

namespace hindcast::record {

/// Turns staged captures into chunk records and manifests. A chunk that the version holds already is referred to, not
/// stored; others are coded by themselves or as a difference to an earlier chunk at the same place, whichever pays,
/// along the chains of the research: a keyframe every eighth, base i - lowbit(i), so at most three steps. Writer thread
/// only.
class CaptureEncoder {
public:
    CaptureEncoder(std::filesystem::path versionFolder, base::Uuid uuid);

    /// Digests, encodes and appends; everything is with the kernel on return. `between` is called every few hundred
    /// KiB, so that values keep flowing while a large capture is encoded.
    base::Result<format::CaptureRecord> encode(const StagedCapture& capture, const std::function<void()>& between);

    /// The segment being written, absent before the first chunk. Its descriptor stays open until the next rotation.
    const format::SegmentWriter* segment() const { return m_segment ? &*m_segment : nullptr; }
    base::Result<void> syncSegment();

    /// A tensor that was said not to have been written since an earlier capture, and was; then empty again.
    std::optional<std::string> takeSilentWrite() { return std::exchange(m_silentWrite, std::nullopt); }

    std::uint64_t rawBytes() const { return m_rawBytes; }
    std::uint64_t storedBytes() const { return m_storedBytes; }

private:
    /// Latest stored versions of the chunk at one place of one tensor.
    struct Place {
        format::ChunkPlace place;
        format::Digest digest;
    };
    static constexpr std::uint32_t kKeyframeInterval = 8;
    struct Chain {
        std::uint32_t versions = 0;
        std::uint32_t rawBytes = 0;
        std::uint32_t absoluteBytes = 0;  ///< record of the latest one coded by itself
        std::array<Place, kKeyframeInterval> stored;
    };
    struct TensorHistory {
        std::vector<Chain> chains;
        std::uint64_t content = 0;                 ///< StagedCapture::Tensor::content of `last`
        std::optional<format::TensorRecord> last;  ///< as it was last encoded; kept where it may be referred to
        unsigned lost = 0;             ///< captures in a row for which differences were tried and did not pay
        unsigned skipDifferences = 0;  ///< captures for which they are not tried
    };
    struct Known {
        format::ChunkPlace place;
        std::uint32_t rawBytes = 0;
    };
    using KnownChunks = std::unordered_map<format::Digest, Known, format::DigestHash>;
    struct Tally {
        unsigned tried = 0;
        unsigned kept = 0;
    };

    base::Result<format::TensorRecord> encodeTensor(const StagedCapture::Tensor& tensor, bool store,
                                                    const std::function<void()>& between);
    format::TensorRecord refer(const StagedCapture::Tensor& tensor, bool store);
    void keep(const StagedCapture::Tensor& tensor, const format::TensorRecord& record);
    base::Result<format::ChunkPlace> storeChunk(base::BytesView raw, format::DType type, const format::Digest& digest,
                                                Chain& chain, bool tryDifference, Tally& tally);
    base::Result<std::optional<base::BytesView>> difference(base::BytesView raw, format::DType type,
                                                            const format::Digest& digest, const Chain& chain);
    base::Result<format::ChunkPlace> append(base::BytesView record);
    std::optional<format::ChunkPlace> known(const format::Digest& digest, std::size_t rawBytes);
    void remember(const format::Digest& digest, Known known);

    std::filesystem::path m_folder;
    base::Uuid m_uuid;
    std::optional<format::SegmentWriter> m_segment;
    std::uint64_t m_nextSegment = 0;
    format::ChunkEncoder m_encoder;
    format::ChunkReader m_reader;
    base::Bytes m_base;
    std::unordered_map<std::string, TensorHistory> m_tensors;
    std::optional<std::string> m_silentWrite;
    /// Two generations bound the memory: when the young one is full it becomes the old one.
    KnownChunks m_young;
    KnownChunks m_old;
    std::uint64_t m_rawBytes = 0;
    std::uint64_t m_storedBytes = 0;
};

}  // namespace hindcast::record

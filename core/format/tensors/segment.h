// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "core/base/file.h"
#include "core/base/uuid.h"
#include "core/format/tensors/capture.h"
#include "core/format/tensors/chunk.h"

// Segment files: FORMAT.md section 6.

namespace hindcast::format {

inline constexpr std::size_t kSegmentHeaderBytes = 40;
inline constexpr std::uint16_t kSegmentMajor = 1;
/// A writer begins a new segment when the current one has grown to this.
inline constexpr std::uint64_t kSegmentBytes = std::uint64_t{256} << 20;

/// "seg-000000".
std::string segmentFileName(std::uint64_t number);
/// Absent when `name` is not a segment's.
std::optional<std::uint64_t> segmentNumber(std::string_view name);

/// The 40 bytes at the start of a segment.
base::Bytes encodeSegmentHeader(std::uint64_t number, const base::Uuid& uuid);
/// NewerFormat for a larger major, Damaged for anything else that is not the header of this segment.
base::Result<void> checkSegmentHeader(base::BytesView bytes, const std::filesystem::path& path, std::uint64_t number);

/// Appends chunk records to one segment file. Writes are gathered; flush() hands them to the kernel. One thread at a
/// time.
class SegmentWriter {
public:
    static base::Result<SegmentWriter> create(const std::filesystem::path& folder, std::uint64_t number,
                                              const base::Uuid& uuid);

    /// Appends a whole record (as made by ChunkEncoder) and says where it is.
    base::Result<ChunkPlace> append(base::BytesView record);
    base::Result<void> flush();
    base::Result<void> sync();
    base::Result<void> close();
    std::uint64_t number() const { return m_number; }
    std::uint64_t size() const { return m_size; }
    int descriptor() const { return m_file.descriptor(); }

private:
    SegmentWriter(base::File file, std::uint64_t number) : m_file(std::move(file)), m_number(number) {}

    base::File m_file;
    std::uint64_t m_number;
    std::uint64_t m_size = kSegmentHeaderBytes;
    base::Bytes m_pending;
};

/// Reads chunk records of one version: its own segments and, for numbers with kPackBit, those in the store's packs
/// folder. Opens files on first use and keeps them open. One thread at a time.
class ChunkReader {
public:
    /// `packs` may be empty when the version is read outside a store.
    ChunkReader(std::filesystem::path segments, std::filesystem::path packs)
        : m_segments(std::move(segments)), m_packs(std::move(packs)) {}

    /// Raw bytes of the chunk at `place` into `out`, which has exactly its raw size. The record's checksum and the
    /// identity of bases are verified; the caller compares the whole tensor's digest. Damaged, NotFound (segment
    /// missing).
    base::Result<void> read(ChunkPlace place, std::span<std::byte> out);

    /// The same, and the chunk's own digest is compared too.
    base::Result<void> readVerified(ChunkPlace place, std::span<std::byte> out);

    /// The chunk at `place` that is known to have this digest, which alone is verified: the fastest way to a base.
    base::Result<void> readKnown(ChunkPlace place, const Digest& digest, std::span<std::byte> out);

    /// Header only (checksum not verified).
    base::Result<ChunkHeader> header(ChunkPlace place);

    /// The whole record as it is stored, its checksum verified: for moving it elsewhere. The view lives until the next
    /// call.
    base::Result<base::BytesView> record(ChunkPlace place);

    /// All of a stored tensor, verified against its digest. `out` has tensor.rawBytes bytes. Without a difference,
    /// about half as fast as copying.
    base::Result<void> readTensor(const TensorRecord& tensor, std::span<std::byte> out);

private:
    base::Result<const base::File*> file(std::uint64_t segment);
    enum class Check { Nothing, Checksums };
    base::Result<ChunkHeader> load(ChunkPlace place, base::Bytes& buffer, Check check);
    base::Result<ChunkHeader> readLevel(ChunkPlace place, std::span<std::byte> out, Check check, unsigned depth);
    base::Result<void> readChunks(const TensorRecord& tensor, std::span<std::byte> out, Check check);

    std::filesystem::path m_segments;
    std::filesystem::path m_packs;
    std::map<std::uint64_t, base::File> m_files;
    /// Per depth of the chain: record bytes and the base's raw bytes.
    struct Level {
        base::Bytes record;
        base::Bytes base;
    };
    std::vector<Level> m_levels{std::size_t{4}};
    ChunkDecoder m_decoder;
};

/// Walks all records of a segment file in order, for fsck and repair.
struct SegmentScan {
    std::uint64_t number = 0;
    struct Entry {
        std::uint64_t offset = 0;
        ChunkHeader header;
        bool intact = false;  ///< the checksum over header and stored bytes is right
    };
    std::vector<Entry> entries;
    std::uint64_t end = 0;  ///< first byte that belongs to no record
    bool torn = false;      ///< bytes follow `end`
};
base::Result<SegmentScan> scanSegment(const std::filesystem::path& path);

}  // namespace hindcast::format

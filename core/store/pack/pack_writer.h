// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <unordered_map>

#include "core/base/result.h"
#include "core/format/tensors/segment.h"

/// Internal to core/store: the packs of a store while chunks are added to them.
namespace hindcast::store {

/// Where a chunk is, and how many differences lie between it and one that stands by itself.
struct PlacedChunk {
    format::ChunkPlace place;
    unsigned depth = 0;
};

/// Adds chunk records to new files of a packs folder and finds raw bytes that are there already. Candidates are found
/// by their XXH3-128 and compared byte for byte, so that no digest is trusted to tell contents apart. A new file is
/// made with the first record. One thread; the caller holds the lease.
class PackWriter {
public:
    /// Reads the head of every record in the folder, which may be absent. Chunks of the files numbered in `emptied` are
    /// not found: they are to go away.
    static base::Result<PackWriter> open(const std::filesystem::path& packs,
                                         const std::set<std::uint64_t>& emptied = {});

    /// A chunk with exactly these raw bytes whose chain is at most `deepest` long.
    base::Result<std::optional<PlacedChunk>> find(const format::Digest& digest, base::BytesView raw, unsigned deepest);
    /// Appends a whole record. It is found from now on, and on disk after sync().
    base::Result<format::ChunkPlace> append(base::BytesView record, const format::ChunkHeader& header, unsigned depth);
    /// All records that were appended are on disk, and so is the name of their file.
    base::Result<void> sync();

    /// Bytes appended by this object.
    std::uint64_t written() const { return m_written; }

private:
    explicit PackWriter(std::filesystem::path packs) : m_packs(std::move(packs)), m_reader({}, m_packs) {}
    base::Result<void> index(std::uint64_t number);
    base::Result<void> finishFile();

    struct Known {
        PlacedChunk chunk;
        std::uint32_t rawBytes = 0;
    };
    std::filesystem::path m_packs;
    format::ChunkReader m_reader;
    std::unordered_multimap<format::Digest, Known, format::DigestHash> m_known;
    std::optional<format::SegmentWriter> m_file;
    std::uint64_t m_next = 0;  ///< number of the next new file
    std::uint64_t m_written = 0;
    base::Bytes m_raw;
};

/// Numbers of the pack files in a folder, ascending.
base::Result<std::vector<std::uint64_t>> packNumbers(const std::filesystem::path& packs);

}  // namespace hindcast::store

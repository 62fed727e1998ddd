// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/pack_writer.h"

#include <algorithm>
#include <map>

#include "core/store/pack/pack_scan.h"

namespace hindcast::store {

using base::Result;
using format::ChunkPlace;
using format::kPackBit;

Result<PackWriter> PackWriter::open(const std::filesystem::path& packs, const std::set<std::uint64_t>& emptied) {
    PackWriter writer(packs);
    HINDCAST_ASSIGN(const auto numbers, packNumbers(packs));
    if (!numbers.empty()) writer.m_next = numbers.back() + 1;
    std::map<ChunkPlace, unsigned> depths;
    for (const std::uint64_t number : numbers) {
        HINDCAST_ASSIGN(const auto chunks, scanHeads(packs / format::segmentFileName(number)));
        for (const auto& [offset, header] : chunks) {
            const ChunkPlace place{number | kPackBit, offset};
            unsigned depth = 0;
            if (header.transform == format::Transform::Difference) {
                // A base lies before what is taken against it, unless it is gone: then nothing may build on this one.
                const auto base = depths.find(header.base);
                depth = base == depths.end() ? format::kDeepestChain + 1 : base->second + 1;
            }
            depths[place] = depth;
            if (!emptied.contains(number))
                writer.m_known.emplace(header.digest, Known{{place, depth}, header.rawBytes});
        }
    }
    return writer;
}

Result<std::optional<PlacedChunk>> PackWriter::find(const format::Digest& digest, base::BytesView raw,
                                                    unsigned deepest) {
    const auto [first, last] = m_known.equal_range(digest);
    for (auto known = first; known != last; ++known) {
        const Known& candidate = known->second;
        if (candidate.rawBytes != raw.size() || candidate.chunk.depth > deepest) continue;
        if (m_file) HINDCAST_TRY(m_file->flush());
        m_raw.resize(raw.size());
        // One that does not verify is not shared; fsck tells of it.
        if (!m_reader.readVerified(candidate.chunk.place, m_raw)) continue;
        if (std::equal(raw.begin(), raw.end(), m_raw.begin())) return std::optional<PlacedChunk>(candidate.chunk);
    }
    return std::optional<PlacedChunk>();
}

Result<ChunkPlace> PackWriter::append(base::BytesView record, const format::ChunkHeader& header, unsigned depth) {
    if (m_file && m_file->size() + record.size() > format::kSegmentBytes) HINDCAST_TRY(finishFile());
    if (!m_file) {
        HINDCAST_TRY(base::makeFolder(m_packs));
        HINDCAST_ASSIGN(format::SegmentWriter file,
                        format::SegmentWriter::create(m_packs, m_next++, base::Uuid::make()));
        m_file.emplace(std::move(file));
    }
    HINDCAST_ASSIGN(ChunkPlace place, m_file->append(record));
    place.segment |= kPackBit;
    m_written += record.size();
    m_known.emplace(header.digest, Known{{place, depth}, header.rawBytes});
    return place;
}

Result<void> PackWriter::finishFile() {
    HINDCAST_TRY(sync());
    auto closed = m_file->close();
    m_file.reset();
    return closed;
}

Result<void> PackWriter::sync() {
    if (!m_file) return {};
    HINDCAST_TRY(m_file->flush());
    HINDCAST_TRY(m_file->sync());
    return base::syncFolder(m_packs);
}

Result<std::vector<std::uint64_t>> packNumbers(const std::filesystem::path& packs) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(packs));
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : names)
        if (const auto number = format::segmentNumber(name)) numbers.push_back(*number);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "core/format/tensors/segment.h"

namespace hindcast::format {

using base::Result;

/// Large enough for cheap writes, small enough to be no matter in a training process.
static constexpr std::size_t kGatherBytes = std::size_t{4} << 20;

std::string segmentFileName(std::uint64_t number) {
    char name[32];
    std::snprintf(name, sizeof name, "seg-%06llu", static_cast<unsigned long long>(number));
    return name;
}

std::optional<std::uint64_t> segmentNumber(std::string_view name) {
    constexpr std::string_view kPrefix = "seg-";
    if (!name.starts_with(kPrefix) || name.size() < kPrefix.size() + 6 || name.size() > kPrefix.size() + 12)
        return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : name.substr(kPrefix.size())) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return number;
}

base::Bytes encodeSegmentHeader(std::uint64_t number, const base::Uuid& uuid) {
    base::ByteWriter header;
    header.putBytes(base::bytesOf("HCSEGMNT"));
    header.put(kSegmentMajor);
    header.put(std::uint16_t{0});
    header.put(std::uint32_t{0});
    header.putBytes(std::as_bytes(std::span(uuid.bytes)));
    header.put(number);
    return header.take();
}

Result<SegmentWriter> SegmentWriter::create(const std::filesystem::path& folder, std::uint64_t number,
                                            const base::Uuid& uuid) {
    HINDCAST_ASSIGN(base::File file, base::File::open(folder / segmentFileName(number), base::File::Mode::CreateNew));
    HINDCAST_TRY(file.write(encodeSegmentHeader(number, uuid)));
    return SegmentWriter(std::move(file), number);
}

Result<ChunkPlace> SegmentWriter::append(base::BytesView record) {
    const ChunkPlace place{m_number, m_size};
    m_pending.insert(m_pending.end(), record.begin(), record.end());
    m_size += record.size();
    if (m_pending.size() >= kGatherBytes) HINDCAST_TRY(flush());
    return place;
}

Result<void> SegmentWriter::flush() {
    if (m_pending.empty()) return {};
    HINDCAST_TRY(m_file.write(m_pending));
    m_pending.clear();
    return {};
}

Result<void> SegmentWriter::sync() {
    return m_file.sync();
}
Result<void> SegmentWriter::close() {
    return m_file.close();
}

}  // namespace hindcast::format

// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/segment_salvage.h"

#include <algorithm>
#include <cstring>

#include "core/base/file.h"
#include "core/format/digest.h"
#include "core/format/tensors/segment.h"

namespace hindcast::format {

using base::Bytes;
using base::BytesView;
using base::File;
using base::Result;

namespace {

constexpr std::string_view kChunkMagic = "HCCK";
constexpr std::size_t kPlaneHeadBytes = 8;
/// No record is shorter: its header, the head of one plane and one byte.
constexpr std::uint64_t kSmallestRecord = kChunkHeaderBytes + kPlaneHeadBytes + 1;
constexpr std::uint64_t kLargestFiller = kChunkHeaderBytes + kPlaneHeadBytes + kChunkBytes;
constexpr std::uint64_t kWholeFile = std::uint64_t{1} << 40;

/// Bytes of the whole, right record at the start of `bytes`; 0 when there is none.
std::size_t recordBytes(BytesView bytes) {
    if (bytes.size() < kChunkHeaderBytes) return 0;
    const auto header = decodeChunkHeader(bytes.first(kChunkHeaderBytes));
    if (!header || bytes.size() - kChunkHeaderBytes < header->storedBytes) return 0;
    const BytesView stored = bytes.subspan(kChunkHeaderBytes, header->storedBytes);
    return checksum64(bytes.first(64), stored) == header->checksum ? kChunkHeaderBytes + stored.size() : 0;
}

/// Where the next whole record begins at or after `from`; the end when there is none.
std::size_t nextRecord(BytesView bytes, std::size_t from) {
    const std::string_view text = base::textOf(bytes);
    for (std::size_t at = text.find(kChunkMagic, from); at != std::string_view::npos;
         at = text.find(kChunkMagic, at + 1))
        if (recordBytes(bytes.subspan(at)) > 0) return at;
    return bytes.size();
}

/// Where whole records go on behind the damaged one at `at`.
std::size_t behindDamage(BytesView bytes, std::size_t at) {
    // Most damage is in the stored bytes, and the header still tells how many they are.
    const auto header = decodeChunkHeader(bytes.subspan(at, std::min(kChunkHeaderBytes, bytes.size() - at)));
    if (header && bytes.size() - at - kChunkHeaderBytes > header->storedBytes) {
        const std::size_t next = at + kChunkHeaderBytes + header->storedBytes;
        if (recordBytes(bytes.subspan(next)) > 0) return next;
    }
    // Nearer than the length of any record, it is tensor bytes that look like one.
    return nextRecord(bytes, at + kSmallestRecord);
}

/// A right record of zeros with `bytes` bytes in all.
void putFiller(std::uint64_t bytes, base::ByteWriter& out) {
    const auto raw = static_cast<std::uint32_t>(bytes - kChunkHeaderBytes - kPlaneHeadBytes);
    const Bytes zeros(raw);
    base::ByteWriter stored;
    stored.put(std::uint32_t{0});  // codec raw, reserved
    stored.put(raw);
    stored.putBytes(zeros);
    base::ByteWriter head;
    head.putBytes(base::bytesOf(kChunkMagic));
    head.put(std::uint32_t{0});  // no transform, not split, no flags
    head.put(raw);
    head.put(static_cast<std::uint32_t>(stored.size()));
    const Digest digest = digest128(zeros);
    head.putBytes(std::as_bytes(std::span(digest.bytes)));
    head.putBytes(Bytes(32));  // no base
    head.put(checksum64(head.view(), stored.view()));
    out.putBytes(head.view());
    out.putBytes(stored.view());
}

Bytes fillers(std::uint64_t bytes) {
    base::ByteWriter out;
    while (bytes > 0) {
        std::uint64_t part = std::min(bytes, kLargestFiller);
        if (bytes > part && bytes - part < kSmallestRecord) part -= kSmallestRecord;
        putFiller(part, out);
        bytes -= part;
    }
    return out.take();
}

}  // namespace

Result<SegmentDamage> findSegmentDamage(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(const Bytes bytes, base::readFile(path, kWholeFile));
    SegmentDamage damage;
    const auto number = segmentNumber(path.filename().string());
    damage.header = !number || !checkSegmentHeader(bytes, path, *number);
    std::size_t at = std::min(bytes.size(), kSegmentHeaderBytes);
    damage.end = at;
    while (at < bytes.size()) {
        const std::size_t whole = recordBytes(BytesView(bytes).subspan(at));
        const std::size_t next = whole > 0 ? at + whole : behindDamage(bytes, at);
        if (whole == 0 && next >= bytes.size()) break;
        if (whole == 0) damage.gaps.push_back({at, next - at});
        damage.end = at = next;
    }
    damage.tail = bytes.size() - damage.end;
    return damage;
}

Result<void> salvageSegment(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                            const base::Uuid& uuid, const SegmentDamage& damage) {
    HINDCAST_ASSIGN(Bytes bytes, base::readFile(damaged, kWholeFile));
    bytes.resize(std::max<std::size_t>(static_cast<std::size_t>(damage.end), kSegmentHeaderBytes));
    if (damage.header) {
        const Bytes header = encodeSegmentHeader(segmentNumber(damaged.filename().string()).value_or(0), uuid);
        std::copy(header.begin(), header.end(), bytes.begin());
    }
    for (const SegmentDamage::Gap& gap : damage.gaps) {
        const Bytes filler = fillers(gap.bytes);
        std::copy(filler.begin(), filler.end(), bytes.begin() + static_cast<std::ptrdiff_t>(gap.offset));
    }
    HINDCAST_ASSIGN(File file, File::open(fresh, File::Mode::CreateNew));
    HINDCAST_TRY(file.write(bytes));
    HINDCAST_TRY(file.sync());
    return file.close();
}

}  // namespace hindcast::format

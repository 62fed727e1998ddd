// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/segment.h"

namespace hindcast::format {

using base::Bytes;
using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

namespace {
Error at(Error error, ChunkPlace place) {
    return std::move(error).in("segment " + std::to_string(place.segment) + ", byte " + std::to_string(place.offset));
}
}  // namespace

Result<void> checkSegmentHeader(BytesView bytes, const std::filesystem::path& path, std::uint64_t number) {
    base::ByteReader in(bytes);
    const BytesView magic = in.getBytes(8);
    const auto major = in.get<std::uint16_t>();
    in.get<std::uint16_t>();
    const auto reserved = in.get<std::uint32_t>();
    in.getBytes(16);
    const auto stated = in.get<std::uint64_t>();
    if (in.failed() || base::textOf(magic) != "HCSEGMNT")
        return Error(ErrorCode::Damaged, path.string() + " is not a segment file");
    if (major > kSegmentMajor) return Error(ErrorCode::NewerFormat, path.string() + " was written by a newer program");
    if (major == 0 || reserved != 0 || stated != number)
        return Error(ErrorCode::Damaged, path.string() + " has a damaged header");
    return {};
}

Result<const File*> ChunkReader::file(std::uint64_t segment) {
    const auto known = m_files.find(segment);
    if (known != m_files.end()) return &known->second;
    const std::uint64_t number = segment & (kPackBit - 1);
    const std::filesystem::path path = ((segment & kPackBit) != 0 ? m_packs : m_segments) / segmentFileName(number);
    HINDCAST_ASSIGN(File opened, File::open(path, File::Mode::Read));
    HINDCAST_ASSIGN(const Bytes header, opened.readAt(0, kSegmentHeaderBytes));
    HINDCAST_TRY(checkSegmentHeader(header, path, number));
    return &m_files.emplace(segment, std::move(opened)).first->second;
}

Result<ChunkHeader> ChunkReader::header(ChunkPlace place) {
    HINDCAST_ASSIGN(const File* source, file(place.segment));
    HINDCAST_ASSIGN(const Bytes bytes, source->readAt(place.offset, kChunkHeaderBytes));
    return decodeChunkHeader(bytes);
}

/// The bytes of the record at `place` in `buffer`, and its header.
Result<ChunkHeader> ChunkReader::load(ChunkPlace place, Bytes& buffer, Check check) {
    HINDCAST_ASSIGN(const File* source, file(place.segment));
    HINDCAST_ASSIGN(std::size_t filled, source->readInto(place.offset, buffer, kChunkHeaderBytes));
    auto header = decodeChunkHeader(BytesView(buffer).first(filled));
    if (!header) return at(std::move(header).error(), place);
    const std::size_t bytes = kChunkHeaderBytes + header->storedBytes;
    HINDCAST_ASSIGN(filled, source->readInto(place.offset, buffer, bytes));
    if (filled != bytes) return at(Error(ErrorCode::Damaged, "a tensor chunk is cut off"), place);
    const BytesView record = BytesView(buffer).first(bytes);
    if (check == Check::Checksums &&
        checksum64(record.first(kChecksumAt), record.subspan(kChunkHeaderBytes)) != header->checksum)
        return at(Error(ErrorCode::Damaged, "a tensor chunk fails its checksum"), place);
    return header;
}

Result<BytesView> ChunkReader::record(ChunkPlace place) {
    Bytes& buffer = m_levels.front().record;
    HINDCAST_ASSIGN(const ChunkHeader header, load(place, buffer, Check::Checksums));
    return BytesView(buffer).first(kChunkHeaderBytes + header.storedBytes);
}

Result<ChunkHeader> ChunkReader::readLevel(ChunkPlace place, std::span<std::byte> out, Check check, unsigned depth) {
    if (depth >= m_levels.size())
        return at(Error(ErrorCode::Damaged, "a chain of differences is longer than format 1 allows"), place);
    Level& level = m_levels[depth];
    HINDCAST_ASSIGN(const ChunkHeader header, load(place, level.record, check));
    if (header.rawBytes != out.size()) return at(Error(ErrorCode::Damaged, "a tensor chunk has another length"), place);
    BytesView baseRaw;
    if (header.transform == Transform::Difference) {
        level.base.resize(out.size());
        HINDCAST_ASSIGN(const ChunkHeader base, readLevel(header.base, level.base, check, depth + 1));
        if (base.digest != header.baseDigest)
            return at(Error(ErrorCode::Damaged, "a difference names another base"), place);
        baseRaw = level.base;
    }
    const BytesView stored = BytesView(level.record).subspan(kChunkHeaderBytes, header.storedBytes);
    auto decoded = m_decoder.decode(header, stored, baseRaw, out);
    if (!decoded) return at(std::move(decoded).error(), place);
    return header;
}

Result<void> ChunkReader::read(ChunkPlace place, std::span<std::byte> out) {
    HINDCAST_TRY(readLevel(place, out, Check::Checksums, 0));
    return {};
}

Result<void> ChunkReader::readVerified(ChunkPlace place, std::span<std::byte> out) {
    HINDCAST_ASSIGN(const ChunkHeader header, readLevel(place, out, Check::Checksums, 0));
    if (digest128(out) != header.digest)
        return at(Error(ErrorCode::Damaged, "a tensor chunk is not what was captured"), place);
    return {};
}

Result<void> ChunkReader::readKnown(ChunkPlace place, const Digest& digest, std::span<std::byte> out) {
    HINDCAST_TRY(readLevel(place, out, Check::Nothing, 0));
    if (digest128(out) != digest)
        return at(Error(ErrorCode::Damaged, "a tensor chunk is not what was captured"), place);
    return {};
}

Result<void> ChunkReader::readChunks(const TensorRecord& tensor, std::span<std::byte> out, Check check) {
    DigestStream digest;
    for (std::size_t i = 0; i < tensor.chunks.size(); ++i) {
        const std::size_t begin = i * kChunkBytes;
        const auto part = out.subspan(begin, std::min(kChunkBytes, out.size() - begin));
        HINDCAST_TRY(readLevel(tensor.chunks[i], part, check, 0));
        digest.update(part);  // while it is in the cache
    }
    if (digest.digest() != tensor.digest) return Error(ErrorCode::Damaged, "it is not what was captured");
    return {};
}

Result<void> ChunkReader::readTensor(const TensorRecord& tensor, std::span<std::byte> out) {
    const std::string name = "tensor " + tensor.key;
    if (tensor.state != TensorState::Stored)
        return Error(ErrorCode::NotFound, name + " was not stored, only its digest");
    if (out.size() != tensor.rawBytes)
        return Error(ErrorCode::InvalidArgument, name + " has another size than the memory given for it");
    // The tensor's digest covers all that the checksums do; only when something is wrong they are asked what it is.
    if (readChunks(tensor, out, Check::Nothing)) return {};
    auto done = readChunks(tensor, out, Check::Checksums);
    return done ? Result<void>() : Result<void>(std::move(done).error().in(name));
}

static bool isIntact(const File& file, const ChunkHeader& header, std::uint64_t offset, Bytes& record) {
    const auto filled = file.readInto(offset, record, kChunkHeaderBytes + header.storedBytes);
    if (!filled || *filled != kChunkHeaderBytes + header.storedBytes) return false;
    const BytesView bytes = record;
    return checksum64(bytes.first(64), bytes.subspan(kChunkHeaderBytes, header.storedBytes)) == header.checksum;
}

Result<SegmentScan> scanSegment(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(const File file, File::open(path, File::Mode::Read));
    HINDCAST_ASSIGN(const Bytes head, file.readAt(0, kSegmentHeaderBytes));
    SegmentScan scan;
    scan.number = segmentNumber(path.filename().string()).value_or(0);
    HINDCAST_TRY(checkSegmentHeader(head, path, scan.number));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    scan.end = kSegmentHeaderBytes;
    Bytes record;
    while (scan.end < size) {
        HINDCAST_ASSIGN(const Bytes bytes, file.readAt(scan.end, kChunkHeaderBytes));
        const auto header = decodeChunkHeader(bytes);
        if (!header || scan.end + kChunkHeaderBytes + header->storedBytes > size) break;
        scan.entries.push_back({scan.end, *header, isIntact(file, *header, scan.end, record)});
        scan.end += kChunkHeaderBytes + header->storedBytes;
    }
    scan.torn = scan.end != size;
    return scan;
}

}  // namespace hindcast::format

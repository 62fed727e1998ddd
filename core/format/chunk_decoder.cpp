// SPDX-License-Identifier: Apache-2.0
#include "core/format/chunk.h"
#include "core/format/compression.h"
#include "core/format/planes.h"

namespace hindcast::format {

using base::ByteReader;
using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
Error damaged() {
    return Error(ErrorCode::Damaged, "a tensor chunk is not what a recorder writes");
}

bool isWidth(std::uint8_t width) {
    return width == 0 || width == 1 || width == 2 || width == 4 || width == 8;
}

void getDigest(ByteReader& in, Digest& digest) {
    const BytesView bytes = in.getBytes(digest.bytes.size());
    if (!bytes.empty()) std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
}

/// One plane with its head from `in` into `out`, which has the plane's raw length.
bool decodePlane(ByteReader& in, std::span<std::byte> out) {
    const auto codec =
        in.get<std::uint32_t>();  // the three reserved bytes behind the codec are zero: one comparison checks them
    const BytesView stored = in.getBytes(in.get<std::uint32_t>());
    if (in.failed()) return false;
    switch (codec) {
        case static_cast<std::uint32_t>(PlaneCodec::Raw):
            if (stored.size() != out.size()) return false;
            if (!out.empty()) std::memcpy(out.data(), stored.data(), out.size());
            return true;
        case static_cast<std::uint32_t>(PlaneCodec::Constant):
            if (stored.size() != 1 || out.empty()) return false;
            std::memset(out.data(), static_cast<int>(stored[0]), out.size());
            return true;
        case static_cast<std::uint32_t>(PlaneCodec::Zstd):
            return decompressInto(stored, out);
        default:
            return false;
    }
}
}  // namespace

Result<ChunkHeader> decodeChunkHeader(BytesView bytes) {
    ByteReader in(bytes);
    const BytesView magic = in.getBytes(4);
    const auto transform = in.get<std::uint8_t>();
    ChunkHeader header;
    header.width = in.get<std::uint8_t>();
    const auto reserved = in.get<std::uint16_t>();
    header.rawBytes = in.get<std::uint32_t>();
    header.storedBytes = in.get<std::uint32_t>();
    getDigest(in, header.digest);
    header.base.segment = in.get<std::uint64_t>();
    header.base.offset = in.get<std::uint64_t>();
    getDigest(in, header.baseDigest);
    header.checksum = in.get<std::uint64_t>();
    const bool valid = !in.failed() && base::textOf(magic) == "HCCK" &&
                       transform <= static_cast<std::uint8_t>(Transform::Difference) && isWidth(header.width) &&
                       reserved == 0 && header.rawBytes != 0 && header.rawBytes <= kChunkBytes &&
                       header.storedBytes <= kChunkBytes + 64;
    if (!valid) return damaged();
    header.transform = static_cast<Transform>(transform);
    if (header.transform != Transform::None && header.width == 0) return damaged();
    return header;
}

Result<void> ChunkDecoder::decode(const ChunkHeader& header, BytesView stored, BytesView baseRaw,
                                  std::span<std::byte> out) {
    if (out.size() != header.rawBytes || stored.size() != header.storedBytes) return damaged();
    if (header.transform == Transform::Difference && baseRaw.size() != out.size()) return damaged();
    const bool direct = header.transform == Transform::None && header.width <= 1;
    if (!direct) m_planes.resize(out.size());
    const std::span<std::byte> planes = direct ? out : std::span(m_planes);
    const std::size_t count = std::max<std::size_t>(header.width, 1);
    const std::size_t length = out.size() / count;
    ByteReader in(stored);
    for (std::size_t p = 0; p < count; ++p) {
        const bool last = p + 1 == count;
        if (!decodePlane(in, last ? planes.subspan(p * length) : planes.subspan(p * length, length))) return damaged();
    }
    if (!in.atEnd()) return damaged();
    if (direct) return {};
    switch (header.transform) {
        case Transform::None:
            joinPlanes(planes, header.width, out);
            break;
        case Transform::Rotate:
            joinRotated(planes, header.width, out);
            break;
        case Transform::Difference:
            joinDifference(planes, baseRaw, header.width, out);
            break;
    }
    return {};
}

}  // namespace hindcast::format

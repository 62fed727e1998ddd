// SPDX-License-Identifier: Apache-2.0
#include "core/format/compression.h"
#include "core/format/tensors/chunk.h"
#include "core/format/tensors/planes.h"

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

/// Where the bytes of the next plane of `in` are: in the record itself when it is stored raw, else in `scratch`, which
/// has its raw length. Null when it is damaged.
const std::byte* nextPlane(ByteReader& in, std::span<std::byte> scratch) {
    const auto codec =
        in.get<std::uint32_t>();  // the three reserved bytes behind the codec are zero: one comparison checks them
    const BytesView stored = in.getBytes(in.get<std::uint32_t>());
    if (in.failed()) return nullptr;
    switch (codec) {
        case static_cast<std::uint32_t>(PlaneCodec::Raw):
            return stored.size() == scratch.size() ? stored.data() : nullptr;
        case static_cast<std::uint32_t>(PlaneCodec::Constant):
            if (stored.size() != 1 || scratch.empty()) return nullptr;
            std::memset(scratch.data(), static_cast<int>(stored[0]), scratch.size());
            return scratch.data();
        case static_cast<std::uint32_t>(PlaneCodec::Zstd):
            return decompressInto(stored, scratch) ? scratch.data() : nullptr;
        default:
            return nullptr;
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
    const bool namesBase = header.base != ChunkPlace{} || header.baseDigest != Digest{};
    if (header.transform != Transform::Difference && namesBase) return damaged();
    return header;
}

Result<void> ChunkDecoder::decode(const ChunkHeader& header, BytesView stored, BytesView baseRaw,
                                  std::span<std::byte> out) {
    if (out.size() != header.rawBytes || stored.size() != header.storedBytes) return damaged();
    if (header.transform == Transform::Difference && baseRaw.size() != out.size()) return damaged();
    const unsigned width = std::max<unsigned>(header.width, 1);
    const std::size_t length = out.size() / width;
    // Without a split or a transform the only plane is the result.
    const bool isWhole = header.transform == Transform::None && width == 1;
    if (!isWhole) m_planes.resize(out.size());
    const std::span<std::byte> scratch = isWhole ? out : std::span(m_planes);
    PlanePlaces planes{};
    ByteReader in(stored);
    for (unsigned p = 0; p < width; ++p) {
        const bool last = p + 1 == width;
        planes[p] = nextPlane(in, last ? scratch.subspan(p * length) : scratch.subspan(p * length, length));
        if (planes[p] == nullptr) return damaged();
    }
    if (!in.atEnd()) return damaged();
    switch (header.transform) {
        case Transform::None:
            if (planes[0] != out.data()) joinPlanes(planes, width, out);
            break;
        case Transform::Rotate:
            joinRotated(planes, width, out);
            break;
        case Transform::Difference:
            joinDifference(planes, baseRaw, width, out);
            break;
    }
    return {};
}

}  // namespace hindcast::format

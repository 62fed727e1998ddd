// SPDX-License-Identifier: Apache-2.0
#include "core/format/journal/frame.h"

#include <array>
#include <string>

#include "core/format/compression.h"
#include "core/format/digest.h"

namespace hindcast::format {

using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
constexpr std::string_view kFrameMagic = "HCFR";
constexpr std::string_view kSealMagic = "HCSEALED";
constexpr std::uint16_t kCompressed = 1;
constexpr std::uint16_t kReservedFlags = 0xFE;
/// Below this, compression saves too little to be worth the call.
constexpr std::size_t kSmallestCompressed = 256;

std::string_view magicOf(JournalType type) {
    switch (type) {
        case JournalType::Journal:
            return "HCJOURNL";
        case JournalType::Annotations:
            return "HCANNOTE";
        case JournalType::SourcePack:
            return "HCSOURCE";
    }
    return {};
}
}  // namespace

base::Bytes encodeJournalHeader(const JournalHeader& header) {
    base::ByteWriter out;
    out.putBytes(base::bytesOf(magicOf(header.type)));
    out.put(kFormatMajor);
    out.put(std::uint16_t{0});
    out.put(std::uint32_t{0});
    out.putBytes(std::as_bytes(std::span(header.uuid.bytes)));
    out.put(static_cast<std::uint64_t>(header.started));
    return out.take();
}

Result<JournalHeader> decodeJournalHeader(BytesView bytes, JournalType type) {
    base::ByteReader in(bytes);
    const BytesView magic = in.getBytes(8);
    const auto major = in.get<std::uint16_t>();
    in.get<std::uint16_t>();
    const auto reserved = in.get<std::uint32_t>();
    const BytesView uuid = in.getBytes(16);
    const auto started = in.get<std::uint64_t>();
    if (in.failed()) return Error(ErrorCode::Damaged, "the file is too short to hold a header");
    if (base::textOf(magic) != magicOf(type))
        return Error(ErrorCode::Damaged, "the file does not start with " + std::string(magicOf(type)));
    if (major > kFormatMajor)
        return Error(ErrorCode::NewerFormat,
                     "the file was written by a newer program (format " + std::to_string(major) + ")");
    if (major == 0 || reserved != 0)
        return Error(ErrorCode::Damaged, "the header has values that format 1 does not allow");
    JournalHeader header{type, {}, static_cast<std::int64_t>(started)};
    std::memcpy(header.uuid.bytes.data(), uuid.data(), uuid.size());
    return header;
}

/// The payload as it goes into the file: compressed with its raw size in front, or absent when that is no shorter.
static std::optional<base::Bytes> shortened(BytesView payload) {
    if (payload.size() < kSmallestCompressed) return std::nullopt;
    base::Bytes out(payload.size());
    const auto size = compressInto(payload, Effort::Fast, std::span(out).subspan(4));
    if (!size || *size + 4 >= payload.size()) return std::nullopt;
    const auto rawSize = static_cast<std::uint32_t>(payload.size());
    std::memcpy(out.data(), &rawSize, sizeof rawSize);
    out.resize(*size + 4);
    return out;
}

Result<void> encodeFrame(const Frame& frame, bool compress, base::Bytes& out) {
    if (frame.payload.size() > kMaxPayloadBytes)
        return Error(ErrorCode::InvalidArgument, "a frame cannot hold more than 1 GiB");
    std::optional<base::Bytes> shorter;
    if (compress) shorter = shortened(frame.payload);
    const BytesView stored = shorter ? BytesView(*shorter) : BytesView(frame.payload);

    base::ByteWriter fields;
    fields.put(static_cast<std::uint32_t>(stored.size()));
    fields.put(static_cast<std::uint16_t>(frame.kind));
    fields.put(shorter ? kCompressed : std::uint16_t{0});
    fields.put(frame.sequence);
    fields.put(static_cast<std::uint64_t>(frame.stamp));
    fields.put(checksum64(fields.view(), stored));

    const BytesView magic = base::bytesOf(kFrameMagic);
    out.reserve(out.size() + kFrameHeaderBytes + stored.size());
    out.insert(out.end(), magic.begin(), magic.end());
    out.insert(out.end(), fields.view().begin(), fields.view().end());
    out.insert(out.end(), stored.begin(), stored.end());
    return {};
}

static bool expand(BytesView stored, std::uint16_t flags, base::Bytes& payload) {
    if ((flags & kCompressed) == 0) {
        payload.assign(stored.begin(), stored.end());
        return true;
    }
    base::ByteReader in(stored);
    const auto rawSize = in.get<std::uint32_t>();
    if (in.failed() || rawSize > kMaxPayloadBytes || contentBytes(stored.subspan(4)) != rawSize) return false;
    payload.resize(rawSize);
    return decompressInto(stored.subspan(4), payload);
}

FrameParse parseFrame(BytesView bytes, std::uint64_t offset, Frame& frame, std::size_t& need) {
    need = kFrameHeaderBytes;
    const BytesView magic = bytes.first(std::min(bytes.size(), kFrameMagic.size()));
    if (base::textOf(magic) != kFrameMagic.substr(0, magic.size())) return FrameParse::Damaged;
    if (bytes.size() < kFrameHeaderBytes) return FrameParse::Short;

    base::ByteReader in(bytes.subspan(4));
    const auto storedBytes = in.get<std::uint32_t>();
    const auto kind = in.get<std::uint16_t>();
    const auto flags = in.get<std::uint16_t>();
    frame.sequence = in.get<std::uint32_t>();
    frame.stamp = static_cast<std::int64_t>(in.get<std::uint64_t>());
    const auto checksum = in.get<std::uint64_t>();
    if (storedBytes > kMaxPayloadBytes || (flags & kReservedFlags) != 0) return FrameParse::Damaged;
    need = kFrameHeaderBytes + storedBytes;
    if (bytes.size() < need) return FrameParse::Short;

    const BytesView stored = bytes.subspan(kFrameHeaderBytes, storedBytes);
    if (checksum64(bytes.subspan(4, 20), stored) != checksum) return FrameParse::Damaged;
    frame.kind = static_cast<FrameKind>(kind);
    frame.offset = offset;
    frame.storedBytes = need;
    return expand(stored, flags, frame.payload) ? FrameParse::Whole : FrameParse::Damaged;
}

std::optional<std::size_t> findFrame(BytesView bytes, std::size_t from) {
    const std::string_view text = base::textOf(bytes);
    Frame frame;
    for (std::size_t at = text.find(kFrameMagic, from); at != std::string_view::npos;
         at = text.find(kFrameMagic, at + 1)) {
        std::size_t need = 0;
        if (parseFrame(bytes.subspan(at), at, frame, need) == FrameParse::Whole) return at;
    }
    return std::nullopt;
}

base::Bytes encodeSeal(std::uint64_t frames) {
    base::ByteWriter out;
    out.put(frames);
    out.putBytes(base::bytesOf(kSealMagic));
    return out.take();
}

std::optional<std::uint64_t> decodeSeal(BytesView bytes) {
    if (bytes.size() != kSealBytes || base::textOf(bytes.subspan(8)) != kSealMagic) return std::nullopt;
    return base::ByteReader(bytes).get<std::uint64_t>();
}

}  // namespace hindcast::format

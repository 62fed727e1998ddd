// SPDX-License-Identifier: Apache-2.0
#include "core/format/events/event_streams.h"

#include <optional>

#include "core/format/compression.h"
#include "core/format/tensors/planes.h"

namespace hindcast::format {

using base::ByteReader;
using base::Bytes;
using base::BytesView;
using base::ByteWriter;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
constexpr std::size_t kMaxStreamBytes = std::size_t{1} << 30;

Error damaged() {
    return Error(ErrorCode::Damaged, "a block of values is not what a recorder writes");
}

bool expandStream(StreamCodec codec, unsigned width, BytesView stored, std::size_t rawBytes, Bytes& out) {
    const std::size_t held = codec == StreamCodec::Raw ? stored.size() : contentBytes(stored).value_or(0);
    if (rawBytes == 0 || held != rawBytes) return false;
    out.resize(rawBytes);
    switch (codec) {
        case StreamCodec::Raw:
            std::memcpy(out.data(), stored.data(), out.size());
            return true;
        case StreamCodec::Zstd:
            return decompressInto(stored, out);
        case StreamCodec::Planes: {
            if (width != 2 && width != 4 && width != 8) return false;
            Bytes planes(out.size());
            if (!decompressInto(stored, planes)) return false;
            joinPlanes(placesOf(planes, width), width, out);
            return true;
        }
    }
    return false;
}

std::uint8_t planesOf(EventStream id) {
    return id == EventStream::F32 ? std::uint8_t{4} : id == EventStream::F64 ? std::uint8_t{8} : std::uint8_t{0};
}
}  // namespace

Result<EventStreams> expandStreams(BytesView payload) {
    EventStreams block;
    ByteReader in(payload);
    const auto version = in.get<std::uint8_t>();
    const auto streams = in.get<std::uint8_t>();
    block.thread = in.get<std::uint16_t>();
    block.values = in.get<std::uint32_t>();
    block.micros = static_cast<std::int64_t>(in.get<std::uint64_t>());
    if (version > 1) return Error(ErrorCode::NewerFormat, "a block of values was written by a newer program");
    if (in.failed() || version != 1) return damaged();
    for (unsigned i = 0; i < streams; ++i) {
        const auto id = in.get<std::uint8_t>();
        const auto codec = static_cast<StreamCodec>(in.get<std::uint8_t>());
        const auto width = in.get<std::uint8_t>();
        const auto reserved = in.get<std::uint8_t>();
        const auto rawBytes = in.get<std::uint32_t>();
        const auto storedBytes = in.get<std::uint32_t>();
        const BytesView stored = in.getBytes(storedBytes);
        if (in.failed() || reserved != 0 || id >= kEventStreams || rawBytes > kMaxStreamBytes) return damaged();
        if (!block.content[id].empty()) return damaged();
        if (!expandStream(codec, width, stored, rawBytes, block.content[id])) return damaged();
    }
    if (!in.atEnd()) return damaged();
    return block;
}

void putStream(EventStream id, BytesView raw, ByteWriter& out) {
    if (raw.empty()) return;
    StreamCodec codec = StreamCodec::Raw;
    std::optional<Bytes> best = compress(raw);
    if (best) codec = StreamCodec::Zstd;
    const std::uint8_t width = planesOf(id);
    if (width != 0) {
        Bytes split(raw.size());
        splitPlanes(raw, width, split);
        auto planes = compress(split);
        if (planes && (!best || planes->size() < best->size())) {
            best = std::move(planes);
            codec = StreamCodec::Planes;
        }
    }
    const BytesView stored = best ? BytesView(*best) : raw;
    out.put(static_cast<std::uint8_t>(id));
    out.put(static_cast<std::uint8_t>(codec));
    out.put(codec == StreamCodec::Planes ? width : std::uint8_t{0});
    out.put(std::uint8_t{0});
    out.put(static_cast<std::uint32_t>(raw.size()));
    out.put(static_cast<std::uint32_t>(stored.size()));
    out.putBytes(stored);
}

void putBlockHead(std::uint8_t streams, std::uint16_t thread, std::uint32_t values, std::int64_t micros,
                  ByteWriter& out) {
    out.put(std::uint8_t{1});
    out.put(streams);
    out.put(thread);
    out.put(values);
    out.put(static_cast<std::uint64_t>(micros));
}

}  // namespace hindcast::format

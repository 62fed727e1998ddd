// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "core/base/result.h"
#include "core/format/events/events.h"

/// Internal to this folder: the head and the streams of a block of events, expanded, before anything is made of them.
namespace hindcast::format {

struct EventStreams {
    std::uint16_t thread = 0;
    std::uint32_t values = 0;
    std::int64_t micros = 0;  ///< since 1970, of the block's first event
    std::array<base::Bytes, kEventStreams> content;
};

/// Damaged when the streams do not expand to what they say; NewerFormat for a later block version.
base::Result<EventStreams> expandStreams(base::BytesView payload);

/// Appends one stream, by the shortest of raw, zstd and (floats) zstd over byte planes; nothing when it is empty.
void putStream(EventStream id, base::BytesView raw, base::ByteWriter& out);

/// The 16 bytes in front of the streams.
void putBlockHead(std::uint8_t streams, std::uint16_t thread, std::uint32_t values, std::int64_t micros,
                  base::ByteWriter& out);

}  // namespace hindcast::format

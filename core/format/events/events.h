// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"

// Values and loops, the content of EVENTS frames: FORMAT.md section 4.

namespace hindcast::format {

/// One level of a value's coordinates. `index` is -1 between entering a loop and its first pass.
struct LoopLevel {
    std::string loop;
    std::uint32_t occurrence = 0;  ///< how often the same loop was entered before in this pass of the enclosing loop
    std::int64_t index = -1;
    auto operator<=>(const LoopLevel&) const = default;
};
/// Outermost first; empty outside every loop.
using Coordinates = std::vector<LoopLevel>;

enum class LeaveReason : std::uint8_t { Exhausted = 0, Break = 1, Return = 2, Exception = 3 };

/// An integer beyond 64 bits, as decimal text.
struct BigInteger {
    std::string digits;
    bool operator==(const BigInteger&) const = default;
};
/// An array, histogram, matrix or image as CBOR (FORMAT.md section 5.2).
struct RichValue {
    base::Bytes cbor;
    bool operator==(const RichValue&) const = default;
};
/// What a script can log. monostate is None.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, BigInteger, RichValue>;

/// One recorded value with everything that identifies it.
struct RecordedValue {
    Coordinates coordinates;
    std::string name;
    std::uint32_t ordinal = 0;  ///< of the values of this name in this pass and thread, from 0
    Value value;
    bool isArgument = false;
    std::int32_t probe = -1;  ///< index into replay.probes, -1 for values the script itself logged
    std::uint16_t thread = 0;
    std::int64_t micros = 0;  ///< when the pass it belongs to began (or the block, outside loops), since 1970
};

enum class EventStream : std::uint8_t { Ops = 0, F32 = 1, F64 = 2, Ints = 3, Blobs = 4, Times = 5 };
inline constexpr std::size_t kEventStreams = 6;

enum class StreamCodec : std::uint8_t { Raw = 0, Zstd = 1, Planes = 2 };

enum class EventOp : std::uint8_t {
    Name = 0x01,
    Loop = 0x02,
    Stack = 0x03,
    Enter = 0x04,
    Next = 0x05,
    NextAt = 0x06,
    Label = 0x07,
    Leave = 0x08,
    F32 = 0x10,
    F64 = 0x11,
    Int = 0x12,
    True = 0x13,
    False = 0x14,
    None = 0x15,
    Text = 0x16,
    BigInt = 0x17,
    Rich = 0x18,
    Argument = 0x20,
    Probe = 0x21,
    Again = 0x22,
};

inline constexpr std::size_t kEventBlockHeadBytes = 16;

}  // namespace hindcast::format

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/events/events.h"

namespace hindcast::format {

/// A name of a value or loop with a small number that the caller keeps for it (names and loops are numbered separately
/// or together, as the caller likes).
struct NameRef {
    std::uint32_t id = 0;
    std::string_view text;
};

/// Turns the events of one thread into self-contained blocks. It mirrors the thread's loop stack, so that a block can
/// begin anywhere, and counts values, so that ordinals go on across blocks. One thread at a time. Cost: tens of
/// nanoseconds an event.
class EventEncoder {
public:
    explicit EventEncoder(std::uint16_t thread) : m_thread(thread) { newPass(m_levels.emplace_back()); }

    void enter(NameRef loop, std::uint32_t occurrence, std::int64_t micros);
    void next(std::int64_t micros);
    void nextAt(std::int64_t index, std::int64_t micros);
    void label(std::string_view text);
    void leave(LeaveReason how, std::int64_t micros);

    /// These three hold for the next value only.
    void markArgument();
    void markProbe(std::uint32_t index);
    void markOrdinal(std::uint32_t ordinal);

    void number(NameRef name, double value, std::int64_t micros);
    void integer(NameRef name, std::int64_t value, std::int64_t micros);
    void boolean(NameRef name, bool value, std::int64_t micros);
    void none(NameRef name, std::int64_t micros);
    void text(NameRef name, std::string_view value, std::int64_t micros);
    void bigInteger(NameRef name, std::string_view digits, std::int64_t micros);
    void rich(NameRef name, base::BytesView cbor, std::int64_t micros);

    bool empty() const { return !m_open; }
    std::size_t rawBytes() const;
    std::uint32_t values() const { return m_values; }

    /// The payload of an EVENTS frame with all events since the last call; the next event begins a new block.
    base::Bytes finish();

private:
    struct Count {
        std::uint64_t pass = 0;   ///< serial of the pass this count belongs to
        std::uint64_t block = 0;  ///< block of the latest value
        std::uint32_t next = 0;
    };
    struct Level {
        std::uint32_t loopId = 0;
        std::string loop;
        std::uint32_t occurrence = 0;
        std::int64_t index = -1;
        std::uint64_t pass = 0;
        std::vector<Count> counts;  ///< by name id
    };
    base::ByteWriter& stream(EventStream id) { return m_streams[static_cast<std::size_t>(id)]; }
    Level& top() { return m_levels[m_depth]; }
    void op(EventOp code) { stream(EventStream::Ops).put(static_cast<std::uint8_t>(code)); }
    void open(std::int64_t micros);
    void time(std::int64_t micros);
    std::uint32_t defineName(NameRef name);
    std::uint32_t defineLoop(NameRef loop);
    void value(EventOp code, NameRef name, std::int64_t micros);
    void countOrdinal(std::uint32_t nameId);
    void newPass(Level& level) { level.pass = ++m_passes; }

    std::uint16_t m_thread;
    std::uint64_t m_passes = 0;
    std::array<base::ByteWriter, kEventStreams> m_streams;
    /// Level 0 stands for "outside every loop"; loops follow. Levels beyond m_depth are kept for reuse.
    std::vector<Level> m_levels;
    std::size_t m_depth = 0;
    std::uint64_t m_block = 1;
    bool m_open = false;
    std::int64_t m_blockMicros = 0;
    std::int64_t m_lastMicros = 0;
    std::uint32_t m_values = 0;
    std::optional<std::uint32_t> m_ordinal;
    bool m_argument = false;
    std::optional<std::uint32_t> m_probe;
    struct Definition {
        std::uint64_t block = 0;
        std::uint32_t local = 0;
    };
    std::vector<Definition> m_names;
    std::vector<Definition> m_loops;
    std::uint32_t m_localNames = 0;
    std::uint32_t m_localLoops = 0;
};

}  // namespace hindcast::format

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/format/events/events.h"

namespace hindcast::format {

/// Walks one block (payload of an EVENTS frame) event by event, without allocating per event.
///
///     HINDCAST_ASSIGN(EventCursor cursor, EventCursor::open(frame.payload));
///     while (cursor.next()) switch (cursor.kind()) { … }
///     HINDCAST_TRY(cursor.finish());
///
/// The payload may go away after open(). One thread at a time.
class EventCursor {
public:
    enum class Kind { Enter, Pass, Label, Leave, Logged };
    enum class ValueType { None, Bool, Integer, Number, Text, BigInteger, Rich };

    /// Damaged when streams do not expand to what they say.
    static base::Result<EventCursor> open(base::BytesView payload);

    std::uint16_t thread() const { return m_thread; }
    /// Number of values the head promises.
    std::uint32_t valueCount() const { return m_valueCount; }
    /// Micros since 1970 of the block's first event.
    std::int64_t blockMicros() const { return m_blockMicros; }

    /// Moves to the next event; false at the end and on damage.
    bool next();
    /// Damaged when the walk ended early or the counts do not fit.
    base::Result<void> finish() const;

    Kind kind() const { return m_kind; }
    /// The stack after the event (for Logged: where it was logged), outermost first. The views live as long as the
    /// cursor.
    struct Level {
        std::string_view loop;
        std::uint32_t occurrence = 0;
        std::int64_t index = -1;
    };
    std::span<const Level> stack() const { return {m_stack.data(), m_stack.size()}; }
    /// Grows by one whenever the stack changes: compare instead of comparing coordinates.
    std::uint64_t stackSerial() const { return m_stackSerial; }
    /// Time of the latest timed event.
    std::int64_t micros() const { return m_micros; }
    /// Label: the text. Leave: the level that was left.
    std::string_view labelText() const { return m_text; }
    const Level& leftLevel() const { return m_left; }
    LeaveReason leaveReason() const { return m_leave; }

    // Logged:
    std::string_view name() const { return m_names[m_nameIndex].text; }
    /// Number of the name within this block, dense from 0: index your own tables by it.
    std::uint32_t nameIndex() const { return m_nameIndex; }
    std::uint32_t ordinal() const { return m_ordinal; }
    bool isArgument() const { return m_argument; }
    std::int32_t probe() const { return m_probe; }  ///< -1: none
    ValueType type() const { return m_type; }
    bool boolean() const { return m_boolean; }
    std::int64_t integer() const { return m_integer; }
    double number() const { return m_number; }
    std::string_view text() const { return m_text; }  ///< Text, BigInteger and Rich (CBOR bytes)
    /// The value as an owned one.
    Value value() const;

private:
    struct Count {
        std::uint64_t pass = 0;
        std::uint32_t next = 0;
    };
    struct Name {
        std::string_view text;
        std::vector<Count> counts;  ///< by depth
    };
    EventCursor() = default;
    bool fail() {
        m_damaged = true;
        return false;
    }
    base::ByteReader& stream(EventStream id) { return m_readers[static_cast<std::size_t>(id)]; }
    bool step(EventOp op, bool& isEvent);
    bool structure(EventOp op, bool& isEvent);
    bool readStack();
    bool enter();
    bool pass(bool explicitIndex);
    bool leave();
    bool readValue(EventOp op);
    bool define(std::unordered_map<std::uint64_t, std::uint32_t>& ids, std::uint32_t index);
    void tick();
    void count();

    std::array<base::Bytes, kEventStreams> m_content;
    std::vector<base::ByteReader> m_readers;
    std::uint16_t m_thread = 0;
    std::uint32_t m_valueCount = 0;
    std::uint32_t m_valuesSeen = 0;
    std::int64_t m_blockMicros = 0;
    std::int64_t m_micros = 0;
    bool m_damaged = false;
    bool m_stackSeen = false;

    std::unordered_map<std::uint64_t, std::uint32_t> m_nameIds;
    std::unordered_map<std::uint64_t, std::uint32_t> m_loopIds;
    std::vector<Name> m_names;
    std::vector<std::string_view> m_loops;

    std::vector<Level> m_stack;
    std::vector<std::uint64_t> m_passes;  ///< serial of the pass per depth, [0] outside every loop
    std::uint64_t m_passSerial = 1;
    std::uint64_t m_stackSerial = 1;

    Kind m_kind = Kind::Logged;
    Level m_left;
    LeaveReason m_leave = LeaveReason::Exhausted;
    std::uint32_t m_nameIndex = 0;
    std::uint32_t m_ordinal = 0;
    std::int64_t m_forcedOrdinal = -1;
    bool m_nextIsArgument = false;
    std::int32_t m_nextProbe = -1;
    bool m_argument = false;
    std::int32_t m_probe = -1;
    ValueType m_type = ValueType::None;
    bool m_boolean = false;
    std::int64_t m_integer = 0;
    double m_number = 0;
    std::string_view m_text;
};

/// All values of one block.
base::Result<std::vector<RecordedValue>> decodeValues(base::BytesView payload);

}  // namespace hindcast::format

// SPDX-License-Identifier: Apache-2.0
#include "core/format/events/event_cursor.h"

#include "core/format/events/event_streams.h"

namespace hindcast::format {

using base::ByteReader;
using base::Bytes;
using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
constexpr std::size_t kMaxDepth = 4096;

Error damaged() {
    return Error(ErrorCode::Damaged, "a block of values is not what a recorder writes");
}
}  // namespace

Result<EventCursor> EventCursor::open(BytesView payload) {
    HINDCAST_ASSIGN(EventStreams block, expandStreams(payload));
    EventCursor cursor;
    cursor.m_thread = block.thread;
    cursor.m_valueCount = block.values;
    cursor.m_blockMicros = block.micros;
    cursor.m_micros = block.micros;
    cursor.m_content = std::move(block.content);
    for (const Bytes& content : cursor.m_content) cursor.m_readers.emplace_back(content);
    cursor.m_passes.push_back(cursor.m_passSerial);
    return cursor;
}

bool EventCursor::next() {
    bool isEvent = false;
    while (!isEvent) {
        ByteReader& ops = stream(EventStream::Ops);
        if (m_damaged || ops.atEnd()) return false;
        if (!step(static_cast<EventOp>(ops.get<std::uint8_t>()), isEvent)) return fail();
        for (const ByteReader& reader : m_readers) {
            if (reader.failed()) return fail();
        }
    }
    return true;
}

Result<void> EventCursor::finish() const {
    if (m_damaged || m_valuesSeen != m_valueCount) return damaged();
    for (const ByteReader& reader : m_readers) {
        if (reader.failed() || !reader.atEnd()) return damaged();
    }
    return {};
}

bool EventCursor::step(EventOp op, bool& isEvent) {
    switch (op) {
        case EventOp::Argument:
            m_nextIsArgument = true;
            return true;
        case EventOp::Probe:
            m_nextProbe = static_cast<std::int32_t>(stream(EventStream::Ops).getVarint());
            return true;
        case EventOp::Again:
            m_forcedOrdinal = static_cast<std::uint32_t>(stream(EventStream::Ops).getVarint());
            return true;
        case EventOp::F32:
        case EventOp::F64:
        case EventOp::Int:
        case EventOp::True:
        case EventOp::False:
        case EventOp::None:
        case EventOp::Text:
        case EventOp::BigInt:
        case EventOp::Rich:
            isEvent = true;
            return m_stackSeen && readValue(op);
        default:
            return structure(op, isEvent);
    }
}

bool EventCursor::structure(EventOp op, bool& isEvent) {
    switch (op) {
        case EventOp::Name:
            if (!define(m_nameIds, static_cast<std::uint32_t>(m_names.size()))) return false;
            m_names.push_back({stream(EventStream::Blobs).getText(), {}});
            return true;
        case EventOp::Loop:
            if (!define(m_loopIds, static_cast<std::uint32_t>(m_loops.size()))) return false;
            m_loops.push_back(stream(EventStream::Blobs).getText());
            return true;
        case EventOp::Stack:
            return readStack();
        default:
            break;
    }
    isEvent = true;
    if (!m_stackSeen) return false;
    switch (op) {
        case EventOp::Enter:
            return enter();
        case EventOp::Next:
            return pass(false);
        case EventOp::NextAt:
            return pass(true);
        case EventOp::Leave:
            return leave();
        case EventOp::Label:
            m_kind = Kind::Label;
            m_text = stream(EventStream::Blobs).getText();
            return !m_stack.empty();
        default:
            return false;
    }
}

bool EventCursor::define(std::unordered_map<std::uint64_t, std::uint32_t>& ids, std::uint32_t index) {
    return ids.emplace(stream(EventStream::Ops).getVarint(), index).second;
}

bool EventCursor::readStack() {
    ByteReader& ops = stream(EventStream::Ops);
    const std::uint64_t depth = ops.getVarint();
    if (m_stackSeen || depth > kMaxDepth) return false;
    m_stackSeen = true;
    for (std::uint64_t i = 0; i < depth; ++i) {
        const auto loop = m_loopIds.find(ops.getVarint());
        const auto occurrence = static_cast<std::uint32_t>(ops.getVarint());
        const std::int64_t index = stream(EventStream::Ints).getSignedVarint();
        if (loop == m_loopIds.end()) return false;
        m_stack.push_back({m_loops[loop->second], occurrence, index});
        m_passes.push_back(++m_passSerial);
    }
    return true;
}

void EventCursor::tick() {
    m_micros += static_cast<std::int64_t>(stream(EventStream::Times).getVarint());
}

bool EventCursor::enter() {
    ByteReader& ops = stream(EventStream::Ops);
    const auto loop = m_loopIds.find(ops.getVarint());
    const auto occurrence = static_cast<std::uint32_t>(ops.getVarint());
    if (loop == m_loopIds.end() || m_stack.size() >= kMaxDepth) return false;
    tick();
    m_stack.push_back({m_loops[loop->second], occurrence, -1});
    m_passes.push_back(++m_passSerial);
    ++m_stackSerial;
    m_kind = Kind::Enter;
    return true;
}

bool EventCursor::pass(bool explicitIndex) {
    if (m_stack.empty()) return false;
    // Unsigned: an index at the limit of 64 bits wraps instead of being undefined.
    m_stack.back().index = explicitIndex
                               ? stream(EventStream::Ints).getSignedVarint()
                               : static_cast<std::int64_t>(static_cast<std::uint64_t>(m_stack.back().index) + 1);
    tick();
    m_passes.back() = ++m_passSerial;
    ++m_stackSerial;
    m_kind = Kind::Pass;
    return true;
}

bool EventCursor::leave() {
    const auto how = stream(EventStream::Ops).get<std::uint8_t>();
    if (m_stack.empty() || how > static_cast<std::uint8_t>(LeaveReason::Exception)) return false;
    tick();
    m_left = m_stack.back();
    m_leave = static_cast<LeaveReason>(how);
    m_stack.pop_back();
    m_passes.pop_back();
    ++m_stackSerial;
    m_kind = Kind::Leave;
    return true;
}

void EventCursor::count() {
    auto& counts = m_names[m_nameIndex].counts;
    const std::size_t depth = m_stack.size();
    if (counts.size() <= depth) counts.resize(depth + 1);
    Count& count = counts[depth];
    if (count.pass != m_passes.back()) count = {m_passes.back(), 0};
    if (m_forcedOrdinal >= 0) count.next = static_cast<std::uint32_t>(m_forcedOrdinal);
    m_forcedOrdinal = -1;
    m_ordinal = count.next++;
}

bool EventCursor::readValue(EventOp op) {
    const auto name = m_nameIds.find(stream(EventStream::Ops).getVarint());
    if (name == m_nameIds.end()) return false;
    m_kind = Kind::Logged;
    m_nameIndex = name->second;
    m_argument = std::exchange(m_nextIsArgument, false);
    m_probe = std::exchange(m_nextProbe, -1);
    count();
    ++m_valuesSeen;
    switch (op) {
        case EventOp::F32:
            m_type = ValueType::Number;
            m_number = static_cast<double>(stream(EventStream::F32).get<float>());
            break;
        case EventOp::F64:
            m_type = ValueType::Number;
            m_number = stream(EventStream::F64).get<double>();
            break;
        case EventOp::Int:
            m_type = ValueType::Integer;
            m_integer = stream(EventStream::Ints).getSignedVarint();
            break;
        case EventOp::True:
            m_type = ValueType::Bool;
            m_boolean = true;
            break;
        case EventOp::False:
            m_type = ValueType::Bool;
            m_boolean = false;
            break;
        case EventOp::None:
            m_type = ValueType::None;
            break;
        case EventOp::Text:
            m_type = ValueType::Text;
            m_text = stream(EventStream::Blobs).getText();
            break;
        case EventOp::BigInt:
            m_type = ValueType::BigInteger;
            m_text = stream(EventStream::Blobs).getText();
            break;
        default:
            m_type = ValueType::Rich;
            m_text = stream(EventStream::Blobs).getText();
            break;
    }
    return true;
}

Value EventCursor::value() const {
    switch (m_type) {
        case ValueType::None:
            return std::monostate{};
        case ValueType::Bool:
            return m_boolean;
        case ValueType::Integer:
            return m_integer;
        case ValueType::Number:
            return m_number;
        case ValueType::Text:
            return std::string(m_text);
        case ValueType::BigInteger:
            return BigInteger{std::string(m_text)};
        case ValueType::Rich:
            break;
    }
    const BytesView cbor = base::bytesOf(m_text);
    return RichValue{Bytes(cbor.begin(), cbor.end())};
}

Result<std::vector<RecordedValue>> decodeValues(BytesView payload) {
    HINDCAST_ASSIGN(EventCursor cursor, EventCursor::open(payload));
    std::vector<RecordedValue> values;
    Coordinates coordinates;
    std::uint64_t serial = 0;
    while (cursor.next()) {
        if (cursor.kind() != EventCursor::Kind::Logged) continue;
        if (serial != cursor.stackSerial()) {
            serial = cursor.stackSerial();
            coordinates.clear();
            for (const auto& level : cursor.stack())
                coordinates.push_back({std::string(level.loop), level.occurrence, level.index});
        }
        values.push_back({coordinates, std::string(cursor.name()), cursor.ordinal(), cursor.value(),
                          cursor.isArgument(), cursor.probe(), cursor.thread(), cursor.micros()});
    }
    HINDCAST_TRY(cursor.finish());
    return values;
}

}  // namespace hindcast::format

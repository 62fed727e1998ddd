// SPDX-License-Identifier: Apache-2.0
#include "core/format/events/event_encoder.h"

#include <bit>
#include <cmath>
#include <limits>

#include "core/format/events/event_streams.h"

namespace hindcast::format {

using base::ByteWriter;

namespace {
/// Distances in time keep their seven leading bits: fine enough to attribute time to passes, and a regular loop then
/// repeats the same few numbers, which compress. Rounding down never runs ahead, and what is cut off is in the next
/// distance.
std::uint64_t rounded(std::uint64_t micros) {
    const int extra = static_cast<int>(std::bit_width(micros)) - 7;
    return extra <= 0 ? micros : micros >> extra << extra;
}

/// Whether the double is exactly a float, NaN payload and sign of zero included.
bool isFloat(double value, float& narrow) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto exponent = static_cast<int>(bits >> 52 & 0x7FF);
    // Outside float's range the conversion is undefined; infinities and NaN (0x7FF) convert.
    if (exponent != 0x7FF && exponent > 1023 + 127) return false;
    narrow = static_cast<float>(value);
    return std::bit_cast<std::uint64_t>(static_cast<double>(narrow)) == bits;
}
}  // namespace

void EventEncoder::open(std::int64_t micros) {
    if (m_open) return;
    m_open = true;
    m_blockMicros = micros;
    m_lastMicros = micros;
    for (std::size_t i = 1; i <= m_depth; ++i) defineLoop({m_levels[i].loopId, m_levels[i].loop});
    op(EventOp::Stack);
    ByteWriter& ops = stream(EventStream::Ops);
    ops.putVarint(m_depth);
    for (std::size_t i = 1; i <= m_depth; ++i) {
        ops.putVarint(m_loops[m_levels[i].loopId].local);
        ops.putVarint(m_levels[i].occurrence);
        stream(EventStream::Ints).putSignedVarint(m_levels[i].index);
    }
}

void EventEncoder::time(std::int64_t micros) {
    // A wall clock that was set back must not make a negative distance.
    const std::uint64_t distance = micros > m_lastMicros ? static_cast<std::uint64_t>(micros - m_lastMicros) : 0;
    const std::uint64_t kept = rounded(distance);
    stream(EventStream::Times).putVarint(kept);
    m_lastMicros += static_cast<std::int64_t>(kept);
}

std::uint32_t EventEncoder::defineName(NameRef name) {
    if (m_names.size() <= name.id) m_names.resize(name.id + std::size_t{1});
    Definition& known = m_names[name.id];
    if (known.block != m_block) {
        known = {m_block, m_localNames++};
        op(EventOp::Name);
        stream(EventStream::Ops).putVarint(known.local);
        stream(EventStream::Blobs).putText(name.text);
    }
    return known.local;
}

std::uint32_t EventEncoder::defineLoop(NameRef loop) {
    if (m_loops.size() <= loop.id) m_loops.resize(loop.id + std::size_t{1});
    Definition& known = m_loops[loop.id];
    if (known.block != m_block) {
        known = {m_block, m_localLoops++};
        op(EventOp::Loop);
        stream(EventStream::Ops).putVarint(known.local);
        stream(EventStream::Blobs).putText(loop.text);
    }
    return known.local;
}

void EventEncoder::enter(NameRef loop, std::uint32_t occurrence, std::int64_t micros) {
    open(micros);
    const std::uint32_t local = defineLoop(loop);
    op(EventOp::Enter);
    stream(EventStream::Ops).putVarint(local);
    stream(EventStream::Ops).putVarint(occurrence);
    time(micros);
    if (m_levels.size() <= ++m_depth) m_levels.emplace_back();
    top().loopId = loop.id;
    top().loop = loop.text;
    top().occurrence = occurrence;
    top().index = -1;
    newPass(top());
}

void EventEncoder::next(std::int64_t micros) {
    if (m_depth == 0) return;
    open(micros);
    op(EventOp::Next);
    time(micros);
    ++top().index;
    newPass(top());
}

void EventEncoder::nextAt(std::int64_t index, std::int64_t micros) {
    if (m_depth == 0) return;
    open(micros);
    op(EventOp::NextAt);
    stream(EventStream::Ints).putSignedVarint(index);
    time(micros);
    top().index = index;
    newPass(top());
}

void EventEncoder::label(std::string_view text) {
    if (m_depth == 0) return;
    open(m_lastMicros);
    op(EventOp::Label);
    stream(EventStream::Blobs).putText(text);
}

void EventEncoder::leave(LeaveReason how, std::int64_t micros) {
    if (m_depth == 0) return;
    open(micros);
    op(EventOp::Leave);
    stream(EventStream::Ops).put(static_cast<std::uint8_t>(how));
    time(micros);
    --m_depth;
}

void EventEncoder::markArgument() {
    m_argument = true;
}
void EventEncoder::markProbe(std::uint32_t index) {
    m_probe = index;
}
void EventEncoder::markOrdinal(std::uint32_t ordinal) {
    m_ordinal = ordinal;
}

/// A reader of this block alone counts from 0, so the count goes into the block where it began earlier.
void EventEncoder::countOrdinal(std::uint32_t nameId) {
    auto& counts = top().counts;
    if (counts.size() <= nameId) counts.resize(nameId + std::size_t{1});
    Count& count = counts[nameId];
    if (count.pass != top().pass) count = {top().pass, m_block, 0};
    if (count.block != m_block && count.next != 0 && !m_ordinal) m_ordinal = count.next;
    if (m_ordinal) {
        op(EventOp::Again);
        stream(EventStream::Ops).putVarint(*m_ordinal);
        count.next = *m_ordinal;
        m_ordinal.reset();
    }
    count.block = m_block;
    ++count.next;
}

void EventEncoder::value(EventOp code, NameRef name, std::int64_t micros) {
    open(micros);
    const std::uint32_t local = defineName(name);
    if (m_argument) op(EventOp::Argument);
    if (m_probe) {
        op(EventOp::Probe);
        stream(EventStream::Ops).putVarint(*m_probe);
    }
    countOrdinal(name.id);
    op(code);
    stream(EventStream::Ops).putVarint(local);
    m_argument = false;
    m_probe.reset();
    ++m_values;
}

void EventEncoder::number(NameRef name, double number, std::int64_t micros) {
    float narrow = 0;
    if (isFloat(number, narrow)) {
        value(EventOp::F32, name, micros);
        stream(EventStream::F32).put(narrow);
    } else {
        value(EventOp::F64, name, micros);
        stream(EventStream::F64).put(number);
    }
}

void EventEncoder::integer(NameRef name, std::int64_t number, std::int64_t micros) {
    value(EventOp::Int, name, micros);
    stream(EventStream::Ints).putSignedVarint(number);
}

void EventEncoder::boolean(NameRef name, bool truth, std::int64_t micros) {
    value(truth ? EventOp::True : EventOp::False, name, micros);
}

void EventEncoder::none(NameRef name, std::int64_t micros) {
    value(EventOp::None, name, micros);
}

void EventEncoder::text(NameRef name, std::string_view content, std::int64_t micros) {
    value(EventOp::Text, name, micros);
    stream(EventStream::Blobs).putText(content);
}

void EventEncoder::bigInteger(NameRef name, std::string_view digits, std::int64_t micros) {
    value(EventOp::BigInt, name, micros);
    stream(EventStream::Blobs).putText(digits);
}

void EventEncoder::rich(NameRef name, base::BytesView cbor, std::int64_t micros) {
    value(EventOp::Rich, name, micros);
    stream(EventStream::Blobs).putText(base::textOf(cbor));
}

std::size_t EventEncoder::rawBytes() const {
    std::size_t total = 0;
    for (const ByteWriter& writer : m_streams) total += writer.size();
    return total;
}

base::Bytes EventEncoder::finish() {
    std::uint8_t streams = 0;
    for (const ByteWriter& writer : m_streams) streams = static_cast<std::uint8_t>(streams + (writer.size() != 0));
    ByteWriter out;
    putBlockHead(streams, m_thread, m_values, m_blockMicros, out);
    for (std::size_t i = 0; i < kEventStreams; ++i) putStream(static_cast<EventStream>(i), m_streams[i].view(), out);
    for (ByteWriter& writer : m_streams) writer.clear();
    ++m_block;
    m_open = false;
    m_values = 0;
    m_localNames = 0;
    m_localLoops = 0;
    return out.take();
}

}  // namespace hindcast::format

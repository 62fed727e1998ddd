// SPDX-License-Identifier: Apache-2.0
#include "core/record/log/thread_log.h"

#include <algorithm>
#include <cstring>

#include "core/base/clock.h"

// In the queue an event is its op (the format's number), then its fields in the order of push(): the writer thread
// alone reads it.

namespace hindcast::record {

using base::ByteReader;
using base::BytesView;
using format::EventOp;
using format::LeaveReason;

namespace {

/// In the queue only: name, ticket of DeferredValues.
constexpr auto kDeferred = static_cast<EventOp>(0xF0);

}  // namespace

ThreadLog::ThreadLog(std::uint16_t number, const NameTable& names, DeferredValues& deferred, LogReader& reader,
                     std::int64_t nowMicros)
    : m_reader(reader),
      m_tokens(LoopToken{number} << 48),
      m_deferred(deferred),
      m_names(names),
      m_encoder(number),
      m_lastMicros(nowMicros),
      m_drainedMicros(nowMicros) {
    m_levels.resize(8);
}

std::byte* ThreadLog::room(std::size_t count) {
    bool opened = false;
    std::byte* const at = m_queue.reserve(count, opened);
    if (opened) m_reader.wake();
    if (opened && m_queue.queuedBytes() > kCrowdedLogBytes) m_crowded = true;
    if (opened && m_queue.queuedBytes() > kLargestLogBytes) m_reader.overflow();
    return at;
}

template <class... Fields>
void ThreadLog::push(EventOp op, Fields... fields) {
    constexpr std::size_t kSize = 1 + (sizeof(Fields) + ... + 0);
    std::byte* at = room(kSize);
    if (at == nullptr) return;
    *at++ = static_cast<std::byte>(op);
    ((std::memcpy(at, &fields, sizeof fields), at += sizeof fields), ...);
    m_queue.commit(kSize);
}

template <class... Fields>
void ThreadLog::value(EventOp op, std::uint32_t name, Fields... fields) {
    if (m_probe >= 0) push(EventOp::Probe, static_cast<std::uint32_t>(m_probe));
    push(op, name, fields...);
}

void ThreadLog::blob(EventOp op, std::uint32_t name, std::string_view bytes) {
    if (m_probe >= 0) push(EventOp::Probe, static_cast<std::uint32_t>(m_probe));
    const auto length = static_cast<std::uint32_t>(bytes.size());
    const std::size_t size = 1 + sizeof name + sizeof length + length;
    std::byte* at = room(size);
    if (at == nullptr) return;
    *at++ = static_cast<std::byte>(op);
    std::memcpy(at, &name, sizeof name);
    std::memcpy(at + sizeof name, &length, sizeof length);
    if (length != 0) std::memcpy(at + sizeof name + sizeof length, bytes.data(), length);
    m_queue.commit(size);
}

std::uint32_t ThreadLog::countEntry(std::uint32_t loop) {
    auto& inner = m_levels[m_depth].inner;
    for (Counted& counted : inner) {
        if (counted.loop == loop) return counted.entered++;
    }
    inner.push_back({loop, 1});
    return 0;
}

LoopToken ThreadLog::enter(std::uint32_t loop) {
    const std::uint32_t occurrence = countEntry(loop);
    if (m_levels.size() <= ++m_depth) m_levels.emplace_back();
    OpenLevel& opened = m_levels[m_depth];
    opened.level = {loop, occurrence, -1};
    opened.token = ++m_tokens;
    opened.inner.clear();
    push(EventOp::Enter, loop, occurrence, base::wallClockMicros());
    return opened.token;
}

void ThreadLog::next() {
    if (m_depth == 0) return;
    OpenLevel& current = m_levels[m_depth];
    ++current.level.index;
    current.inner.clear();
    push(EventOp::Next, base::wallClockMicros());
}

void ThreadLog::nextAt(std::int64_t index) {
    if (m_depth == 0) return;
    OpenLevel& current = m_levels[m_depth];
    current.level.index = index;
    current.inner.clear();
    push(EventOp::NextAt, index, base::wallClockMicros());
}

std::size_t ThreadLog::depthOf(LoopToken loop) const {
    std::size_t depth = m_depth;
    while (depth > 0 && m_levels[depth].token != loop) --depth;
    return depth;
}

void ThreadLog::nextOf(LoopToken loop) {
    if (m_depth != 0 && m_levels[m_depth].token == loop) return next();
    const std::size_t depth = depthOf(loop);
    if (depth == 0) return reenter(loop);
    suspendAbove(depth);
    next();
}

void ThreadLog::suspend(LoopToken loop) {
    if (const std::size_t depth = depthOf(loop); depth != 0) suspendAbove(depth - 1);
}

void ThreadLog::suspendAbove(std::size_t depth) {
    while (m_depth > depth) {
        const OpenLevel& inside = m_levels[m_depth];
        if (m_suspended.size() == kSuspended) m_suspended.erase(m_suspended.begin());
        m_suspended.push_back({inside.token, inside.level.loop, inside.level.index});
        leave(LeaveReason::Break);
    }
}

void ThreadLog::reenter(LoopToken loop) {
    const auto found = std::find_if(m_suspended.begin(), m_suspended.end(),
                                    [loop](const Suspended& suspended) { return suspended.token == loop; });
    if (found == m_suspended.end()) return;
    const Suspended suspended = *found;
    m_suspended.erase(found);
    enter(suspended.loop);
    m_levels[m_depth].token = loop;
    nextAt(suspended.index + 1);
}

void ThreadLog::label(std::string_view text) {
    if (m_depth != 0) blob(EventOp::Label, 0, text);
}

void ThreadLog::leave(LeaveReason how) {
    if (m_depth == 0) return;
    --m_depth;
    push(EventOp::Leave, static_cast<std::uint8_t>(how), base::wallClockMicros());
}

void ThreadLog::leave(LoopToken loop, LeaveReason how) {
    const std::size_t depth = depthOf(loop);
    if (depth == 0) return;
    while (m_depth > depth) leave(LeaveReason::Break);
    leave(how);
}

void ThreadLog::number(std::uint32_t name, double number) {
    value(EventOp::F64, name, number);
}
void ThreadLog::integer(std::uint32_t name, std::int64_t number) {
    value(EventOp::Int, name, number);
}
void ThreadLog::boolean(std::uint32_t name, bool truth) {
    value(truth ? EventOp::True : EventOp::False, name);
}
void ThreadLog::none(std::uint32_t name) {
    value(EventOp::None, name);
}
void ThreadLog::text(std::uint32_t name, std::string_view content) {
    blob(EventOp::Text, name, content);
}
void ThreadLog::bigInteger(std::uint32_t name, std::string_view digits) {
    blob(EventOp::BigInt, name, digits);
}
void ThreadLog::rich(std::uint32_t name, BytesView cbor) {
    blob(EventOp::Rich, name, base::textOf(cbor));
}
void ThreadLog::deferred(std::uint32_t name, std::uint64_t ticket) {
    value(kDeferred, name, ticket);
}

void ThreadLog::markArgument() {
    push(EventOp::Argument);
}
void ThreadLog::markOrdinal(std::uint32_t ordinal) {
    push(EventOp::Again, ordinal);
}

format::NameRef ThreadLog::nameOf(std::uint32_t number) {
    if (number >= m_known.size()) m_names.extend(m_known);
    return {number, m_known[number]};
}

/// Bytes that were decoded: all, or those before a value that is not settled.
std::size_t ThreadLog::decode(BytesView bytes) {
    ByteReader in(bytes);
    while (!in.atEnd()) {
        const std::size_t at = in.position();
        const auto op = static_cast<EventOp>(in.get<std::uint8_t>());
        if (op == kDeferred) {
            if (!decodeDeferred(in)) return at;
            continue;
        }
        switch (op) {
            case EventOp::Enter:
            case EventOp::Next:
            case EventOp::NextAt:
            case EventOp::Leave:
                decodeLoop(op, in);
                break;
            case EventOp::Argument:
                m_encoder.markArgument();
                break;
            case EventOp::Probe:
                m_encoder.markProbe(in.get<std::uint32_t>());
                break;
            case EventOp::Again:
                m_encoder.markOrdinal(in.get<std::uint32_t>());
                break;
            default:
                decodeValue(op, in);
                break;
        }
    }
    return bytes.size();
}

void ThreadLog::decodeLoop(EventOp op, ByteReader& in) {
    switch (op) {
        case EventOp::Enter: {
            const auto loop = in.get<std::uint32_t>();
            const auto occurrence = in.get<std::uint32_t>();
            m_lastMicros = in.get<std::int64_t>();
            m_encoder.enter(nameOf(loop), occurrence, m_lastMicros);
            return;
        }
        case EventOp::NextAt: {
            const auto index = in.get<std::int64_t>();
            m_lastMicros = in.get<std::int64_t>();
            m_encoder.nextAt(index, m_lastMicros);
            return;
        }
        case EventOp::Leave: {
            const auto how = static_cast<LeaveReason>(in.get<std::uint8_t>());
            m_lastMicros = in.get<std::int64_t>();
            m_encoder.leave(how, m_lastMicros);
            return;
        }
        default:
            m_lastMicros = in.get<std::int64_t>();
            m_encoder.next(m_lastMicros);
            return;
    }
}

/// False when the value is not settled yet.
bool ThreadLog::decodeDeferred(ByteReader& in) {
    const auto number = in.get<std::uint32_t>();
    const auto settled = m_deferred.take(in.get<std::uint64_t>());
    if (!settled) return false;
    const std::int64_t micros = std::max(m_lastMicros, m_drainedMicros);
    if (const auto* real = std::get_if<double>(&*settled)) m_encoder.number(nameOf(number), *real, micros);
    if (const auto* whole = std::get_if<std::int64_t>(&*settled)) m_encoder.integer(nameOf(number), *whole, micros);
    if (const auto* truth = std::get_if<bool>(&*settled)) m_encoder.boolean(nameOf(number), *truth, micros);
    if (const auto* cbor = std::get_if<base::Bytes>(&*settled)) m_encoder.rich(nameOf(number), *cbor, micros);
    return true;
}

void ThreadLog::decodeValue(EventOp op, ByteReader& in) {
    const auto number = in.get<std::uint32_t>();
    // Values carry no time of their own. A block that begins with one gets the latest time that is known not to be
    // after it.
    const std::int64_t micros = std::max(m_lastMicros, m_drainedMicros);
    switch (op) {
        case EventOp::F64:
            m_encoder.number(nameOf(number), in.get<double>(), micros);
            return;
        case EventOp::Int:
            m_encoder.integer(nameOf(number), in.get<std::int64_t>(), micros);
            return;
        case EventOp::True:
            m_encoder.boolean(nameOf(number), true, micros);
            return;
        case EventOp::False:
            m_encoder.boolean(nameOf(number), false, micros);
            return;
        case EventOp::None:
            m_encoder.none(nameOf(number), micros);
            return;
        default:
            break;
    }
    const std::string_view content = base::textOf(in.getBytes(in.get<std::uint32_t>()));
    switch (op) {
        case EventOp::Text:
            m_encoder.text(nameOf(number), content, micros);
            return;
        case EventOp::BigInt:
            m_encoder.bigInteger(nameOf(number), content, micros);
            return;
        case EventOp::Rich:
            m_encoder.rich(nameOf(number), base::bytesOf(content), micros);
            return;
        default:
            m_encoder.label(content);
            return;
    }
}

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include "core/format/events/event_filter.h"

#include <unordered_set>
#include <vector>

#include "core/format/events/event_streams.h"

namespace hindcast::format {

using base::ByteReader;
using base::BytesView;
using base::ByteWriter;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// Copies the operations of a block with what they take from the streams, entry by entry.
class Filter {
public:
    Filter(EventStreams block, const std::function<bool(std::string_view)>& drops)
        : m_block(std::move(block)), m_drops(drops) {
        for (const base::Bytes& content : m_block.content) m_readers.emplace_back(content);
    }

    /// False when the block does not decode.
    bool run();
    bool dropped() const { return m_dropped; }
    base::Bytes finish();

private:
    ByteReader& in(EventStream id) { return m_readers[static_cast<std::size_t>(id)]; }
    ByteWriter& out(EventStream id) { return m_writers[static_cast<std::size_t>(id)]; }

    template <class Read>
    BytesView taken(EventStream id, Read read) {
        ByteReader& reader = in(id);
        const std::size_t from = reader.position();
        read(reader);
        return BytesView(m_block.content[static_cast<std::size_t>(id)]).subspan(from, reader.position() - from);
    }
    BytesView varint() {
        return taken(EventStream::Ops, [](ByteReader& reader) { reader.getVarint(); });
    }
    void copyOp(std::uint8_t op, BytesView operands) {
        out(EventStream::Ops).put(op);
        out(EventStream::Ops).putBytes(operands);
    }
    template <class Read>
    void copyEntry(EventStream id, Read read) {
        out(id).putBytes(taken(id, read));
    }

    bool step(std::uint8_t op);
    void structure(std::uint8_t op);
    void define(std::uint8_t op);
    void stack(std::uint8_t op);
    void value(std::uint8_t op);
    BytesView entryOf(EventOp op, EventStream& id);

    EventStreams m_block;
    const std::function<bool(std::string_view)>& m_drops;
    std::vector<ByteReader> m_readers;
    std::array<ByteWriter, kEventStreams> m_writers;
    std::unordered_set<std::uint64_t> m_droppedNames;
    ByteWriter m_prefix;  ///< ARG, PROBE and AGAIN, which belong to the next value
    bool m_dropped = false;
};

constexpr auto kInteger = [](ByteReader& reader) { reader.getSignedVarint(); };
constexpr auto kTime = [](ByteReader& reader) { reader.getVarint(); };
constexpr auto kBlob = [](ByteReader& reader) { reader.getText(); };

bool Filter::run() {
    ByteReader& ops = in(EventStream::Ops);
    while (!ops.atEnd()) {
        if (!step(ops.get<std::uint8_t>())) return false;
        for (const ByteReader& reader : m_readers)
            if (reader.failed()) return false;
    }
    for (const ByteReader& reader : m_readers)
        if (!reader.atEnd()) return false;
    return true;
}

bool Filter::step(std::uint8_t op) {
    switch (static_cast<EventOp>(op)) {
        case EventOp::Argument:
            m_prefix.put(op);
            return true;
        case EventOp::Probe:
        case EventOp::Again:
            m_prefix.put(op);
            m_prefix.putBytes(varint());
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
            value(op);
            return true;
        case EventOp::Name:
        case EventOp::Loop:
            define(op);
            return true;
        case EventOp::Stack:
            stack(op);
            return true;
        case EventOp::Enter:
        case EventOp::Next:
        case EventOp::NextAt:
        case EventOp::Label:
        case EventOp::Leave:
            structure(op);
            return true;
    }
    return false;
}

void Filter::define(std::uint8_t op) {
    std::uint64_t id = 0;
    const BytesView operand = taken(EventStream::Ops, [&id](ByteReader& reader) { id = reader.getVarint(); });
    const BytesView entry = taken(EventStream::Blobs, kBlob);
    if (static_cast<EventOp>(op) == EventOp::Name) {
        ByteReader text(entry);
        if (m_drops(text.getText())) {
            m_droppedNames.insert(id);
            m_dropped = true;
            return;
        }
    }
    copyOp(op, operand);
    out(EventStream::Blobs).putBytes(entry);
}

void Filter::stack(std::uint8_t op) {
    ByteReader& ops = in(EventStream::Ops);
    const std::size_t from = ops.position();
    const std::uint64_t depth = ops.getVarint();
    for (std::uint64_t level = 0; level < depth && !ops.failed(); ++level) {
        ops.getVarint();
        ops.getVarint();
        copyEntry(EventStream::Ints, kInteger);
    }
    copyOp(op,
           BytesView(m_block.content[static_cast<std::size_t>(EventStream::Ops)]).subspan(from, ops.position() - from));
}

void Filter::structure(std::uint8_t op) {
    const auto code = static_cast<EventOp>(op);
    BytesView operands;
    if (code == EventOp::Enter)
        operands = taken(EventStream::Ops, [](ByteReader& reader) {
            reader.getVarint();
            reader.getVarint();
        });
    if (code == EventOp::Leave)
        operands = taken(EventStream::Ops, [](ByteReader& reader) { reader.get<std::uint8_t>(); });
    copyOp(op, operands);
    if (code == EventOp::NextAt) copyEntry(EventStream::Ints, kInteger);
    if (code == EventOp::Label)
        copyEntry(EventStream::Blobs, kBlob);
    else
        copyEntry(EventStream::Times, kTime);
}

/// What a value takes from its stream, which `id` names; nothing for truth values and None.
BytesView Filter::entryOf(EventOp op, EventStream& id) {
    switch (op) {
        case EventOp::F32:
            id = EventStream::F32;
            return taken(id, [](ByteReader& reader) { reader.get<float>(); });
        case EventOp::F64:
            id = EventStream::F64;
            return taken(id, [](ByteReader& reader) { reader.get<double>(); });
        case EventOp::Int:
            id = EventStream::Ints;
            return taken(id, kInteger);
        case EventOp::Text:
        case EventOp::BigInt:
        case EventOp::Rich:
            id = EventStream::Blobs;
            return taken(id, kBlob);
        default:
            return {};
    }
}

void Filter::value(std::uint8_t op) {
    std::uint64_t name = 0;
    const BytesView operand = taken(EventStream::Ops, [&name](ByteReader& reader) { name = reader.getVarint(); });
    EventStream id = EventStream::Ops;
    const BytesView entry = entryOf(static_cast<EventOp>(op), id);
    if (m_droppedNames.contains(name)) {
        m_block.values = m_block.values == 0 ? 0 : m_block.values - 1;
    } else {
        out(EventStream::Ops).putBytes(m_prefix.view());
        copyOp(op, operand);
        if (!entry.empty()) out(id).putBytes(entry);
    }
    m_prefix.clear();
}

base::Bytes Filter::finish() {
    std::uint8_t streams = 0;
    for (const ByteWriter& writer : m_writers) streams = static_cast<std::uint8_t>(streams + (writer.size() != 0));
    ByteWriter block;
    putBlockHead(streams, m_block.thread, m_block.values, m_block.micros, block);
    for (std::size_t i = 0; i < kEventStreams; ++i) putStream(static_cast<EventStream>(i), m_writers[i].view(), block);
    return block.take();
}

}  // namespace

Result<std::optional<base::Bytes>> withoutValues(BytesView payload,
                                                 const std::function<bool(std::string_view name)>& drops) {
    HINDCAST_ASSIGN(EventStreams block, expandStreams(payload));
    Filter filter(std::move(block), drops);
    if (!filter.run()) return Error(ErrorCode::Damaged, "a block of values is not what a recorder writes");
    if (!filter.dropped()) return std::optional<base::Bytes>();
    return std::optional<base::Bytes>(filter.finish());
}

}  // namespace hindcast::format

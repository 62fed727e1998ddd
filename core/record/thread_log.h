// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/format/event_encoder.h"
#include "core/record/event_queue.h"
#include "core/record/name_table.h"

namespace hindcast::record {

/// Whoever empties the logs. Called by the logging threads, seldom.
class LogReader {
public:
    virtual ~LogReader() = default;
    /// A good deal has been logged.
    virtual void wake() noexcept = 0;
    /// A log has grown beyond kLogLimitBytes: the disk does not keep up, and memory is not to be used up instead.
    virtual void overflow() noexcept = 0;
};
inline constexpr std::size_t kLogLimitBytes = std::size_t{256} << 20;

/// The loops and values of one thread. The owning thread calls the first group: each call is a few dozen nanoseconds,
/// takes no lock, allocates nothing in the steady state and touches no file. The writer thread calls drain().
class ThreadLog {
public:
    ThreadLog(std::uint16_t number, const NameTable& names, LogReader& reader, std::int64_t nowMicros);

    // Owning thread. Names are numbers of the NameTable.
    void enter(std::uint32_t loop);
    void next();
    void nextAt(std::int64_t index);
    void label(std::string_view text);
    void leave(format::LeaveReason how);

    void number(std::uint32_t name, double value);
    void integer(std::uint32_t name, std::int64_t value);
    void boolean(std::uint32_t name, bool value);
    void none(std::uint32_t name);
    void text(std::uint32_t name, std::string_view value);
    void bigInteger(std::uint32_t name, std::string_view digits);
    void rich(std::uint32_t name, base::BytesView cbor);
    /// The next value is an argument.
    void markArgument();
    /// Values from now on come from this probe; -1 = from the script.
    void setProbe(std::int32_t index) { m_probe = index; }
    /// The next value's ordinal.
    void markOrdinal(std::uint32_t ordinal);

    struct Level {
        std::uint32_t loop = 0;
        std::uint32_t occurrence = 0;
        std::int64_t index = -1;
    };
    std::size_t depth() const { return m_depth; }
    const Level& level(std::size_t depth) const { return m_levels[depth].level; }

    /// The owning thread is gone: after the next drain the log can be dropped.
    void markEnded() { m_ended.store(true, std::memory_order_release); }

    // Writer thread.
    /// Encodes what has arrived, calling `full` whenever the encoder holds a large block.
    template <class Full>
    bool drain(std::int64_t nowMicros, Full&& full) {
        const bool ended = m_ended.load(std::memory_order_acquire);
        for (auto bytes = m_queue.take(); !bytes.empty(); bytes = m_queue.take()) {
            decode(bytes);
            if (m_encoder.rawBytes() >= kLargeBlockBytes) full(m_encoder);
        }
        m_drainedMicros = nowMicros;
        return ended;
    }
    format::EventEncoder& encoder() { return m_encoder; }
    std::size_t queuedBytes() const { return m_queue.queuedBytes(); }

private:
    static constexpr std::size_t kLargeBlockBytes = std::size_t{1} << 20;

    struct Counted {
        std::uint32_t loop = 0;
        std::uint32_t entered = 0;
    };
    struct OpenLevel {
        Level level;
        std::vector<Counted> inner;  ///< loops entered in the current pass
    };
    template <class... Fields>
    void push(format::EventOp op, Fields... fields);
    template <class... Fields>
    void value(format::EventOp op, std::uint32_t name, Fields... fields);
    void blob(format::EventOp op, std::uint32_t name, std::string_view bytes);
    std::uint32_t countEntry(std::uint32_t loop);
    std::byte* room(std::size_t count);
    void decode(base::BytesView bytes);
    void decodeValue(format::EventOp op, base::ByteReader& in);
    format::NameRef nameOf(std::uint32_t number);

    // Owning thread:
    EventQueue m_queue;
    LogReader& m_reader;
    std::vector<OpenLevel> m_levels;  ///< [0] stands for "outside every loop"; kept for reuse beyond m_depth
    std::size_t m_depth = 0;
    std::int32_t m_probe = -1;
    std::atomic<bool> m_ended{false};

    // Writer thread:
    const NameTable& m_names;
    std::vector<std::string_view> m_known;
    format::EventEncoder m_encoder;
    std::int64_t m_lastMicros;
    std::int64_t m_drainedMicros;
};

}  // namespace hindcast::record

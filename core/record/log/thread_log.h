// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/format/events/event_encoder.h"
#include "core/record/log/deferred_values.h"
#include "core/record/log/event_queue.h"
#include "core/record/log/name_table.h"

namespace hindcast::record {

/// Whoever empties the logs. Called by the logging threads, seldom.
class LogReader {
public:
    virtual ~LogReader() = default;
    /// A good deal has been logged.
    virtual void wake() noexcept = 0;
    /// A log has grown beyond all bounds: the disk does not keep up, and memory is not to be used up instead.
    virtual void overflow() noexcept = 0;
};

/// From here on a log is crowded(): whoever fills it has to wait (Recorder::waitForRoom).
inline constexpr std::size_t kCrowdedLogBytes = std::size_t{256} << 20;
/// What the logs of those who do not wait can grow to; then recording ends.
inline constexpr std::size_t kLargestLogBytes = 4 * kCrowdedLogBytes;

/// Names one run of a loop; never used twice by a recorder, nor by two of its threads.
using LoopToken = std::uint64_t;

/// The loops and values of one thread. The owning thread calls the first group: each call is a few dozen nanoseconds,
/// takes no lock, allocates nothing in the steady state and touches no file. The writer thread calls drain().
class ThreadLog {
public:
    ThreadLog(std::uint16_t number, const NameTable& names, DeferredValues& deferred, LogReader& reader,
              std::int64_t nowMicros);

    // Owning thread. Names are numbers of the NameTable.
    LoopToken enter(std::uint32_t loop);
    /// The next pass of the innermost loop.
    void next();
    void nextAt(std::int64_t index);
    /// The next pass of this loop, wherever it stands. Open loops inside it have been abandoned, or are advanced by
    /// turns with it, as in zip(): they are left. One that was left so is entered again, where its passes go on. For a
    /// token of another thread, or of a loop that ended, nothing happens.
    void nextOf(LoopToken loop);
    /// Leaves this loop for now, with those inside it: nextOf() may still come.
    void suspend(LoopToken loop);
    void label(std::string_view text);
    void leave(format::LeaveReason how);
    /// Leaves this loop, and before it those inside it that are still open; nothing when it has been left.
    void leave(LoopToken loop, format::LeaveReason how);

    void number(std::uint32_t name, double value);
    void integer(std::uint32_t name, std::int64_t value);
    void boolean(std::uint32_t name, bool value);
    void none(std::uint32_t name);
    void text(std::uint32_t name, std::string_view value);
    void bigInteger(std::uint32_t name, std::string_view digits);
    void rich(std::uint32_t name, base::BytesView cbor);
    /// Keeps the place of a value that is settled later.
    void deferred(std::uint32_t name, std::uint64_t ticket);
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

    /// Whether so much is waiting to be written that the owner has to wait before it logs more.
    bool crowded() const { return m_crowded; }
    void clearCrowded() { m_crowded = false; }

    /// The owning thread is gone: after the next drain the log can be dropped.
    void markEnded() { m_ended.store(true, std::memory_order_release); }

    // Writer thread.
    /// Encodes what has arrived, up to the first value that is not settled, calling `full` whenever the encoder holds
    /// a large block. True when the owner is gone and nothing is left.
    template <class Full>
    bool drain(std::int64_t nowMicros, Full&& full) {
        const bool ended = m_ended.load(std::memory_order_acquire);
        for (;;) {
            if (m_rest.empty()) m_rest = m_queue.take();
            if (m_rest.empty()) break;
            m_rest = m_rest.subspan(decode(m_rest));
            if (m_encoder.rawBytes() >= kLargeBlockBytes) full(m_encoder);
            if (!m_rest.empty()) return false;
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
        LoopToken token = 0;
        std::vector<Counted> inner;  ///< loops entered in the current pass
    };
    /// A loop that was left and may go on.
    struct Suspended {
        LoopToken token;
        std::uint32_t loop;
        std::int64_t index;
    };
    static constexpr std::size_t kSuspended = 64;

    template <class... Fields>
    void push(format::EventOp op, Fields... fields);
    template <class... Fields>
    void value(format::EventOp op, std::uint32_t name, Fields... fields);
    void blob(format::EventOp op, std::uint32_t name, std::string_view bytes);
    std::uint32_t countEntry(std::uint32_t loop);
    std::byte* room(std::size_t count);
    /// The level of this loop, 0 when it is not open.
    std::size_t depthOf(LoopToken loop) const;
    void suspendAbove(std::size_t depth);
    void reenter(LoopToken loop);
    std::size_t decode(base::BytesView bytes);
    void decodeLoop(format::EventOp op, base::ByteReader& in);
    void decodeValue(format::EventOp op, base::ByteReader& in);
    bool decodeDeferred(base::ByteReader& in);
    format::NameRef nameOf(std::uint32_t number);

    // Owning thread:
    EventQueue m_queue;
    LogReader& m_reader;
    std::vector<OpenLevel> m_levels;  ///< [0] stands for "outside every loop"; kept for reuse beyond m_depth
    std::size_t m_depth = 0;
    LoopToken m_tokens;
    std::vector<Suspended> m_suspended;  ///< the newest kSuspended
    std::int32_t m_probe = -1;
    bool m_crowded = false;
    std::atomic<bool> m_ended{false};

    // Writer thread:
    base::BytesView m_rest;  ///< taken from the queue and not decoded yet: it begins with a value that is not settled
    DeferredValues& m_deferred;
    const NameTable& m_names;
    std::vector<std::string_view> m_known;
    format::EventEncoder m_encoder;
    std::int64_t m_lastMicros;
    std::int64_t m_drainedMicros;
};

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include "core/record/recorder.h"

#include <vector>

#include "core/base/clock.h"
#include "core/base/file.h"

namespace hindcast::record {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
std::atomic<std::uint64_t> g_serials{0};

/// The logs of one thread, one for each recorder it has logged to, and for each strand. Its end is the end of those
/// logs.
struct ThreadLogs {
    struct Entry {
        std::uint64_t recorder;
        std::uint64_t strand;
        std::shared_ptr<ThreadLog> log;
    };
    std::vector<Entry> entries;
    std::uint64_t strand = 0;

    ~ThreadLogs() {
        for (const Entry& entry : entries) entry.log->markEnded();
    }
};
thread_local ThreadLogs t_logs;

std::int64_t nanos(double seconds) {
    return static_cast<std::int64_t>(seconds * 1e9);
}
}  // namespace

thread_local constinit Recorder::Cached Recorder::s_cached;

Result<std::unique_ptr<Recorder>> Recorder::create(const RecorderOptions& options) {
    const auto uuid = base::Uuid::parse(options.folder.filename().string());
    if (!uuid) return Error(ErrorCode::InvalidArgument, options.folder.string() + " is not named by a uuid");
    HINDCAST_TRY(base::makeFolder(options.folder));
    HINDCAST_TRY(base::writeFileAtomically(options.folder / "run.json", base::bytesOf(options.runJson)));
    HINDCAST_TRY(base::syncFolder(options.folder.parent_path()));
    const format::JournalHeader header{format::JournalType::Journal, *uuid, base::wallClockMicros()};
    HINDCAST_ASSIGN(format::JournalWriter journal, format::JournalWriter::create(options.folder / "journal", header));
    HINDCAST_TRY(base::syncFolder(options.folder));
    try {
        return std::unique_ptr<Recorder>(new Recorder(options, *uuid, std::move(journal)));
    } catch (const std::exception& exception) {
        return Error(ErrorCode::Io, std::string("cannot start the recorder's threads: ") + exception.what());
    }
}

Recorder::Recorder(const RecorderOptions& options, base::Uuid uuid, format::JournalWriter journal)
    : m_serial(++g_serials),
      m_names(std::make_unique<NameTable>()),
      m_deferred(std::make_unique<DeferredValues>()),
      m_failure(std::make_unique<FailureLatch>()) {
    const WriterPace pace{nanos(options.flushSeconds), nanos(options.syncSeconds), nanos(options.systemSeconds)};
    m_writer = std::make_unique<Writer>(options.folder, uuid, std::move(journal), pace, *m_deferred, *m_failure);
    m_capturer = std::make_unique<Capturer>(options.queueBytes, *m_writer);
    m_guard.emplace(m_writer->journalDescriptor());
}

Recorder::~Recorder() {
    if (m_guard && m_guard->inChild() && m_open) {
        // The threads that these belong to do not exist here, and their locks may be held for ever.
        static_cast<void>(m_capturer.release());
        static_cast<void>(m_writer.release());
        static_cast<void>(m_deferred.release());
        static_cast<void>(m_failure.release());
        static_cast<void>(m_names.release());
        return;
    }
    close({});
}

ThreadLog* Recorder::findLog() {
    for (const auto& entry : t_logs.entries) {
        if (entry.recorder == m_serial && entry.strand == t_logs.strand) {
            s_cached = {m_serial, entry.log.get()};
            return entry.log.get();
        }
    }
    // Logs of recorders that are gone are let go here: nothing else would.
    std::erase_if(t_logs.entries, [](const ThreadLogs::Entry& entry) { return entry.log.use_count() == 1; });
    const std::uint16_t number = m_threads.fetch_add(1, std::memory_order_relaxed);
    auto log = std::make_shared<ThreadLog>(number, *m_names, *m_deferred, *m_writer, base::wallClockMicros());
    m_writer->addLog(log);
    t_logs.entries.push_back({m_serial, t_logs.strand, log});
    s_cached = {m_serial, log.get()};
    return log.get();
}

void Recorder::selectStrand(std::uint64_t strand) {
    if (t_logs.strand == strand) return;
    t_logs.strand = strand;
    s_cached = {};
}

void Recorder::waitForRoom(ThreadLog& log) {
    log.clearCrowded();
    if (!isActive()) return;
    const std::int64_t begin = base::monotonicNanos();
    m_writer->waitForRoom(log);
    m_logWaitedNanos.fetch_add(base::monotonicNanos() - begin, std::memory_order_relaxed);
}

std::int64_t Recorder::capture(CaptureRequest&& request) {
    return isActive() ? m_capturer->capture(std::move(request)) : -1;
}

bool Recorder::settle(bool valid) {
    return !isActive() || m_capturer->settle(valid);
}

void Recorder::prepareCaptures(std::size_t bytes) {
    if (isActive()) m_capturer->prepare(bytes);
}

void Recorder::note(std::string json) {
    if (isActive()) m_writer->document(format::FrameKind::Note, std::move(json));
}

void Recorder::fidelity(std::string json) {
    if (isActive()) m_writer->document(format::FrameKind::Fidelity, std::move(json));
}

void Recorder::flush(bool durable) {
    if (isActive()) m_writer->flush(durable);
}

void Recorder::close(std::string endJson) {
    if (!m_open || m_guard->inChild()) return;
    m_capturer->settle(true);
    m_open = false;
    m_guard->retire();
    m_writer->close(std::move(endJson));
}

RecorderStats Recorder::stats() const {
    RecorderStats stats;
    stats.blockedNanos = m_capturer->counters().blockedNanos.load(std::memory_order_relaxed);
    stats.captures = m_capturer->counters().captures.load(std::memory_order_relaxed);
    stats.capturesSkipped = m_capturer->counters().skipped.load(std::memory_order_relaxed);
    stats.logWaitedNanos = m_logWaitedNanos.load(std::memory_order_relaxed);
    stats.bytesReused = m_capturer->counters().reusedBytes.load(std::memory_order_relaxed);
    stats.values = m_writer->counters().values.load(std::memory_order_relaxed);
    stats.bytesRaw = m_writer->counters().rawBytes.load(std::memory_order_relaxed);
    stats.bytesStored = m_writer->counters().storedBytes.load(std::memory_order_relaxed);
    stats.queuePeak = m_capturer->peakBytes();
    return stats;
}

}  // namespace hindcast::record

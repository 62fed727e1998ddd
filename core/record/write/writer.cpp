// SPDX-License-Identifier: Apache-2.0
#include "core/record/write/writer.h"

#include <chrono>
#include <exception>

#include "core/base/clock.h"
#include "core/record/write/background_thread.h"
#include "core/record/write/own_documents.h"

namespace hindcast::record {

using format::FrameKind;

namespace {
constexpr std::int64_t kHeartbeatNanos = 10'000'000'000;
constexpr std::int64_t kStalledNanos = 60'000'000'000;
/// Number of the thread that samples of the system belong to.
constexpr std::uint16_t kSystemThread = 0xFFFF;

WriterPace halved(WriterPace pace) {
    // Half, because what is logged just after a drain waits for a whole round and then has to be encoded and written.
    return {std::max<std::int64_t>(pace.flushNanos / 2, 1'000'000),
            std::max<std::int64_t>(pace.syncNanos / 2, 1'000'000), pace.systemNanos};
}
}  // namespace

Writer::Writer(const std::filesystem::path& folder, base::Uuid uuid, format::JournalWriter journal, WriterPace pace,
               DeferredValues& deferred, FailureLatch& failure)
    : m_pace(halved(pace)),
      m_deferred(deferred),
      m_failure(failure),
      m_journalDescriptor(journal.descriptor()),
      m_journal(std::move(journal)),
      m_captures(folder, uuid),
      m_lastFrame(base::monotonicNanos()),
      m_systemEvents(kSystemThread),
      m_nextSystem(m_lastFrame + m_pace.systemNanos / 2),
      m_syncer(
          std::in_place, failure, [](void* writer) { static_cast<Writer*>(writer)->wake(); }, this),
      m_thread(startQuietly([this] { run(); })) {}

Writer::~Writer() {
    close({});
}

void Writer::wake() noexcept {
    // Without the lock: a wake-up that is missed costs one round of waiting, and loggers must not wait for anyone.
    if (!m_woken.exchange(true, std::memory_order_acq_rel)) m_changed.notify_one();
}

void Writer::overflow() noexcept {
    m_failure.set("values were logged faster than they could be written to disk");
}

void Writer::waitForRoom(const ThreadLog& log) {
    std::size_t least = log.queuedBytes();
    std::int64_t since = base::monotonicNanos();
    while (!m_failure.failed()) {
        const std::size_t queued = log.queuedBytes();
        if (queued <= kCrowdedLogBytes / 2) return;
        if (queued < least) {
            least = queued;
            since = base::monotonicNanos();
        } else if (base::monotonicNanos() - since > kStalledNanos) {
            return m_failure.set("for a minute no logged value could be written to disk");
        }
        wake();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

void Writer::addLog(std::shared_ptr<ThreadLog> log) {
    const std::scoped_lock lock(m_mutex);
    m_newLogs.push_back(std::move(log));
}

void Writer::submit(Job job) {
    {
        const std::scoped_lock lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_changed.notify_one();
}

void Writer::capture(std::unique_ptr<StagedCapture> capture) {
    submit(std::move(capture));
}
void Writer::document(FrameKind kind, std::string json) {
    submit(Document{kind, std::move(json)});
}
void Writer::prepare(Arena& arena, std::size_t bytes) {
    submit(Prepare{&arena, bytes});
}

void Writer::flush(bool durable) {
    if (!m_thread.joinable() || m_failure.failed()) return;
    bool done = false;
    submit(Flush{durable, &done});
    std::unique_lock lock(m_mutex);
    m_finished.wait(lock, [&done] { return done; });
}

void Writer::close(std::string endJson) {
    if (!m_thread.joinable()) return;
    submit(Close{std::move(endJson)});
    m_thread.join();
    m_syncer.reset();
}

void Writer::run() {
    if (m_pace.systemNanos != 0) m_system.emplace();
    for (bool more = true; more;) {
        std::optional<Job> job;
        {
            std::unique_lock lock(m_mutex);
            const auto wait = std::chrono::nanoseconds(std::max<std::int64_t>(0, m_nextDrain - base::monotonicNanos()));
            m_changed.wait_for(lock, wait,
                               [this] { return !m_jobs.empty() || m_woken.load(std::memory_order_acquire); });
            if (!m_jobs.empty()) {
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
            }
        }
        try {
            keepUp();
            if (job) more = serve(*job);
        } catch (const std::exception& exception) {
            // Out of memory, in practice. Nothing may leave this thread.
            m_failure.set(std::string("the recorder failed: ") + exception.what());
            if (!job) continue;
            if (const auto* flush = std::get_if<Flush>(&*job)) fulfil(*flush);
            more = !std::holds_alternative<Close>(*job);
        }
    }
    abandonJobs();
}

void Writer::fulfil(const Flush& flush) {
    const std::scoped_lock lock(m_mutex);
    *flush.done = true;
    m_finished.notify_all();
}

/// Nobody may wait for a thread that is gone.
void Writer::abandonJobs() {
    const std::scoped_lock lock(m_mutex);
    for (const Job& job : m_jobs) {
        if (const auto* flush = std::get_if<Flush>(&job)) *flush->done = true;
    }
    m_jobs.clear();
    m_finished.notify_all();
}

/// False when this was the last job.
bool Writer::serve(Job& job) {
    if (auto* capture = std::get_if<std::unique_ptr<StagedCapture>>(&job)) {
        encode(**capture);
    } else if (auto* document = std::get_if<Document>(&job)) {
        drainLogs();
        append(document->kind, base::bytesOf(document->json));
    } else if (auto* prepare = std::get_if<Prepare>(&job)) {
        if (prepare->arena != nullptr) prepare->arena->prepare(prepare->bytes);
    } else if (auto* flush = std::get_if<Flush>(&job)) {
        everything(flush->durable);
        fulfil(*flush);
    } else if (auto* close = std::get_if<Close>(&job)) {
        finish(close->endJson);
        return false;
    }
    return true;
}

void Writer::latch(const base::Result<void>& result) {
    if (!result) m_failure.set(result.error().text());
}

void Writer::append(FrameKind kind, base::BytesView payload) {
    if (m_failure.failed()) return;
    latch(m_journal.append(kind, payload));
    m_lastFrame = base::monotonicNanos();
    m_dirty = true;
}

/// Everything that is due. Called between all longer pieces of work.
void Writer::keepUp() {
    const std::int64_t now = base::monotonicNanos();
    if (!m_manifests.empty()) writeManifests(false);
    const bool woken = m_woken.exchange(false, std::memory_order_acq_rel);
    if (now < m_nextDrain) {
        // Taken into the encoders already, so that the queues stay short, but written when it is time: large blocks
        // compress well.
        if (woken) takeLogs();
        return;
    }
    m_nextDrain = now + m_pace.flushNanos;
    drainLogs();
    if (m_pace.systemNanos != 0 && now >= m_nextSystem) sampleSystem();
    heartbeat();
    if (now >= m_nextSync) syncJournal();
}

void Writer::writeEvents(format::EventEncoder& encoder) {
    m_counters.values.fetch_add(encoder.values(), std::memory_order_relaxed);
    append(FrameKind::Events, encoder.finish());
}

void Writer::takeLogs() {
    const std::int64_t now = base::wallClockMicros();
    for (const auto& log : m_logs) {
        log->drain(now, [this](format::EventEncoder& encoder) { writeEvents(encoder); });
    }
}

void Writer::drainLogs() {
    {
        const std::scoped_lock lock(m_mutex);
        for (auto& log : m_newLogs) m_logs.push_back(std::move(log));
        m_newLogs.clear();
    }
    const std::int64_t now = base::wallClockMicros();
    std::erase_if(m_logs, [&](const std::shared_ptr<ThreadLog>& log) {
        const bool ended = log->drain(now, [this](format::EventEncoder& encoder) { writeEvents(encoder); });
        if (!log->encoder().empty()) writeEvents(log->encoder());
        return ended;
    });
}

/// Values outside every loop, in a block of their own, whose stamp is their time.
void Writer::sampleSystem() {
    m_nextSystem = base::monotonicNanos() + m_pace.systemNanos;
    const std::int64_t micros = base::wallClockMicros();
    for (const SystemSampler::Reading& reading : m_system->sample())
        m_systemEvents.number(reading.name, reading.value, micros);
    if (!m_systemEvents.empty()) append(FrameKind::Events, m_systemEvents.finish());
}

void Writer::encode(const StagedCapture& capture) {
    if (m_failure.failed()) return;
    auto record = m_captures.encode(capture, [this] { keepUp(); });
    if (!record) return m_failure.set(record.error().text());
    if (const auto key = m_captures.takeSilentWrite()) reportSilentWrite(*key, capture.stamp);
    m_counters.rawBytes.store(m_captures.rawBytes(), std::memory_order_relaxed);
    const bool grew = m_captures.storedBytes() != m_counters.storedBytes.load(std::memory_order_relaxed);
    m_counters.storedBytes.store(m_captures.storedBytes(), std::memory_order_relaxed);
    // Without new chunks there is nothing to wait for but the manifests before this one.
    std::uint64_t ticket = m_manifests.empty() ? 0 : m_manifests.back().ticket;
    if (grew) ticket = m_syncer->requestCopy(m_captures.segment()->descriptor());
    m_manifests.push_back({ticket, format::encodeCapture(*record)});
    writeManifests(false);
}

/// Told once: from then on every capture copies everything. The captures before are not to be trusted in that tensor.
void Writer::reportSilentWrite(const std::string& key, std::int64_t until) {
    if (m_sawSilentWrite.exchange(true, std::memory_order_relaxed)) return;
    append(FrameKind::Note, base::bytesOf(silentWriteNote(key, until)));
}

/// Writes the manifests whose chunks are on disk, in order.
void Writer::writeManifests(bool wait) {
    while (!m_manifests.empty()) {
        const Manifest& manifest = m_manifests.front();
        if (wait) m_syncer->wait(manifest.ticket);
        if (!m_syncer->isDone(manifest.ticket)) return;
        append(FrameKind::Capture, manifest.payload);
        m_manifests.pop_front();
    }
}

void Writer::heartbeat() {
    if (base::monotonicNanos() - m_lastFrame >= kHeartbeatNanos) append(FrameKind::Heartbeat, {});
}

void Writer::syncJournal() {
    m_nextSync = base::monotonicNanos() + m_pace.syncNanos;
    if (!m_dirty || m_failure.failed() || !m_syncer->isDone(m_journalTicket)) return;
    m_dirty = false;
    m_journalTicket = m_syncer->request(m_journalDescriptor);
}

void Writer::everything(bool durable) {
    drainLogs();
    writeManifests(true);
    if (!durable || m_failure.failed()) return;
    m_journalTicket = m_syncer->request(m_journalDescriptor);
    m_syncer->wait(m_journalTicket);
}

/// The end of the journal. After a failure there may be no room for it; the version then reads as crashed.
void Writer::finish(const std::string& endJson) {
    m_deferred.abandon();
    everything(false);
    if (endJson.empty()) {
        m_syncer->wait(m_syncer->request(m_journalDescriptor));
        return;
    }
    const auto reason = m_failure.reason();
    const std::string document = reason ? incompleteEnd(*reason) : endJson;
    const auto ended = m_journal.append(FrameKind::End, base::bytesOf(document));
    latch(ended);
    if (!ended) return;
    m_syncer->wait(m_syncer->request(m_journalDescriptor));
    if (!reason && m_failure.failed()) return;  // the sync failed: do not claim that all is well
    const auto sealed = m_journal.seal();
    latch(sealed);
    if (sealed) latch(m_journal.sync());
    latch(m_journal.close());
}

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "core/format/journal/journal_writer.h"
#include "core/record/capture/capture_encoder.h"
#include "core/record/capture/staged_capture.h"
#include "core/record/host/system_sampler.h"
#include "core/record/log/thread_log.h"
#include "core/record/write/failure_latch.h"
#include "core/record/write/syncer.h"

namespace hindcast::record {

/// How soon what was recorded must be where.
struct WriterPace {
    std::int64_t flushNanos = 1'000'000'000;  ///< values are with the kernel
    std::int64_t syncNanos = 5'000'000'000;   ///< values are on the disk
    std::int64_t systemNanos = 0;             ///< between two samples of the system; 0: none are taken
};

/// The background thread of a recorder: empties the logs, encodes captures, writes the journal in the order FORMAT.md
/// asks for. Public functions: any thread. After the first failure it discards everything and only tries to leave an
/// END frame.
class Writer final : public LogReader {
public:
    Writer(const std::filesystem::path& folder, base::Uuid uuid, format::JournalWriter journal, WriterPace pace,
           DeferredValues& deferred, FailureLatch& failure);
    ~Writer() override;

    void addLog(std::shared_ptr<ThreadLog> log);
    /// Returns when a crowded log has room again. When nothing of it could be written for a minute, that is a failure.
    void waitForRoom(const ThreadLog& log);
    void capture(std::unique_ptr<StagedCapture> capture);
    /// A NOTE or FIDELITY frame behind everything that was logged before.
    void document(format::FrameKind kind, std::string json);
    /// Faults in arena memory in the background.
    void prepare(Arena& arena, std::size_t bytes);
    /// Returns when everything recorded so far is with the kernel, or on disk when `durable`; at once after a failure.
    void flush(bool durable);
    /// Writes what is left, END and the seal, syncs, unlocks, and ends the thread. With an empty document the thread
    /// just ends after writing what is left: the version then reads as crashed.
    void close(std::string endJson);

    void wake() noexcept override;
    void overflow() noexcept override;

    struct Counters {
        std::atomic<std::uint64_t> values{0};
        std::atomic<std::uint64_t> rawBytes{0};
        std::atomic<std::uint64_t> storedBytes{0};
    };
    const Counters& counters() const { return m_counters; }
    /// Whether a tensor was seen to change without a counted write: then such counts prove nothing here.
    bool sawSilentWrite() const { return m_sawSilentWrite.load(std::memory_order_relaxed); }
    int journalDescriptor() const { return m_journalDescriptor; }

private:
    struct Document {
        format::FrameKind kind;
        std::string json;
    };
    struct Prepare {
        Arena* arena;
        std::size_t bytes;
    };
    struct Flush {
        bool durable;
        bool* done;
    };
    struct Close {
        std::string endJson;
    };
    using Job = std::variant<std::unique_ptr<StagedCapture>, Document, Prepare, Flush, Close>;
    /// A manifest that waits until its chunks are on disk.
    struct Manifest {
        std::uint64_t ticket;
        base::Bytes payload;
    };

    void submit(Job job);
    void run();
    bool serve(Job& job);
    void fulfil(const Flush& flush);
    void abandonJobs();
    void encode(const StagedCapture& capture);
    void reportSilentWrite(const std::string& key, std::int64_t until);
    void finish(const std::string& endJson);
    void everything(bool durable);
    void keepUp();
    void takeLogs();
    void writeEvents(format::EventEncoder& encoder);
    void drainLogs();
    void sampleSystem();
    void writeManifests(bool wait);
    void heartbeat();
    void syncJournal();
    void append(format::FrameKind kind, base::BytesView payload);
    void latch(const base::Result<void>& result);

    const WriterPace m_pace;
    DeferredValues& m_deferred;
    FailureLatch& m_failure;
    const int m_journalDescriptor;

    std::mutex m_mutex;
    std::condition_variable m_changed;   ///< for the writer thread
    std::condition_variable m_finished;  ///< for those who wait for it
    std::deque<Job> m_jobs;
    std::vector<std::shared_ptr<ThreadLog>> m_newLogs;
    std::atomic<bool> m_woken{false};

    // Writer thread:
    format::JournalWriter m_journal;
    CaptureEncoder m_captures;
    std::vector<std::shared_ptr<ThreadLog>> m_logs;
    std::deque<Manifest> m_manifests;
    std::int64_t m_nextDrain = 0;
    std::int64_t m_nextSync = 0;
    std::int64_t m_lastFrame = 0;
    std::optional<SystemSampler> m_system;
    format::EventEncoder m_systemEvents;
    std::int64_t m_nextSystem = 0;
    bool m_dirty = true;
    std::uint64_t m_journalTicket = 0;
    Counters m_counters;
    std::atomic<bool> m_sawSilentWrite{false};

    std::optional<Syncer> m_syncer;  ///< until closed: a closed writer has no threads left
    std::thread m_thread;
};

}  // namespace hindcast::record

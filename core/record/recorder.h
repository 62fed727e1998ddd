// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/record/capture/capturer.h"
#include "core/record/capture/staged_capture.h"
#include "core/record/fork_guard.h"
#include "core/record/log/deferred_values.h"
#include "core/record/log/name_table.h"
#include "core/record/log/thread_log.h"
#include "core/record/write/failure_latch.h"
#include "core/record/write/writer.h"

namespace hindcast::record {

struct RecorderOptions {
    std::filesystem::path folder;  ///< of the version; its name is the version's uuid; must not hold a journal yet
    std::string runJson;           ///< content of run.json
    double flushSeconds = 1.0;     ///< values are with the kernel after at most this
    double syncSeconds = 5.0;      ///< and on the disk after this
    /// Memory for captures on their way to disk; 0: 512 MiB, and room for two captures of a larger state where at most
    /// half of the free memory is enough for that.
    std::size_t queueBytes = 0;
    double systemSeconds = 0.0;  ///< between two samples of the system (values "sys/…"); 0: none
};

struct RecorderStats {
    std::int64_t blockedNanos = 0;  ///< time that callers spent in capture()
    std::uint64_t captures = 0;
    std::uint64_t capturesSkipped = 0;
    std::uint64_t values = 0;         ///< handed to the journal so far
    std::int64_t logWaitedNanos = 0;  ///< time that callers spent in waitForRoom()
    std::uint64_t bytesRaw = 0;       ///< of tensors that were copied to be stored
    std::uint64_t bytesReused = 0;    ///< not copied, because nothing had written to them
    std::uint64_t bytesStored = 0;
    std::size_t queuePeak = 0;  ///< bytes of capture memory in use at the worst moment
};

/// Records one version. Never blocks the program that is recorded for longer than a copy, never throws into it, and
/// switches itself off at the first failure, which failure() then tells. Any thread may call; what
/// another thread records during close() may be left out. In a forked child every call does nothing.
class Recorder {
public:
    /// Creates the folder, run.json (synced), the journal (locked) and the background threads.
    static base::Result<std::unique_ptr<Recorder>> create(const RecorderOptions& options);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    NameTable& names() { return *m_names; }
    /// Unlike an address never used twice in a process.
    std::uint64_t serial() const { return m_serial; }

    /// Whether anything is still recorded: false after a failure, after close() and in a forked child.
    bool isActive() const {
        return m_open.load(std::memory_order_relaxed) && !m_guard->inChild() && !m_failure->failed();
    }

    /// The calling thread's log; null when not active. Valid until close(); only the calling thread may use it.
    ThreadLog* threadLog() {
        if (!isActive()) return nullptr;
        const Cached& cached = s_cached;
        return cached.recorder == m_serial ? cached.log : findLog();
    }

    /// From here on the calling thread logs as this strand of its own: tasks that take turns in one thread have loops
    /// of their own. 0: as the thread.
    void selectStrand(std::uint64_t strand);

    /// For the owner of a crowded log, before it logs on: waits until the disk has caught up. So a program that logs
    /// faster than the disk takes it is slowed down instead of losing values or using up the memory.
    void waitForRoom(ThreadLog& log);

    /// For values that are not known yet: see ThreadLog::deferred.
    DeferredValues& deferredValues() { return *m_deferred; }

    /// Copies the tensors that changed and returns the capture's number, from 0; the rest happens in the background. -1
    /// when it was skipped (no room in the queue: a NOTE "skip" says so; not active; a device without DeviceCopy).
    /// Blocks for the copy only, and not for tensors that are `lazy`: those are copied until settle().
    std::int64_t capture(CaptureRequest&& request);

    /// The lazy tensors of the last capture may change from here on; returns when they are copied. False when the
    /// capture was given up, because one of them had changed already: `valid` is what the caller knows of that. Every
    /// capture and close() settle the one before.
    bool settle(bool valid);

    /// Has capture memory ready for states of this size, in the background.
    void prepareCaptures(std::size_t bytes);

    void note(std::string json);
    /// Written behind all values logged before.
    void fidelity(std::string json);
    /// Returns when all of it so far is with the kernel, or on disk when `durable`.
    void flush(bool durable);
    /// END, seal, sync, unlock. END says "incomplete" and why when recording had failed.
    void close(std::string endJson);

    /// Switches recording off for a reason of the caller's. close() still leaves a proper END.
    void disable(const std::string& reason) { m_failure->set(reason); }

    RecorderStats stats() const;
    std::optional<std::string> failure() const { return m_failure->reason(); }

    /// For tensors on devices. Before the first capture.
    void setDeviceCopy(std::unique_ptr<DeviceCopy> copy) { m_capturer->setDeviceCopy(std::move(copy)); }

private:
    struct Cached {
        std::uint64_t recorder = 0;
        ThreadLog* log = nullptr;
    };
    static thread_local constinit Cached s_cached;

    Recorder(const RecorderOptions& options, base::Uuid uuid, format::JournalWriter journal);
    ThreadLog* findLog();

    const std::uint64_t m_serial;
    std::atomic<bool> m_open{true};
    // On the heap, so that a forked child can leave them alone.
    std::unique_ptr<NameTable> m_names;
    std::unique_ptr<DeferredValues> m_deferred;
    std::unique_ptr<FailureLatch> m_failure;
    std::unique_ptr<Writer> m_writer;
    std::unique_ptr<Capturer> m_capturer;
    std::optional<ForkGuard> m_guard;
    std::atomic<std::uint16_t> m_threads{0};
    std::atomic<std::int64_t> m_logWaitedNanos{0};
};

}  // namespace hindcast::record

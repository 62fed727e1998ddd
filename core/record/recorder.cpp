// SPDX-License-Identifier: Apache-2.0
#include "core/record/recorder.h"

#include <vector>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/record/own_documents.h"
#include "core/record/stream_copy.h"

namespace hindcast::record {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
std::atomic<std::uint64_t> g_serials{0};

/// The logs of one thread, one for each recorder it has logged to. Its end is the end of those logs.
struct ThreadLogs {
    struct Entry {
        std::uint64_t recorder;
        std::shared_ptr<ThreadLog> log;
    };
    std::vector<Entry> entries;

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
      m_failure(std::make_unique<FailureLatch>()),
      m_arena(std::make_unique<Arena>(options.queueBytes)) {
    const WriterPace pace{nanos(options.flushSeconds), nanos(options.syncSeconds)};
    m_writer = std::make_unique<Writer>(options.folder, uuid, std::move(journal), pace, *m_failure);
    m_guard.emplace(m_writer->journalDescriptor());
}

Recorder::~Recorder() {
    if (m_guard && m_guard->inChild() && m_open) {
        // The threads that these belong to do not exist here, and their locks may be held for ever.
        static_cast<void>(m_writer.release());
        static_cast<void>(m_arena.release());
        static_cast<void>(m_failure.release());
        static_cast<void>(m_names.release());
        static_cast<void>(m_device.release());
        return;
    }
    close({});
}

ThreadLog* Recorder::findLog() {
    for (const auto& entry : t_logs.entries) {
        if (entry.recorder == m_serial) {
            s_cached = {m_serial, entry.log.get()};
            return entry.log.get();
        }
    }
    // Logs of recorders that are gone are let go here: nothing else would.
    std::erase_if(t_logs.entries, [](const ThreadLogs::Entry& entry) { return entry.log.use_count() == 1; });
    const std::uint16_t number = m_threads.fetch_add(1, std::memory_order_relaxed);
    auto log = std::make_shared<ThreadLog>(number, *m_names, *m_writer, base::wallClockMicros());
    m_writer->addLog(log);
    t_logs.entries.push_back({m_serial, log});
    s_cached = {m_serial, log.get()};
    return log.get();
}

std::int64_t Recorder::skip(const CaptureRequest& request, std::string_view reason, std::size_t bytes) {
    m_capturesSkipped.fetch_add(1, std::memory_order_relaxed);
    const auto* level = request.coordinates.empty() ? nullptr : &request.coordinates.back();
    note(skipNote(static_cast<int>(request.point),
                  level != nullptr ? std::string_view(level->loop) : std::string_view(),
                  level != nullptr ? level->index : -1, reason, bytes));
    return -1;
}

template <class Visit>
static void forEachPiece(std::size_t bytes, Visit&& visit) {
    for (std::size_t at = 0; at < bytes; at += format::kChunkBytes)
        visit(at, std::min(format::kChunkBytes, bytes - at));
}

std::unique_ptr<StagedCapture> Recorder::stage(CaptureRequest& request, Arena::Lease lease, PieceLayout layout) {
    auto staged = std::make_unique<StagedCapture>();
    staged->point = request.point;
    staged->how = request.how;
    staged->coordinates = std::move(request.coordinates);
    staged->passes = request.passes;
    staged->stamp = base::wallClockMicros();
    staged->storeTensors = request.storeTensors;
    staged->meta = std::move(request.meta);
    staged->lease = std::move(lease);
    staged->tensors.reserve(request.tensors.size());
    for (TensorView& view : request.tensors) {
        auto& tensor = staged->tensors.emplace_back();
        tensor.key = std::move(view.key);
        tensor.dtype = view.dtype;
        tensor.shape = std::move(view.shape);
        tensor.bytes = view.bytes;
        forEachPiece(view.bytes, [&](std::size_t, std::size_t bytes) {
            tensor.chunks.push_back(layout.place(staged->lease, bytes));
        });
    }
    return staged;
}

Result<void> Recorder::copyTensors(const CaptureRequest& request, const StagedCapture& staged) {
    bool onDevice = false;
    for (std::size_t i = 0; i < request.tensors.size(); ++i) {
        const TensorView& view = request.tensors[i];
        if (view.device >= 0 && !onDevice) HINDCAST_TRY(m_device->begin(view.device, view.stream));
        onDevice = onDevice || view.device >= 0;
        std::size_t at = 0;
        for (const auto& chunk : staged.tensors[i].chunks) {
            auto* const to = const_cast<std::byte*>(chunk.data());
            if (view.device >= 0) {
                HINDCAST_TRY(m_device->copy(to, view.address + at, chunk.size()));
            } else {
                streamCopy(to, reinterpret_cast<const std::byte*>(view.address) + at, chunk.size());
            }
            at += chunk.size();
        }
    }
    if (onDevice) HINDCAST_TRY(m_device->finish());
    return {};
}

std::int64_t Recorder::capture(CaptureRequest&& request) {
    if (!isActive()) return -1;
    const std::int64_t begin = base::monotonicNanos();
    PieceLayout layout;
    std::size_t total = 0;
    bool onDevice = false;
    for (const TensorView& view : request.tensors) {
        forEachPiece(view.bytes, [&](std::size_t, std::size_t bytes) { layout.count(bytes); });
        total += view.bytes;
        onDevice = onDevice || view.device >= 0;
    }
    if (onDevice && !m_device) return skip(request, "this recorder cannot read tensors on a device", total);
    auto lease = m_arena->take(layout.slabs());
    if (!lease) return skip(request, "the disk does not keep up: the capture queue is full", total);
    layout.restart();
    std::unique_ptr<StagedCapture> staged = stage(request, std::move(*lease), layout);
    if (const auto copied = copyTensors(request, *staged); !copied) return skip(request, copied.error().text(), total);
    m_writer->capture(std::move(staged));
    m_blockedNanos.fetch_add(base::monotonicNanos() - begin, std::memory_order_relaxed);
    return static_cast<std::int64_t>(m_captures.fetch_add(1, std::memory_order_relaxed));
}

void Recorder::prepareCaptures(std::size_t bytes) {
    if (isActive()) m_writer->prepare(*m_arena, bytes);
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
    m_open = false;
    m_guard->retire();
    m_writer->close(std::move(endJson));
}

RecorderStats Recorder::stats() const {
    RecorderStats stats;
    stats.blockedNanos = m_blockedNanos.load(std::memory_order_relaxed);
    stats.captures = m_captures.load(std::memory_order_relaxed);
    stats.capturesSkipped = m_capturesSkipped.load(std::memory_order_relaxed);
    stats.values = m_writer->counters().values.load(std::memory_order_relaxed);
    stats.bytesRaw = m_writer->counters().rawBytes.load(std::memory_order_relaxed);
    stats.bytesStored = m_writer->counters().storedBytes.load(std::memory_order_relaxed);
    stats.queuePeak = m_arena->peakBytes();
    return stats;
}

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/capturer.h"

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/host_memory.h"
#include "core/record/capture/stream_copy.h"
#include "core/record/write/own_documents.h"

namespace hindcast::record {

using base::Result;

namespace {
constexpr std::size_t kFirstLimit = std::size_t{512} << 20;
constexpr std::string_view kQueueFull = "the disk does not keep up: the capture queue is full";
constexpr std::string_view kNoMemory = "the state does not fit into the memory for captures";

template <class Visit>
void forEachPiece(std::size_t bytes, Visit&& visit) {
    for (std::size_t at = 0; at < bytes; at += format::kChunkBytes) visit(std::min(format::kChunkBytes, bytes - at));
}

void copyFromHost(const TensorView& view, const StagedCapture::Tensor& to) {
    const auto* from = reinterpret_cast<const std::byte*>(view.address);
    for (const auto& chunk : to.chunks) {
        streamCopy(const_cast<std::byte*>(chunk.data()), from, chunk.size());
        from += chunk.size();
    }
}

std::uint64_t sampleOfView(const TensorView& view) {
    return sampleOf(reinterpret_cast<const std::byte*>(view.address), view.bytes, view.content);
}
}  // namespace

Capturer::Capturer(std::size_t queueBytes, Writer& writer)
    : m_grows(queueBytes == 0), m_writer(writer), m_arena(m_grows ? kFirstLimit : queueBytes) {}

std::int64_t Capturer::skip(const StagedCapture& capture, std::string_view reason, std::size_t bytes) {
    m_counters.skipped.fetch_add(1, std::memory_order_relaxed);
    const auto* level = capture.coordinates.empty() ? nullptr : &capture.coordinates.back();
    m_writer.document(format::FrameKind::Note,
                      skipNote(static_cast<int>(capture.point), level != nullptr ? level->loop : std::string_view(),
                               level != nullptr ? level->index : -1, reason, bytes));
    return -1;
}

/// Everything about the capture but its bytes.
std::unique_ptr<StagedCapture> Capturer::describe(CaptureRequest& request) {
    auto staged = std::make_unique<StagedCapture>();
    staged->point = request.point;
    staged->how = request.how;
    staged->coordinates = std::move(request.coordinates);
    staged->passes = request.passes;
    staged->stamp = base::wallClockMicros();
    staged->storeTensors = request.storeTensors;
    staged->meta = std::move(request.meta);
    staged->tensors.reserve(request.tensors.size());
    // The end is copied whole, so that a write that nobody counted is found out before the run is over.
    const bool mayReuse = request.point != format::CapturePoint::End && !m_writer.sawSilentWrite();
    for (TensorView& view : request.tensors) {
        auto& tensor = staged->tensors.emplace_back();
        tensor.key = view.key;
        tensor.dtype = view.dtype;
        tensor.shape = std::move(view.shape);
        tensor.bytes = view.bytes;
        tensor.content = view.content;
        tensor.reused = mayReuse && m_contents.holds(view, request.storeTensors);
    }
    return staged;
}

PieceLayout Capturer::layOut(const StagedCapture& capture) {
    PieceLayout layout;
    for (const StagedCapture::Tensor& tensor : capture.tensors) {
        if (!tensor.reused) forEachPiece(tensor.bytes, [&](std::size_t bytes) { layout.count(bytes); });
    }
    return layout;
}

/// Room for two captures of this size, where the machine has it to spare.
void Capturer::growFor(std::size_t bytes) {
    if (!m_grows || m_arena.limitBytes() >= 2 * bytes) return;
    const std::size_t spare = m_arena.usedBytes() + base::availableMemory() / 2;
    m_arena.raiseLimit(std::min(2 * bytes, spare) / Arena::kSlabBytes * Arena::kSlabBytes);
}

Result<void> Capturer::copyFromDevice(const TensorView& view, const StagedCapture::Tensor& to, bool first) {
    if (first) HINDCAST_TRY(m_device->begin(view.device, view.stream));
    std::uintptr_t from = view.address;
    for (const auto& chunk : to.chunks) {
        HINDCAST_TRY(m_device->copy(const_cast<std::byte*>(chunk.data()), from, chunk.size()));
        from += chunk.size();
    }
    return {};
}

Result<void> Capturer::copy(const std::vector<TensorView>& views, const StagedCapture& staged, bool lazyAllowed) {
    bool onDevice = false;
    for (std::size_t i = 0; i < views.size(); ++i) {
        const TensorView& view = views[i];
        const StagedCapture::Tensor& to = staged.tensors[i];
        if (to.reused) continue;
        if (view.device >= 0) {
            HINDCAST_TRY(copyFromDevice(view, to, !onDevice));
            onDevice = true;
        } else if (lazyAllowed && view.lazy) {
            m_lazy.push_back({view, &to, sampleOfView(view)});
        } else {
            copyFromHost(view, to);
        }
    }
    if (onDevice) HINDCAST_TRY(m_device->finish());
    return {};
}

std::int64_t Capturer::take(CaptureRequest& request) {
    const auto& views = request.tensors;
    auto staged = describe(request);
    PieceLayout layout = layOut(*staged);
    const std::size_t total = layout.slabs() * Arena::kSlabBytes;
    const bool onDevice = std::any_of(views.begin(), views.end(), [](const auto& view) { return view.device >= 0; });
    if (onDevice && !m_device) return skip(*staged, "this recorder cannot read tensors on a device", total);
    growFor(total);
    auto lease = m_arena.take(layout.slabs());
    if (!lease) return skip(*staged, total > m_arena.limitBytes() ? kNoMemory : kQueueFull, total);
    staged->lease = std::move(*lease);
    layout.restart();
    for (StagedCapture::Tensor& tensor : staged->tensors) {
        if (tensor.reused) continue;
        forEachPiece(tensor.bytes,
                     [&](std::size_t bytes) { tensor.chunks.push_back(layout.place(staged->lease, bytes)); });
    }
    const bool lazy = std::any_of(views.begin(), views.end(), [](const auto& view) { return view.lazy; });
    if (const auto copied = copy(views, *staged, lazy); !copied) {
        m_lazy.clear();
        return skip(*staged, copied.error().text(), total);
    }
    for (std::size_t i = 0; i < views.size(); ++i) {
        if (staged->tensors[i].reused && staged->storeTensors)
            m_counters.reusedBytes.fetch_add(views[i].bytes, std::memory_order_relaxed);
        m_contents.remember(views[i], staged->storeTensors, staged->tensors[i].reused);
    }
    const auto number = static_cast<std::int64_t>(m_counters.captures.fetch_add(1, std::memory_order_relaxed));
    if (m_lazy.empty()) {
        m_writer.capture(std::move(staged));
        return number;
    }
    m_pending = std::move(staged);
    const auto copyAll = [this] {
        for (const Lazy& lazily : m_lazy) copyFromHost(lazily.view, *lazily.to);
    };
    if (!m_copier.start(copyAll)) copyAll();
    return number;
}

std::int64_t Capturer::capture(CaptureRequest&& request) {
    settle(true);
    const std::scoped_lock lock(m_mutex);
    const std::int64_t begin = base::monotonicNanos();
    const std::int64_t number = take(request);
    m_counters.blockedNanos.fetch_add(base::monotonicNanos() - begin, std::memory_order_relaxed);
    return number;
}

bool Capturer::settle(bool valid) {
    const std::scoped_lock lock(m_mutex);
    if (!m_pending) return true;
    const std::int64_t begin = base::monotonicNanos();
    m_copier.wait();
    for (const Lazy& lazily : m_lazy) valid = valid && sampleOfView(lazily.view) == lazily.sample;
    if (valid) {
        m_writer.capture(std::move(m_pending));
    } else {
        m_counters.captures.fetch_sub(1, std::memory_order_relaxed);
        skip(*m_pending, "a tensor changed while it was copied in the background", 0);
        for (const StagedCapture::Tensor& tensor : m_pending->tensors) m_contents.forget(tensor.key);
    }
    m_pending.reset();
    m_lazy.clear();
    m_counters.blockedNanos.fetch_add(base::monotonicNanos() - begin, std::memory_order_relaxed);
    return valid;
}

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/record/capture/arena.h"
#include "core/record/capture/content_memory.h"
#include "core/record/capture/device_copy.h"
#include "core/record/capture/lazy_copier.h"
#include "core/record/capture/staged_capture.h"
#include "core/record/write/writer.h"

namespace hindcast::record {

/// The part of a capture that happens on the training thread: decides which tensors have to be copied, copies them into
/// arena memory, now or in the background, and hands the capture to the writer. One capture at a time.
class Capturer {
public:
    /// `queueBytes` as in RecorderOptions.
    Capturer(std::size_t queueBytes, Writer& writer);

    /// As Recorder::capture.
    std::int64_t capture(CaptureRequest&& request);
    /// As Recorder::settle.
    bool settle(bool valid);
    void prepare(std::size_t bytes) { m_writer.prepare(m_arena, bytes); }
    void setDeviceCopy(std::unique_ptr<DeviceCopy> copy) { m_device = std::move(copy); }

    struct Counters {
        std::atomic<std::int64_t> blockedNanos{0};
        std::atomic<std::uint64_t> captures{0};
        std::atomic<std::uint64_t> skipped{0};
        std::atomic<std::uint64_t> reusedBytes{0};
    };
    const Counters& counters() const { return m_counters; }
    std::size_t peakBytes() const { return m_arena.peakBytes(); }

private:
    /// A tensor that is copied until settle(), and what its sample was before.
    struct Lazy {
        TensorView view;
        const StagedCapture::Tensor* to;
        std::uint64_t sample;
    };

    std::int64_t take(CaptureRequest& request);
    void growFor(std::size_t bytes);
    std::int64_t skip(const StagedCapture& capture, std::string_view reason, std::size_t bytes);
    std::unique_ptr<StagedCapture> describe(CaptureRequest& request);
    static PieceLayout layOut(const StagedCapture& capture);
    base::Result<void> copy(const std::vector<TensorView>& views, const StagedCapture& staged, bool lazyAllowed);
    base::Result<void> copyFromDevice(const TensorView& view, const StagedCapture::Tensor& to, bool first);

    const bool m_grows;
    Writer& m_writer;
    std::mutex m_mutex;
    Arena m_arena;
    ContentMemory m_contents;
    std::unique_ptr<DeviceCopy> m_device;
    std::unique_ptr<StagedCapture> m_pending;  ///< until settle()
    std::vector<Lazy> m_lazy;                  ///< of m_pending
    Counters m_counters;
    LazyCopier m_copier;  ///< last: it uses the others
};

}  // namespace hindcast::record

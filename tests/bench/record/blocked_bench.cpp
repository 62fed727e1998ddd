// SPDX-License-Identifier: Apache-2.0
// How long a capture of 120 changed tensors blocks its caller, against one streaming copy of the same bytes into memory
// that is there; and when the tensors may be copied later. In CPU time of the caller, who does nothing but copy.

#include <cstring>
#include <random>

#include "core/base/uuid.h"
#include "core/record/capture/stream_copy.h"
#include "core/record/recorder.h"
#include "tests/bench/support/folder.h"
#include "tests/bench/support/measure.h"

namespace hindcast::bench {
namespace {

constexpr std::size_t kTensors = 120;
constexpr int kRounds = 9;

class BlockedBench {
public:
    explicit BlockedBench(std::size_t stateBytes) : m_bytes(stateBytes / kTensors / 64 * 64) {
        std::mt19937_64 random(1);
        for (std::size_t i = 0; i < kTensors; ++i) {
            base::Bytes& tensor = m_state.emplace_back(m_bytes);
            // Compresses to next to nothing: the background's work is no subject here.
            for (std::size_t at = 0; at < m_bytes; at += 4096) tensor[at] = static_cast<std::byte>(random());
        }
        m_arena.resize(m_bytes * kTensors + 64);
        record::RecorderOptions options;
        options.folder = m_top.path() / base::Uuid::make().text();
        options.runJson = "{}";
        options.queueBytes = 3 * stateBytes;
        m_recorder = must(record::Recorder::create(options));
        m_recorder->prepareCaptures(2 * stateBytes);
        m_recorder->flush(false);
    }
    ~BlockedBench() { m_recorder->close("{}"); }
    BlockedBench(const BlockedBench&) = delete;
    BlockedBench& operator=(const BlockedBench&) = delete;

    void run() {
        std::vector<double> copies, blocked, lazy;
        for (int round = 0; round < kRounds; ++round) {
            work();
            const double begin = threadSeconds();
            copy();
            copies.push_back(threadSeconds() - begin);
            blocked.push_back(capture(false));
            lazy.push_back(capture(true));
        }
        const double megabytes = static_cast<double>(m_bytes * kTensors) * 1e-6;
        const double peer = median(copies);
        printRow(
            text("blocked time of a capture, %.0f MB changed", megabytes), "1.15 x a streaming copy",
            text("streaming copy %.1f ms", peer * 1e3),
            text("%.2f x (%.1f ms; best %.2f x)", median(blocked) / peer, median(blocked) * 1e3,
                 *std::min_element(blocked.begin(), blocked.end()) / *std::min_element(copies.begin(), copies.end())));
        printRow(text("blocked time of a lazy capture, %.0f MB changed", megabytes), "1 ms", "",
                 text("%.2f ms", median(lazy) * 1e3));
    }

private:
    /// What lies between two captures of a training: other memory, which drives all this out of the caches.
    void work() {
        for (std::size_t at = 0; at < m_other.size(); at += 64) ++reinterpret_cast<unsigned char&>(m_other[at]);
    }

    void copy() {
        auto* to = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(m_arena.data()) + 63) / 64 * 64);
        for (const base::Bytes& tensor : m_state) {
            record::streamCopy(to, tensor.data(), tensor.size());
            to += m_bytes;
        }
    }

    double capture(bool lazy) {
        record::CaptureRequest request;
        request.coordinates = {{"epoch", 0, m_captures++}};
        for (std::size_t i = 0; i < kTensors; ++i) {
            m_state[i][0] ^= std::byte{1};
            record::TensorView& view = request.tensors.emplace_back();
            view.key = "t" + std::to_string(i);
            view.dtype = format::DType::U8;
            view.shape = {m_bytes};
            view.address = reinterpret_cast<std::uintptr_t>(m_state[i].data());
            view.bytes = m_bytes;
            view.lazy = lazy;
        }
        work();
        const double begin = threadSeconds();
        const std::int64_t number = m_recorder->capture(std::move(request));
        const double seconds = threadSeconds() - begin;
        if (number < 0) std::fprintf(stderr, "a capture was skipped\n");
        if (lazy) m_recorder->settle(true);
        m_recorder->flush(false);
        return seconds;
    }

    std::size_t m_bytes;
    std::vector<base::Bytes> m_state;
    base::Bytes m_arena;
    base::Bytes m_other = base::Bytes(std::size_t{400} << 20);
    TemporaryFolder m_top;
    std::unique_ptr<record::Recorder> m_recorder;
    std::int64_t m_captures = 0;
};

}  // namespace
}  // namespace hindcast::bench

int main() {
    hindcast::bench::BlockedBench(100'000'000).run();
    hindcast::bench::BlockedBench(300'000'000).run();
    return 0;
}

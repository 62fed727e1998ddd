// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/support/synthetic_history.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/events/event_encoder.h"
#include "core/format/journal/journal_writer.h"
#include "core/format/run_info.h"
#include "core/format/tensors/capture.h"
#include "core/format/tensors/chunk.h"
#include "core/format/tensors/segment.h"
#include "tests/bench/support/folder.h"

namespace hindcast::bench {

namespace {

constexpr format::NameRef kEpoch{0, "epoch"}, kStep{1, "step"};
constexpr format::NameRef kLoss{0, "loss"}, kRate{1, "lr"}, kAccuracy{2, "acc"}, kTrain{3, "train_loss"};
constexpr format::NameRef kValidation{4, "val_loss"};
/// A recorder hands over what a second gathered; a block of this size is a usual one.
constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

/// The folder with run.json and an empty journal.
format::JournalWriter startVersion(const store::Project& project, const base::Uuid& uuid, int ordinal,
                                   std::int64_t now) {
    const std::filesystem::path folder = project.versionFolder(uuid);
    must(base::makeFolder(folder / "segments"));
    format::RunInfo run;
    run.uuid = uuid.text();
    run.startedMicros = now;
    run.project = project.root().string();
    run.folder = run.project;
    run.script = "train.py";
    run.argv = {"train.py", "--lr", std::to_string(ordinal)};
    must(base::writeFileAtomically(folder / "run.json", base::bytesOf(format::writeRunInfo(run))));
    return must(format::JournalWriter::create(folder / "journal", {format::JournalType::Journal, uuid, now}));
}

class VersionWriter {
public:
    VersionWriter(const store::Project& project, int ordinal, const SyntheticRun& run)
        : m_uuid(base::Uuid::make()),
          m_folder(project.versionFolder(m_uuid)),
          m_run(run),
          m_ordinal(ordinal),
          m_random(static_cast<unsigned>(ordinal)),
          m_now(base::wallClockMicros()),
          m_journal(startVersion(project, m_uuid, ordinal, m_now)) {}

    base::Uuid write() {
        arguments();
        m_events.enter(kEpoch, 0, m_now);
        for (int epoch = 0; epoch < m_run.epochs; ++epoch) {
            if (m_run.capturesBytes > 0) capture(epoch);
            m_events.next(m_now);
            steps(epoch);
            const double progress = static_cast<double>(epoch + 1) / m_run.epochs;
            m_events.number(kAccuracy, 1 - std::exp(-3 * progress) + noise(), m_now);
            m_events.number(kTrain, std::exp(-2 * progress) + noise(), m_now);
            m_events.number(kValidation, std::exp(-1.5 * progress) + noise(), m_now);
        }
        m_events.leave(format::LeaveReason::Exhausted, m_now);
        flush();
        must(m_journal.append(format::FrameKind::End, base::bytesOf(R"({"status": "complete", "exit": "end"})")));
        must(m_journal.seal());
        must(m_journal.close());
        if (m_segment) must(m_segment->close());
        return m_uuid;
    }

private:
    void arguments() {
        for (std::uint32_t i = 0; i < 10; ++i) {
            static const std::vector<std::string> kNames = {"lr", "batch", "seed",    "width", "depth",
                                                            "wd", "warm",  "dropout", "clip",  "beta"};
            m_events.markArgument();
            m_events.number({100 + i, kNames[i]}, m_ordinal % 7 + 0.25 * i, m_now);
        }
    }

    void steps(int epoch) {
        m_events.enter(kStep, 0, m_now);
        for (int step = 0; step < m_run.stepsPerEpoch; ++step) {
            m_now += 200;
            m_events.next(m_now);
            const double x = epoch + static_cast<double>(step) / m_run.stepsPerEpoch;
            // As PyTorch's item() gives it: a double that is a float32.
            m_events.number(kLoss, static_cast<double>(static_cast<float>(std::exp(-0.3 * x) + noise())), m_now);
            m_events.number(kRate, 1e-3 * (1 - x / m_run.epochs), m_now);
            if (m_events.rawBytes() > kBlockBytes) flush();
        }
        m_events.leave(format::LeaveReason::Exhausted, m_now);
    }

    void capture(int epoch) {
        flush();
        if (!m_segment) m_segment.emplace(must(format::SegmentWriter::create(m_folder / "segments", 0, m_uuid)));
        base::Bytes raw(static_cast<std::size_t>(m_run.capturesBytes));
        for (auto& byte : raw) byte = static_cast<std::byte>(m_random());
        format::TensorRecord tensor;
        tensor.key = "model/weight";
        tensor.dtype = format::DType::U8;
        tensor.shape = {raw.size()};
        tensor.rawBytes = raw.size();
        tensor.digest = format::digest128(raw);
        tensor.chunks = {must(m_segment->append(m_encoder.encode(raw, tensor.dtype, tensor.digest)))};
        must(m_segment->flush());
        format::CaptureRecord record;
        record.stamp = m_now;
        record.coordinates = {{"epoch", 0, epoch}};
        record.tensors = {tensor};
        must(m_journal.append(format::FrameKind::Capture, format::encodeCapture(record)));
    }

    void flush() {
        if (!m_events.empty()) must(m_journal.append(format::FrameKind::Events, m_events.finish()));
    }
    double noise() { return 0.01 * static_cast<double>(m_random() % 1000) / 1000; }

    base::Uuid m_uuid;
    std::filesystem::path m_folder;
    SyntheticRun m_run;
    int m_ordinal;
    std::minstd_rand m_random;
    std::int64_t m_now;
    format::JournalWriter m_journal;
    format::EventEncoder m_events{0};
    format::ChunkEncoder m_encoder;
    std::optional<format::SegmentWriter> m_segment;
};

}  // namespace

base::Uuid writeSyntheticVersion(const store::Project& project, int ordinal, const SyntheticRun& run) {
    return VersionWriter(project, ordinal, run).write();
}

RunningVersion::RunningVersion(const store::Project& project, int ordinal)
    : m_now(base::wallClockMicros()), m_journal(startVersion(project, base::Uuid::make(), ordinal, m_now)) {
    m_events.enter(kStep, 0, m_now);
}

void RunningVersion::log(int steps) {
    for (int step = 0; step < steps; ++step) {
        m_now += 200;
        m_events.next(m_now);
        m_events.number(kLoss, 0.5 * step, m_now);
    }
    must(m_journal.append(format::FrameKind::Events, m_events.finish()));
}

}  // namespace hindcast::bench

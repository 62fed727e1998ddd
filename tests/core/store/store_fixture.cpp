// SPDX-License-Identifier: Apache-2.0
#include "tests/core/store/store_fixture.h"

#include <stdlib.h>

#include <fstream>
#include <sstream>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/tensors/chunk.h"
#include "core/format/tensors/segment.h"

namespace hindcast::store {

RunWriter::RunWriter(const Project& project, const base::Uuid& uuid, const std::optional<format::ReplayInfo>& replayOf)
    : m_uuid(uuid),
      m_folder(replayOf ? project.replayFolder(uuid) : project.versionFolder(uuid)),
      m_now(base::wallClockMicros()) {
    must(base::makeFolder(m_folder / "segments"));
    format::RunInfo run;
    run.kind = replayOf ? "replay" : "version";
    run.uuid = uuid.text();
    run.startedMicros = m_now;
    run.project = project.root().string();
    run.script = "train.py";
    run.argv = {"train.py", "--fast"};
    run.replay = replayOf;
    must(base::writeFileAtomically(m_folder / "run.json", base::bytesOf(format::writeRunInfo(run))));
    m_writer = std::make_unique<format::JournalWriter>(
        must(format::JournalWriter::create(m_folder / "journal", {format::JournalType::Journal, uuid, m_now})));
}

format::NameRef RunWriter::name(const std::string& text) {
    auto& kept = m_texts[text];
    if (kept == nullptr) {
        kept = std::make_unique<std::string>(text);
        m_ids[text] = static_cast<std::uint32_t>(m_ids.size());
    }
    return {m_ids[text], *kept};
}

RunWriter& RunWriter::enter(const std::string& loop, std::uint32_t occurrence) {
    m_events.enter(name(loop), occurrence, now());
    return *this;
}
RunWriter& RunWriter::next() {
    m_events.next(now());
    return *this;
}
RunWriter& RunWriter::leave(format::LeaveReason how) {
    m_events.leave(how, now());
    return *this;
}
RunWriter& RunWriter::number(const std::string& text, double value, int probe) {
    if (probe >= 0) m_events.markProbe(static_cast<std::uint32_t>(probe));
    m_events.number(name(text), value, now());
    return *this;
}
RunWriter& RunWriter::integer(const std::string& text, std::int64_t value) {
    m_events.integer(name(text), value, now());
    return *this;
}
RunWriter& RunWriter::text(const std::string& key, const std::string& value) {
    m_events.text(name(key), value, now());
    return *this;
}
RunWriter& RunWriter::argument(const std::string& text, double value) {
    m_events.markArgument();
    m_events.number(name(text), value, now());
    return *this;
}

RunWriter& RunWriter::flush() {
    if (!m_events.empty()) must(m_writer->append(format::FrameKind::Events, m_events.finish()));
    return *this;
}

RunWriter& RunWriter::capture(std::int64_t epoch, const std::vector<float>& weights) {
    flush();
    // One segment a capture, so that a test can lose one capture by deleting one file.
    auto segment = must(format::SegmentWriter::create(m_folder / "segments", m_segments++, m_uuid));
    format::CaptureRecord record;
    record.point = format::CapturePoint::Boundary;
    record.stamp = now();
    record.coordinates = {{"epoch", 0, epoch}};
    format::TensorRecord tensor;
    tensor.key = "model/weight";
    tensor.dtype = format::DType::F32;
    tensor.shape = {weights.size()};
    const base::BytesView raw = std::as_bytes(std::span(weights));
    tensor.rawBytes = raw.size();
    tensor.digest = format::digest128(raw);
    format::ChunkEncoder encoder;
    for (std::size_t at = 0; at < raw.size(); at += format::kChunkBytes) {
        const base::BytesView chunk = raw.subspan(at, std::min(format::kChunkBytes, raw.size() - at));
        tensor.chunks.push_back(
            must(segment.append(encoder.encode(chunk, format::DType::F32, format::digest128(chunk)))));
    }
    must(segment.flush());
    must(segment.close());
    record.tensors.push_back(tensor);
    must(m_writer->append(format::FrameKind::Capture, format::encodeCapture(record)));
    return *this;
}

std::vector<float> RunWriter::chainWeights(int capture) {
    std::vector<float> weights(5000);
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = static_cast<float>(i * i % 7919) * 0.731F + static_cast<float>(capture) * 1e-4F;
    return weights;
}

RunWriter& RunWriter::captureChain(int count) {
    flush();
    auto segment = must(format::SegmentWriter::create(m_folder / "segments", m_segments++, m_uuid));
    format::ChunkEncoder encoder;
    std::optional<format::ChunkPlace> base;
    for (int i = 0; i < count; ++i) {
        const std::vector<float> weights = chainWeights(i);
        const base::BytesView raw = std::as_bytes(std::span(weights));
        const std::vector<float> before = chainWeights(i - 1);
        const base::BytesView beforeRaw = std::as_bytes(std::span(before));
        const format::Digest digest = format::digest128(raw);
        const auto record = base ? encoder.encodeDifference(raw, format::DType::F32, digest,
                                                            {*base, format::digest128(beforeRaw), beforeRaw}, 1 << 20)
                                 : std::optional(encoder.encode(raw, format::DType::F32, digest));
        base = must(segment.append(record.value()));
        format::CaptureRecord capture;
        capture.stamp = now();
        capture.coordinates = {{"epoch", 0, i}};
        capture.tensors = {{"model/weight",
                            format::DType::F32,
                            format::TensorState::Stored,
                            {weights.size()},
                            raw.size(),
                            digest,
                            {*base}}};
        must(segment.flush());
        must(m_writer->append(format::FrameKind::Capture, format::encodeCapture(capture)));
        next();
        flush();
    }
    must(segment.close());
    return *this;
}

RunWriter& RunWriter::json(format::FrameKind kind, const std::string& text) {
    flush();
    must(m_writer->append(kind, base::bytesOf(text)));
    return *this;
}

RunWriter& RunWriter::fidelity(const std::string& loop, std::int64_t index, const std::string& grade) {
    return json(format::FrameKind::Fidelity, R"({"loop":")" + loop + R"(","occurrence":0,"index":)" +
                                                 std::to_string(index) + R"(,"mode":"deep","grade":")" + grade +
                                                 R"("})");
}

void RunWriter::end(const std::string& status) {
    json(format::FrameKind::End,
         R"({"status":")" + status + R"(","reason":"","exception":null,"exit":"finished","counters":{}})");
    must(m_writer->seal());
    must(m_writer->sync());
    m_writer.reset();
}

void StoreTest::SetUp() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hindcast-store-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
    std::filesystem::create_directories(root());
    auto created = Project::create(root());
    ASSERT_TRUE(created.has_value()) << created.error().text();
    m_project = *created;
}

void StoreTest::TearDown() {
    std::filesystem::remove_all(m_folder);
}

void StoreTest::writeFile(const std::filesystem::path& path, const std::string& content) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string StoreTest::readFile(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

}  // namespace hindcast::store

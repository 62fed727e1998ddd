// SPDX-License-Identifier: Apache-2.0
// Writes a golden store: run once for each released format version, its output is committed and never changed
// afterwards.
//
//     write_golden FOLDER

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/base/file.h"
#include "core/format/events/event_encoder.h"
#include "core/format/journal/journal_writer.h"
#include "core/format/run_info.h"
#include "core/format/tensors/chunk.h"
#include "core/format/tensors/segment.h"
#include "tests/format/described.h"

namespace hindcast::format {
namespace {

using base::Bytes;
using nlohmann::json;

constexpr std::int64_t kStart = 1'763'800'000'000'000;
constexpr const char* kVersion = "0192f3c4-0000-7000-8000-000000000001";
constexpr const char* kWriter = "0192f3c4-0000-7000-8000-0000000000aa";

/// Ends the program with the reason: whoever runs this looks at the output.
template <class T>
T must(base::Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}

RunInfo runInfo() {
    RunInfo run;
    run.uuid = kVersion;
    run.startedMicros = kStart;
    run.project = "/home/user/detector";
    run.script = "train.py";
    run.folder = "/home/user/detector";
    run.argv = {"train.py", "--epochs", "2"};
    run.arguments = {{"lr", "0.1"}};
    run.interpreter = {"/usr/bin/python3", "3.11.2", "CPython", "/usr"};
    run.environment = {{"OMP_NUM_THREADS", "2"}};
    run.packages = {{"torch", "2.1.0"}};
    run.host = {"box", "Linux", "x86_64", "a processor", 2, 1LL << 34};
    run.git = GitInfo{"0123456789abcdef0123456789abcdef01234567", "main", true, ""};
    run.job = JobInfo{"4711", 1, 2};
    run.hashSeed = {std::nullopt, 1234567};
    run.pid = 4242;
    run.bootId = "b00t";
    return run;
}

/// Logs through an encoder and keeps what a reader has to find.
class Script {
public:
    explicit Script(std::uint16_t thread) : m_encoder(thread), m_thread(thread) {}
    EventEncoder& encoder() { return m_encoder; }

    void expect(Coordinates at, const char* name, std::uint32_t ordinal, const Value& value, bool argument = false,
                int probe = -1) {
        m_expected.push_back(
            describe(RecordedValue{std::move(at), name, ordinal, value, argument, probe, m_thread, 0}));
    }
    json take() { return std::move(m_expected); }

private:
    EventEncoder m_encoder;
    std::uint16_t m_thread;
    json m_expected = json::array();
};

Bytes bytesOfText(std::string_view text) {
    const auto view = base::bytesOf(text);
    return {view.begin(), view.end()};
}

/// Values outside loops: every type and the limits of numbers.
void logScalars(Script& script) {
    EventEncoder& log = script.encoder();
    log.markArgument();
    log.number({0, "lr"}, 0.1, kStart);
    script.expect({}, "lr", 0, 0.1, true);
    const double numbers[] = {0.0,
                              -0.0,
                              1.5,
                              0.1,
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN(),
                              std::bit_cast<double>(0xFFF8'0000'DEAD'BEEFULL),
                              std::numeric_limits<double>::max(),
                              std::numeric_limits<double>::denorm_min()};
    for (std::uint32_t i = 0; i < std::size(numbers); ++i) {
        log.number({1, "number"}, numbers[i], kStart);
        script.expect({}, "number", i, numbers[i]);
    }
    const std::int64_t integers[] = {0, -1, std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()};
    for (std::uint32_t i = 0; i < std::size(integers); ++i) {
        log.integer({2, "integer"}, integers[i], kStart);
        script.expect({}, "integer", i, integers[i]);
    }
    log.boolean({3, "flag"}, true, kStart);
    script.expect({}, "flag", 0, true);
    log.none({4, "nothing"}, kStart);
    script.expect({}, "nothing", 0, std::monostate{});
    log.text({5, "名前"}, "naïve \xF0\x9F\x98\x80", kStart);
    script.expect({}, "名前", 0, std::string("naïve \xF0\x9F\x98\x80"));
    log.bigInteger({6, "big"}, "-340282366920938463463374607431768211456", kStart);
    script.expect({}, "big", 0, BigInteger{"-340282366920938463463374607431768211456"});
    // CBOR: {"type": "array", "dtype": "f32", "shape": [1], "data": h'0000803f'}
    const Bytes cbor = bytesOfText(std::string(
        "\xA4\x64type\x65\x61rray\x65\x64type\x63\x66\x33\x32\x65shape\x81\x01\x64\x64\x61ta\x44\x00\x00\x80\x3F", 40));
    log.rich({7, "array"}, cbor, kStart);
    script.expect({}, "array", 0, RichValue{cbor});
}

/// Two epochs with an inner loop entered twice, the second time left by break; blocks end in the middle of a pass.
void logLoops(Script& script, JournalWriter& journal) {
    EventEncoder& log = script.encoder();
    std::int64_t now = kStart + 1'000'000;
    log.enter({0, "epoch"}, 0, now);
    for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
        log.next(now += 1000);
        log.number({8, "loss"}, 1.0 / static_cast<double>(epoch + 1), now);
        script.expect({{"epoch", 0, epoch}}, "loss", 0, 1.0 / static_cast<double>(epoch + 1));
        must(journal.append(FrameKind::Events, log.finish()));
        log.number({8, "loss"}, 7, now);
        script.expect({{"epoch", 0, epoch}}, "loss", 1, 7.0);
        for (std::uint32_t pass = 0; pass < 2; ++pass) {
            log.enter({1, "step"}, pass, now);
            for (std::int64_t step = 0; step < 3; ++step) {
                log.nextAt(step * 10, now += 333);
                log.label("batch " + std::to_string(step));
                log.markProbe(2);
                log.integer({9, "i"}, step, now);
                script.expect({{"epoch", 0, epoch}, {"step", pass, step * 10}}, "i", 0, step, false, 2);
            }
            log.leave(pass == 0 ? LeaveReason::Exhausted : LeaveReason::Break, now);
        }
        log.markOrdinal(5);
        log.number({8, "loss"}, 8, now);
        script.expect({{"epoch", 0, epoch}}, "loss", 5, 8.0);
    }
    log.leave(LeaveReason::Return, now);
    must(journal.append(FrameKind::Events, log.finish()));
}

Bytes floats(std::size_t count, float step) {
    Bytes out(count * 4);
    for (std::size_t i = 0; i < count; ++i) {
        const float value = static_cast<float>(static_cast<double>((i * 2654435761U) % 10'007U) * 1e-5) + step;
        std::memcpy(out.data() + 4 * i, &value, 4);
    }
    return out;
}

/// Captures with chunks of every transform, every dtype, a chain of differences and a tensor over two chunks.
class Captures {
public:
    explicit Captures(const base::fs::path& folder)
        : m_segment(must(SegmentWriter::create(folder, 0, *base::Uuid::parse(kVersion)))) {}

    TensorRecord store(const std::string& key, DType type, const Bytes& raw, const Bytes* base) {
        TensorRecord tensor{
            key, type, TensorState::Stored, {raw.size() / elementBytes(type)}, raw.size(), digest128(raw), {}};
        for (std::size_t at = 0; at < raw.size(); at += kChunkBytes) {
            const std::size_t size = std::min(kChunkBytes, raw.size() - at);
            const base::BytesView part = base::BytesView(raw).subspan(at, size);
            base::BytesView record;
            if (base != nullptr) {
                const base::BytesView before = base::BytesView(*base).subspan(at, size);
                const ChunkBase chunkBase{m_last.at(key).chunks[at / kChunkBytes], digest128(before), before};
                record = *m_encoder.encodeDifference(part, type, digest128(part), chunkBase, SIZE_MAX);
            } else {
                record = m_encoder.encode(part, type, digest128(part));
            }
            tensor.chunks.push_back(must(m_segment.append(record)));
        }
        m_last[key] = tensor;
        return tensor;
    }
    void add(CaptureRecord capture, const std::vector<Bytes>& raws, JournalWriter& journal) {
        must(m_segment.flush());
        must(journal.append(FrameKind::Capture, encodeCapture(capture)));
        json described = describe(capture);
        described["tensors"] = json::array();
        for (std::size_t i = 0; i < capture.tensors.size(); ++i) {
            // Long ones are told by their digest alone.
            const bool brief = capture.tensors[i].state == TensorState::Stored && raws[i].size() <= 4096;
            described["tensors"].push_back(describe(capture.tensors[i], brief ? hexOf(raws[i]) : ""));
        }
        m_expected.push_back(std::move(described));
    }
    json take() { return std::move(m_expected); }

private:
    SegmentWriter m_segment;
    ChunkEncoder m_encoder;
    std::map<std::string, TensorRecord> m_last;
    json m_expected = json::array();
};

void writeCaptures(Captures& captures, JournalWriter& journal) {
    std::vector<Bytes> history;
    for (std::int64_t epoch = 0; epoch < 4; ++epoch) {
        history.push_back(floats(70'001, static_cast<float>(epoch) * 1e-6F));
        const Bytes* const base = epoch == 0 ? nullptr : &history[static_cast<std::size_t>(epoch) - 1];
        CaptureRecord capture{
            CapturePoint::Boundary, LeaveReason::Exhausted, true, kStart + epoch, {{"epoch", 0, epoch}}, 0, {},
            bytesOfText("\xA0")};
        capture.tensors.push_back(captures.store("model/weight", DType::F32, history.back(), base));
        captures.add(capture, {history.back()}, journal);
    }
    CaptureRecord types{
        CapturePoint::Exit, LeaveReason::Break, true, kStart + 10, {{"epoch", 0, 0}, {"step", 1, 20}}, 3, {},
        bytesOfText("\xA0")};
    std::vector<Bytes> raws;
    for (std::uint8_t number = 1; dtypeOf(number); ++number) {
        Bytes raw(elementBytes(*dtypeOf(number)) * 37 + (*dtypeOf(number) == DType::Raw ? 3 : 0));
        for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = static_cast<std::byte>(i * 41 + number);
        types.tensors.push_back(
            captures.store("every/" + std::string(dtypeName(*dtypeOf(number))), *dtypeOf(number), raw, nullptr));
        raws.push_back(std::move(raw));
    }
    types.tensors.push_back({"empty", DType::F32, TensorState::Stored, {0, 4}, 0, digest128({}), {}});
    raws.emplace_back();
    types.tensors.push_back({"digest", DType::F64, TensorState::DigestOnly, {2}, 16, digest128(Bytes(16)), {}});
    raws.emplace_back();
    captures.add(types, raws, journal);
    CaptureRecord digests{CapturePoint::End,  LeaveReason::Return, false, kStart + 11, {{"epoch", 0, 1}}, 2, {},
                          bytesOfText("\xA0")};
    digests.tensors.push_back(
        {"model/weight", DType::F32, TensorState::DigestOnly, {70'001}, 280'004, digest128(history.back()), {}});
    captures.add(digests, {Bytes()}, journal);
}

void writeFiles(const base::fs::path& folder) {
    auto annotations = must(JournalWriter::openOrCreate(
        folder / "annotations" / kWriter, {JournalType::Annotations, *base::Uuid::parse(kWriter), kStart}));
    must(annotations.append(FrameKind::Annotation,
                            base::bytesOf("{\"what\":\"number\",\"at\":1,\"who\":\"user\",\"version\":\"" +
                                          std::string(kVersion) + "\",\"number\":1}")));
    auto pack = must(JournalWriter::create(folder / "versions" / kVersion / "source.pack",
                                           {JournalType::SourcePack, *base::Uuid::parse(kVersion), kStart}));
    base::ByteWriter file;
    file.putText("pkg/train.py");
    file.putVarint(0100644);
    file.putBytes(base::bytesOf("print('hello')\r\n"));
    must(pack.append(FrameKind::File, file.view()));
    must(pack.seal());
}

void writeStore(const base::fs::path& folder) {
    const base::fs::path version = folder / "versions" / kVersion;
    must(base::makeFolder(version / "segments"));
    must(base::makeFolder(folder / "annotations"));
    must(base::writeFileAtomically(folder / "FORMAT", base::bytesOf("hindcast-store 1\n")));
    must(base::writeFileAtomically(version / "run.json", base::bytesOf(writeRunInfo(runInfo()))));
    auto journal =
        must(JournalWriter::create(version / "journal", {JournalType::Journal, *base::Uuid::parse(kVersion), kStart}));
    Script main(0);
    logScalars(main);
    logLoops(main, journal);
    Script worker(1);
    worker.encoder().number({0, "queue"}, 3, kStart + 5);
    worker.expect({}, "queue", 0, 3.0);
    must(journal.append(FrameKind::Events, worker.encoder().finish()));
    Captures captures(version / "segments");
    writeCaptures(captures, journal);
    const std::string note = "{\"note\":\"hint\",\"text\":\"" + std::string(600, '=') + "\"}";
    must(journal.append(FrameKind::Note, base::bytesOf(note)));
    must(journal.append(FrameKind::Heartbeat, {}));
    must(journal.append(
        FrameKind::Fidelity,
        base::bytesOf("{\"loop\":\"epoch\",\"occurrence\":0,\"index\":1,\"mode\":\"deep\",\"grade\":\"exact\"}")));
    must(journal.append(FrameKind::End, base::bytesOf("{\"status\":\"complete\",\"reason\":\"\",\"exception\":null,"
                                                      "\"exit\":\"end of script\",\"counters\":{}}")));
    must(journal.seal());
    writeFiles(folder);
    json values = main.take();
    for (auto& value : worker.take()) values.push_back(value);
    const json expected = {{"version", kVersion},
                           {"values", values},
                           {"captures", captures.take()},
                           {"note", note},
                           {"frames", journal.frames()}};
    must(base::writeFileAtomically(folder / "expected.json", base::bytesOf(expected.dump(1) + "\n")));
}

}  // namespace
}  // namespace hindcast::format

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "usage: write_golden FOLDER\n");
        return 2;
    }
    hindcast::format::writeStore(arguments[1]);
    return 0;
}

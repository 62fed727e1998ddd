// SPDX-License-Identifier: Apache-2.0
#include "core/record/recorder.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "tests/core/record/recorder_case.h"

namespace hindcast::record {
namespace {

using format::CapturePoint;
using format::DType;
using format::FrameKind;
using format::VersionReader;

TEST_F(RecorderTest, WhatWasRecordedIsReadBackAndTheVersionIsComplete) {
    auto recorder = start();
    const auto loss = recorder->names().intern("loss");
    const auto epoch = recorder->names().intern("epoch");
    ThreadLog* const log = recorder->threadLog();
    log->enter(epoch);
    for (int i = 0; i < 3; ++i) {
        log->next();
        log->number(loss, i * 0.5);
        recorder->capture(request(i, weights(1000, static_cast<float>(i))));
    }
    log->leave(format::LeaveReason::Exhausted);
    recorder->note(R"({"note":"hint"})");
    recorder->close(kComplete);
    EXPECT_FALSE(recorder->failure());
    EXPECT_EQ(state(), format::VersionState::Complete);
    const auto recorded = values();
    ASSERT_EQ(recorded.size(), 3U);
    EXPECT_EQ(recorded[2].coordinates, (format::Coordinates{{"epoch", 0, 2}}));
    VersionReader version = reader();
    ASSERT_EQ(version.captures().size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(stored(version, i), weights(1000, static_cast<float>(i)));
    EXPECT_EQ(version.payloads(FrameKind::Note)->size(), 1U);
    EXPECT_EQ(recorder->stats().values, 3U);
}

TEST_F(RecorderTest, AFlushMakesEverythingReadableAtOnce) {
    auto recorder = start(1000.0);
    const auto name = recorder->names().intern("x");
    for (int i = 0; i < 10; ++i) {
        recorder->threadLog()->integer(name, i);
        recorder->capture(request(i, weights(70'000, static_cast<float>(i) * 1e-6F)));
        recorder->flush(i % 2 == 0);
        EXPECT_EQ(values().size(), static_cast<std::size_t>(i) + 1);
        EXPECT_EQ(reader().captures().size(), static_cast<std::size_t>(i) + 1);
    }
    EXPECT_EQ(state(), format::VersionState::Recording);
}

TEST_F(RecorderTest, LongHistoriesOfOneTensorReadBackExactlyAndUnchangedOnesCostNothing) {
    auto recorder = start();
    std::vector<std::vector<float>> history;
    std::uint64_t storedBeforeRepeats = 0;
    for (int i = 0; i < 20; ++i) {
        history.push_back(weights(150'001, static_cast<float>(i) * 1e-7F));
        ASSERT_EQ(recorder->capture(request(i, history.back())), i);
    }
    recorder->flush(false);
    storedBeforeRepeats = recorder->stats().bytesStored;
    EXPECT_LT(storedBeforeRepeats, 20U * 150'001 * 4 * 8 / 10);
    for (int i = 20; i < 30; ++i) {
        history.push_back(history.at(static_cast<std::size_t>(i) - 3));
        ASSERT_EQ(recorder->capture(request(i, history.back())), i);
    }
    recorder->close(kComplete);
    EXPECT_EQ(recorder->stats().bytesStored, storedBeforeRepeats);
    VersionReader version = reader();
    ASSERT_EQ(version.captures().size(), 30U);
    for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(stored(version, i), history[i]) << i;
}

TEST_F(RecorderTest, ADigestOnlyCaptureHasTheSameDigestAsAStoredOne) {
    auto recorder = start();
    for (const std::size_t count : {std::size_t{0}, std::size_t{3}, std::size_t{65'536}, std::size_t{200'000}}) {
        recorder->capture(request(0, weights(count), true));
        recorder->capture(request(0, weights(count), false));
    }
    recorder->close(kComplete);
    const VersionReader version = reader();
    ASSERT_EQ(version.captures().size(), 8U);
    for (std::size_t i = 0; i < 8; i += 2) {
        const auto full = version.capture(i);
        const auto digest = version.capture(i + 1);
        EXPECT_EQ(full->tensors[0].digest, digest->tensors[0].digest);
        EXPECT_TRUE(full->tensorsStored);
        EXPECT_FALSE(digest->tensorsStored);
        EXPECT_EQ(digest->tensors[0].state, format::TensorState::DigestOnly);
    }
}

TEST_F(RecorderTest, ACaptureWithoutRoomIsSkippedAndSaysSo) {
    auto recorder = start(1.0, Arena::kSlabBytes);
    EXPECT_EQ(recorder->capture(request(3, weights(2'000'000))), -1);
    EXPECT_EQ(recorder->capture(request(4, weights(1000))), 0);
    recorder->close(kComplete);
    const VersionReader version = reader();
    EXPECT_EQ(version.captures().size(), 1U);
    const auto notes = version.payloads(FrameKind::Note);
    ASSERT_EQ(notes->size(), 1U);
    EXPECT_NE(base::textOf(notes->front()).find(R"("note":"skip")"), std::string_view::npos);
    EXPECT_NE(base::textOf(notes->front()).find(R"("index":3)"), std::string_view::npos);
    EXPECT_EQ(recorder->stats().capturesSkipped, 1U);
    EXPECT_EQ(state(), format::VersionState::Complete);
}

TEST_F(RecorderTest, EveryThreadHasItsOwnLoopsAndNumber) {
    auto recorder = start();
    const auto name = recorder->names().intern("x");
    const auto loop = recorder->names().intern("work");
    recorder->threadLog()->integer(name, -1);
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            ThreadLog* const log = recorder->threadLog();
            log->enter(loop);
            for (int i = 0; i < 20'000; ++i) {
                log->next();
                log->integer(name, t * 100'000 + i);
            }
            log->leave(format::LeaveReason::Exhausted);
        });
    }
    for (auto& thread : threads) thread.join();
    recorder->close(kComplete);
    std::map<std::uint16_t, std::int64_t> seen;
    for (const auto& value : values()) {
        if (value.coordinates.empty()) continue;
        const std::int64_t number = std::get<std::int64_t>(value.value);
        EXPECT_EQ(number % 100'000, value.coordinates[0].index);
        EXPECT_EQ(number % 100'000, seen[value.thread]++);
    }
    EXPECT_EQ(seen.size(), 8U);
    for (const auto& [thread, count] : seen) EXPECT_EQ(count, 20'000) << thread;
}

TEST_F(RecorderTest, FidelityComesBehindTheValuesThatWereLoggedBefore) {
    auto recorder = start(1000.0);
    const auto name = recorder->names().intern("x");
    for (int i = 0; i < 5; ++i) {
        recorder->threadLog()->integer(name, i);
        recorder->fidelity("{}");
    }
    recorder->close(kComplete);
    const auto batch = reader().journal().readAll();
    std::size_t logged = 0;
    std::size_t graded = 0;
    for (const format::Frame& frame : batch->frames) {
        if (frame.kind == FrameKind::Events) logged += format::decodeValues(frame.payload)->size();
        if (frame.kind == FrameKind::Fidelity) {
            ++graded;
            EXPECT_GE(logged, graded);
        }
    }
    EXPECT_EQ(graded, 5U);
}

TEST_F(RecorderTest, AKilledProcessLeavesEverythingThatWasFlushed) {
    int pipeEnds[2];
    ASSERT_EQ(pipe(pipeEnds), 0);
    m_version = m_folder / "versions" / base::Uuid::make().text();
    const pid_t child = fork();
    if (child == 0) {
        auto recorder = Recorder::create({m_version, "{}", 0.05, 5.0, std::size_t{64} << 20});
        const auto name = (*recorder)->names().intern("x");
        const auto loop = (*recorder)->names().intern("epoch");
        (*recorder)->threadLog()->enter(loop);
        for (std::int64_t i = 0; i < 4; ++i) {
            (*recorder)->threadLog()->next();
            (*recorder)->threadLog()->integer(name, i);
            (*recorder)->capture(request(i, weights(300'000, static_cast<float>(i))));
        }
        (*recorder)->flush(false);
        const char done = 'x';
        if (write(pipeEnds[1], &done, 1) != 1) _exit(1);
        for (std::int64_t i = 4;; ++i) (*recorder)->threadLog()->integer(name, i);
    }
    char byte = 0;
    ASSERT_EQ(read(pipeEnds[0], &byte, 1), 1);
    EXPECT_EQ(state(), format::VersionState::Recording);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_EQ(state(), format::VersionState::Crashed);
    const auto recorded = values();
    ASSERT_GE(recorded.size(), 4U);
    for (std::size_t i = 0; i < recorded.size(); ++i)
        EXPECT_EQ(std::get<std::int64_t>(recorded[i].value), static_cast<std::int64_t>(i));
    VersionReader version = reader();
    ASSERT_EQ(version.captures().size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(stored(version, i), weights(300'000, static_cast<float>(i)));
    close(pipeEnds[0]);
    close(pipeEnds[1]);
}

TEST_F(RecorderTest, AForkedChildRecordsNothingAndHoldsNoLock) {
    auto recorder = start();
    const auto name = recorder->names().intern("x");
    recorder->threadLog()->integer(name, 1);
    int pipeEnds[2];
    int started[2];
    ASSERT_EQ(pipe(pipeEnds), 0);
    ASSERT_EQ(pipe(started), 0);
    const pid_t child = fork();
    if (child == 0) {
        if (write(started[1], "", 1) != 1)
            _exit(3);  // the lock is let go before fork() returns here, not before it returns in the parent
        const bool silent = recorder->threadLog() == nullptr && recorder->capture(request(0, weights(10))) == -1;
        recorder->note("{}");
        recorder->flush(true);
        recorder->close(kComplete);
        recorder.reset();
        char byte = 0;
        close(pipeEnds[1]);
        if (read(pipeEnds[0], &byte, 1) != 0) _exit(2);  // lives on until the parent is done
        _exit(silent ? 0 : 1);
    }
    char byte = 0;
    ASSERT_EQ(read(started[0], &byte, 1), 1);
    recorder->threadLog()->integer(name, 2);
    recorder->close(kComplete);
    EXPECT_FALSE(base::isLockedByAnother(m_version / "journal"));
    EXPECT_EQ(values().size(), 2U);
    EXPECT_EQ(state(), format::VersionState::Complete);
    for (const int end : {pipeEnds[0], pipeEnds[1], started[0], started[1]}) close(end);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST_F(RecorderTest, AFullDiskEndsTheRecordingNotTheProgram) {
    m_version = m_folder / "versions" / base::Uuid::make().text();
    const pid_t child = fork();
    if (child == 0) {
        // A limit on the size of files fails writes as a full disk does, in the middle of a record.
        signal(SIGXFSZ, SIG_IGN);
        auto recorder = Recorder::create({m_version, "{}", 0.05, 5.0, std::size_t{64} << 20});
        const rlimit limit{100'000, 100'000};
        setrlimit(RLIMIT_FSIZE, &limit);
        const auto name = (*recorder)->names().intern("x");
        (*recorder)->threadLog()->integer(name, 7);
        (*recorder)->flush(false);
        for (int i = 0; i < 3; ++i) (*recorder)->capture(request(i, weights(300'000, static_cast<float>(i))));
        (*recorder)->flush(true);
        const bool failed = (*recorder)->failure().has_value() && (*recorder)->threadLog() == nullptr;
        (*recorder)->close(kComplete);
        _exit(failed ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(values().size(), 1U);
    EXPECT_EQ(state(), format::VersionState::Incomplete);
    EXPECT_NE(format::readVersionStatus(m_version, 0)->reason.find("seg-000000"), std::string::npos);
}

TEST_F(RecorderTest, ARecorderThatIsDroppedWithoutAnEndReadsAsCrashed) {
    {
        auto recorder = start();
        recorder->threadLog()->integer(recorder->names().intern("x"), 1);
    }
    EXPECT_EQ(values().size(), 1U);
    EXPECT_EQ(state(), format::VersionState::Crashed);
}

TEST_F(RecorderTest, AFolderThatIsNoUuidOrInUseIsRefused) {
    EXPECT_FALSE(Recorder::create({m_folder / "x", "{}"}));
    auto recorder = start();
    EXPECT_FALSE(Recorder::create({m_version, "{}"}));
    EXPECT_FALSE(Recorder::create({"/proc/nowhere/" + base::Uuid::make().text(), "{}"}));
}

/// A "device" whose memory is host memory, seen through offsets.
class FakeDevice : public DeviceCopy {
public:
    base::Result<void> prepare(std::byte*, std::size_t) override { return {}; }
    base::Result<void> begin(int device, std::uintptr_t) override {
        if (device == 9) return base::Error(base::ErrorCode::Io, "the device is gone");
        return {};
    }
    base::Result<void> copy(std::byte* host, std::uintptr_t from, std::size_t bytes) override {
        std::memcpy(host, reinterpret_cast<const void*>(from + 1), bytes);
        return {};
    }
    base::Result<void> finish() override { return {}; }
};

TEST_F(RecorderTest, TensorsOnADeviceGoThroughItsCopy) {
    auto recorder = start();
    const auto data = weights(100'000);
    auto capture = request(0, data);
    capture.tensors[0].device = 0;
    capture.tensors[0].address -= 1;
    const auto again = capture;
    EXPECT_EQ(recorder->capture(std::move(capture)), -1) << "without a plug-in they are skipped";
    recorder->setDeviceCopy(std::make_unique<FakeDevice>());
    auto broken = again;
    broken.tensors[0].device = 9;
    EXPECT_EQ(recorder->capture(std::move(broken)), -1);
    auto good = again;
    EXPECT_EQ(recorder->capture(std::move(good)), 0);
    recorder->close(kComplete);
    VersionReader version = reader();
    EXPECT_EQ(stored(version, 0), data);
    EXPECT_EQ(version.payloads(FrameKind::Note)->size(), 2U);
}

}  // namespace
}  // namespace hindcast::record

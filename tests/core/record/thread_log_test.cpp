// SPDX-License-Identifier: Apache-2.0
#include "core/record/log/thread_log.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "core/base/clock.h"
#include "core/format/events/event_cursor.h"
#include "core/format/version_reader.h"
#include "core/record/host/gpu_meter.h"
#include "core/record/host/system_sampler.h"
#include "core/record/recorder.h"
#include "tests/core/format/temporary_folder.h"

namespace hindcast::record {
namespace {

using format::Coordinates;
using format::FrameKind;
using format::LeaveReason;

class ThreadLogTest : public format::FolderTest {
protected:
    void SetUp() override {
        FolderTest::SetUp();
        start({});
    }
    void start(RecorderOptions options) {
        recorder.reset();
        options.folder = m_folder / "versions" / base::Uuid::make().text();
        options.runJson = R"({"format":1})";
        auto created = Recorder::create(options);
        ASSERT_TRUE(created) << created.error().text();
        recorder = *std::move(created);
        m_version = options.folder;
    }
    std::uint32_t name(const char* text) { return recorder->names().intern(text); }
    std::vector<format::RecordedValue> values() const {
        const auto reader = format::VersionReader::open(m_version);
        std::vector<format::RecordedValue> all;
        const auto payloads = reader->payloads(FrameKind::Events);
        for (const auto& payload : *payloads) {
            auto block = format::decodeValues(payload);
            EXPECT_TRUE(block);
            all.insert(all.end(), block->begin(), block->end());
        }
        return all;
    }
    std::vector<format::RecordedValue> finished() {
        recorder->close(R"({"status":"complete"})");
        EXPECT_FALSE(recorder->failure());
        return values();
    }

    std::filesystem::path m_version;
    std::unique_ptr<Recorder> recorder;
};

TEST_F(ThreadLogTest, LoopsThatAreAdvancedByTurnsKeepTheirPlaces) {
    ThreadLog* const log = recorder->threadLog();
    const LoopToken outer = log->enter(name("x"));
    log->nextOf(outer);
    const LoopToken inner = log->enter(name("y"));
    for (int i = 0; i < 3; ++i) {
        if (i > 0) log->nextOf(outer);
        log->nextOf(inner);
        log->integer(name("v"), i);
    }
    log->leave(outer, LeaveReason::Exhausted);
    log->leave(inner, LeaveReason::Exhausted);
    log->integer(name("after"), 1);
    const auto recorded = finished();
    ASSERT_EQ(recorded.size(), 4U);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(recorded[static_cast<std::size_t>(i)].coordinates, (Coordinates{{"x", 0, i}, {"y", 0, i}}));
    EXPECT_TRUE(recorded[3].coordinates.empty());
}

TEST_F(ThreadLogTest, AbandonedInnerLoopsAreLeftWhenTheLoopAroundThemGoesOn) {
    ThreadLog* const log = recorder->threadLog();
    const LoopToken outer = log->enter(name("x"));
    for (int i = 0; i < 200; ++i) {
        log->nextOf(outer);
        log->integer(name("before"), i);
        log->nextOf(log->enter(name("y")));
        log->nextOf(log->enter(name("z")));
    }
    log->leave(outer, LeaveReason::Break);
    const auto recorded = finished();
    ASSERT_EQ(recorded.size(), 200U);
    EXPECT_EQ(recorded[199].coordinates, (Coordinates{{"x", 0, 199}}));
}

TEST_F(ThreadLogTest, TokensOfOtherThreadsAndOfEndedLoopsChangeNothing) {
    ThreadLog* const log = recorder->threadLog();
    const LoopToken ended = log->enter(name("x"));
    log->leave(ended, LeaveReason::Exhausted);
    log->nextOf(ended);
    const LoopToken own = log->enter(name("y"));
    log->nextOf(own);
    std::thread other([&] {
        ThreadLog* const its = recorder->threadLog();
        its->nextOf(its->enter(name("z")));
        its->nextOf(own);
        its->leave(own, LeaveReason::Break);
        its->integer(name("v"), 1);
    });
    other.join();
    log->integer(name("v"), 2);
    for (const auto& value : finished())
        EXPECT_EQ(value.coordinates, (Coordinates{{value.thread == 0 ? "y" : "z", 0, 0}}));
}

TEST_F(ThreadLogTest, AValueThatComesLaterStandsWhereItWasLogged) {
    ThreadLog* const log = recorder->threadLog();
    DeferredValues& deferred = recorder->deferredValues();
    const LoopToken loop = log->enter(name("step"));
    std::vector<std::uint64_t> tickets;
    for (int i = 0; i < 4; ++i) {
        log->nextOf(loop);
        tickets.push_back(deferred.open());
        log->deferred(name("loss"), tickets.back());
        log->number(name("plain"), i);
    }
    recorder->flush(false);
    EXPECT_TRUE(values().empty());  // nothing overtakes the first
    deferred.provide(tickets[1], std::int64_t{11});
    deferred.provide(tickets[0], 0.5);
    deferred.provide(tickets[0], 9.5);  // too late
    recorder->flush(false);
    EXPECT_EQ(values().size(), 4U);
    deferred.provide(tickets[2], {});  // lost
    deferred.provide(tickets[3], true);
    const auto recorded = finished();
    ASSERT_EQ(recorded.size(), 7U);
    EXPECT_EQ(recorded[0].name, "loss");
    EXPECT_EQ(recorded[0].coordinates, (Coordinates{{"step", 0, 0}}));
    EXPECT_EQ(recorded[2].coordinates, (Coordinates{{"step", 0, 1}}));
    EXPECT_EQ(recorded[4].name, "plain");
    EXPECT_EQ(recorded[5].name, "loss");
    EXPECT_EQ(recorded[6].coordinates, (Coordinates{{"step", 0, 3}}));
}

TEST_F(ThreadLogTest, WhatNeverArrivesHoldsUpNoEnd) {
    ThreadLog* const log = recorder->threadLog();
    log->deferred(name("loss"), recorder->deferredValues().open());
    log->number(name("plain"), 1);
    const auto recorded = finished();
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].name, "plain");
}

TEST_F(ThreadLogTest, ACrowdedLogMakesItsOwnerWaitAndLosesNothing) {
    ThreadLog* const log = recorder->threadLog();
    const std::string text(1 << 16, 'x');
    // A value that is not there yet holds everything up, as a disk does that does not take more.
    const std::uint64_t ticket = recorder->deferredValues().open();
    log->deferred(name("late"), ticket);
    std::size_t logged = 0;
    for (; !log->crowded(); ++logged) log->text(name("text"), text);
    EXPECT_GE(logged * text.size(), kCrowdedLogBytes / 2);
    std::thread arrival([&] { recorder->deferredValues().provide(ticket, 1.0); });
    recorder->waitForRoom(*log);
    arrival.join();
    EXPECT_FALSE(log->crowded());
    EXPECT_LE(log->queuedBytes(), kCrowdedLogBytes / 2);
    EXPECT_EQ(finished().size(), logged + 1);
    EXPECT_GT(recorder->stats().logWaitedNanos, 0);
}

TEST_F(ThreadLogTest, TheSystemIsSampledBesideTheValues) {
    RecorderOptions options;
    options.flushSeconds = 0.01;
    options.systemSeconds = 0.01;
    start(options);
    recorder->threadLog()->number(name("loss"), 1.0);
    while (values().size() < 9) recorder->flush(false);
    const auto recorded = finished();
    std::map<std::string, std::uint32_t> ordinals;
    for (const auto& value : recorded) {
        EXPECT_TRUE(value.coordinates.empty());
        EXPECT_EQ(value.ordinal, ordinals[value.name]++);
    }
    EXPECT_EQ(ordinals.at("loss"), 1U);
    EXPECT_GE(ordinals.at("sys/cpu"), 2U);
    EXPECT_GE(ordinals.at("sys/memory"), 2U);
}

TEST(SystemSampler, MeasuresProcessorTimeAndMemory) {
    SystemSampler sampler;
    const std::int64_t end = base::monotonicNanos() + 20'000'000;
    while (base::monotonicNanos() < end) {
    }
    const auto readings = sampler.sample();
    ASSERT_GE(readings.size(), 3U);
    EXPECT_EQ(readings[0].name.text, "sys/seconds");
    EXPECT_GE(readings[0].value, 0.02);
    EXPECT_EQ(readings[1].name.text, "sys/cpu");
    EXPECT_GT(readings[1].value, 0);
    EXPECT_EQ(readings[2].name.text, "sys/memory");
    EXPECT_GT(readings[2].value, 1 << 20);
}

TEST(VisibleGpus, AreThoseThatTheVariableNames) {
    using Visible = std::vector<bool>;
    EXPECT_EQ(visibleGpus(nullptr, 2), (Visible{true, true}));
    EXPECT_EQ(visibleGpus("", 2), (Visible{false, false}));
    EXPECT_EQ(visibleGpus("1", 2), (Visible{false, true}));
    EXPECT_EQ(visibleGpus("2,0", 3), (Visible{true, false, true}));
    EXPECT_EQ(visibleGpus("0,-1,1", 3), (Visible{true, false, false}));
    EXPECT_EQ(visibleGpus("GPU-8f2e", 2), (Visible{true, true}));
}

}  // namespace
}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/events/event_cursor.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/version_reader.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/check/fsck.h"
#include "core/store/collect/collect.h"
#include "core/store/columns/value_reader.h"
#include "core/store/lease.h"
#include "core/store/pack/pack.h"
#include "core/store/removal/redaction.h"
#include "core/store/removal/removal.h"
#include "core/store/retention/retention.h"
#include "core/store/source/snapshot.h"
#include "core/store/source/source_collection.h"
#include "core/store/source/source_trees.h"
#include "core/store/usage/usage.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kEpochs = 11;

class HousekeepingTest : public StoreTest {
protected:
    static std::vector<float> weights(int version, int epoch) {
        return std::vector<float>(3000, static_cast<float>(version) + 0.5F * static_cast<float>(epoch));
    }
    /// A finished version: source of its own, kEpochs captured passes, values `loss` and `secret`, an argument.
    base::Uuid record(int version) {
        RunWriter run(project(), base::Uuid::make());
        run.argument("lr", 0.1).enter("epoch");
        for (int epoch = 0; epoch < kEpochs; ++epoch)
            run.capture(epoch, weights(version, epoch))
                .next()
                .number("loss", 0.25 * epoch)
                .text("secret", "hunter2")
                .flush();
        run.capture(kEpochs, weights(version, kEpochs)).leave();
        run.end();
        writeFile(root() / "train.py", "print(" + std::to_string(version) + ")\n");
        must(recordSnapshot(project(), run.uuid()));
        return run.uuid();
    }
    base::Uuid replay(const base::Uuid& version, const std::string& probe) {
        format::ReplayInfo info;
        info.version = version.text();
        info.mode = "deep";
        info.probes = {{probe, 1, "norm", "00", "text"}};
        RunWriter run(project(), base::Uuid::make(), info);
        run.enter("epoch").next().number("norm", 3, 0).text("secret", "hunter2").flush();
        run.end();
        return run.uuid();
    }
    void ingest() { must(must(Ingester::open(project())).ingestOnce()); }
    std::size_t rows(const base::Uuid& version, const std::string& name) {
        const auto scan = must(must(ValueReader::open(project())).scan(version, name));
        return scan.series.empty() ? 0 : scan.series[0].count;
    }
    void expectNoDamage() {
        for (const Damage& damage : must(fsck(project())).damages)
            ADD_FAILURE() << damage.path << ": " << damage.what << " — " << damage.costs;
    }
    void expectStored(const base::Uuid& version, int number, const std::vector<int>& epochs) {
        auto reader = must(format::VersionReader::open(project().versionFolder(version)));
        std::vector<int> stored;
        for (std::size_t i = 0; i < reader.captures().size(); ++i) {
            if (!reader.captures()[i].tensorsStored) continue;
            stored.push_back(static_cast<int>(reader.captures()[i].coordinates[0].index));
            const auto capture = must(reader.capture(i));
            std::vector<float> read(capture.tensors.at(0).rawBytes / sizeof(float));
            ASSERT_DONE(reader.readTensor(capture.tensors[0], std::as_writable_bytes(std::span(read))));
            EXPECT_EQ(read, weights(number, stored.back()));
        }
        EXPECT_EQ(stored, epochs);
    }
    /// Files of the store in which the text stands as it is on disk.
    std::vector<std::string> filesWith(const std::string& text) {
        std::vector<std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(project().store()))
            if (entry.is_regular_file() && readFile(entry.path()).find(text) != std::string::npos)
                files.push_back(entry.path().lexically_relative(project().store()).string());
        return files;
    }
    static std::int64_t micros() { return base::wallClockMicros() + 1'000'000; }
};

TEST_F(HousekeepingTest, RemovesAVersionAndAllThatOnlyItNeeded) {
    const base::Uuid kept = record(1);
    const base::Uuid gone = record(2);
    replay(gone, base::Uuid::make().text());
    ingest();
    {
        Annotations annotations = must(Annotations::open(project()));
        must(annotations.setAlias("best", gone));
    }
    must(packVersions(project(), {kept, gone}));
    const Lease lease = must(Lease::take(project(), "rm"));
    const RemovalReport pretended = must(removeVersions(project(), {gone}, "rm", true));
    EXPECT_TRUE(fs::exists(project().versionFolder(gone)));
    const RemovalReport report = must(removeVersions(project(), {gone}, "rm", false));
    EXPECT_EQ(report.replays, 1);
    EXPECT_EQ(report.folderBytes, pretended.folderBytes);
    EXPECT_GT(report.sharedBytes, 0);
    EXPECT_TRUE(report.remarks.empty());
    EXPECT_TRUE(must(base::listFolder(project().replays())).empty());
    EXPECT_FALSE(must(SourceTrees::open(project())).has(gone));
    EXPECT_EQ(must(SourceTrees::open(project())).readFile(kept, "train.py").value(), "print(1)\n");
    const auto versions = must(must(Catalog::open(project())).versions());
    ASSERT_EQ(versions.size(), 1U);
    EXPECT_EQ(versions[0].number, 1);
    const Annotations annotations = must(Annotations::open(project()));
    EXPECT_TRUE(annotations.view().aliases.empty());
    ASSERT_EQ(annotations.view().changes.size(), 1U);
    EXPECT_EQ(annotations.view().changes[0].verb, "rm");
    EXPECT_EQ(annotations.view().changes[0].versions, std::vector<base::Uuid>{gone});
    EXPECT_EQ(rows(kept, "loss"), static_cast<std::size_t>(kEpochs));
    expectNoDamage();
    // Numbers are never used again.
    const base::Uuid next = record(3);
    ingest();
    EXPECT_EQ(must(must(Catalog::open(project())).version(next))->number, 3);
}

TEST_F(HousekeepingTest, RefusesToRemoveWhatIsBeingRecordedAndTouchesNothing) {
    const base::Uuid finished = record(1);
    RunWriter running(project(), base::Uuid::make());
    running.enter("epoch").next().number("loss", 1).flush();
    const Lease lease = must(Lease::take(project(), "rm"));
    const auto removed = removeVersions(project(), {finished, running.uuid()}, "rm", false);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code(), base::ErrorCode::Refused);
    EXPECT_TRUE(fs::exists(project().versionFolder(finished)));
}

TEST_F(HousekeepingTest, RedactsANameFromJournalsReplaysAndIndex) {
    const base::Uuid first = record(1);
    const base::Uuid second = record(2);
    const base::Uuid again = replay(first, base::Uuid::make().text());
    ingest();
    const Lease lease = must(Lease::take(project(), "redact"));
    EXPECT_EQ(must(redactName(project(), "secret", {first}, true)).values, kEpochs + 1);
    EXPECT_EQ(rows(first, "secret"), static_cast<std::size_t>(kEpochs));
    const RedactionReport report = must(redactName(project(), "secret", {first}, false));
    EXPECT_EQ(report.values, kEpochs + 1);
    EXPECT_EQ(report.versions, std::vector<base::Uuid>{first});
    EXPECT_EQ(rows(first, "secret"), 0U);
    EXPECT_EQ(rows(first, "loss"), static_cast<std::size_t>(kEpochs));
    EXPECT_EQ(rows(first, "norm"), 1U);
    EXPECT_EQ(rows(second, "secret"), static_cast<std::size_t>(kEpochs));
    for (const fs::path& folder : {project().versionFolder(first), project().replayFolder(again)}) {
        const auto batch =
            must(must(format::JournalReader::open(folder / "journal", format::JournalType::Journal)).readAll());
        EXPECT_EQ(batch.stop, format::FrameBatch::Stop::Sealed);
        for (const format::Frame& frame : batch.frames) {
            if (frame.kind != format::FrameKind::Events) continue;
            for (const format::RecordedValue& value : must(format::decodeValues(frame.payload)))
                EXPECT_NE(value.name, "secret");
        }
    }
    expectStored(first, 1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    expectNoDamage();
    must(redactName(project(), "secret", {second}, false));
    EXPECT_EQ(filesWith("hunter2"), std::vector<std::string>());
}

TEST_F(HousekeepingTest, RedactsAnArgumentFromTheCommandLine) {
    const base::Uuid version = record(1);
    const fs::path file = project().versionFolder(version) / "run.json";
    auto run = must(format::parseRunInfo(readFile(file)));
    run.argv = {"train.py", "--token=abc", "--token", "def", "--tokens", "4", "token=ghi"};
    run.arguments = {{"token", "jkl"}, {"epochs", "3"}};
    writeFile(file, format::writeRunInfo(run));
    const Lease lease = must(Lease::take(project(), "redact"));
    EXPECT_EQ(must(redactName(project(), "token", {version}, false)).arguments, 4);
    const auto after = must(format::parseRunInfo(readFile(file)));
    EXPECT_EQ(after.argv, (std::vector<std::string>{"train.py", "--token=[redacted]", "--token", "[redacted]",
                                                    "--tokens", "4", "token=[redacted]"}));
    EXPECT_EQ(after.arguments, (std::map<std::string, std::string>{{"epochs", "3"}}));
    EXPECT_EQ(after.uuid, run.uuid);
    EXPECT_EQ(after.startedMicros, run.startedMicros);
}

TEST_F(HousekeepingTest, ThinsCapturesAndSaysWhatAReplayCostsThen) {
    const base::Uuid version = record(1);
    RetentionRules rules;
    rules.thinSeconds = 0;
    rules.every = 4;
    const RetentionPlan plan = must(planRetention(project(), rules, micros()));
    ASSERT_EQ(plan.thinned.size(), 1U);
    EXPECT_EQ(plan.thinned[0].kept, 4);  // 0, 4, 8 and the last
    EXPECT_EQ(plan.thinned[0].captures, 8);
    EXPECT_EQ(plan.thinned[0].passes, kEpochs);
    EXPECT_EQ(plan.thinned[0].mostBefore, 0);
    EXPECT_EQ(plan.thinned[0].mostAfter, 3);
    EXPECT_GT(plan.thinned[0].bytes, 0);
    EXPECT_TRUE(plan.removed.empty());
    expectStored(version, 1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    const RetentionReport report = must(applyRetention(project(), rules, plan));
    EXPECT_EQ(report.thinned, 1);
    EXPECT_TRUE(report.remarks.empty());
    expectStored(version, 1, {0, 4, 8, 11});
    EXPECT_EQ(rows(version, "loss"), static_cast<std::size_t>(kEpochs));
    const auto captures = must(must(Catalog::open(project())).captures(version));
    EXPECT_EQ(std::count_if(captures.begin(), captures.end(), [](const CaptureRow& row) { return row.stored; }), 4);
    EXPECT_EQ(captures.size(), static_cast<std::size_t>(kEpochs) + 1);
    expectNoDamage();
    EXPECT_TRUE(must(planRetention(project(), rules, micros())).thinned.empty());
}

TEST_F(HousekeepingTest, KeepsTheNewestAndWhatPeopleMarked) {
    const base::Uuid plain = record(1);
    const base::Uuid tagged = record(2);
    const base::Uuid pinned = record(3);
    const base::Uuid newest = record(4);
    ingest();
    {
        Annotations annotations = must(Annotations::open(project()));
        must(annotations.setTag(tagged, "paper", true));
        must(annotations.setPinned(pinned, true));
    }
    RetentionRules rules;
    rules.keepNewest = 1;
    const RetentionPlan plan = must(planRetention(project(), rules, micros()));
    EXPECT_EQ(plan.removed, std::vector<base::Uuid>{plain});
    ASSERT_EQ(plan.spared.size(), 2U);
    EXPECT_THAT(plan.spared[0].second, HasSubstr("paper"));
    EXPECT_THAT(plan.spared[1].second, HasSubstr("pinned"));
    must(applyRetention(project(), rules, plan));
    EXPECT_FALSE(fs::exists(project().versionFolder(plain)));
    for (const base::Uuid& version : {tagged, pinned, newest})
        EXPECT_TRUE(fs::exists(project().versionFolder(version)));
}

TEST_F(HousekeepingTest, RulesSurviveBeingStored) {
    RetentionRules rules;
    rules.keepNewest = 7;
    rules.thinSeconds = 86400;
    rules.every = 3;
    const RetentionRules read = must(parseRules(rulesText(rules)));
    EXPECT_EQ(read.keepNewest, 7);
    EXPECT_FALSE(read.keepSeconds.has_value());
    EXPECT_EQ(read.thinSeconds, 86400);
    EXPECT_EQ(read.every, 3);
}

TEST_F(HousekeepingTest, CollectsSupersededReplaysLeftoversAndOrphanedSources) {
    const base::Uuid version = record(1);
    const base::Uuid hidden = replay(version, base::Uuid::make().text());
    const base::Uuid shown = replay(version, base::Uuid::make().text());
    ingest();
    must(must(Annotations::open(project())).supersede({hidden}));
    writeFile(project().versionFolder(version) / "journal.new-1", "half a journal");
    writeFile(project().scratch() / "removed-x" / "journal", "half removed");
    writeFile(root() / "train.py", "print('old')\n");
    // A version of two hours ago whose folder is gone: only a crash in the middle of its removal leaves that.
    base::Uuid old = base::Uuid::make();
    const std::int64_t then = base::wallClockMicros() / 1000 - 7'200'000;
    for (std::size_t i = 0; i < 6; ++i) old.bytes[i] = static_cast<std::uint8_t>(then >> (40 - 8 * i));
    must(recordSnapshot(project(), old));
    const CollectReport pretended = must(collectGarbage(project(), true));
    EXPECT_TRUE(fs::exists(project().replayFolder(hidden)));
    const CollectReport report = must(collectGarbage(project(), false));
    EXPECT_TRUE(report.remarks.empty());
    for (std::size_t i = 0; i + 1 < report.kinds.size(); ++i) {
        EXPECT_EQ(report.kinds[i].count, pretended.kinds[i].count) << report.kinds[i].kind;
        EXPECT_EQ(report.kinds[i].bytes, pretended.kinds[i].bytes) << report.kinds[i].kind;
    }
    EXPECT_FALSE(fs::exists(project().replayFolder(hidden)));
    EXPECT_TRUE(fs::exists(project().replayFolder(shown)));
    EXPECT_FALSE(fs::exists(project().versionFolder(version) / "journal.new-1"));
    EXPECT_FALSE(fs::exists(project().scratch() / "removed-x"));
    EXPECT_FALSE(must(SourceTrees::open(project())).has(old));
    EXPECT_EQ(must(SourceTrees::open(project())).readFile(version, "train.py").value(), "print(1)\n");
    EXPECT_EQ(rows(version, "norm"), 1U);
    expectNoDamage();
    const CollectReport second = must(collectGarbage(project(), true));
    for (const Garbage& garbage : second.kinds) EXPECT_EQ(garbage.count, 0) << garbage.kind;
}

TEST_F(HousekeepingTest, ASnapshotAfterACollectionStoresWhatWasCollected) {
    const base::Uuid gone = record(1);
    const base::Uuid kept = record(2);
    fs::remove_all(project().versionFolder(gone));
    EXPECT_GT(must(collectSources(project(), false, {gone})).objects, 0);
    writeFile(root() / "train.py", "print(1)\n");
    must(recordSnapshot(project(), kept));
    EXPECT_EQ(must(SourceTrees::open(project())).readFile(kept, "train.py").value(), "print(1)\n");
    expectNoDamage();
}

TEST_F(HousekeepingTest, UsageCountsEveryByteOnce) {
    const base::Uuid first = record(1);
    const base::Uuid second = record(1);  // the same weights: shared once they are packed
    replay(second, base::Uuid::make().text());
    ingest();
    const auto onDisk = [this] {
        std::int64_t bytes = 0;
        for (const auto& entry : fs::recursive_directory_iterator(project().store()))
            if (entry.is_regular_file()) bytes += static_cast<std::int64_t>(entry.file_size());
        return bytes;
    };
    const Usage loose = must(measureUsage(project()));
    EXPECT_EQ(loose.total(), onDisk());
    ASSERT_EQ(loose.versions.size(), 2U);
    EXPECT_GT(loose.versions[0].tensors, 0);
    EXPECT_GT(loose.versions[0].values, 0);
    EXPECT_GT(loose.versions[1].replays, 0);
    EXPECT_EQ(loose.sharedPacked, 0);
    must(packVersions(project(), {first, second}));
    const Usage packed = must(measureUsage(project()));
    EXPECT_EQ(packed.total(), onDisk());
    EXPECT_EQ(packed.versions[0].tensors, 0);
    EXPECT_GT(packed.sharedPacked, 0);
    EXPECT_EQ(packed.versions[0].packed, 0);
    EXPECT_GT(packed.sharedSource, 0);
    EXPECT_GT(packed.tensors.at("model/weight").stored, 0);
    EXPECT_EQ(packed.tensors.at("model/weight").raw, 2 * (kEpochs + 1) * 3000 * 4);
}

}  // namespace
}  // namespace hindcast::store

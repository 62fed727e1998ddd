// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/ingester.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <set>

#include "core/store/annotations/annotations.h"
#include "core/store/catalog/database.h"
#include "tests/core/store/ingest_fixture.h"

namespace hindcast::store {
namespace {

TEST_F(IngestTest, GivesBackEveryValueWithItsCoordinates) {
    const base::Uuid version = recordVersion(7, 50);
    ingest();
    const ValueScan found = scan(version, "loss");
    ASSERT_EQ(found.series.size(), 1U);
    const ValueSeries& loss = found.series[0];
    EXPECT_EQ(loss.loops, (std::vector<std::string>{"epoch", "step"}));
    ASSERT_EQ(loss.count, 350U);
    for (std::size_t row = 0; row < loss.count; ++row) {
        ASSERT_EQ(loss.index[0][row], static_cast<std::int64_t>(row / 50));
        ASSERT_EQ(loss.index[1][row], static_cast<std::int64_t>(row % 50));
        ASSERT_EQ(loss.numbers[row], lossAt(static_cast<int>(row / 50), static_cast<int>(row % 50)));
    }
    EXPECT_TRUE(loss.replay.empty());
    const ValueSeries acc = scan(version, "acc").series.at(0);
    EXPECT_EQ(acc.loops, std::vector<std::string>{"epoch"});
    EXPECT_EQ(acc.count, 7U);
    EXPECT_TRUE(scan(version, "nothing").series.empty());
    EXPECT_TRUE(scan(base::Uuid::make(), "loss").series.empty());
}

TEST_F(IngestTest, ReadsOnlyTheOuterIterationsAskedFor) {
    const base::Uuid version = recordVersion(9, 20);
    ingest();
    ScanOptions options;
    options.firstOuter = 3;
    options.lastOuter = 4;
    const ValueSeries loss = scan(version, "loss", options).series.at(0);
    EXPECT_EQ(loss.count, 40U);
    EXPECT_EQ(loss.index[0].front(), 3);
    EXPECT_EQ(loss.index[0].back(), 4);
}

TEST_F(IngestTest, DescribesTheVersionWithArgumentsLoopsAndTimings) {
    const base::Uuid version = recordVersion(4, 10);
    ingest();
    const Catalog reading = catalog();
    const VersionRow row = *must(reading.version(version));
    EXPECT_EQ(row.number, 1);
    EXPECT_EQ(row.state, RunState::Complete);
    EXPECT_EQ(row.script, "train.py");
    EXPECT_EQ(row.argv, (std::vector<std::string>{"train.py", "--fast"}));
    EXPECT_EQ(row.values, 4 * 10 + 4);
    EXPECT_GT(row.endedMicros, row.startedMicros);
    const auto arguments = must(reading.arguments(version));
    ASSERT_EQ(arguments.size(), 1U);
    EXPECT_EQ(arguments[0].name, "lr");
    EXPECT_EQ(arguments[0].text, "0.01");
    EXPECT_EQ(arguments[0].type, "float");
    const auto iterations = must(reading.iterations(version));
    ASSERT_EQ(iterations.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(iterations[i].first, static_cast<std::int64_t>(i));
        EXPECT_GT(iterations[i].endedMicros, iterations[i].startedMicros);
    }
    const auto loops = must(reading.loops(version));
    ASSERT_EQ(loops.size(), 5U);  // one epoch loop, four step loops
    EXPECT_EQ(loops[0].loop, "epoch");
    EXPECT_EQ(loops[0].passes, 4);
    EXPECT_EQ(loops[0].how, "exhausted");
    EXPECT_EQ(loops[2].at, (Coordinates{{"epoch", 0, 1}}));
    EXPECT_EQ(loops[2].passes, 10);
    const auto totals = must(reading.loopTotals(version));
    ASSERT_EQ(totals.size(), 2U);
    EXPECT_EQ(totals[1].path, (std::vector<std::string>{"epoch", "step"}));
    EXPECT_EQ(totals[1].entries, 4);
    EXPECT_EQ(totals[1].passes, 40);
    EXPECT_GT(totals[1].seconds, 0);
    const auto names = must(reading.names(version));
    ASSERT_EQ(names.size(), 2U);
    EXPECT_EQ(names[0].name, "acc");
    EXPECT_EQ(names[1].recorded, 40);
    EXPECT_TRUE(names[1].numeric);
}

TEST_F(IngestTest, TellsWhatAListShowsOfOneVersionAsOfAll) {
    const base::Uuid first = recordVersion(3, 4);
    RunWriter run(project(), base::Uuid::make());
    run.argument("lr", 0.5).enter("epoch").next().number("loss", 2).next().number("loss", std::nan("")).leave();
    run.text("remark", "done").flush().end();
    replayValues(run.uuid(), "loss", 7, "exact");
    ingest();
    const auto all = must(catalog().overviews());
    ASSERT_EQ(all.size(), 2U);
    const VersionOverview& one = all.at(first);
    EXPECT_EQ(one.arguments, (std::map<std::string, std::string>{{"lr", "0.01"}}));
    EXPECT_EQ(one.outerLoop, "epoch");
    EXPECT_EQ(one.outerIterations, 3);
    ASSERT_EQ(one.names.size(), 2U);
    EXPECT_EQ(one.names[0].name, "acc");
    EXPECT_EQ(one.names[0].last, 2.0);
    EXPECT_EQ(one.names[1].name, "loss");
    EXPECT_EQ(one.names[1].recorded, 12);
    EXPECT_EQ(one.names[1].last, lossAt(2, 3));
    const VersionOverview& other = all.at(run.uuid());
    ASSERT_EQ(other.names.size(), 2U);
    EXPECT_EQ(other.names[0].last, std::nullopt) << "a NaN is left to the values themselves";
    EXPECT_EQ(other.names[0].replayed, 3);
    EXPECT_FALSE(other.names[1].numeric);
    const auto alone = must(catalog().overviews(run.uuid()));
    ASSERT_EQ(alone.size(), 1U);
    EXPECT_EQ(alone.begin()->second.names.size(), 2U);
    EXPECT_EQ(alone.begin()->second.outerIterations, 2);
}

TEST_F(IngestTest, FollowsARunningWriterAndReportsWhatChanged) {
    RunWriter run(project(), base::Uuid::make());
    Ingester ingester = must(Ingester::open(project()));
    run.enter("epoch");
    for (int epoch = 0; epoch < 40; ++epoch) {
        run.next().number("loss", epoch).flush();
        const CatalogChanges changes = must(ingester.ingestOnce());
        ASSERT_EQ(changes.series.size(), 1U) << epoch;
        EXPECT_EQ(changes.series[0].second, "loss");
        ASSERT_EQ(scan(run.uuid(), "loss").series.at(0).count, static_cast<std::size_t>(epoch) + 1);
    }
    EXPECT_EQ(must(catalog().version(run.uuid()))->state, RunState::Recording);
    EXPECT_EQ(must(catalog().loops(run.uuid())).at(0).passes, 40);
    EXPECT_FALSE(must(ingester.ingestOnce()).any());
    run.leave();
    run.end();
    const CatalogChanges last = must(ingester.ingestOnce());
    EXPECT_EQ(last.versions, std::vector<base::Uuid>{run.uuid()});
    EXPECT_EQ(must(catalog().version(run.uuid()))->state, RunState::Complete);
    const ValueSeries loss = scan(run.uuid(), "loss").series.at(0);
    for (std::size_t row = 0; row < 40; ++row) ASSERT_EQ(loss.numbers[row], static_cast<double>(row));
}

TEST_F(IngestTest, MergesTheSmallBlocksOfALiveVersion) {
    RunWriter run(project(), base::Uuid::make());
    Ingester ingester = must(Ingester::open(project()));
    run.enter("epoch");
    for (int epoch = 0; epoch < 100; ++epoch) {
        run.next().number("loss", epoch).flush();
        ASSERT_DONE(ingester.ingestOnce());
    }
    Database database = must(Database::open(project().catalogFile(), Database::Mode::Read));
    Statement count = must(database.prepare("SELECT count(*) FROM blocks"));
    must(count.step());
    EXPECT_LE(count.integer(0), 8);
}

TEST_F(IngestTest, LeavesATornTailForTheNextTime) {
    const base::Uuid version = base::Uuid::make();
    RunWriter run(project(), version);
    run.enter("epoch").next().number("loss", 1).flush();
    const std::string whole = readFile(run.folder() / "journal");
    run.next().number("loss", 2).flush();
    const std::string longer = readFile(run.folder() / "journal");
    Ingester ingester = must(Ingester::open(project()));
    for (std::size_t size = whole.size(); size < longer.size(); size += 7) {
        std::filesystem::resize_file(run.folder() / "journal", whole.size());
        std::ofstream(run.folder() / "journal", std::ios::binary | std::ios::app)
            << longer.substr(whole.size(), size - whole.size());
        ASSERT_DONE(ingester.ingestOnce());
        ASSERT_EQ(scan(version, "loss").series.at(0).count, 1U);
    }
    writeFile(run.folder() / "journal", longer);
    ASSERT_DONE(ingester.ingestOnce());
    EXPECT_EQ(scan(version, "loss").series.at(0).count, 2U);
}

TEST_F(IngestTest, HasEverythingThatAKilledWriterWrote) {
    const base::Uuid version = base::Uuid::make();
    const pid_t child = fork();
    if (child == 0) {
        RunWriter run(project(), version);
        run.enter("epoch");
        for (int epoch = 0; epoch < 5; ++epoch) run.next().number("loss", epoch).flush();
        run.number("loss", 99);  // never reached the kernel
        kill(getpid(), SIGKILL);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    ingest();
    EXPECT_EQ(scan(version, "loss").series.at(0).count, 5U);
    EXPECT_FALSE(base::isLockedByAnother(project().versionFolder(version) / "journal"));
}

TEST_F(IngestTest, TakesInManyWritersAtOnceWhileTwoProcessesIngest) {
    constexpr int kWriters = 5, kEpochs = 60;
    std::vector<base::Uuid> versions;
    for (int i = 0; i < kWriters; ++i) versions.push_back(base::Uuid::make());
    std::vector<pid_t> children;
    for (const base::Uuid& version : versions) {
        if (const pid_t child = fork(); child != 0) {
            children.push_back(child);
            continue;
        }
        RunWriter run(project(), version);
        run.enter("epoch");
        for (int epoch = 0; epoch < kEpochs; ++epoch) run.next().number("loss", epoch).flush();
        run.leave();
        run.end();
        _exit(0);
    }
    const pid_t other = fork();
    if (other == 0) {
        auto ingester = Ingester::open(project());
        bool fine = ingester.has_value();
        for (int i = 0; fine && i < 50; ++i) fine = ingester->ingestOnce().has_value();
        _exit(fine ? 0 : 1);
    }
    Ingester ingester = must(Ingester::open(project()));
    for (int i = 0; i < 50; ++i) ASSERT_DONE(ingester.ingestOnce());
    children.push_back(other);
    for (const pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    ASSERT_DONE(ingester.ingestOnce());
    std::set<int> numbers;
    for (const base::Uuid& version : versions) {
        const ValueSeries loss = scan(version, "loss").series.at(0);
        ASSERT_EQ(loss.count, static_cast<std::size_t>(kEpochs));
        for (std::size_t row = 0; row < loss.count; ++row) ASSERT_EQ(loss.numbers[row], static_cast<double>(row));
        const VersionRow row = *must(catalog().version(version));
        EXPECT_EQ(row.state, RunState::Complete);
        EXPECT_EQ(row.values, kEpochs);
        numbers.insert(row.number.value_or(0));
    }
    EXPECT_EQ(numbers, (std::set<int>{1, 2, 3, 4, 5}));
}

TEST_F(IngestTest, IsTheSameAfterReindexFromTheFoldersAlone) {
    const base::Uuid first = recordVersion(5, 30), second = recordVersion(3, 10);
    replayValues(first, "grad", 10, "exact");
    ingest();
    must(must(Annotations::open(project())).setTag(second, "kept", true));
    ingest();
    const auto describe = [&] {
        std::string out;
        for (const VersionRow& row : must(catalog().versions()))
            out += row.uuid.text() + " v" + std::to_string(row.number.value_or(0)) + " " +
                   std::string(runStateName(row.state)) + " " + std::to_string(row.values) +
                   (row.tags.empty() ? "" : " #" + row.tags[0]) + "\n";
        for (const base::Uuid& version : {first, second})
            for (const NameRow& name : must(catalog().names(version))) {
                const ValueScan found = scan(version, name.name);
                out += name.name + " " + std::to_string(name.recorded) + "+" + std::to_string(name.replayed);
                for (const ValueSeries& series : found.series)
                    for (std::size_t row = 0; row < series.count; ++row)
                        out += " " + std::to_string(series.numbers[row]);
                out += "\n";
            }
        for (const FidelityRow& row : must(catalog().fidelity(first)))
            out += row.replay.text() + std::string(fidelityName(row.grade)) + "\n";
        for (const IterationRow& row : must(catalog().iterations(first)))
            out += std::to_string(row.first) + "-" + std::to_string(row.last) + " " +
                   std::to_string(row.endedMicros - row.startedMicros) + "\n";
        return out;
    };
    const std::string before = describe();
    EXPECT_NE(before.find("#kept"), std::string::npos);
    ASSERT_DONE(reindex(project()));
    EXPECT_EQ(describe(), before);
    // Nothing left but the folders.
    for (const char* name : {"catalog.db", "catalog.db-wal", "catalog.db-shm", "columns"})
        std::filesystem::remove_all(project().store() / name);
    ASSERT_DONE(reindex(project()));
    EXPECT_EQ(describe(), before);
    // A catalog that is no database at all.
    std::filesystem::remove(project().store() / "catalog.db-wal");
    std::filesystem::remove(project().store() / "catalog.db-shm");
    writeFile(project().catalogFile(), std::string(8192, 'x'));
    ASSERT_DONE(reindex(project()));
    EXPECT_EQ(describe(), before);
}

TEST_F(IngestTest, KeepsNumbersWhenVersionsAreDeleted) {
    const base::Uuid first = recordVersion(1, 1), second = recordVersion(1, 1);
    Ingester ingester = must(Ingester::open(project()));
    ASSERT_DONE(ingester.ingestOnce());
    std::filesystem::remove_all(project().versionFolder(second));
    EXPECT_TRUE(must(ingester.ingestOnce()).removed);
    EXPECT_EQ(must(catalog().versions()).size(), 1U);
    EXPECT_TRUE(scan(second, "loss").series.empty());
    const base::Uuid third = recordVersion(1, 1);
    ASSERT_DONE(ingester.ingestOnce());
    EXPECT_EQ(must(catalog().version(first))->number, 1);
    EXPECT_EQ(must(catalog().version(third))->number, 3);
}

TEST_F(IngestTest, KnowsItsCaptures) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch");
    for (int epoch = 0; epoch < 3; ++epoch)
        run.capture(epoch, {1.0F, 2.0F, static_cast<float>(epoch)}).next().number("loss", epoch);
    run.leave();
    run.end();
    ingest();
    const auto captures = must(catalog().captures(run.uuid()));
    ASSERT_EQ(captures.size(), 3U);
    EXPECT_EQ(captures[2].point, CapturePoint::Boundary);
    EXPECT_EQ(captures[2].at, (Coordinates{{"epoch", 0, 2}}));
    EXPECT_EQ(captures[2].rawBytes, 12);
    EXPECT_TRUE(captures[2].stored);
    EXPECT_GT(must(catalog().version(run.uuid()))->storedBytes, 0);
}

TEST_F(IngestTest, KeepsLoopsOfAMillionPassesSmall) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("step");
    constexpr std::int64_t kPasses = 300'000;
    for (std::int64_t pass = 0; pass < kPasses; ++pass) {
        run.next();
        if (pass % 1000 == 0) run.number("loss", static_cast<double>(pass)).flush();
    }
    run.leave();
    run.end();
    ingest();
    const auto iterations = must(catalog().iterations(run.uuid()));
    EXPECT_LT(iterations.size(), 20'000U);
    EXPECT_EQ(iterations.front().first, 0);
    EXPECT_EQ(iterations.back().last, kPasses - 1);
    for (std::size_t i = 1; i < iterations.size(); ++i) ASSERT_EQ(iterations[i].first, iterations[i - 1].last + 1);
    EXPECT_EQ(must(catalog().loops(run.uuid())).at(0).passes, kPasses);
}

TEST_F(IngestTest, KeepsAVersionWhoseRunJsonIsDamaged) {
    const base::Uuid version = recordVersion(2, 3);
    writeFile(project().versionFolder(version) / "run.json", "{ not json");
    ingest();
    EXPECT_EQ(scan(version, "loss").series.at(0).count, 6U);
    EXPECT_EQ(must(catalog().version(version))->number, 1);
}

TEST_F(IngestTest, WaitsForAFolderThatHasNoRunJsonYet) {
    const base::Uuid version = base::Uuid::make();
    std::filesystem::create_directories(project().versionFolder(version));
    Ingester ingester = must(Ingester::open(project()));
    ASSERT_DONE(ingester.ingestOnce());
    EXPECT_TRUE(must(catalog().versions()).empty());
    RunWriter run(project(), version);
    run.number("x", 1).flush();
    ASSERT_DONE(ingester.ingestOnce());
    EXPECT_EQ(must(catalog().versions()).size(), 1U);
}

TEST_F(IngestTest, KeepsTheTypeOfEachValue) {
    RunWriter run(project(), base::Uuid::make());
    run.integer("n", (std::int64_t{1} << 55) + 1).number("x", std::nan("")).text("s", "日本語");
    run.end();
    ingest();
    EXPECT_EQ(scan(run.uuid(), "n").series.at(0).valueAt(0), Value((std::int64_t{1} << 55) + 1));
    EXPECT_TRUE(std::isnan(scan(run.uuid(), "x").series.at(0).numbers[0]));
    EXPECT_EQ(scan(run.uuid(), "s").series.at(0).valueAt(0), Value(std::string("日本語")));
    for (const NameRow& name : must(catalog().names(run.uuid()))) EXPECT_EQ(name.numeric, name.name != "s");
}

}  // namespace
}  // namespace hindcast::store

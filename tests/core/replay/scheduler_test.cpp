// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/scheduler.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/replay/pool/local_pool.h"
#include "core/replay/schedule/supervisor.h"
#include "core/store/source/snapshot.h"
#include "tests/core/replay/temporary_folder.h"

namespace hindcast::replay {
namespace {

namespace fs = std::filesystem;

/// A store whose versions' scripts tell the worker what to do (see scripted_worker.py).
class SchedulerTest : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directories(m_folder.path() / "project");
        auto project = store::Project::create(m_folder.path() / "project");
        ASSERT_TRUE(project) << project.error().text();
        m_project.emplace(*std::move(project));
        fs::create_directories(m_attempts);
    }

    /// Adds a version with a plan of `iterations` and a script for the worker.
    void addVersion(const std::string& script, std::int64_t iterations = 6, Mode mode = Mode::Shallow) {
        writeText(m_project->root() / "train.py", script);
        VersionWork work;
        work.version = base::Uuid::make();
        work.number = static_cast<int>(m_plan.versions.size()) + 1;
        const auto snapshot = store::recordSnapshot(*m_project, work.version);
        ASSERT_TRUE(snapshot) << snapshot.error().text();
        fs::create_directories(m_project->versionFolder(work.version));
        work.process.runJson = R"({"format": 1, "kind": "version", "project": "/p"})";
        work.process.interpreter = HINDCAST_TEST_PYTHON;
        work.process.project = m_project->root();
        work.process.folder = m_project->root();
        work.process.script = "train.py";
        work.process.environment = {{"HINDCAST_TEST_ATTEMPTS", m_attempts.string()}};
        Job job;
        job.mode = mode;
        job.loop = "epoch";
        job.probes = {0};
        job.unitProbes = {{"id", 1, "norm", "", "hc.log('norm', 1)\n"}};
        job.memos = {{{Mode::Shallow, "s"}, {Mode::Deep, "d"}, {Mode::Beginning, "b"}}};
        for (std::int64_t index = 0; index < iterations; ++index) job.iterations.push_back(index);
        job.captures = job.iterations;
        job.readySeconds = 3.5;
        job.time.seconds = 4;
        work.jobs.push_back(job);
        m_plan.versions.push_back(std::move(work));
    }

    SchedulerOptions options(int slots) {
        LocalPoolOptions pool;
        pool.store = m_project->store();
        pool.slots = slots;
        pool.worker = {HINDCAST_TEST_WORKER};
        const Permissions allowed{false, {}, true};  // workers here are scripts of these tests
        return {*m_project, m_plan.versions.back().version, HINDCAST_TEST_PACKAGE, allowed, {}, {}, [pool] {
                    return std::make_unique<LocalPool>(pool);
                }};
    }

    std::unique_ptr<Scheduler> start(int slots = 2) {
        m_plan.workers = slots;
        return std::make_unique<Scheduler>(m_plan, options(slots));
    }

    Progress runAll(int slots = 2) {
        const auto scheduler = start(slots);
        scheduler->wait();
        return scheduler->progress();
    }

    /// Verdict frames in all replay folders, by (mode, iteration).
    std::map<std::pair<std::string, std::int64_t>, int> verdicts() const {
        std::map<std::pair<std::string, std::int64_t>, int> count;
        for (const auto& entry : fs::directory_iterator(m_project->replays())) {
            FolderTail tail(entry.path());
            const auto report = tail.poll();
            if (!report) continue;
            const auto run = base::readTextFile(entry.path() / "run.json").value_or("");
            const std::string mode = run.find("\"mode\":\"deep\"") != std::string::npos ||
                                             run.find("\"mode\": \"deep\"") != std::string::npos
                                         ? "deep"
                                         : "other";
            for (const IterationReport& iteration : report->iterations) ++count[{mode, iteration.index}];
        }
        return count;
    }

    TemporaryFolder m_folder;
    fs::path m_attempts = m_folder.path() / "attempts";
    std::optional<store::Project> m_project;
    WorkPlan m_plan;
};

TEST_F(SchedulerTest, RunsEveryIterationOfEveryVersion) {
    addVersion("");
    addVersion("");
    addVersion("3 grade diverged");
    const Progress progress = runAll();
    EXPECT_TRUE(progress.finished);
    EXPECT_FALSE(progress.cancelled);
    EXPECT_EQ(progress.done, 18);
    EXPECT_EQ(progress.total, 18);
    ASSERT_EQ(progress.rows.size(), 3u);
    for (const VersionProgress& row : progress.rows) EXPECT_EQ(row.state, VersionState::Done) << row.message;
    EXPECT_EQ(progress.rows[0].worst, Grade::Exact);
    EXPECT_EQ(progress.rows[2].worst, Grade::Diverged);
    EXPECT_TRUE(fs::exists(progress.rows[0].outputFile));
}

TEST_F(SchedulerTest, AVersionThatFailsIsRetriedOnceAndStopsNoOther) {
    addVersion("2 fail");
    addVersion("");
    const Progress progress = runAll();
    EXPECT_EQ(progress.rows[0].state, VersionState::Failed);
    EXPECT_EQ(progress.rows[0].message, "ValueError: no such class");
    EXPECT_EQ(progress.rows[0].done, 2);
    EXPECT_EQ(progress.rows[1].state, VersionState::Done);
    EXPECT_EQ(progress.rows[1].done, 6);
    // The second attempt went on where the first stopped.
    const auto counts = verdicts();
    EXPECT_EQ(counts.at({"other", 0}), 2) << "one of each version";
    std::size_t folders = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(m_project->replays())) ++folders;
    EXPECT_EQ(folders, 3u);
}

TEST_F(SchedulerTest, AWorkerThatDiesOnceIsReplacedAndOnlyTheRestIsRun) {
    addVersion("3 crash once");
    const Progress progress = runAll();
    EXPECT_EQ(progress.rows[0].state, VersionState::Done) << progress.rows[0].message;
    EXPECT_EQ(progress.done, 6);
    for (const auto& [key, count] : verdicts()) EXPECT_EQ(count, 1) << key.second;
}

TEST_F(SchedulerTest, IterationsThatNeedItGoToTheDeeperMode) {
    addVersion("4 escalate deep");
    const Progress progress = runAll();
    EXPECT_EQ(progress.rows[0].state, VersionState::Done);
    EXPECT_EQ(progress.done, 6);
    EXPECT_EQ(progress.rows[0].message, "`out` was not captured");
    const auto counts = verdicts();
    EXPECT_EQ(counts.at({"deep", 4}), 1);
    EXPECT_EQ(counts.at({"deep", 5}), 1);
    EXPECT_EQ(counts.count({"deep", 3}), 0u);
    EXPECT_EQ(counts.at({"other", 3}), 1);
}

TEST_F(SchedulerTest, AnIterationClimbsDeepThenFromAnEarlierBoundaryThenFromTheBeginning) {
    addVersion("4 climb");
    const Progress progress = runAll();
    EXPECT_EQ(progress.rows[0].state, VersionState::Done) << progress.rows[0].message;
    EXPECT_EQ(progress.done, 6);
    const auto counts = verdicts();
    EXPECT_EQ(counts.at({"other", 3}), 1);
    EXPECT_EQ(counts.count({"deep", 4}), 0u);
    std::map<std::string, int> modes;
    for (const auto& entry : fs::directory_iterator(m_project->replays())) {
        const auto run = nlohmann::json::parse(base::readTextFile(entry.path() / "run.json").value_or("{}"));
        ++modes[run["replay"]["mode"].get<std::string>()];
    }
    EXPECT_EQ(modes.at("deep"), 2);  // at the nearest boundary, then at the one before
    EXPECT_EQ(modes.at("beginning"), 1);
}

TEST_F(SchedulerTest, AMissingPackageFailsItsVersionWithTheSentenceAndWithoutRetry) {
    addVersion("-1 environment");
    addVersion("");
    const Progress progress = runAll(1);
    EXPECT_EQ(progress.rows[0].state, VersionState::Failed);
    EXPECT_EQ(progress.rows[0].message, "torch is not installed for this Python");
    EXPECT_EQ(progress.rows[1].state, VersionState::Done);
}

TEST_F(SchedulerTest, CancelKeepsWhatIsFinished) {
    addVersion("4 hang");
    addVersion("1 hang");
    addVersion("");
    const auto scheduler = start(2);
    while (scheduler->progress().done < 4) std::this_thread::yield();
    scheduler->cancel();
    scheduler->wait();
    const Progress progress = scheduler->progress();
    EXPECT_TRUE(progress.finished);
    EXPECT_TRUE(progress.cancelled);
    EXPECT_GE(progress.done, 4);
    EXPECT_LT(progress.done, 18);
    for (const VersionProgress& row : progress.rows) {
        EXPECT_EQ(row.state, row.done == row.total ? VersionState::Done : VersionState::Cancelled);
    }
    EXPECT_GE(verdicts().size(), 4u);
}

TEST_F(SchedulerTest, WhilePausedNothingStarts) {
    addVersion("");
    Supervisor supervisor(m_plan, options(1));
    for (int step = 0; step < 100; ++step) supervisor.step(true);
    EXPECT_EQ(supervisor.progress().rows[0].state, VersionState::Queued);
    EXPECT_EQ(supervisor.progress().rows[0].queued.size(), 6u);
    EXPECT_TRUE(fs::is_empty(m_project->replays()) || !fs::exists(m_project->replays()));
    while (!supervisor.finished()) supervisor.step(false);
    EXPECT_EQ(supervisor.progress().done, 6);
}

TEST_F(SchedulerTest, ScratchIsEmptyAfterwards) {
    addVersion("");
    runAll();
    for (const auto& entry : fs::directory_iterator(m_project->scratch())) {
        const auto name = entry.path().filename();
        EXPECT_TRUE(name == "output" || name == "sources.lock") << name;
    }
}

}  // namespace
}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/local_pool.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "core/replay/pool/workers/dead_workers.h"
#include "tests/core/replay/temporary_folder.h"
#include "tests/core/replay/withheld_consent.h"

namespace hindcast::replay {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string nameOf(const testing::TestParamInfo<SandboxLevel>& info) {
    return std::string(sandboxName(info.param));
}

/// A store, a project with code and data, and workers that are shell scripts.
class Pool : public testing::TestWithParam<SandboxLevel> {
protected:
    void SetUp() override {
        if (!sandboxWorks(GetParam(), m_scratch)) {
            GTEST_SKIP() << "this machine does not allow this kind of sandbox";
        }
        writeText(m_project / "data" / "digits.txt", "recorded data");
        writeText(m_project / "later.py", "code of a later version");
        writeText(m_project / "output" / "best.txt", "what the run wrote");
        writeText(m_tree / "train.py", "the version's code");
        fs::create_directories(m_store / "versions");
    }

    Task taskRunning(const std::string& script) {
        writeText(m_folder.path() / "bin" / "worker.sh", "IFS='\t' read -r unit folder; cd \"$folder\"\n" + script);
        Task task;
        task.unit.replay = base::Uuid::make();
        task.unit.version = base::Uuid::make();
        task.unit.script = "train.py";
        task.versionRunJson = "{}";
        task.tree = m_tree;
        task.project = m_recorded;
        task.presentProject = m_project;
        task.hiddenFiles = {"later.py"};
        task.folder = m_recorded;
        task.interpreter = m_folder.path() / "bin" / "sh";
        fs::create_directories(task.interpreter.parent_path());
        std::error_code ignored;
        fs::create_symlink("/bin/sh", task.interpreter, ignored);
        task.allowed.unsandboxed = true;
        task.environment = {{"PATH", "/usr/bin:/bin"}, {"PYTHONPATH", (m_folder.path() / "bin").string()}};
        return task;
    }

    LocalPool makePool() {
        LocalPoolOptions options;
        options.store = m_store;
        options.slots = 2;
        options.sandbox = GetParam();
        options.worker = {(m_folder.path() / "bin" / "worker.sh").string()};
        return LocalPool(std::move(options));
    }

    /// The ending of the only unit, and what it printed.
    std::pair<Ending, std::string> run(const std::string& script) {
        const auto [event, output] = runWithin({}, script);
        return {event.ending, output};
    }

    std::pair<Event, std::string> runWithin(const UnitLimits& limits, const std::string& script,
                                            const std::vector<fs::path>& writable = {}) {
        LocalPool pool = makePool();
        Task task = taskRunning(script);
        task.limits = limits;
        task.allowed.writable = writable;
        const auto handle = pool.submit(task);
        EXPECT_TRUE(handle) << handle.error().text();
        if (!handle) return {};
        for (;;) {
            const std::vector<Event> events = pool.poll();
            if (!events.empty()) return {events.front(), base::readTextFile(pool.outputFile(*handle)).value_or("")};
            std::this_thread::yield();
        }
    }

    TemporaryFolder m_folder;
    fs::path m_store = m_folder.path() / "project" / ".hindcast";
    fs::path m_scratch = m_store / "scratch";
    fs::path m_project = m_folder.path() / "project";
    fs::path m_recorded = m_folder.path() / "project";
    fs::path m_tree = m_scratch / "source" / "tree";  // inside the project, as the scheduler puts it
};

TEST_P(Pool, RunsTheWorkerInTheVersionsCodeWithTheProjectsDataAround) {
    const auto [ending, output] = run(
        "cat train.py data/digits.txt; test ! -e later.py && echo; echo hidden; test ! -e .hindcast/scratch; exit 0");
    EXPECT_EQ(ending, Ending::Done);
    EXPECT_EQ(output, "the version's coderecorded data\nhidden\n");
}

TEST_P(Pool, WhatTheScriptWritesStaysInItsScratchFolder) {
    const auto [ending, output] =
        run("echo new > output/best.txt && echo more > fresh.txt && rm -f train.py && cat output/best.txt");
    EXPECT_EQ(ending, Ending::Done);
    EXPECT_EQ(output, "new\n");
    EXPECT_EQ(*base::readTextFile(m_project / "output" / "best.txt"), "what the run wrote");
    EXPECT_FALSE(fs::exists(m_project / "fresh.txt"));
    EXPECT_EQ(*base::readTextFile(m_tree / "train.py"), "the version's code");
}

TEST_P(Pool, WritesOutsideAreRefusedAndTheNetworkIsAbsent) {
    if (GetParam() == SandboxLevel::None) GTEST_SKIP() << "nothing refuses them here, and the plan says so";
    const fs::path outside = fs::path(HINDCAST_TEST_OUTSIDE) / ("escaped-" + base::Uuid::make().text());
    const auto [ending, output] =
        run("echo x > " + outside.string() + "; ls /sys/class/net >/dev/null; cat /proc/net/dev | grep -c :");
    EXPECT_FALSE(fs::exists(outside));
    if (GetParam() == SandboxLevel::Landlocked) {
        EXPECT_NE(output.find("Permission denied"), std::string::npos) << output;
        return;  // the network is there, and connecting to it is refused: see landlock_test.cpp
    }
    EXPECT_NE(output.find("Read-only file system"), std::string::npos) << output;
    EXPECT_TRUE(output.ends_with("1\n")) << "only loopback: " << output;
}

TEST_P(Pool, DataCannotBeChangedInPlace) {
    if (GetParam() == SandboxLevel::None) GTEST_SKIP() << "no sandbox";
    run("echo spoiled > data/digits.txt; rm -rf data; exit 0");
    EXPECT_EQ(*base::readTextFile(m_project / "data" / "digits.txt"), "recorded data");
}

TEST_P(Pool, TheProjectStandsAtItsRecordedPathAlsoWhereThatIsGone) {
    if (!hasNamespaces(GetParam())) GTEST_SKIP() << "needs a mount";
    m_recorded = "/home/someone-else/long gone/project";
    const auto [ending, output] = run("pwd; cat train.py");
    EXPECT_EQ(output, "/home/someone-else/long gone/project\nthe version's code");
    EXPECT_FALSE(fs::exists(m_recorded));
}

TEST_P(Pool, AnEnvironmentInsideTheProjectHasTheInterpreter) {
    const fs::path interpreter = m_project / ".venv" / "bin" / "sh";
    fs::create_directories(interpreter.parent_path());
    fs::create_symlink("/bin/sh", interpreter);
    LocalPool pool = makePool();
    Task task = taskRunning("cat train.py");
    task.interpreter = interpreter;
    const auto handle = pool.submit(task);
    ASSERT_TRUE(handle) << handle.error().text();
    std::vector<Event> events;
    while (events.empty()) events = pool.poll();
    EXPECT_EQ(base::readTextFile(pool.outputFile(*handle)).value_or(""), "the version's code");
}

TEST_P(Pool, ExitStatusesHaveTheirMeaning) {
    EXPECT_EQ(run("exit 0").first, Ending::Done);
    EXPECT_EQ(run("exit 3").first, Ending::Escalate);
    EXPECT_EQ(run("echo no torch here; exit 4").second, "no torch here\n");
    EXPECT_EQ(run("exit 4").first, Ending::Environment);
    EXPECT_EQ(run("exit 1").first, Ending::Failed);
    EXPECT_EQ(run("kill -KILL $$").first, Ending::Killed);
}

/// Whether a process that touched the beacon again and again still does: waits for a change, at most a second.
bool isAlive(const fs::path& beacon) {
    const auto before = base::readTextFile(beacon).value_or("");
    const auto until = Clock::now() + std::chrono::seconds(1);
    while (Clock::now() < until) {
        if (base::readTextFile(beacon).value_or("") != before) return true;
        std::this_thread::yield();
    }
    return false;
}

TEST_P(Pool, CancelEndsGrandchildrenThatLeftTheProcessGroup) {
    // The replay's own folder is the one place both sides see at every level.
    const std::string script =
        "folder=$(sed -n 's/^ \"folder\": \"\\(.*\\)\",$/\\1/p' \"$unit\")\n"
        "setsid sh -c 'trap \"\" TERM HUP; i=0; while :; do i=$((i+1)); echo $i > \"$0/beacon\"; done' \"$folder\" &\n"
        "trap '' TERM\nwait\n";
    LocalPool pool = makePool();
    const Task task = taskRunning(script);
    const auto handle = pool.submit(task);
    ASSERT_TRUE(handle) << handle.error().text();
    const fs::path beacon = m_store / "replays" / task.unit.replay.text() / "beacon";
    const auto until = Clock::now() + std::chrono::seconds(20);
    while (!fs::exists(beacon) && Clock::now() < until) EXPECT_TRUE(pool.poll().empty());
    ASSERT_TRUE(fs::exists(beacon)) << base::readTextFile(pool.outputFile(*handle)).value_or("");
    pool.cancel(*handle);
    std::vector<Event> events;
    while (events.empty()) {
        events = pool.poll();
        std::this_thread::yield();
    }
    EXPECT_EQ(events.front().ending, Ending::Cancelled);
    EXPECT_FALSE(isAlive(beacon));
}

TEST_P(Pool, AUnitThatNeverEndsIsEndedAtItsTimeLimitWithWhatItStarted) {
    const auto [event, output] =
        runWithin({.seconds = 1}, "echo begun; setsid sh -c 'trap \"\" TERM; sleep 1000' & sleep 1000");
    EXPECT_EQ(event.ending, Ending::OverLimit);
    EXPECT_NE(event.reason.find("--time-limit"), std::string::npos) << event.reason;
    EXPECT_EQ(output, "begun\n");
}

TEST_P(Pool, AUnitThatTakesTooMuchMemoryIsEndedAlsoWhenAChildTakesIt) {
    const std::string hungry =
        std::string(HINDCAST_TEST_PYTHON) + " -c \"held = bytearray(400 << 20); import time; time.sleep(1000)\"";
    const auto [event, output] = runWithin({.memoryBytes = std::uint64_t{200} << 20}, hungry + " & wait\n");
    EXPECT_EQ(event.ending, Ending::OverLimit) << output;
    EXPECT_NE(event.reason.find("--memory-limit"), std::string::npos) << event.reason;
}

TEST_P(Pool, OfGigabytesOfOutputBeginningAndEndAreKept) {
    const auto [ending, output] = run("echo first; head -c 300000000 /dev/zero | tr '\\0' 'x'; echo; echo last");
    EXPECT_EQ(ending, Ending::Done);
    EXPECT_LT(output.size(), 3u << 20);
    EXPECT_TRUE(output.starts_with("first\nxxx"));
    EXPECT_TRUE(output.ends_with("xxx\nlast\n"));
    EXPECT_NE(output.find("bytes were left out here"), std::string::npos);
}

TEST_P(Pool, AFolderThatTheUserAllowedCanBeWritten) {
    const fs::path outside = fs::path(HINDCAST_TEST_OUTSIDE) / ("allowed-" + base::Uuid::make().text());
    fs::create_directories(outside);
    const auto [event, output] = runWithin({}, "echo kept > " + (outside / "result").string(), {outside});
    EXPECT_EQ(event.ending, Ending::Done) << output;
    EXPECT_EQ(base::readTextFile(outside / "result").value_or(""), "kept\n");
    fs::remove_all(outside);
}

TEST_P(Pool, ARefusedWriteIsToldWithItsPathAndHowToAllowIt) {
    if (GetParam() == SandboxLevel::None) GTEST_SKIP() << "nothing is refused";
    const fs::path outside = fs::path(HINDCAST_TEST_OUTSIDE) / ("refused-" + base::Uuid::make().text());
    const auto [event, output] = runWithin({}, "echo x > " + outside.string() + " || exit 1");
    EXPECT_EQ(event.ending, Ending::Failed) << output;
    EXPECT_EQ(event.refused, "replays may not write to " + outside.string() + "; allow it with `hindcast allow write " +
                                 outside.parent_path().string() + "`");
    EXPECT_FALSE(fs::exists(outside));
}

TEST_P(Pool, TheFolderForTemporaryFilesHasAShortName) {
    const auto [ending, output] = run("echo kept > \"$TMPDIR/file\" && cat \"$TMPDIR/file\"; echo \"$TMPDIR\"");
    EXPECT_EQ(ending, Ending::Done);
    EXPECT_TRUE(output.starts_with("kept\n/tmp")) << output;
    const std::string folder = output.substr(5, output.size() - 6);
    EXPECT_LE(folder.size(), 40u) << "sockets in it have names of at most 107 bytes";
    EXPECT_TRUE(folder == "/tmp" || !fs::exists(fs::symlink_status(folder)));
}

TEST_P(Pool, WithoutASandboxNothingRunsThatTheUserDidNotAllow) {
    const WithheldConsent withheld;
    LocalPool pool = makePool();
    Task task = taskRunning("exit 0");
    task.allowed.unsandboxed = false;
    const auto handle = pool.submit(task);
    if (GetParam() != SandboxLevel::None) {
        EXPECT_TRUE(handle);
        return;
    }
    ASSERT_FALSE(handle);
    EXPECT_EQ(handle.error().code(), base::ErrorCode::Environment);
    EXPECT_NE(handle.error().text().find("hindcast allow unsandboxed"), std::string::npos);
}

TEST_P(Pool, LeavesNothingBehindInScratchButTheOutput) {
    run("mkdir -p deep/er; chmod 000 deep; echo hello");
    std::vector<std::string> left;
    for (const auto& entry : fs::directory_iterator(m_scratch)) left.push_back(entry.path().filename().string());
    std::sort(left.begin(), left.end());
    ASSERT_EQ(left, (std::vector<std::string>{"output", "source"}));
    EXPECT_TRUE(fs::is_empty(m_store / "replays"));
}

TEST(DeadWorkers, LeaveNoLinkToAFolderForTemporaryFilesThatIsGone) {
    const TemporaryFolder folder;
    const std::string id = base::Uuid::make().text();
    const WorkerFolders dead{folder.path() / ("0" + id), folder.path()};
    const WorkerFolders living{folder.path() / ("1" + id.substr(0, id.size() - 1) + "x"), folder.path()};
    for (const WorkerFolders& folders : {dead, living}) {
        fs::create_directories(folders.temporary());
        fs::create_directory_symlink(folders.temporary(), folders.temporaryLink());
    }
    fs::remove_all(dead.work);
    clearDeadWorkers(folder.path());
    EXPECT_FALSE(fs::exists(fs::symlink_status(dead.temporaryLink())));
    EXPECT_TRUE(fs::exists(living.temporaryLink()));
    fs::remove(living.temporaryLink());
}

INSTANTIATE_TEST_SUITE_P(AtEveryLevel, Pool,
                         testing::Values(SandboxLevel::None, SandboxLevel::Landlocked, SandboxLevel::Bound,
                                         SandboxLevel::Overlaid),
                         nameOf);

}  // namespace
}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace hindcast::base {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool isAlive(pid_t id) {
    return kill(id, 0) == 0;
}

TEST(Process, AProgramThatIsNotThereIsNotFound) {
    EXPECT_EQ(Process::start({{"hindcast-no-such-program"}, {}, {}, {}}).error().code(), ErrorCode::NotFound);
}

TEST(Process, AMissingWorkingFolderIsReportedByTheParent) {
    const auto started = Process::start({{"true"}, "/no/such/folder", {}, {}});
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code(), ErrorCode::NotFound);
}

TEST(Process, RunCommandFeedsInputAndKeepsBothOutputsApart) {
    const std::string input(300000, 'x');
    const auto output = runCommand({{"sh", "-c", "wc -c; echo problem >&2; exit 3"}, {}, {}, {}}, input, seconds(30));
    ASSERT_TRUE(output);
    EXPECT_EQ(output->status, 3);
    EXPECT_EQ(std::stoul(output->out), input.size());
    EXPECT_EQ(output->err, "problem\n");
}

TEST(Process, ACommandThatHangsIsEndedAtItsTimeout) {
    const auto output = runCommand({{"sleep", "1000"}, {}, {}, {}}, "", milliseconds(100));
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().code(), ErrorCode::Cancelled);
}

TEST(Process, WaitingEndsWithTheChildOrWithPatience) {
    auto running = Process::start({{"sleep", "1000"}, {}, {}, {}});
    ASSERT_TRUE(running);
    EXPECT_FALSE(running->waitFor(milliseconds(20)).has_value());
    auto ending = Process::start({{"sh", "-c", "exit 3"}, {}, {}, {}});
    ASSERT_TRUE(ending);
    const auto exit = ending->waitFor(seconds(30));
    ASSERT_TRUE(exit.has_value());
    EXPECT_EQ(exit->status, 3);
    EXPECT_EQ(ending->waitFor(milliseconds(0))->status, 3);
}

TEST(Process, RightsAreGivenUpBeforeTheProgramBeginsAndAFailureOfThatIsReported) {
    ProcessSpec spec;
    spec.command = {"sh", "-c",
                    "pwd; read -r id name state parent group session rest < /proc/$$/stat; test $session = $$"};
    spec.ownSession = true;
    spec.giveUpRights = [] { return chdir("/") == 0 ? 0 : 1; };
    const auto output = runCommand(spec, "", seconds(30));
    ASSERT_TRUE(output);
    EXPECT_EQ(output->out, "/\n");
    EXPECT_EQ(output->status, 0) << "it leads a session of its own";
    spec.giveUpRights = [] { return EPERM; };
    const auto refused = Process::start(spec);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text().find("cannot start sh"), std::string::npos);
}

TEST(Process, StopEndsTheWholeGroupWithItsGrandchildren) {
    const auto file = std::filesystem::temp_directory_path() / ("hindcast-grandchild-" + std::to_string(getpid()));
    auto started = Process::start({{"sh", "-c",
                                    "sleep 1000 & echo $! > '" + file.string() + ".new'; mv '" + file.string() +
                                        ".new' '" + file.string() + "'; wait"},
                                   {},
                                   {},
                                   {}});
    ASSERT_TRUE(started);
    while (!std::filesystem::exists(file)) ASSERT_FALSE(started->poll().has_value());
    pid_t grandchild = 0;
    std::ifstream(file) >> grandchild;
    ASSERT_TRUE(isAlive(grandchild));
    const auto exit = started->stop(milliseconds(0));
    EXPECT_TRUE(exit.signalled);
    // The orphan is reaped by init a moment after the kill; a zombie no longer runs.
    while (isAlive(grandchild)) {
        std::ifstream stat("/proc/" + std::to_string(grandchild) + "/stat");
        std::string id, name, state;
        if (!(stat >> id >> name >> state) || state == "Z") break;
    }
    std::filesystem::remove(file);
}

}  // namespace
}  // namespace hindcast::base

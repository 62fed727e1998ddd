// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/slurm/slurm_commands.h"

#include <gmock/gmock.h>

#include "core/base/process.h"
#include "core/replay/pool/slurm/slurm_units.h"

namespace hindcast::replay {
namespace {

using testing::Contains;
using testing::Not;

TEST(SlurmCommands, ASubmissionSaysWhatTheResourceSays) {
    Resource resource;
    resource.partition = "gpu";
    resource.gpus = 1;
    resource.memoryMiB = 4096;
    resource.minutes = 90;
    resource.options = {"--account=lab"};
    const std::vector<std::string> words =
        slurmSubmission({"/shared/a", "hindcast-1", 5, 3, "/opt/hindcast"}, resource);
    for (const char* word : {"--array=0-4", "--cpus-per-task=3", "--partition=gpu", "--gres=gpu:1", "--mem=4096M",
                             "--time=90", "--account=lab", "--no-requeue", "--output=/shared/a/%a.out"})
        EXPECT_THAT(words, Contains(word));
    resource = Resource{};
    resource.cpus = 2;
    const std::vector<std::string> plain =
        slurmSubmission({"/shared/a", "hindcast-1", 1, 3, "/opt/hindcast"}, resource);
    EXPECT_THAT(plain, Contains("--array=0-0"));
    EXPECT_THAT(plain, Contains("--cpus-per-task=2"));
    EXPECT_THAT(plain, Not(Contains("--partition=")));
}

TEST(SlurmCommands, TheScriptSaysWhatIsMissingOnANode) {
    const std::string script = slurmScript({"/shared/it's", "n", 1, 1, "/no/such/hind cast"});
    base::ProcessSpec spec;
    spec.command = {"/bin/sh", "-c", script};
    spec.environment = {{"PATH", "/bin:/usr/bin"}, {"SLURM_ARRAY_TASK_ID", "0"}};
    const auto ran = base::runCommand(spec, "", std::chrono::seconds(10));
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->status, 127);
    EXPECT_NE(ran->out.find("has neither /no/such/hind cast nor hindcast in its PATH"), std::string::npos) << ran->out;
    EXPECT_EQ(ran->out.find("syntax"), std::string::npos);
}

TEST(SlurmCommands, TheQueueIsReadWithReasonsThatHaveWordsInThem) {
    const auto states =
        parseSlurmQueue("12_0|RUNNING|None\n12_1|PENDING|Resources\n12_2|CANCELLED+|Node fail, see log\n\nnoise\n");
    ASSERT_EQ(states.size(), 3u);
    EXPECT_EQ(states.at("12_0").state, "RUNNING");
    EXPECT_EQ(states.at("12_1").reason, "Resources");
    EXPECT_EQ(states.at("12_2").state, "CANCELLED");
    EXPECT_EQ(states.at("12_2").reason, "Node fail, see log");
}

TEST(SlurmCommands, WhatIsNotTheUnitsFaultIsLostAndNotFailed) {
    EXPECT_EQ(endingOfState("PREEMPTED"), Ending::Lost);
    EXPECT_EQ(endingOfState("NODE_FAIL"), Ending::Lost);
    EXPECT_EQ(endingOfState("FAILED"), Ending::Failed);
    EXPECT_EQ(endingOfState("TIMEOUT"), Ending::Killed);
    EXPECT_FALSE(endingOfState("RUNNING"));
    EXPECT_FALSE(endingOfState("PENDING"));
    EXPECT_FALSE(isOnNode("PENDING"));
    EXPECT_TRUE(isOnNode("COMPLETING"));
}

}  // namespace
}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/task_document.h"

#include <gtest/gtest.h>

namespace hindcast::replay {
namespace {

TEST(TaskDocument, CarriesEverythingButTheEnvironment) {
    Task task;
    task.unit.replay = base::Uuid::make();
    task.unit.version = base::Uuid::make();
    task.unit.mode = Mode::Shallow;
    task.unit.loop = "epoch";
    task.unit.first = 3;
    task.unit.last = 7;
    task.unit.innerLoops = {"step"};
    task.unit.injected = {{"train.py", 4, 5, 0}};
    task.unit.probes = {{"id", 2, "norm", "memo", "hc.log('norm', 1)\n"}};
    task.unit.script = "train.py";
    task.unit.argv = {"train.py", "--x"};
    task.unit.tolerance = 1e-6;
    task.versionRunJson = R"({"format": 1, "kind": "version"})";
    task.tree = "/tree";
    task.project = "/recorded";
    task.presentProject = "/present";
    task.hiddenFiles = {"later.py", "out"};
    task.hidesLaterData = true;
    task.folder = "/recorded/sub";
    task.startedMicros = 1'700'000'000'000'000;
    task.threads = 8;
    task.interpreter = "/usr/bin/python3";
    task.recordedCores = 12;
    task.imports = {"torch"};
    task.allowed = {true, {"/data/out"}, true};
    task.limits = {90, 1 << 30};
    const auto text = taskJson(task);
    ASSERT_TRUE(text) << text.error().text();
    const auto read = parseTaskJson(*text);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->unit, task.unit);
    EXPECT_EQ(read->versionRunJson, task.versionRunJson);
    EXPECT_EQ(read->tree, task.tree);
    EXPECT_EQ(read->project, task.project);
    EXPECT_EQ(read->presentProject, task.presentProject);
    EXPECT_EQ(read->hiddenFiles, task.hiddenFiles);
    EXPECT_TRUE(read->hidesLaterData);
    EXPECT_EQ(read->folder, task.folder);
    EXPECT_EQ(read->startedMicros, task.startedMicros);
    EXPECT_EQ(read->threads, 8);
    EXPECT_EQ(read->interpreter, task.interpreter);
    EXPECT_EQ(read->recordedCores, 12);
    EXPECT_EQ(read->imports, task.imports);
    EXPECT_EQ(read->allowed, task.allowed);
    EXPECT_EQ(read->limits.seconds, 90);
    EXPECT_EQ(read->limits.memoryBytes, task.limits.memoryBytes);
    EXPECT_FALSE(parseTaskJson("{}"));
    EXPECT_FALSE(parseTaskJson("not JSON"));
}

TEST(TaskDocument, EveryEndingReadsBack) {
    for (const Ending ending : {Ending::Done, Ending::Escalate, Ending::Failed, Ending::Environment, Ending::Killed,
                                Ending::OverLimit, Ending::Cancelled, Ending::Lost}) {
        const auto read = parseEndingJson(endingJson({ending, 4, "why", "what"}));
        ASSERT_TRUE(read);
        EXPECT_EQ(read->ending, ending);
        EXPECT_EQ(read->status, 4);
        EXPECT_EQ(read->problem, "why");
        EXPECT_EQ(read->refused, "what");
    }
    EXPECT_FALSE(parseEndingJson(R"({"ending": "exploded", "status": 0, "problem": ""})"));
    EXPECT_FALSE(parseEndingJson(""));
}

}  // namespace
}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/unit.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hindcast::replay {
namespace {

Unit sampleUnit() {
    Unit unit;
    unit.replay = base::Uuid::make();
    unit.version = base::Uuid::make();
    unit.mode = Mode::Shallow;
    unit.loop = "epoch";
    unit.first = 3;
    unit.last = 5;
    unit.innerLoops = {"step"};
    unit.injected = {{"train.py", 42, 43, 0}};
    unit.probes = {{"id-1", 2, "recall", "00ff", "hc.log(\"recall\", \"ü\")\n"}};
    unit.script = "train.py";
    unit.argv = {"train.py", "--epochs", "6"};
    unit.arguments = {{"lr", "0.1"}};
    return unit;
}

const char* kVersionRun = R"({"format": 1, "kind": "version", "uuid": "x", "project": "/p", "script": "train.py",
  "argv": ["train.py"], "job": {"id": "7"}, "packages": {"torch": "1.13"}, "hashSeed": {"set": "3", "fingerprint": 1}})";

TEST(Unit, ReadsBackWhatItWrote) {
    const Unit unit = sampleUnit();
    const auto run = composeRunJson(unit, kVersionRun);
    ASSERT_TRUE(run);
    const auto text = unitJson(unit, {"/s/replays/r", "/s/versions/v", "/p"}, *run);
    ASSERT_TRUE(text);
    const auto back = parseUnitJson(*text);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(*back, unit);
}

TEST(Unit, KeepsWhereItBeginsAndWhichPassesAreAskedFor) {
    Unit unit = sampleUnit();
    unit.mode = Mode::Mid;
    unit.latest = 2;
    unit.iterations = {2, 5};
    unit.steps = StepRange{"step", 5000, 5100};
    const auto text = unitJson(unit, {"/s/replays/r", "/s/versions/v", "/p"}, *composeRunJson(unit, kVersionRun));
    ASSERT_TRUE(text);
    const auto back = parseUnitJson(*text);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(*back, unit);
}

TEST(Unit, DocumentHasEveryFieldOfTheWorkerContract) {
    const Unit unit = sampleUnit();
    const auto run = composeRunJson(unit, kVersionRun);
    ASSERT_TRUE(run);
    const auto text = unitJson(unit, {"/s/replays/r", "/s/versions/v", "/p"}, *run);
    ASSERT_TRUE(text);
    const auto document = nlohmann::json::parse(*text);
    for (const char* field : {"format", "replay", "folder", "run", "versionFolder", "project", "script", "argv",
                              "arguments", "injected", "mode", "loop", "first", "last", "innerLoops", "tolerance"}) {
        EXPECT_TRUE(document.contains(field)) << field;
    }
    EXPECT_EQ(document["mode"], "shallow");
    EXPECT_EQ(document["injected"][0]["last"], 43);
    EXPECT_TRUE(document["tolerance"].is_null());
}

TEST(Unit, RunJsonOfAReplayNamesItsVersionAndProbes) {
    const Unit unit = sampleUnit();
    const auto text = composeRunJson(unit, kVersionRun);
    ASSERT_TRUE(text);
    const auto run = nlohmann::json::parse(*text);
    EXPECT_EQ(run["kind"], "replay");
    EXPECT_EQ(run["uuid"], unit.replay.text());
    EXPECT_TRUE(run["job"].is_null());
    EXPECT_EQ(run["replay"]["version"], unit.version.text());
    EXPECT_EQ(run["replay"]["probes"][0]["memo"], "00ff");
    EXPECT_EQ(run["hashSeed"]["set"], "3");
}

TEST(Unit, ADamagedRunDescriptionIsRefused) {
    const auto run = composeRunJson(sampleUnit(), "not json");
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().code(), base::ErrorCode::Damaged);
    EXPECT_FALSE(unitJson(sampleUnit(), {}, "[]"));
    EXPECT_FALSE(parseUnitJson("{\"format\": 1}"));
}

TEST(Mode, ADeeperReplayAnswersAShallowerQuestionButNotTheOtherWayRound) {
    EXPECT_TRUE(answers(Mode::Deep, Mode::Shallow));
    EXPECT_FALSE(answers(Mode::Shallow, Mode::Deep));
    EXPECT_TRUE(answers(Mode::Beginning, Mode::Suffix));
    EXPECT_FALSE(answers(Mode::Deep, Mode::Prefix));
    EXPECT_FALSE(answers(Mode::Mid, Mode::Deep));
    EXPECT_TRUE(answers(Mode::Deep, Mode::Mid));
    for (const Mode mode :
         {Mode::Prefix, Mode::Pre, Mode::Shallow, Mode::Deep, Mode::Mid, Mode::Suffix, Mode::Beginning}) {
        EXPECT_TRUE(answers(mode, mode));
        EXPECT_EQ(modeNamed(modeName(mode)), mode);
    }
}

}  // namespace
}  // namespace hindcast::replay

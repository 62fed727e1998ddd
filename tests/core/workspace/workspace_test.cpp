// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/workspace.h"

#include <gtest/gtest.h>

#include "tests/core/workspace/sample_store.h"

namespace hindcast::workspace {
namespace {

namespace fs = std::filesystem;

const std::string kFirst =
    "import hindcast as hc\n"
    "\n"
    "net = build()\n"
    "opt = optimizer(net)\n"
    "for epoch in hc.loop(\"epoch\", range(3)):\n"
    "    for x, y in hc.loop(\"step\", loader):\n"
    "        loss = criterion(net(x), y)\n"
    "        loss.backward()\n"
    "        opt.step()\n"
    "    hc.log(\"loss\", loss.item())\n"
    "print(\"done\")\n";

const std::string kSecond =
    "import hindcast as hc\n"
    "\n"
    "model = build()\n"
    "optimizer = make_optimizer(model)\n"
    "for epoch in hc.loop(\"epoch\", range(3)):\n"
    "    for x, y in hc.loop(\"step\", loader):\n"
    "        loss = criterion(model(x), y)\n"
    "        loss.backward()\n"
    "        optimizer.step()\n"
    "    hc.log(\"loss\", loss.item())\n"
    "print(\"done\")\n";

class WorkspaceTest : public testing::Test {
protected:
    void SetUp() override {
        m_first = m_store.record({{"train.py", kFirst}});
        m_second = m_store.record({{"train.py", kSecond}});
        open();
    }
    void open() {
        auto opened = Workspace::open(m_store.root());
        ASSERT_TRUE(opened) << opened.error().text();
        m_workspace = *std::move(opened);
    }
    ProbeView add(int line, const std::string& statement) {
        auto probe = m_workspace->addProbe({"train.py", line, "", "", statement});
        EXPECT_TRUE(probe) << probe.error().text();
        return probe ? *probe : ProbeView{};
    }
    PlacementView placementIn(const base::Uuid& version, const std::string& probe) {
        const auto all = m_workspace->placements(probe, {});
        EXPECT_TRUE(all) << all.error().text();
        if (!all) return {};
        for (const PlacementView& view : *all) {
            if (view.version == version) return view;
        }
        ADD_FAILURE() << "no placement for the version";
        return {};
    }

    SampleStore m_store;
    base::Uuid m_first;
    base::Uuid m_second;
    std::unique_ptr<Workspace> m_workspace;
};

TEST_F(WorkspaceTest, ListsVersionsNewestFirstWithLoopsAndLastValues) {
    const auto versions = m_workspace->versions();
    ASSERT_TRUE(versions) << versions.error().text();
    ASSERT_EQ(versions->size(), 2u);
    EXPECT_EQ((*versions)[0].uuid, m_second);
    EXPECT_EQ((*versions)[0].number, 2);
    EXPECT_EQ((*versions)[0].state, VersionState::Complete);
    EXPECT_EQ((*versions)[0].outerLoop, "epoch");
    EXPECT_EQ((*versions)[0].outerIterations, 3);
    EXPECT_EQ((*versions)[0].lastValues.at("loss"), 2.5);
}

TEST_F(WorkspaceTest, ASeriesHasTheRecordedValuesInTheirPlaces) {
    const auto series = m_workspace->series(m_first, "loss");
    ASSERT_TRUE(series) << series.error().text();
    EXPECT_EQ(series->values, (std::vector<double>{0.5, 1.5, 2.5}));
    EXPECT_EQ(series->outer, (std::vector<double>{0, 1, 2}));
    EXPECT_EQ(series->sources, (std::vector<Source>(3, Source::Recorded)));
    const auto missing = m_workspace->series(m_first, "nothing");
    ASSERT_TRUE(missing);
    EXPECT_TRUE(missing->values.empty());
}

TEST_F(WorkspaceTest, AProbeLandsInThePastInThatVersionsNames) {
    const ProbeView probe = add(9, "hc.log(\"norm\", sum(p.grad.norm() for p in model.parameters()))");
    EXPECT_EQ(probe.name, "norm");
    EXPECT_EQ(probe.line, 9);
    const PlacementView past = placementIn(m_first, probe.id);
    EXPECT_EQ(past.kind, PlacementKind::Placed) << past.reason;
    EXPECT_NE(past.splicedText.find(
                  "        hc.log(\"norm\", sum(p.grad.norm() for p in net.parameters()))\n        opt.step()"),
              std::string::npos)
        << past.splicedText;
    EXPECT_EQ(past.firstLine, 9);
    EXPECT_EQ(past.originalText, kFirst);
    EXPECT_EQ(placementIn(m_second, probe.id).reason, "added here");
}

TEST_F(WorkspaceTest, TheEditorShowsProbesAndCountsTheirLinesOut) {
    const ProbeView first = add(9, "hc.log(\"norm\", 1)");
    const ProbeView second = add(11, "hc.log(\"late\", 2)");
    const auto text = m_workspace->newestSource("train.py");
    ASSERT_TRUE(text) << text.error().text();
    EXPECT_TRUE(text->fromWorkTree);
    ASSERT_EQ(text->probes.size(), 2u);
    EXPECT_EQ(text->probes[0].probe, first.id);
    EXPECT_EQ(text->probes[0].firstLine, 9);
    EXPECT_EQ(second.line, 11) << "the line the user clicked, the probe above counted in";
    EXPECT_EQ(m_store.read("train.py"), kSecond) << "the user's file is not touched";
}

TEST_F(WorkspaceTest, AnExpressionIsWrittenAsALogCall) {
    const auto probe = m_workspace->addProbe({"train.py", 9, "norm", "model.weight.norm().item()", ""});
    ASSERT_TRUE(probe) << probe.error().text();
    EXPECT_EQ(probe->name, "norm");
    EXPECT_NE(probe->text.find("log(\"norm\", model.weight.norm().item())"), std::string::npos) << probe->text;
}

TEST_F(WorkspaceTest, AStatementThatLogsNothingIsRefused) {
    const auto probe = m_workspace->addProbe({"train.py", 9, "", "", "print(loss)"});
    ASSERT_FALSE(probe);
    EXPECT_EQ(probe.error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_FALSE(m_workspace->addProbe({"train.py", 9, "", "", "hc.log(\"x\", "}));
    EXPECT_FALSE(m_workspace->addProbe({"absent.py", 1, "", "", "hc.log(\"x\", 1)"}));
    EXPECT_TRUE(m_workspace->probes()->empty());
}

TEST_F(WorkspaceTest, ANameTheRunRecordedIsAlreadyThere) {
    m_store.record({{"train.py", kSecond}}, {"loss", "norm"});
    open();
    const ProbeView probe = add(9, "hc.log(\"norm\", 1)");
    EXPECT_EQ(placementIn(m_second, probe.id).kind, PlacementKind::Placed);
    EXPECT_EQ(placementIn(m_first, probe.id).kind, PlacementKind::Placed);
}

TEST_F(WorkspaceTest, DecisionsAreRememberedAndCanBeForgotten) {
    const ProbeView probe = add(9, "hc.log(\"norm\", 1)");
    ASSERT_TRUE(m_workspace->skipVersion(probe.id, m_first, {}));
    open();
    EXPECT_EQ(placementIn(m_first, probe.id).kind, PlacementKind::Skipped);
    ASSERT_TRUE(m_workspace->forgetDecision(probe.id, m_first));
    EXPECT_EQ(placementIn(m_first, probe.id).kind, PlacementKind::Placed);
    ASSERT_TRUE(m_workspace->placeByHand(probe.id, m_first, "train.py", 11, "hc.log(\"norm\", net.norm())", {}));
    const PlacementView hand = placementIn(m_first, probe.id);
    EXPECT_EQ(hand.kind, PlacementKind::ByHand);
    EXPECT_EQ(hand.firstLine, 11);
    EXPECT_FALSE(m_workspace->forgetDecision(probe.id, m_second)) << "its own version";
}

TEST_F(WorkspaceTest, TheSameForTheNextCarriesAHandPlacementOn) {
    const base::Uuid third = m_store.record({{"train.py", "# changed\n" + kSecond}});
    open();
    const ProbeView probe = add(10, "hc.log(\"norm\", 1)");
    ASSERT_TRUE(
        m_workspace->placeByHand(probe.id, m_first, "train.py", 10, "hc.log(\"norm\", net.norm())", {m_second}));
    const PlacementView second = placementIn(m_second, probe.id);
    EXPECT_EQ(second.kind, PlacementKind::ByHand);
    EXPECT_NE(second.splicedText.find("    hc.log(\"norm\", model.norm())\n    hc.log(\"loss\""), std::string::npos)
        << second.splicedText;
    EXPECT_EQ(placementIn(third, probe.id).reason, "added here");
}

TEST_F(WorkspaceTest, EditingMakesARevisionAndRemovingCanBeUndone) {
    const ProbeView probe = add(9, "hc.log(\"norm\", 1)");
    const auto edited = m_workspace->editProbe(probe.id, {"train.py", 9, "", "", "hc.log(\"norm\", 2)"});
    ASSERT_TRUE(edited) << edited.error().text();
    EXPECT_EQ(edited->id, probe.id);
    EXPECT_EQ(edited->revision, 2);
    EXPECT_EQ(edited->text, "hc.log(\"norm\", 2)\n");
    ASSERT_TRUE(m_workspace->removeProbe(probe.id));
    EXPECT_TRUE(m_workspace->probes()->empty());
    ASSERT_TRUE(m_workspace->restoreProbe(probe.id));
    ASSERT_EQ(m_workspace->probes()->size(), 1u);
    EXPECT_EQ(m_workspace->probes()->front().text, "hc.log(\"norm\", 2)\n");
}

TEST_F(WorkspaceTest, StatementsTypedInAnyEditorAreFound) {
    std::string typed = kSecond;
    typed.insert(typed.find("        optimizer.step()"), "        hc.log(\"typed\", loss.item() * 2)\n");
    m_store.write("train.py", typed);
    const auto found = m_workspace->scanWorkTree();
    ASSERT_TRUE(found) << found.error().text();
    ASSERT_EQ(found->size(), 1u);
    EXPECT_EQ(found->front().name, "typed");
    EXPECT_TRUE(found->front().typedInWorkTree);
    EXPECT_EQ(found->front().line, 9);
    const PlacementView past = placementIn(m_first, found->front().id);
    EXPECT_EQ(past.kind, PlacementKind::Placed) << past.reason;
}

TEST_F(WorkspaceTest, APlaceOnlyTheWorkTreeHasIsAConflict) {
    m_store.write("train.py",
                  kSecond + "\n\ndef report(values):\n    total = sum(values)\n    return total / len(values)\n");
    const auto probe = m_workspace->addProbe({"train.py", 16, "", "", "hc.log(\"total\", total)"});
    ASSERT_FALSE(probe);
    EXPECT_EQ(probe.error().code(), base::ErrorCode::Conflict);
}

TEST_F(WorkspaceTest, ApplyingWritesTheUsersFileOnceAskedAndKeepsItsMode) {
    const ProbeView probe = add(9, "hc.log(\"norm\", 1)");
    fs::permissions(m_store.root() / "train.py", fs::perms::owner_all | fs::perms::group_read);
    const auto diff = m_workspace->previewApply(probe.id);
    ASSERT_TRUE(diff) << diff.error().text();
    EXPECT_NE(diff->find("@@ -6,6 +6,7 @@"), std::string::npos) << *diff;
    EXPECT_NE(diff->find("\n+        hc.log(\"norm\", 1)\n"), std::string::npos) << *diff;
    EXPECT_EQ(m_store.read("train.py"), kSecond);
    ASSERT_TRUE(m_workspace->applyToWorkTree(probe.id));
    EXPECT_NE(m_store.read("train.py").find("        hc.log(\"norm\", 1)\n        optimizer.step()"),
              std::string::npos);
    EXPECT_EQ(fs::status(m_store.root() / "train.py").permissions(), fs::perms::owner_all | fs::perms::group_read);
    EXPECT_EQ(m_workspace->applyToWorkTree(probe.id).error().code(), base::ErrorCode::NothingToDo);
    EXPECT_TRUE(m_workspace->probes()->front().typedInWorkTree);
}

TEST_F(WorkspaceTest, VersionsAreNamedByNumberRangeAndTag) {
    ASSERT_TRUE(m_workspace->setTag(m_first, "production", true));
    const auto tagged = m_workspace->resolveVersions("production,v2");
    ASSERT_TRUE(tagged) << tagged.error().text();
    EXPECT_EQ(*tagged, (std::vector<base::Uuid>{m_first, m_second}));
    EXPECT_EQ(m_workspace->resolveVersions("v1-v2")->size(), 2u);
    EXPECT_EQ(m_workspace->resolveVersions("v9").error().code(), base::ErrorCode::InvalidArgument);
}

TEST_F(WorkspaceTest, RefreshTellsOfANewVersion) {
    ASSERT_TRUE(m_workspace->refresh());
    EXPECT_FALSE(m_workspace->refresh()->any());
    const base::Uuid third = m_store.record({{"train.py", kSecond}});
    const auto changes = m_workspace->refresh();
    ASSERT_TRUE(changes) << changes.error().text();
    EXPECT_EQ(changes->versions, std::vector<base::Uuid>{third});
    EXPECT_EQ(m_workspace->versions()->size(), 3u);
}

TEST_F(WorkspaceTest, AnUnknownNameSaysWhatCouldBeMeant) {
    add(9, "hc.log(\"grad_norm\", 1)");
    PlanRequest request;
    request.names = {"grad_nrm"};
    const auto plan = m_workspace->plan(request);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_NE(plan.error().text().find("grad_norm?"), std::string::npos) << plan.error().text();
}

TEST_F(WorkspaceTest, AMissingInterpreterIsToldPerVersionAndRunsNothing) {
    add(9, "hc.log(\"norm\", 1)");
    PlanRequest request;
    request.names = {"norm"};
    const auto plan = m_workspace->plan(request);
    ASSERT_TRUE(plan) << plan.error().text();
    ASSERT_EQ(plan->rows.size(), 2u);
    for (const PlanRow& row : plan->rows) {
        EXPECT_FALSE(row.willRun);
        EXPECT_EQ(row.reasonKey, "environment");
        EXPECT_NE(row.reason.find("/nowhere/python3"), std::string::npos) << row.reason;
    }
    EXPECT_EQ(m_workspace->replay(*plan).error().code(), base::ErrorCode::NothingToDo);
}

TEST_F(WorkspaceTest, DecisionsAreKnownAfterARestartAndComeBackAsTheyWere) {
    const ProbeView probe = add(9, "hc.log(\"norm\", net)");
    ASSERT_TRUE(m_workspace->placeByHand(probe.id, m_first, "train.py", 5, "hc.log(\"norm\", net)\n", {}));
    open();
    EXPECT_EQ(placementIn(m_first, probe.id).kind, PlacementKind::ByHand);
    const auto before = m_workspace->decisions(probe.id);
    ASSERT_TRUE(before) << before.error().text();
    ASSERT_EQ(before->size(), 1u);
    EXPECT_EQ(before->front().line, 5);
    ASSERT_TRUE(m_workspace->skipVersion(probe.id, m_first, {}));
    EXPECT_EQ(placementIn(m_first, probe.id).kind, PlacementKind::Skipped);
    ASSERT_TRUE(m_workspace->restoreDecisions(probe.id, *before));
    EXPECT_EQ(placementIn(m_first, probe.id).kind, PlacementKind::ByHand);
    DecisionView none;
    none.version = m_first;
    ASSERT_TRUE(m_workspace->restoreDecisions(probe.id, {none}));
    ASSERT_TRUE(m_workspace->restoreDecisions(probe.id, {none})) << "nothing to forget is no failure";
    EXPECT_NE(placementIn(m_first, probe.id).kind, PlacementKind::ByHand);
    EXPECT_TRUE(m_workspace->decisions(probe.id)->empty());
}

TEST_F(WorkspaceTest, TheVersionThatAProbeWasAddedInKeepsIt) {
    const ProbeView probe = add(9, "hc.log(\"norm\", model)");
    const auto moved = m_workspace->placeByHand(probe.id, m_second, "train.py", 5, "hc.log(\"norm\", model)\n", {});
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code(), base::ErrorCode::Refused);
    EXPECT_EQ(m_workspace->skipVersion(probe.id, m_second, {}).error().code(), base::ErrorCode::Refused);
    ASSERT_TRUE(m_workspace->skipVersion(probe.id, m_first, {m_second}));
    EXPECT_EQ(placementIn(m_second, probe.id).kind, PlacementKind::Placed);
}

TEST_F(WorkspaceTest, ALineIsFollowedThroughTheVersions) {
    m_store.write("train.py", kSecond + "print(\"newer\")\n");
    open();
    std::vector<base::Uuid> told;
    const auto loss =
        m_workspace->lineHistory("train.py", 10, [&](const LineInVersion& each) { told.push_back(each.version); });
    ASSERT_TRUE(loss) << loss.error().text();
    ASSERT_EQ(loss->size(), 2u);
    EXPECT_EQ(told, (std::vector<base::Uuid>{m_second, m_first}));
    EXPECT_EQ((*loss)[0].state, LineInVersion::State::Same);
    EXPECT_EQ((*loss)[1].state, LineInVersion::State::Same);
    const auto renamed = m_workspace->lineHistory("train.py", 9, {});
    ASSERT_TRUE(renamed) << renamed.error().text();
    EXPECT_EQ((*renamed)[1].state, LineInVersion::State::Changed);
    EXPECT_EQ((*renamed)[1].text, "opt.step()");
    EXPECT_EQ((*renamed)[1].line, 9);
    const auto added = m_workspace->lineHistory("train.py", 12, {});
    ASSERT_TRUE(added) << added.error().text();
    EXPECT_EQ((*added)[0].state, LineInVersion::State::Absent);
    EXPECT_EQ(m_workspace->lineHistory("train.py", 2, {}).error().code(), base::ErrorCode::InvalidArgument);
}

TEST_F(WorkspaceTest, AStopEndsPlacingAndPlanningWithinAVersion) {
    const ProbeView probe = add(9, "hc.log(\"norm\", model)");
    std::stop_source stop;
    stop.request_stop();
    const auto placed = m_workspace->placements(probe.id, {}, stop.get_token());
    ASSERT_FALSE(placed);
    EXPECT_EQ(placed.error().code(), base::ErrorCode::Cancelled);
    PlanRequest request;
    request.names = {"norm"};
    EXPECT_EQ(m_workspace->plan(request, stop.get_token()).error().code(), base::ErrorCode::Cancelled);
    EXPECT_EQ(m_workspace->lineHistory("train.py", 9, {}, stop.get_token()).error().code(), base::ErrorCode::Cancelled);
    EXPECT_TRUE(m_workspace->plan(request)) << "a stopped plan leaves nothing wrong behind";
    // A stop that comes while versions are placed keeps what was answered.
    std::stop_source late;
    int seen = 0;
    const auto part = m_workspace->placements(
        probe.id, [&](const PlacementView&) { return ++seen < 1 || late.request_stop() || true; }, late.get_token());
    EXPECT_EQ(seen, 1);
    EXPECT_EQ(part.error().code(), base::ErrorCode::Cancelled);
}

TEST(WorkspaceWithoutAStore, SaysHowToMakeOne) {
    const auto opened = Workspace::open("/");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), base::ErrorCode::NotFound);
}

}  // namespace
}  // namespace hindcast::workspace

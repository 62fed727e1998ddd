// SPDX-License-Identifier: Apache-2.0
// A version in which the place of a probe is known helps those near it.
#include <gtest/gtest.h>

#include <vector>

#include "core/workspace/workspace.h"
#include "tests/core/workspace/sample_store.h"

namespace hindcast::workspace {
namespace {

/// Early code, which shares nothing with the late one but its calls of hindcast. `extra` lines make versions differ.
std::string early(const std::string& extra) {
    return "import hindcast as hc\n" + extra +
           "table = read_table()\n"
           "weights = start(table)\n"
           "for sweep in hc.loop(\"sweep\", range(9)):\n"
           "    errors = []\n"
           "    for row in table:\n"
           "        error = weights.miss(row)\n"
           "        errors.append(error)\n"
           "        weights.nudge(row, error)\n"
           "    hc.log(\"loss\", max(errors))\n";
}

const std::string kLate =
    "import hindcast as hc\n"
    "\n"
    "model, optimizer, loader = build()\n"
    "for epoch in hc.loop(\"epoch\", range(3)):\n"
    "    history = []\n"
    "    for batch in loader:\n"
    "        optimizer.zero_grad()\n"
    "        loss = criterion(model(batch.x), batch.y)\n"
    "        loss.backward()\n"
    "        optimizer.step()\n"
    "        history.append(loss.item())\n"
    "    hc.log(\"loss\", mean(history))\n";

class KnownPlaces : public testing::Test {
protected:
    void SetUp() override {
        for (const char* extra : {"", "import math\n", "import math\nimport random\n"})
            m_early.push_back(m_store.record({{"train.py", early(extra)}}));
        m_late = m_store.record({{"train.py", kLate}});
        open();
        const auto probe = m_workspace->addProbe({"train.py", 9, "", "", "hc.log(\"batch_loss\", loss.item())"});
        ASSERT_TRUE(probe) << probe.error().text();
        m_probe = probe->id;
    }
    void open() {
        auto opened = Workspace::open(m_store.root());
        ASSERT_TRUE(opened) << opened.error().text();
        m_workspace = *std::move(opened);
    }
    /// Of the early versions, oldest first.
    std::vector<PlacementView> placements() {
        const auto all = m_workspace->placements(m_probe, {});
        EXPECT_TRUE(all) << all.error().text();
        std::vector<PlacementView> views;
        for (const base::Uuid& version : m_early) {
            for (const PlacementView& view : *all) {
                if (view.version == version) views.push_back(view);
            }
        }
        return views;
    }
    /// Puts the statement before a line of one of them.
    void decide(std::size_t which, int line) {
        const auto done =
            m_workspace->placeByHand(m_probe, m_early[which], "train.py", line, "hc.log(\"batch_loss\", error)\n", {});
        ASSERT_TRUE(done) << done.error().text();
    }

    SampleStore m_store;
    std::vector<base::Uuid> m_early;
    base::Uuid m_late;
    std::string m_probe;
    std::unique_ptr<Workspace> m_workspace;
};

const std::string kPlaced = "        error = weights.miss(row)\n        hc.log(\"batch_loss\", error)\n";

TEST_F(KnownPlaces, AreNoneWhereNobodySaid) {
    for (const PlacementView& view : placements()) EXPECT_EQ(view.kind, PlacementKind::Conflict) << view.reason;
}

TEST_F(KnownPlaces, OneDecisionSettlesTheVersionsAroundIt) {
    placements();  // remembered as conflicts
    decide(1, 9);
    for (const bool again : {false, true}) {
        const std::vector<PlacementView> views = placements();
        EXPECT_EQ(views[1].kind, PlacementKind::ByHand);
        for (const std::size_t other : {0U, 2U}) {
            EXPECT_EQ(views[other].kind, PlacementKind::Placed) << views[other].reason;
            EXPECT_NE(views[other].splicedText.find(kPlaced), std::string::npos) << views[other].splicedText;
            EXPECT_NE(views[other].reason.find(", as in v2"), std::string::npos) << views[other].reason;
        }
        if (!again) open();
    }
}

TEST_F(KnownPlaces, GoWithTheDecisionTheyCameFrom) {
    decide(2, 10);
    EXPECT_EQ(placements()[0].kind, PlacementKind::Placed);
    ASSERT_TRUE(m_workspace->forgetDecision(m_probe, m_early[2]));
    for (const PlacementView& view : placements()) EXPECT_EQ(view.kind, PlacementKind::Conflict) << view.reason;
    open();
    for (const PlacementView& view : placements()) EXPECT_EQ(view.kind, PlacementKind::Conflict) << view.reason;
}

TEST_F(KnownPlaces, FollowADecisionThatWasChanged) {
    decide(2, 10);
    EXPECT_NE(placements()[0].splicedText.find(kPlaced), std::string::npos);
    decide(2, 11);
    const PlacementView moved = placements()[0];
    EXPECT_EQ(moved.kind, PlacementKind::Placed) << moved.reason;
    EXPECT_NE(moved.splicedText.find("errors.append(error)\n        hc.log(\"batch_loss\", error)\n"),
              std::string::npos)
        << moved.splicedText;
}

TEST_F(KnownPlaces, DoNotOverruleTheUsersOwnDecision) {
    decide(2, 10);
    decide(0, 9);
    ASSERT_TRUE(m_workspace->skipVersion(m_probe, m_early[1], {}));
    const std::vector<PlacementView> views = placements();
    EXPECT_EQ(views[0].kind, PlacementKind::ByHand);
    EXPECT_NE(views[0].splicedText.find("errors.append(error)\n        hc.log(\"batch_loss\", error)\n"),
              std::string::npos)
        << views[0].splicedText;
    EXPECT_EQ(views[1].kind, PlacementKind::Skipped);
}

}  // namespace
}  // namespace hindcast::workspace

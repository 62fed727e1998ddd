// SPDX-License-Identifier: Apache-2.0
// Where several blocks end on one line, a probe stays in the block it was added to, also after the project was opened
// anew.
#include <gtest/gtest.h>

#include <sstream>

#include "core/workspace/workspace.h"
#include "tests/core/workspace/sample_store.h"

namespace hindcast::workspace {
namespace {

const std::string kSource =
    "import hindcast as hc\n"
    "\n"
    "history = []\n"
    "for epoch in hc.loop(\"epoch\", range(3)):\n"
    "    loss = step()\n"
    "    if loss < 1:\n"
    "        best = loss\n"
    "    else:\n"
    "        history.append(loss)\n"
    "\n"
    "print(\"done\")\n";

struct Block {
    std::string indent;
    std::string name;
};

class KeptProbe : public testing::TestWithParam<Block> {
protected:
    std::unique_ptr<Workspace> open() const {
        auto opened = Workspace::open(m_store.root());
        EXPECT_TRUE(opened) << opened.error().text();
        return opened ? *std::move(opened) : nullptr;
    }
    static std::string sourceWith(const std::string& statement) {
        std::string text = kSource;
        return text.insert(text.find("\nprint"), GetParam().indent + statement + "\n");
    }
    static std::string lineOf(const std::string& text, int number) {
        std::istringstream lines(text);
        std::string line;
        for (int at = 0; at < number; ++at) std::getline(lines, line);
        return line;
    }
    std::string placed(Workspace& workspace, const std::string& probe) const {
        const auto all = workspace.placements(probe, {});
        EXPECT_TRUE(all && all->size() == 1);
        return all && all->size() == 1 ? all->front().splicedText : std::string();
    }

    SampleStore m_store;
    base::Uuid m_version = m_store.record({{"train.py", kSource}});
};

TEST_P(KeptProbe, StaysInItsBlockWhenItIsKeptFromTheWorkTree) {
    const std::string statement = "hc.log(\"seen\", len(history))";
    m_store.write("train.py", sourceWith(statement));
    auto workspace = open();
    PlanRequest request;
    request.names = {"seen"};
    const auto plan = workspace->plan(request);
    ASSERT_TRUE(plan) << plan.error().text();
    EXPECT_FALSE(workspace->replay(*plan)) << "nothing in this version can be replayed; the probe is kept all the same";
    workspace = open();
    const auto probes = workspace->probes();
    ASSERT_TRUE(probes && probes->size() == 1);
    EXPECT_TRUE(probes->front().typedInWorkTree);
    // The editor marks the user's own line, and a line of the file is still what it was.
    const auto shown = workspace->newestSource("train.py");
    ASSERT_TRUE(shown && shown->probes.size() == 1);
    EXPECT_EQ(shown->text, sourceWith(statement));
    EXPECT_EQ(lineOf(shown->text, shown->probes.front().firstLine), GetParam().indent + statement);
    EXPECT_EQ(shown->probes.front().lastLine, shown->probes.front().firstLine);
    EXPECT_EQ(probes->front().line, shown->probes.front().firstLine);
    EXPECT_EQ(placed(*workspace, probes->front().id), sourceWith(statement));
    m_store.write("train.py", kSource);  // the user takes it out again: the probe is kept
    workspace = open();
    EXPECT_EQ(placed(*workspace, probes->front().id), sourceWith(statement));
}

TEST_P(KeptProbe, StaysInItsBlockWhenItIsAddedAtALine) {
    if (GetParam().indent.empty()) GTEST_SKIP() << "a line alone says the block of the code above";
    const std::string statement = "hc.log(\"seen\", len(history))";
    const auto probe = open()->addProbe({"train.py", 10, "", "", GetParam().indent + statement});
    ASSERT_TRUE(probe) << probe.error().text();
    EXPECT_EQ(placed(*open(), probe->id), sourceWith(statement));
}

INSTANTIATE_TEST_SUITE_P(WhereBlocksEnd, KeptProbe,
                         testing::Values(Block{"        ", "InTheInnermost"}, Block{"    ", "InTheLoop"},
                                         Block{"", "BehindTheLoop"}),
                         [](const testing::TestParamInfo<Block>& block) { return block.param.name; });

}  // namespace
}  // namespace hindcast::workspace

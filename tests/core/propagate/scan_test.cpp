// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

const std::string kOld =
    "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n    hc.log('a', a)\nprint(a)\n";

std::vector<int> linesOf(const std::vector<Probe>& probes) {
    std::vector<int> lines;
    for (const Probe& probe : probes) lines.push_back(probe.line);
    return lines;
}

TEST(Scan, AddedLogStatementBringsTheStatementsItNeeds) {
    const std::string newer =
        "import hindcast as hc\nimport math\nnorms = []\nfor e in hc.loop('epoch', r):\n    a = work(e)\n    recall = "
        "math.sqrt(a)\n"
        "    norms.append(a)\n    unrelated = 3\n    hc.log('a', a)\n    hc.log('recall', recall)\n    hc.log('n', "
        "sum(norms))\nprint(a)\n";
    const auto added = scan(single(kOld), single(newer));
    ASSERT_TRUE(added);
    const auto find = [&](const std::string& name) {
        return *std::find_if(added->begin(), added->end(),
                             [&](const auto& s) { return s.names == std::vector<std::string>{name}; });
    };
    ASSERT_EQ(std::count_if(added->begin(), added->end(), [](const auto& s) { return !s.names.empty(); }), 2);
    EXPECT_EQ(linesOf(find("recall").group), (std::vector<int>{2, 6, 10}));
    EXPECT_EQ(linesOf(find("n").group), (std::vector<int>{3, 7, 11}));
}

TEST(Scan, RenamedStatementsAreNotAdded) {
    const std::string newer =
        "import hindcast as hc\nfor epoch in hc.loop('epoch', r):\n    acc = work(epoch)\n    hc.log('a', "
        "acc)\nprint(acc)\n";
    const auto added = scan(single(kOld), single(newer));
    ASSERT_TRUE(added);
    EXPECT_TRUE(added->empty());
}

TEST(Scan, ComputedNamesArePatternsAndLogsInAddedLoopsAreFound) {
    const std::string newer =
        "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n    hc.log('a', a)\n    for k in "
        "range(3):\n"
        "        hc.log(f'a{k}', a[k])\n        hc.log('last', a)\nprint(a)\n";
    const auto added = scan(single(kOld), single(newer));
    ASSERT_TRUE(added);
    ASSERT_EQ(added->size(), 1u);
    EXPECT_EQ(added->front().lines.first, 5);
    EXPECT_EQ(added->front().patterns, std::vector<std::string>{"f'a{k}'"});
    EXPECT_EQ(added->front().names, std::vector<std::string>{"last"});
}

TEST(Scan, HelperAddedInAnotherFileBelongsToTheGroupThatCallsIt) {
    const Project old(
        {{"train.py", "import hindcast as hc\nimport util\nfor e in hc.loop('epoch', r):\n    a = util.work(e)\n"},
         {"util.py", "def work(e):\n    return e\n"}});
    const Project newer(
        {{"train.py",
          "import hindcast as hc\nimport util\nfor e in hc.loop('epoch', r):\n    a = util.work(e)\n    hc.log('m', "
          "util.median(a))\n"},
         {"util.py", "def work(e):\n    return e\n\n\ndef median(v):\n    return sorted(v)[len(v) // 2]\n"}});
    const auto added = scan(old, newer);
    ASSERT_TRUE(added);
    const auto log = std::find_if(added->begin(), added->end(), [](const auto& s) { return !s.names.empty(); });
    ASSERT_NE(log, added->end());
    ASSERT_EQ(log->group.size(), 2u);
    EXPECT_EQ(log->group.front().file, "util.py");
    const auto placement = placeGroup(newer, log->group, old);
    ASSERT_TRUE(placement);
    ASSERT_EQ(placement->kind, Placement::Kind::Placed) << placement->reason;
    ASSERT_EQ(placement->spliced.size(), 2u);
    EXPECT_EQ(placement->spliced[0].file, "train.py");
    EXPECT_EQ(placement->spliced[0].text, newer.files()[0].text);
    EXPECT_EQ(placement->spliced[1].text, newer.files()[1].text);
}

TEST(FindLogStatements, GivesLinesOfTheWholeStatement) {
    const auto logs = findLogStatements({"t.py", "import hindcast as hc\nhc.log('a',\n       1)\n"});
    ASSERT_TRUE(logs);
    ASSERT_EQ(logs->size(), 1u);
    EXPECT_EQ(logs->front().statement.first, 2);
    EXPECT_EQ(logs->front().statement.last, 3);
}

}  // namespace
}  // namespace hindcast::propagate

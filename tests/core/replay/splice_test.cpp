// SPDX-License-Identifier: Apache-2.0
#include "core/replay/splice.h"

#include <gtest/gtest.h>

namespace hindcast::replay {
namespace {

const std::string kOriginal = "import hindcast as hc\nfor e in r:\n    train()\n    validate()\n";

std::vector<Insertion> insertionsOfText(const std::string& original, const std::string& spliced,
                                        std::vector<propagate::LineRange> ranges) {
    auto found = insertionsOf(original, {"train.py", spliced, std::move(ranges)});
    EXPECT_TRUE(found) << found.error().text();
    return found ? *found : std::vector<Insertion>{};
}

TEST(Splice, AnInsertionPutBackInGivesTheSplicedText) {
    const std::string spliced = "import hindcast as hc\nfor e in r:\n    train()\n    hc.log('a', 1)\n    validate()\n";
    const auto insertions = insertionsOfText(kOriginal, spliced, {{4, 4}});
    ASSERT_EQ(insertions.size(), 1u);
    EXPECT_EQ(insertions[0].text, "    hc.log('a', 1)\n");
    const auto all = spliceAll({{"train.py", kOriginal}}, {{0, insertions}});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->files.at("train.py"), spliced);
    EXPECT_EQ(all->injected, (std::vector<Injection>{{"train.py", 4, 4, 0}}));
}

TEST(Splice, SeveralProbesMeetInOneFileInTheirOrder) {
    const Insertion first{"train.py", kOriginal.find("    validate"), "    hc.log('a', 1)\n"};
    const Insertion second{"train.py", first.offset, "    for k in range(2):\n        hc.log('b', k)\n"};
    const Insertion above{"train.py", kOriginal.find("    train"), "    hc.log('c', 1)\n"};
    const auto all = spliceAll({{"train.py", kOriginal}}, {{0, {first}}, {1, {second}}, {2, {above}}});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->files.at("train.py"),
              "import hindcast as hc\nfor e in r:\n    hc.log('c', 1)\n    train()\n    hc.log('a', 1)\n"
              "    for k in range(2):\n        hc.log('b', k)\n    validate()\n");
    EXPECT_EQ(all->injected,
              (std::vector<Injection>{{"train.py", 3, 3, 2}, {"train.py", 5, 5, 0}, {"train.py", 6, 7, 1}}));
}

TEST(Splice, AnImportThatTwoProbesShareStandsOnce) {
    const Insertion import{"train.py", 0, "import math\n"};
    const Insertion a{"train.py", kOriginal.size(), "    hc.log('a', math.pi)\n"};
    const Insertion b{"train.py", kOriginal.size(), "    hc.log('b', math.e)\n"};
    const auto all = spliceAll({{"train.py", kOriginal}}, {{0, {import, a}}, {1, {import, b}}});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->files.at("train.py"),
              "import math\n" + kOriginal + "    hc.log('a', math.pi)\n    hc.log('b', math.e)\n");
}

TEST(Splice, AFileWithoutALastLineEndGetsOneOnlyWhereItIsNeeded) {
    const std::string original = "for e in r:\r\n    train()";
    const std::string spliced = "for e in r:\r\n    train()\r\n    log(1)";
    const auto insertions = insertionsOfText(original, spliced, {{3, 3}});
    auto all = spliceAll({{"train.py", original}}, {{0, insertions}});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->files.at("train.py"), spliced);
    EXPECT_EQ(all->injected[0].first, 3);
    const auto more = insertionsOfText(original, "for e in r:\r\n    train()\r\n    log(2)\r\n", {{3, 3}});
    all = spliceAll({{"train.py", original}}, {{0, more}, {1, more}, {2, insertions}});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->files.at("train.py"), "for e in r:\r\n    train()\r\n    log(2)\r\n    log(1)");
}

TEST(Splice, ATextThatIsNotTheOriginalWithLinesAddedIsRefused) {
    EXPECT_FALSE(insertionsOf(kOriginal, {"train.py", "import x\n" + kOriginal, {}}));
    EXPECT_FALSE(insertionsOf(kOriginal, {"train.py", "import hindcast as hc\n", {}}));
    EXPECT_FALSE(spliceAll({{"train.py", "x\n"}}, {{0, {{"train.py", 99, "y\n"}}}}));
    EXPECT_FALSE(spliceAll({}, {{0, {{"train.py", 0, "y\n"}}}}));
}

TEST(MemoKey, ChangesWithVersionTextFileAndMode) {
    const base::Uuid version = base::Uuid::make();
    const std::string key = memoKey(version, {{"a.py", "x"}}, Mode::Deep);
    EXPECT_EQ(key.size(), 32u);
    EXPECT_EQ(key, memoKey(version, {{"a.py", "x"}}, Mode::Deep));
    EXPECT_NE(key, memoKey(version, {{"a.py", "x"}}, Mode::Shallow));
    EXPECT_NE(key, memoKey(version, {{"a.py", "y"}}, Mode::Deep));
    EXPECT_NE(key, memoKey(version, {{"b.py", "x"}}, Mode::Deep));
    EXPECT_NE(key, memoKey(base::Uuid::make(), {{"a.py", "x"}}, Mode::Deep));
    EXPECT_NE(memoKey(version, {{"a", "bc"}}, Mode::Deep), memoKey(version, {{"ab", "c"}}, Mode::Deep));
}

}  // namespace
}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/words.h"

#include <gtest/gtest.h>

namespace hindcast::cli {
namespace {

TEST(Words, IterationsAreARangeOrOnePass) {
    EXPECT_EQ(*parseIterations("epoch=2..4"), (std::pair<std::int64_t, std::int64_t>{2, 4}));
    EXPECT_EQ(*parseIterations("7"), (std::pair<std::int64_t, std::int64_t>{7, 7}));
    for (const char* wrong : {"", "epoch=", "epoch=4..2", "epoch=-1", "epoch=1..", "epoch=1..x", "1...3"}) {
        EXPECT_FALSE(parseIterations(wrong)) << wrong;
    }
}

TEST(Words, PassesOfAnInnerLoopFollowThoseOfTheOuterOne) {
    const auto both = parseNestedIterations("epoch=3,step=5000..5100");
    ASSERT_TRUE(both);
    EXPECT_EQ(both->outer, (std::pair<std::int64_t, std::int64_t>{3, 3}));
    EXPECT_EQ(both->innerLoop, "step");
    EXPECT_EQ(both->inner, (std::pair<std::int64_t, std::int64_t>{5000, 5100}));
    EXPECT_EQ(parseNestedIterations("epoch=2..4")->innerLoop, "");
    EXPECT_EQ(parseNestedIterations("epoch=/2,step=1..3")->stride, 2);
    for (const char* wrong : {"epoch=3,", "epoch=3,5", "epoch=3,=5", "epoch=3,step=5..4", "epoch=3,step=5,part=1"})
        EXPECT_FALSE(parseNestedIterations(wrong)) << wrong;
}

TEST(Words, IterationsAreThinnedOutByAStrideOrByWhatIsStored) {
    const auto tenth = parseNestedIterations("epoch=2..40/10");
    ASSERT_TRUE(tenth);
    EXPECT_EQ(tenth->outer, (std::pair<std::int64_t, std::int64_t>{2, 40}));
    EXPECT_EQ(tenth->stride, 10);
    EXPECT_FALSE(parseNestedIterations("epoch=/10")->outer);
    EXPECT_EQ(parseNestedIterations("/10")->stride, 10);
    EXPECT_TRUE(parseNestedIterations("epoch=captured")->onlyCaptured);
    EXPECT_FALSE(parseNestedIterations("epoch=captured")->outer);
    EXPECT_TRUE(parseNestedIterations("epoch=2..40/captured")->onlyCaptured);
    EXPECT_FALSE(parseNestedIterations("epoch=2..40")->onlyCaptured);
    for (const char* wrong : {"epoch=2..40/0", "epoch=2..40/", "epoch=/-1", "epoch=/x", "epoch=4..2/3", "epoch=stored"})
        EXPECT_FALSE(parseNestedIterations(wrong)) << wrong;
}

TEST(Words, TheSpeedOfAPlaceSaysWhatItRestsOn) {
    EXPECT_EQ(speedText(1, 0), "1 (not known)");
    EXPECT_EQ(speedText(6, 0), "6 (as said)");
    EXPECT_EQ(speedText(5.2431, 1), "5.2 (from 1 replay)");
    EXPECT_EQ(speedText(0.5, 3), "0.5 (from 3 replays)");
}

TEST(Words, ALengthOfTimeHasAUnit) {
    EXPECT_EQ(*parseSeconds("90s"), 90);
    EXPECT_EQ(*parseSeconds("1.5m"), 90);
    EXPECT_EQ(*parseSeconds("2h"), 7200);
    EXPECT_EQ(*parseSeconds("45"), 45);
    for (const char* wrong : {"", "0", "-1s", "10d", "x", "5 m"}) EXPECT_FALSE(parseSeconds(wrong)) << wrong;
}

TEST(Words, APlaceIsAFileAndALine) {
    EXPECT_EQ(*parsePlace("data/a:b.py:12"), (std::pair<std::string, int>{"data/a:b.py", 12}));
    for (const char* wrong : {"train.py", "train.py:", ":3", "train.py:0", "train.py:x"})
        EXPECT_FALSE(parsePlace(wrong)) << wrong;
}

}  // namespace
}  // namespace hindcast::cli

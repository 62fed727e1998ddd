// SPDX-License-Identifier: Apache-2.0
// Anything may be handed in: sizes, nesting and bytes that no training script has.
#include <algorithm>
#include <random>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

TEST(Robust, FiftyThousandLinesAreCarried) {
    std::string old;
    for (int i = 0; i < 12'500; ++i) {
        const std::string n = std::to_string(i);
        old += "def f" + n + "(x):\n    y = g" + n + "(x) + " + n + "\n    return y\n\n";
    }
    std::string newest = old;
    const std::string after = "y = g6000(x) + 6000\n";
    newest.insert(newest.find(after) + after.size(), "    log('y', y)\n");
    EXPECT_EQ(spliced(carry(newest, "log('y'", old)), newest);
}

TEST(Robust, ManyEqualStatementsInOneBlockStayBounded) {
    const std::string newest = repeated("step()\n", 4000) + "log('v', 1)\n" + repeated("step()\n", 4000);
    const Placement placement = carry(newest, "log('v'", repeated("step()\n", 7000));
    EXPECT_LE(placement.candidates.size(), 8u);
}

TEST(Robust, OneLongLineAndOneLongExpressionStayBounded) {
    const std::string sum = "total = 0" + repeated(" + f(1)", 20'000) + "\n";
    const std::string newest = sum + "log('t', total)\nend(total)\n";
    const auto placement = place(single(newest), {"train.py", 2}, single(sum + "end(total)\n"));
    if (placement) {
        EXPECT_EQ(spliced(*placement), newest);
    } else {
        EXPECT_EQ(placement.error().code(), base::ErrorCode::Parse);  // nests too deeply
    }
}

TEST(Robust, DeepBlocksAreCarriedOrRefusedButNeverCrash) {
    for (const int depth : {20, 90, 400}) {
        std::string old;
        for (int i = 0; i < depth; ++i) old += repeated(" ", i) + "if a" + std::to_string(i) + ":\n";
        const std::string indent = repeated(" ", depth);
        const std::string newest = old + indent + "x = work(1)\n" + indent + "log('x', x)\n" + indent + "rest(x)\n";
        old += indent + "x = work(1)\n" + indent + "rest(x)\n";
        const auto placement = place(single(newest), {"train.py", depth + 2}, single(old));
        if (placement) {
            EXPECT_EQ(spliced(*placement), newest) << depth;
        } else {
            EXPECT_GT(depth, 90) << placement.error().text();
        }
    }
}

TEST(Robust, AStoppedCallAnswersCancelled) {
    std::stop_source stop;
    stop.request_stop();
    const auto placement = place(single("a = 1\nlog('a', a)\n"), {"train.py", 2}, single("a = 1\n"), stop.get_token());
    ASSERT_FALSE(placement);
    EXPECT_EQ(placement.error().code(), base::ErrorCode::Cancelled);
}

}  // namespace
}  // namespace hindcast::propagate

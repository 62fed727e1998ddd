// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/log_calls.h"

#include <gtest/gtest.h>

namespace hindcast::syntax {
namespace {

std::vector<LogCall> callsIn(const std::string& text) {
    const auto tree = *parsePython("t.py", text);
    return findLogCalls(*tree, Scopes(*tree), Outline(*tree));
}

TEST(LogCalls, AreFoundUnderEveryName) {
    const auto calls = callsIn(
        "import hindcast as hc\nimport hindcast\nfrom hindcast import log as put\nimport math\n"
        "hc.log('a', 1)\nhindcast.log(\"b\", 2)\nput('c', 3)\n__import__('hindcast').log('d', 4)\nmath.log('no', "
        "5)\nlog('no', 6)\n");
    ASSERT_EQ(calls.size(), 4u);
    EXPECT_EQ(calls[0].name + calls[1].name + calls[2].name + calls[3].name, "abcd");
}

TEST(LogCalls, KnowTheirLoopsAndTellComputedNames) {
    const auto calls = callsIn(
        "import hindcast as flor\nfor e in flor.loop('epoch', range(3)):\n    for i, b in enumerate(flor.loop('step', "
        "data)):\n"
        "        for k in range(3):\n            flor.log(f'layer{k}', b)\n    flor.log(name='acc', value=1)\n");
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_FALSE(calls[0].literal);
    EXPECT_EQ(calls[0].loops, (std::vector<std::string>{"epoch", "step", ""}));
    EXPECT_EQ(calls[1].name, "acc");
    EXPECT_EQ(calls[1].loops, (std::vector<std::string>{"epoch"}));
}

}  // namespace
}  // namespace hindcast::syntax

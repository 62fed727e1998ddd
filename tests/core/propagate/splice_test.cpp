// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

// A frame with room for a probe: `before`, probe, `after` in a loop.
const std::string kNewest =
    "for i in items:\n    first = work(i)\n    log('v', first)\n    second = rest(first)\nend(items)\n";

TEST(Splice, KeepsCommentsQuotesAndBlankLinesOfTheOldFile) {
    const std::string old =
        "# head\nfor i in items:   # odd\n    first = work( i )\n\n    # about the second\n    second = "
        "rest(first)\n\n\nend(items)\n";
    EXPECT_EQ(spliced(carry(kNewest, "log('v'", old)),
              "# head\nfor i in items:   # odd\n    first = work( i )\n    log('v', first)\n\n    # about the second\n "
              "   second = rest(first)\n\n\nend(items)\n");
}

TEST(Splice, TakesTheBlocksIndentationBeItTabsOrTwoBlanks) {
    EXPECT_EQ(
        spliced(carry(kNewest, "log('v'", "for i in items:\n\tfirst = work(i)\n\tsecond = rest(first)\nend(items)\n")),
        "for i in items:\n\tfirst = work(i)\n\tlog('v', first)\n\tsecond = rest(first)\nend(items)\n");
    const std::string compound =
        "for i in items:\n    first = work(i)\n    if first:\n        log('v', first)\n    second = "
        "rest(first)\nend(items)\n";
    EXPECT_EQ(
        spliced(
            carry(compound, "if first", "for i in items:\n  first = work(i)\n  second = rest(first)\nend(items)\n")),
        "for i in items:\n  first = work(i)\n  if first:\n    log('v', first)\n  second = rest(first)\nend(items)\n");
}

TEST(Splice, TakesTheLineEndsOfTheOldFileAndKeepsItsBom) {
    EXPECT_EQ(
        spliced(carry(kNewest, "log('v'",
                      "\xEF\xBB\xBF"
                      "for i in items:\r\n    first = work(i)\r\n    second = rest(first)\r\nend(items)\r\n")),
        "\xEF\xBB\xBF"
        "for i in items:\r\n    first = work(i)\r\n    log('v', first)\r\n    second = rest(first)\r\nend(items)\r\n");
}

TEST(Splice, AMissingLastNewlineStaysMissing) {
    const std::string newest = "a = start(1)\nb = work(a)\nlog('b', b)\n";
    EXPECT_EQ(spliced(carry(newest, "log('b'", "a = start(1)\nb = work(a)")), "a = start(1)\nb = work(a)\nlog('b', b)");
}

TEST(Splice, MultiLineStringsInTheStatementKeepTheirBytes) {
    const std::string newest =
        "def f(x):\n    y = work(x)\n    log('q', \"\"\"a\n  b\n\"\"\", y)\n    return done(y)\n";
    EXPECT_EQ(spliced(carry(newest, "log('q'", "def f(x):\n\ty = work(x)\n\treturn done(y)\n")),
              "def f(x):\n\ty = work(x)\n\tlog('q', \"\"\"a\n  b\n\"\"\", y)\n\treturn done(y)\n");
}

TEST(Splice, JoinsStatementsOnOneLineAndOneLineSuites) {
    EXPECT_EQ(
        spliced(carry(kNewest, "log('v'", "for i in items:\n    first = work(i); second = rest(first)\nend(items)\n")),
        "for i in items:\n    first = work(i); log('v', first); second = rest(first)\nend(items)\n");
    EXPECT_EQ(spliced(carry(kNewest, "log('v'", "for i in items: first = work(i); second = rest(first)\nend(items)\n")),
              "for i in items: first = work(i); log('v', first); second = rest(first)\nend(items)\n");
}

TEST(Splice, CompoundStatementIntoAOneLineSuiteIsAConflict) {
    const std::string newest =
        "for i in items:\n    first = work(i)\n    if first:\n        log('v', first)\n    second = "
        "rest(first)\nend(items)\n";
    EXPECT_EQ(carry(newest, "if first", "for i in items: first = work(i); second = rest(first)\nend(items)\n").kind,
              Placement::Kind::Conflict);
}

TEST(Splice, CharactersThatTheOldEncodingMayNotHaveAreAConflict) {
    const std::string newest = "a = start(1)\nlog('größe', a)\nb = work(a)\n";
    EXPECT_EQ(carry(newest, "log('gr", "# coding: latin-1\na = start(1)\nb = work(a)\n").kind,
              Placement::Kind::Conflict);
    EXPECT_EQ(spliced(carry(newest, "log('gr", "a = start(1)\nb = work(a)\n")), newest);
}

TEST(Splice, NeverStandsBeforeADocstring) {
    const std::string newest = "def f(x):\n    log('x', x)\n    y = work(x)\n    return y\n";
    EXPECT_EQ(spliced(carry(newest, "log('x'", "def f(x):\n    '''Says what.'''\n    y = work(x)\n    return y\n")),
              "def f(x):\n    '''Says what.'''\n    log('x', x)\n    y = work(x)\n    return y\n");
}

}  // namespace
}  // namespace hindcast::propagate

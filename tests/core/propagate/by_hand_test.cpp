// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

const std::string kOld = "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n\nprint(a)\n";

TEST(PlaceAt, StatementJoinsTheBlockWhoseIndentationItHas) {
    const auto inner = placeAt(single(kOld), "train.py", 4, "    hc.log('a', a)");
    ASSERT_TRUE(inner);
    EXPECT_EQ(
        spliced(*inner),
        "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n    hc.log('a', a)\n\nprint(a)\n");
    const auto outer = placeAt(single(kOld), "train.py", 5, "hc.log('a', a)");
    ASSERT_TRUE(outer);
    EXPECT_EQ(spliced(*outer),
              "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n\nhc.log('a', a)\nprint(a)\n");
    EXPECT_EQ(outer->spliced.front().inserted.front().first, 5);
}

TEST(PlaceAt, AKnownIndentationCountsAlsoWhereTheTextHasNone) {
    const auto inner = placeAt(single(kOld), "train.py", 4, "hc.log('a', a)", "    ");
    ASSERT_TRUE(inner);
    EXPECT_NE(spliced(*inner).find("work(e)\n    hc.log('a', a)\n\nprint"), std::string::npos);
    const auto outer = placeAt(single(kOld), "train.py", 4, "hc.log('a', a)", "");
    ASSERT_TRUE(outer);
    EXPECT_NE(spliced(*outer).find("work(e)\nhc.log('a', a)\n\nprint"), std::string::npos);
}

TEST(PlaceAt, SeveralStatementsAreKeptTogether) {
    const auto placement = placeAt(single(kOld), "train.py", 4, "    b = a + 1\n    hc.log('b', b)\n");
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement),
              "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n    b = a + 1\n    hc.log('b', "
              "b)\n\nprint(a)\n");
}

TEST(PlaceAt, NoStatementIsPutBetweenThoseOfOneLine) {
    const std::string old = "for e in r:\n    for s in e:\n        a = s; b = a; c = b\n    d = c\n";
    const auto inner = placeAt(single(old), "train.py", 4, "hc.log('a', a)", "        ");
    ASSERT_TRUE(inner);
    EXPECT_EQ(spliced(*inner),
              "for e in r:\n    for s in e:\n        a = s; b = a; c = b\n        hc.log('a', a)\n    d = c\n");
    const auto outer = placeAt(single(old), "train.py", 4, "hc.log('a', a)", "    ");
    ASSERT_TRUE(outer);
    EXPECT_EQ(spliced(*outer),
              "for e in r:\n    for s in e:\n        a = s; b = a; c = b\n    hc.log('a', a)\n    d = c\n");
}

TEST(PlaceAt, WhatDoesNotParseIsRefused) {
    EXPECT_FALSE(placeAt(single(kOld), "train.py", 4, "hc.log('a',"));
    EXPECT_FALSE(placeAt(single(kOld), "train.py", 4, "  "));
    EXPECT_FALSE(placeAt(single(kOld), "other.py", 1, "x = 1"));
}

TEST(WriteExpression, CallsHindcastAsTheFileDoes) {
    const auto written = writeExpression(single(kOld), {"train.py", 3, true, "sq", "a ** 2"});
    ASSERT_TRUE(written);
    EXPECT_EQ(written->text,
              "import hindcast as hc\nfor e in hc.loop('epoch', r):\n    a = work(e)\n    hc.log(\"sq\", a ** "
              "2)\n\nprint(a)\n");
    EXPECT_EQ(written->probe.line, 4);
    const auto from = writeExpression(single("from hindcast import log\na = 1\n"), {"train.py", 2, true, "a", "a"});
    ASSERT_TRUE(from);
    EXPECT_EQ(from->text, "from hindcast import log\na = 1\nlog(\"a\", a)\n");
    const auto none = writeExpression(single("a = 1\nb = 2\n"), {"train.py", 2, false, "a", "a"});
    ASSERT_TRUE(none);
    EXPECT_EQ(none->text, "a = 1\n__import__(\"hindcast\").log(\"a\", a)\nb = 2\n");
}

TEST(WriteExpression, AfterALoopsHeadMeansFirstInItsBody) {
    const auto written = writeExpression(single(kOld), {"train.py", 2, true, "e", "e"});
    ASSERT_TRUE(written);
    EXPECT_EQ(written->probe.line, 3);
    EXPECT_NE(written->text.find(":\n    hc.log(\"e\", e)\n    a = work"), std::string::npos);
}

TEST(WriteExpression, StandsBesideTheWholeLine) {
    const std::string old = "from hindcast import log\na = 1; b = 2; c = 3\nif a: b = 4; c = 5\nd = 6\n";
    const auto text = [&](int line, bool after) {
        const auto written = writeExpression(single(old), {"train.py", line, after, "a", "a"});
        return written ? written->text : written.error().text();
    };
    const std::string log = "log(\"a\", a)\n";
    EXPECT_EQ(text(2, false), "from hindcast import log\n" + log + old.substr(25));
    EXPECT_EQ(text(2, true), old.substr(0, 45) + log + old.substr(45));
    EXPECT_EQ(text(3, false), old.substr(0, 45) + log + old.substr(45));
    EXPECT_EQ(text(3, true), old.substr(0, 64) + log + old.substr(64));
}

TEST(WriteExpression, WhatIsNoExpressionIsRefused) {
    for (const char* bad : {"", "a = 1", "a)", "a, b) + (c", "import os", "a; b", "for"}) {
        EXPECT_FALSE(writeExpression(single(kOld), {"train.py", 3, true, "x", bad})) << bad;
    }
}

TEST(WriteExpression, TravelsTheOrdinaryWayBack) {
    const auto written = writeExpression(single(kOld), {"train.py", 3, true, "sq", "a ** 2"});
    ASSERT_TRUE(written);
    const std::string old =
        "from hindcast import loop, log\nfor e in loop('epoch', r):\n    value = work(e)\n\nprint(value)\n";
    const auto placement = place(single(written->text), written->probe, single(old));
    ASSERT_TRUE(placement);
    EXPECT_EQ(spliced(*placement),
              "from hindcast import loop, log\nfor e in loop('epoch', r):\n    value = work(e)\n    log(\"sq\", value "
              "** 2)\n\nprint(value)\n");
}

TEST(WriteExpression, BringsTheImportThatAnOldVersionLacks) {
    const auto written = writeExpression(single("import hindcast as hc\n\na = work(1)\nrest(a)\n"),
                                         {"train.py", 3, true, "a", "a.norm()"});
    ASSERT_TRUE(written);
    const auto bare = place(single(written->text), written->probe, single("a = work(1)\nrest(a)\n"));
    ASSERT_TRUE(bare);
    EXPECT_EQ(spliced(*bare), "a = work(1)\n__import__(\"hindcast\").log(\"a\", a.norm())\nrest(a)\n");
    const auto later =
        place(single(written->text), written->probe, single("a = work(1)\nrest(a)\nimport hindcast as flor\n"));
    ASSERT_TRUE(later);
    EXPECT_EQ(spliced(*later),
              "a = work(1)\n__import__(\"hindcast\").log(\"a\", a.norm())\nrest(a)\nimport hindcast as flor\n");
}

}  // namespace
}  // namespace hindcast::propagate

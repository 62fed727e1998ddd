// SPDX-License-Identifier: Apache-2.0
// Bytes of the old file that have to stay, and files that are not plain Python 3.
#include <algorithm>

#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

const std::string kNewest = "def fit(net):\n    loss = step(net)\n    log('loss', loss)\n    update(net, loss)\n";

TEST(Bytes, TabsCarriageReturnsAndAMissingLastNewlineStay) {
    EXPECT_EQ(spliced(carry(kNewest, "log('loss'", "def fit(net):\r\n\tloss = step(net)\r\n\tupdate(net, loss)")),
              "def fit(net):\r\n\tloss = step(net)\r\n\tlog('loss', loss)\r\n\tupdate(net, loss)");
}

TEST(Bytes, LoneCarriageReturnsAreLineEnds) {
    EXPECT_EQ(spliced(carry(kNewest, "log('loss'", "def fit(net):\r\tloss = step(net)\r\tupdate(net, loss)\r")),
              "def fit(net):\r\tloss = step(net)\r\tlog('loss', loss)\r\tupdate(net, loss)\r");
}

TEST(Bytes, AByteOrderMarkStaysFirstEvenBeforeThePlace) {
    const std::string newest = "log('start', 1)\nimport os\nrun(os)\n";
    EXPECT_EQ(spliced(carry(newest, "log('start'", "\xEF\xBB\xBFimport os\nrun(os)\n")),
              "\xEF\xBB\xBFlog('start', 1)\nimport os\nrun(os)\n");
}

TEST(Bytes, DeclaredEncodingsKeepTheirBytes) {
    const std::string head = "# -*- coding: shift_jis -*-\n# \x95\x5c\x8e\xa6\n";  // a trail byte is a backslash
    EXPECT_EQ(
        spliced(carry(kNewest, "log('loss'", head + "def fit(net):\n    loss = step(net)\n    update(net, loss)\n")),
        head + "def fit(net):\n    loss = step(net)\n    log('loss', loss)\n    update(net, loss)\n");
    const std::string latin =
        "# coding: latin-1\nname = 'gr\xf6\xdf"
        "e'\n";
    EXPECT_EQ(
        spliced(carry(kNewest, "log('loss'", latin + "def fit(net):\n    loss = step(net)\n    update(net, loss)\n")),
        latin + "def fit(net):\n    loss = step(net)\n    log('loss', loss)\n    update(net, loss)\n");
}

TEST(Bytes, FormFeedsAndTrailingBlanksStay) {
    EXPECT_EQ(
        spliced(carry(kNewest, "log('loss'",
                      "import os\n\f\ndef fit(net):   \n    loss = step(net)  \n    update(net, loss)\t\n")),
        "import os\n\f\ndef fit(net):   \n    loss = step(net)  \n    log('loss', loss)\n    update(net, loss)\t\n");
}

TEST(Bytes, SyntaxOfPython312ParsesOnBothSides) {
    const std::string newest =
        "type Pair[T] = tuple[T, T]\n\ndef fit[T](net: T) -> T:\n    loss = step(net)\n    log('loss', "
        "f\"{loss!r:>{10}} "
        "{'a' if loss else 'b'}\")\n    update(net, loss)\n    return net\n";
    const std::string old =
        "type Pair[T] = tuple[T, T]\n\ndef fit[T](net: T) -> T:\n    err = step(net)\n    update(net, "
        "err)\n    return net\n";
    EXPECT_EQ(spliced(carry(newest, "log('loss'", old)),
              "type Pair[T] = tuple[T, T]\n\ndef fit[T](net: T) -> T:\n    err = step(net)\n    log('loss', "
              "f\"{err!r:>{10}} {'a' if err else 'b'}\")\n    update(net, err)\n    return net\n");
}

TEST(Bytes, WhatTheGrammarDoesNotKnowIsAnErrorNotAGuess) {
    const auto placement = place(single(kNewest), {"train.py", 3}, single("def fit(net):\n    loss = $step(net)\n"));
    ASSERT_FALSE(placement);
    EXPECT_EQ(placement.error().code(), base::ErrorCode::Parse);
}

TEST(Bytes, PythonTwoLeftoversAreAConflict) {
    for (const char* line : {"    print loss\n", "    print >>err, loss\n", "    exec code in space\n"}) {
        const auto placement =
            place(single(kNewest), {"train.py", 3},
                  single("def fit(net):\n    loss = step(net)\n" + std::string(line) + "    update(net, loss)\n"));
        if (placement) {
            EXPECT_EQ(placement->kind, Placement::Kind::Conflict) << line;
        } else {
            EXPECT_TRUE(placement.error().code() == base::ErrorCode::Conflict ||
                        placement.error().code() == base::ErrorCode::Parse)
                << line << placement.error().text();
        }
    }
}

}  // namespace
}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include "tests/core/propagate/support.h"

namespace hindcast::propagate {
namespace {

const std::string kNewer =
    "import hindcast as hc\n"
    "\n"
    "def fit(model, data):\n"
    "    for epoch in hc.loop('epoch', range(3)):\n"
    "        loss = model.loss(\n"
    "            data)\n"
    "        hc.log('loss', loss.item())\n"
    "        hc.log('added', 1)\n";

std::optional<Counterpart> find(int line, const std::string& old) {
    auto found = findCounterpart(single(kNewer), {"train.py", line}, single(old));
    EXPECT_TRUE(found) << (found ? "" : found.error().text());
    return found ? *found : std::nullopt;
}

TEST(Counterpart, AnUnchangedStatementIsFoundWhereItStoodBefore) {
    const auto found = find(7,
                            "# first\nimport hindcast as hc\nfor epoch in hc.loop('epoch', range(3)):\n"
                            "    loss = model.loss(data)\n    hc.log('loss', loss.item())\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->lines.first, 5);
    EXPECT_TRUE(found->sameText);
    EXPECT_EQ(found->text, "hc.log('loss', loss.item())");
}

TEST(Counterpart, ARenamedOneHasTheSameNamesAndAnotherText) {
    std::string old = kNewer.substr(0, kNewer.find("        hc.log('added'"));
    for (std::size_t at = 0; (at = old.find("loss", at)) != std::string::npos; at += 4) {
        if (old[at - 1] != '\'' && old[at - 1] != '.') old.replace(at, 4, "cost");
    }
    const auto found = find(7, old);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->sameText);
    EXPECT_TRUE(found->sameNames);
    EXPECT_EQ(found->text, "hc.log('loss', cost.item())");
}

TEST(Counterpart, AStatementThatWasAddedLaterHasNone) {
    EXPECT_FALSE(find(8, kNewer.substr(0, kNewer.find("        hc.log('added'"))));
}

TEST(Counterpart, ALineInsideAStatementStandsForTheStatement) {
    const auto found = find(6, kNewer);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->lines.first, 5);
    EXPECT_EQ(found->lines.last, 6);
}

TEST(Counterpart, ACompoundStatementIsFollowedByItsHead) {
    const auto found = find(4, kNewer);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->text, "for epoch in hc.loop('epoch', range(3)):");
}

TEST(Counterpart, ABlankLineIsWrongUsageAndAStopIsCancelled) {
    const auto blank = findCounterpart(single(kNewer), {"train.py", 2}, single(kNewer));
    ASSERT_FALSE(blank);
    EXPECT_EQ(blank.error().code(), base::ErrorCode::InvalidArgument);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = findCounterpart(single(kNewer), {"train.py", 7}, single("x = 1\n"), stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code(), base::ErrorCode::Cancelled);
}

}  // namespace
}  // namespace hindcast::propagate

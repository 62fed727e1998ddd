// SPDX-License-Identifier: Apache-2.0
#include "core/base/uuid.h"

#include <gtest/gtest.h>

#include <set>

namespace hindcast::base {
namespace {

TEST(Uuid, TextComesBackAndOtherTextIsRefused) {
    const Uuid made = Uuid::make();
    EXPECT_EQ(Uuid::parse(made.text()), made);
    EXPECT_FALSE(Uuid::parse(""));
    EXPECT_FALSE(Uuid::parse(made.text() + "0"));
    std::string broken = made.text();
    broken[8] = 'x';
    EXPECT_FALSE(Uuid::parse(broken));
}

TEST(Uuid, ManyMadeInOneMomentDiffer) {
    std::set<std::string> seen;
    for (int i = 0; i < 10000; ++i) seen.insert(Uuid::make().text());
    EXPECT_EQ(seen.size(), 10000U);
}

}  // namespace
}  // namespace hindcast::base

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace hindcast::cli {
namespace {

TEST(Print, NumbersReadBackToTheSameBits) {
    for (const double value : {0.1, 1.0 / 3.0, 1e-310, -0.0, 6.02214076e23, std::numeric_limits<double>::max()}) {
        const double back = std::strtod(numberText(value).c_str(), nullptr);
        EXPECT_EQ(std::signbit(back), std::signbit(value));
        EXPECT_EQ(back, value);
    }
    EXPECT_EQ(numberText(std::nan("")), "nan");
    EXPECT_EQ(numberText(-INFINITY), "-inf");
}

TEST(Print, RangesFoldNeighbours) {
    EXPECT_EQ(rangesText({}), "");
    EXPECT_EQ(rangesText({3}), "3");
    EXPECT_EQ(rangesText({0, 1, 2, 3, 5, 8, 9}), "0-3, 5, 8-9");
}

TEST(Print, DurationsAndBytesAreWrittenForPeople) {
    EXPECT_EQ(durationText(3.24), "3.2 s");
    EXPECT_EQ(durationText(59.6), "1 min 0 s");
    EXPECT_EQ(durationText(125), "2 min 5 s");
    EXPECT_EQ(durationText(3900), "1 h 5 min");
    EXPECT_EQ(bytesText(0), "0 B");
    EXPECT_EQ(bytesText(999'600), "1.0 MB");
    EXPECT_EQ(bytesText(412'300'000), "412 MB");
}

TEST(Print, WideCharactersTakeTwoColumns) {
    EXPECT_EQ(displayWidth("v12"), 3U);
    EXPECT_EQ(displayWidth("損失"), 4U);
    EXPECT_EQ(displayWidth("±2 s"), 4U);
}

TEST(Print, ATableAlignsItsColumns) {
    Table table;
    table.addColumn("name");
    table.addColumn("n", Align::Right);
    table.addRow({"損失", "5"});
    table.addRow({"a", "12345"});
    testing::internal::CaptureStdout();
    table.print(stdout);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "name      n\n損失      5\na     12345\n");
}

}  // namespace
}  // namespace hindcast::cli

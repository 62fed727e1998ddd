// SPDX-License-Identifier: Apache-2.0
#include "core/store/columns/value_block.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "core/store/columns/integer_column.h"

namespace hindcast::store {
namespace {

ValueSeries emptySeries(const std::vector<std::string>& loops) {
    ValueSeries series;
    series.loops = loops;
    series.index.resize(loops.size());
    series.occurrence.resize(loops.size());
    return series;
}

TEST(IntegerColumn, GivesBackEverySequence) {
    std::mt19937_64 random(7);
    std::vector<std::vector<std::int64_t>> columns = {{5}, {1, 2}, {1, 2, 4}, {INT64_MIN, INT64_MAX, 0, -1}, {}};
    columns.emplace_back(1000, 3);
    std::vector<std::int64_t> nested, noise, large;
    for (int i = 0; i < 5000; ++i)
        nested.push_back(i % 100), noise.push_back(static_cast<std::int64_t>(random() % 300)),
            large.push_back(static_cast<std::int64_t>(random()));
    columns.insert(columns.end(), {nested, noise, large});
    for (const auto& column : columns) {
        base::ByteWriter out;
        putIntegers(out, column);
        std::vector<std::int64_t> back(column.size());
        base::ByteReader in(out.view());
        ASSERT_TRUE(getIntegers(in, back));
        EXPECT_EQ(back, column);
        EXPECT_TRUE(in.atEnd());
    }
}

TEST(IntegerColumn, StoresLoopIndicesInAFewBytes) {
    std::vector<std::int64_t> epochs, steps;
    for (int epoch = 0; epoch < 100; ++epoch)
        for (int step = 0; step < 500; ++step) epochs.push_back(epoch), steps.push_back(step);
    for (const auto& column : {epochs, steps}) {
        base::ByteWriter out;
        putIntegers(out, column);
        EXPECT_LT(out.size(), 700U);
    }
}

TEST(ValueBlock, KeepsEveryBitOfDoubles) {
    ValueSeries series = emptySeries({"epoch", "step"});
    const std::vector<double> values = {
        0.1,      -0.0,      0.5,   std::nan("7"), std::bit_cast<double>(0x7FF0000000000001ULL),
        INFINITY, -INFINITY, 1e308, 5e-324};
    for (std::size_t i = 0; i < values.size(); ++i) {
        appendLevel(series, 0, 0, 3);
        appendLevel(series, 1, i == 4 ? 2 : 0, static_cast<std::int64_t>(i));
        appendDouble(series, values[i], {});
    }
    ValueSeries back;
    back.loops = series.loops;
    ASSERT_TRUE(appendBlock(encodeBlock(series), back));
    ASSERT_EQ(back.count, values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_EQ(std::bit_cast<std::uint64_t>(back.numbers[i]), std::bit_cast<std::uint64_t>(values[i])) << i;
    EXPECT_EQ(back.index[1].back(), 8);
    EXPECT_EQ(back.occurrenceAt(1, 4), 2);
    EXPECT_EQ(back.occurrenceAt(1, 5), 0);
    EXPECT_TRUE(back.kinds.empty());
    EXPECT_TRUE(back.ordinal.empty());
}

TEST(ValueBlock, KeepsATypeForEachValueOfANameThatChangesItsType) {
    ValueSeries series = emptySeries({});
    appendDouble(series, 1.5, {});
    appendInteger(series, (std::int64_t{1} << 60) + 1, {1, 0, -1});
    appendBool(series, true, {2, 3, 4});
    appendText(series, ValueKind::None, {}, {3, 0, -1});
    appendText(series, ValueKind::Text, "naïve\0x", {4, 0, -1});
    appendText(series, ValueKind::BigInt, "123456789012345678901234567890", {5, 0, -1});
    appendText(series, ValueKind::Rich, std::string("\x01\x00\x02", 3), {6, 0, -1});
    appendDouble(series, 2.5, {7, 0, -1});
    ValueSeries back;
    // Two blocks into one series: what was constant in the first is not in the second.
    ValueSeries plain = emptySeries({});
    appendDouble(plain, 9.0, {});
    ASSERT_TRUE(appendBlock(encodeBlock(plain), back));
    ASSERT_TRUE(appendBlock(encodeBlock(series), back));
    ASSERT_TRUE(appendBlock(encodeBlock(plain), back));
    ASSERT_EQ(back.count, 10U);
    EXPECT_EQ(back.valueAt(0), Value(9.0));
    for (std::size_t row = 0; row < series.count; ++row) EXPECT_EQ(back.valueAt(row + 1), series.valueAt(row)) << row;
    EXPECT_EQ(back.valueAt(2), Value((std::int64_t{1} << 60) + 1));
    EXPECT_EQ(back.valueAt(9), Value(9.0));
    EXPECT_EQ(back.probeAt(3), 4);
    EXPECT_EQ(back.thread[3], 3);
    EXPECT_EQ(back.ordinalAt(9), 0);
}

TEST(ValueBlock, SaysWhetherItsRowsFollowInOrder) {
    const auto block = [](const std::vector<std::pair<int, int>>& places) {
        ValueSeries series = emptySeries({"epoch", "step"});
        for (const auto& [epoch, step] : places) {
            appendLevel(series, 0, 0, epoch);
            appendLevel(series, 1, 0, step);
            appendDouble(series, 1, {});
        }
        return encodeBlock(series);
    };
    const base::Bytes first = block({{0, 0}, {0, 1}, {1, 0}});
    ValueSeries back;
    back.loops = {"epoch", "step"};
    EXPECT_TRUE(*appendBlock(first, back));
    EXPECT_FALSE(*appendBlock(first, back)) << "it begins before the end of the rows before";
    EXPECT_TRUE(*appendBlock(block({{1, 1}}), back));
    EXPECT_FALSE(*appendBlock(block({{1, 1}, {2, 0}}), back)) << "it begins with the last row's coordinate";
    EXPECT_FALSE(*appendBlock(block({{3, 1}, {3, 1}}), back)) << "two of one coordinate";
    EXPECT_FALSE(*appendBlock(block({{4, 1}, {4, 0}}), back));
}

TEST(ValueBlock, NeverReturnsValuesFromADamagedBlock) {
    ValueSeries series = emptySeries({"epoch"});
    for (int i = 0; i < 50; ++i) {
        appendLevel(series, 0, 0, i);
        appendDouble(series, i * 0.1, {});
    }
    const base::Bytes whole = encodeBlock(series);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        base::Bytes flipped = whole;
        flipped[at] ^= std::byte{0x10};
        ValueSeries back;
        back.loops = series.loops;
        EXPECT_FALSE(appendBlock(flipped, back)) << "byte " << at;
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, whole.size() - 1}) {
        ValueSeries back;
        back.loops = series.loops;
        EXPECT_FALSE(appendBlock(base::BytesView(whole).first(size), back));
    }
}

TEST(ValueBlock, SummarizesRangeAndOuterIterations) {
    ValueSeries series = emptySeries({"epoch"});
    for (const double value : {3.0, std::nan(""), -2.0}) {
        appendLevel(series, 0, 0, static_cast<std::int64_t>(series.count) + 4);
        appendDouble(series, value, {});
    }
    const BlockSummary summary = summarize(series);
    EXPECT_EQ(summary.count, 3);
    EXPECT_EQ(summary.numbers, 2);
    EXPECT_EQ(summary.smallest, -2.0);
    EXPECT_EQ(summary.largest, 3.0);
    EXPECT_EQ(summary.firstOuter, 4);
    EXPECT_EQ(summary.lastOuter, 6);
}

}  // namespace
}  // namespace hindcast::store

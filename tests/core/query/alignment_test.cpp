// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/alignment.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>
#include <set>

namespace hindcast::query {
namespace {

using store::ValueSeries;

/// One value: (index of each level), ordinal, number.
struct Point {
    std::vector<std::int64_t> index;
    double number = 0;
    std::int64_t ordinal = 0;
    std::vector<std::int64_t> occurrence = {};
};

ValueSeries seriesOf(const std::vector<std::string>& loops, const std::vector<Point>& points) {
    ValueSeries series;
    series.loops = loops;
    series.count = points.size();
    series.index.resize(loops.size());
    series.occurrence.resize(loops.size());
    for (const Point& point : points) {
        for (std::size_t level = 0; level < loops.size(); ++level) {
            series.index[level].push_back(point.index[level]);
            series.occurrence[level].push_back(point.occurrence.empty() ? 0 : point.occurrence[level]);
        }
        series.ordinal.push_back(point.ordinal);
        series.numbers.push_back(point.number);
    }
    return series;
}

/// "epoch step | a b" rows: coordinates and cells as text, "-" where there is nothing.
std::vector<std::string> shown(const std::vector<AlignedBlock>& blocks, std::size_t columns) {
    std::vector<std::string> lines;
    for (const AlignedBlock& block : blocks) {
        for (std::size_t row = 0; row < block.keys.count; ++row) {
            std::string line;
            for (std::size_t level = 0; level < block.keys.levels(); ++level) {
                line += level < block.keys.depthAt(row) ? std::to_string(block.keys.index[level][row]) : "-";
                line += " ";
            }
            line += "|";
            for (std::size_t column = 0; column < columns; ++column) {
                std::string cell = "-";
                for (auto series = block.series.rbegin(); series != block.series.rend(); ++series) {
                    if (series->asked.column != column || series->at(row) < 0) continue;
                    cell = std::to_string(
                        static_cast<int>(series->asked.series->numbers[static_cast<std::size_t>(series->at(row))]));
                }
                line += " " + cell;
            }
            lines.push_back(line);
        }
    }
    return lines;
}

using Lines = std::vector<std::string>;

TEST(Alignment, namesOfOneLevelShareRows) {
    const ValueSeries a = seriesOf({"epoch"}, {{{0}, 1}, {{1}, 2}, {{2}, 3}});
    const ValueSeries b = seriesOf({"epoch"}, {{{1}, 20}, {{2}, 30}, {{3}, 40}});
    EXPECT_EQ(shown(align({{0, &a}, {1, &b}}), 2), (Lines{"0 | 1 -", "1 | 2 20", "2 | 3 30", "3 | - 40"}));
}

TEST(Alignment, aCoarserValueStandsInTheRowsBelowIt) {
    const ValueSeries loss = seriesOf({"epoch", "step"}, {{{0, 0}, 1}, {{0, 1}, 2}, {{1, 0}, 3}});
    const ValueSeries accuracy = seriesOf({"epoch"}, {{{0}, 70}, {{1}, 80}});
    const ValueSeries size = seriesOf({}, {{{}, 9}});
    EXPECT_EQ(shown(align({{0, &loss}, {1, &accuracy}, {2, &size}}), 3),
              (Lines{"0 0 | 1 70 9", "0 1 | 2 70 9", "1 0 | 3 80 9"}));
}

TEST(Alignment, aCoarserValueWithoutRowsBelowHasARowOfItsOwn) {
    const ValueSeries loss = seriesOf({"epoch", "step"}, {{{1, 0}, 1}, {{1, 1}, 2}});
    const ValueSeries accuracy = seriesOf({"epoch"}, {{{0}, 70}, {{1}, 80}, {{2}, 90}});
    const ValueSeries size = seriesOf({}, {{{}, 9}});
    EXPECT_EQ(shown(align({{0, &loss}, {1, &accuracy}, {2, &size}}), 3),
              (Lines{"0 - | - 70 9", "1 0 | 1 80 9", "1 1 | 2 80 9", "2 - | - 90 9"}));
}

TEST(Alignment, aNameAtTwoLevelsLosesNothing) {
    const ValueSeries steps = seriesOf({"epoch", "step"}, {{{0, 0}, 1}, {{0, 1}, 2}});
    const ValueSeries epochs = seriesOf({"epoch"}, {{{0}, 50}});
    EXPECT_EQ(shown(align({{0, &steps}, {0, &epochs}}), 1), (Lines{"0 - | 50", "0 0 | 1", "0 1 | 2"}));
}

TEST(Alignment, severalValuesOfAPassAreRowsAndSinglesStandInAllOfThem) {
    const ValueSeries recall = seriesOf({"epoch"}, {{{0}, 1, 0}, {{0}, 2, 1}, {{1}, 3, 0}});
    const ValueSeries accuracy = seriesOf({"epoch"}, {{{0}, 70}, {{1}, 80}});
    EXPECT_EQ(shown(align({{0, &recall}, {1, &accuracy}}), 2), (Lines{"0 | 1 70", "0 | 2 70", "1 | 3 80"}));
}

TEST(Alignment, loopsBesideEachOtherMakeBlocks) {
    const ValueSeries train = seriesOf({"epoch", "step"}, {{{0, 0}, 1}});
    const ValueSeries test = seriesOf({"epoch", "batch"}, {{{0, 0}, 2}, {{1, 0}, 3}});
    const ValueSeries accuracy = seriesOf({"epoch"}, {{{0}, 70}, {{1}, 80}, {{2}, 90}});
    // Epoch 1 is shown by the second block, epoch 2 by none.
    EXPECT_EQ(shown(align({{0, &train}, {1, &test}, {2, &accuracy}}), 3),
              (Lines{"0 0 | 1 - 70", "0 0 | - 2 70", "1 0 | - 3 80", "2 - | - - 90"}));
}

TEST(Alignment, aLoopEnteredAgainKeepsItsRowsApart) {
    const ValueSeries a = seriesOf({"epoch"}, {{{0}, 1, 0, {0}}, {{1}, 2, 0, {0}}, {{0}, 3, 0, {1}}});
    const ValueSeries b = seriesOf({"epoch"}, {{{0}, 10, 0, {0}}, {{0}, 30, 0, {1}}});
    EXPECT_EQ(shown(align({{0, &a}, {1, &b}}), 2), (Lines{"0 | 1 10", "1 | 2 -", "0 | 3 30"}));
}

TEST(Alignment, valuesOfSeveralThreadsAtOnePlaceAreRows) {
    ValueSeries a = seriesOf({"epoch"}, {{{0}, 1}, {{0}, 2}, {{1}, 3}});
    a.thread = {0, 1, 0};
    const ValueSeries b = seriesOf({"epoch"}, {{{0}, 10}, {{1}, 30}});
    EXPECT_EQ(shown(align({{0, &a}, {1, &b}}), 2), (Lines{"0 | 1 10", "0 | 2 10", "1 | 3 30"}));
}

TEST(Alignment, nothingLoggedIsNoBlock) {
    const ValueSeries none = seriesOf({"epoch"}, {});
    EXPECT_TRUE(align({{0, &none}}).empty());
    EXPECT_TRUE(align({}).empty());
}

/// The definition, spelled out: rows are coordinates that have a value which no deeper row shows.
std::multiset<std::string> slowly(const std::vector<ValueSeries>& names) {
    using Coordinates = std::vector<std::int64_t>;
    std::vector<std::map<Coordinates, int>> values(names.size());
    std::set<Coordinates> all;
    for (std::size_t name = 0; name < names.size(); ++name) {
        for (std::size_t row = 0; row < names[name].count; ++row) {
            Coordinates at;
            for (const auto& level : names[name].index) at.push_back(level[row]);
            values[name][at] = static_cast<int>(names[name].numbers[row]);
            all.insert(at);
        }
    }
    std::multiset<std::string> lines;
    for (const Coordinates& at : all) {
        const bool below = std::any_of(all.begin(), all.end(), [&](const Coordinates& other) {
            return other.size() > at.size() && std::equal(at.begin(), at.end(), other.begin());
        });
        if (below) continue;
        std::string line;
        for (std::size_t level = 0; level < 3; ++level)
            line += (level < at.size() ? std::to_string(at[level]) : "-") + " ";
        line += "|";
        for (const auto& name : values) {
            std::string cell = "-";
            for (std::size_t depth = 0; depth <= at.size(); ++depth) {
                const auto found = name.find(Coordinates(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(depth)));
                if (found != name.end()) cell = std::to_string(found->second);
            }
            line += " " + cell;
        }
        lines.insert(line);
    }
    return lines;
}

TEST(Alignment, equalsTheObviousSlowDefinitionOnRandomData) {
    std::mt19937 random(20261123);
    const std::vector<std::string> loops{"fold", "epoch", "step"};
    for (int round = 0; round < 300; ++round) {
        std::vector<ValueSeries> names;
        std::size_t deepest = 0;
        for (int name = 0; name < 4; ++name) {
            // One name fills its level or not; each stands at one level.
            const std::size_t depth = random() % 4;
            deepest = std::max(deepest, depth);
            std::vector<Point> points;
            std::int64_t total = 1;
            for (std::size_t level = 0; level < depth; ++level) total *= 3;
            for (std::int64_t i = 0; i < total; ++i) {
                if (random() % 3 == 0) continue;
                Point point{std::vector<std::int64_t>(depth), static_cast<double>(random() % 1000)};
                for (std::size_t level = depth, rest = static_cast<std::size_t>(i); level-- > 0; rest /= 3) {
                    point.index[level] = static_cast<std::int64_t>(rest % 3);
                }
                points.push_back(point);
            }
            names.push_back(seriesOf({loops.begin(), loops.begin() + static_cast<std::ptrdiff_t>(depth)}, points));
        }
        std::vector<AskedSeries> asked;
        for (std::size_t name = 0; name < names.size(); ++name) asked.push_back({name, &names[name]});
        std::multiset<std::string> lines;
        for (std::string line : shown(align(asked), names.size())) {
            // Rows of a shallower block show fewer levels.
            std::size_t levels = 0;
            for (const char c : line.substr(0, line.find('|'))) levels += c == ' ' ? 1 : 0;
            std::string missing;
            for (; levels < 3; ++levels) missing += "- ";
            lines.insert(line.insert(line.find('|'), missing));
        }
        ASSERT_EQ(lines, slowly(names)) << "round " << round;
    }
}

}  // namespace
}  // namespace hindcast::query

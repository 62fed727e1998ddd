// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "widgets/chart/axis_scale.h"
#include "widgets/chart/label_layout.h"
#include "widgets/chart/plot_lines.h"
#include "widgets/chart/series_store.h"

using namespace hindcast::chart;
using hindcast::look::Fidelity;
using hindcast::look::Source;

namespace {

Series lineOf(std::initializer_list<double> values) {
    Series series;
    series.version = QStringLiteral("1");
    series.label = QStringLiteral("v1");
    double x = 0;
    for (const double y : values) series.points.push_back({.x = x++, .y = y});
    return series;
}

StoredSeries stored(Series series, double smoothing = 0) {
    SeriesStore store;
    store.setSmoothing(smoothing);
    store.set({std::move(series)});
    return store.series().front();
}

Plot plotOf(Range x, Range y, double width, bool logarithmic = false) {
    return {QRectF(0, 0, width, 200), AxisScale(x, false), AxisScale(y, logarithmic), 1.0, false};
}

std::size_t pointCount(const PlotSeries& series) {
    std::size_t count = 0;
    for (const PlotLine& line : series.lines) count += line.points.size();
    return count;
}

}  // namespace

class ChartDataTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSingleSpikeSurvivesEveryZoom();
    void decimationKeepsAFewPointsPerColumn();
    void aLineBreaksAtNanGapDivergedAndMissingNeighbours();
    void smoothingRunsOverAllDataAndNotAcrossBreaks();
    void appendedPointsComeInOrderAndReplaceOlderOnes();
    void theFittedRangeLeavesOutWhatIsNotDrawn();
    void ticksAreRoundAndInsideTheRange();
    void zoomingKeepsTheValueUnderThePointer();
    void labelsKeepTheirDistanceAndOrderAndTheLeastImportantGoFirst();
    void simplifyingKeepsSpikes();
};

void ChartDataTest::aSingleSpikeSurvivesEveryZoom() {
    Series series;
    series.points.resize(200'000);
    for (std::size_t i = 0; i < series.points.size(); ++i) series.points[i] = {.x = static_cast<double>(i), .y = 0.0};
    std::mt19937 random(3);
    for (int round = 0; round < 30; ++round) {
        const std::size_t at = random() % series.points.size();
        series.points[at].y = 1.0;
        for (const double width : {37.0, 400.0, 1333.0}) {
            const double half = std::pow(10.0, 1 + random() % 5);
            const auto centre = static_cast<double>(at);
            const Plot plot = plotOf({centre - half, centre + half * 1.3}, {0, 1}, width);
            const PlotSeries drawn = plotSeries(stored(series), plot, false);
            double highest = INFINITY;
            for (const PlotLine& line : drawn.lines)
                for (const QPointF& point : line.points) highest = std::min(highest, point.y());
            QCOMPARE(highest, 0.0);
        }
        series.points[at].y = 0.0;
    }
}

void ChartDataTest::decimationKeepsAFewPointsPerColumn() {
    Series series;
    std::mt19937 random(5);
    std::normal_distribution<double> noise(0, 1);
    for (int i = 0; i < 100'000; ++i) series.points.push_back({.x = static_cast<double>(i), .y = noise(random)});
    const PlotSeries drawn = plotSeries(stored(series), plotOf({0, 99'999}, {-4, 4}, 500), false);
    QVERIFY(pointCount(drawn) <= 4 * 501);
    QVERIFY(pointCount(drawn) > 3 * 400);
}

void ChartDataTest::aLineBreaksAtNanGapDivergedAndMissingNeighbours() {
    Series series = lineOf({1, 2, NAN, 3, 4, 5, 6, 7, 8, 9, INFINITY, 5, 5});
    series.spacing = 1;
    series.points[5].gapBefore = true;
    series.points[8].fidelity = Fidelity::Diverged;
    Plot plot = plotOf({0, 12}, {0, 10}, 400);
    PlotSeries drawn = plotSeries(stored(series), plot, false);
    // 0-1 | NaN | 3-4 | gap | 5-7 | diverged | 9 alone | inf | 11-12
    QCOMPARE(drawn.lines.size(), std::size_t{4});
    QCOMPARE(drawn.lone, std::vector<std::size_t>{9});
    QCOMPARE(drawn.unplottable, (std::vector<std::size_t>{2, 10}));
    QVERIFY(drawn.diverged.empty());
    plot.withDiverged = true;
    QCOMPARE(plotSeries(stored(series), plot, false).diverged, std::vector<std::size_t>{8});
    // A neighbour that has not arrived yet leaves a hole, too.
    series = lineOf({1, 2, 3, 4});
    series.spacing = 1;
    series.points.erase(series.points.begin() + 1);
    drawn = plotSeries(stored(series), plotOf({0, 3}, {0, 10}, 400), false);
    QCOMPARE(drawn.lines.size(), std::size_t{1});
    QCOMPARE(drawn.lone, std::vector<std::size_t>{0});
}

void ChartDataTest::smoothingRunsOverAllDataAndNotAcrossBreaks() {
    Series series = lineOf({4, 4, 4, NAN, 8, 8, 0});
    const StoredSeries smooth = stored(series, 0.9);
    QCOMPARE(smooth.y(2), 4.0);
    QVERIFY(std::isnan(smooth.y(3)));
    QCOMPARE(smooth.y(4), 8.0);  // starts anew after the break
    QVERIFY(smooth.y(6) > 4.0 && smooth.y(6) < 8.0);
    // Decimation takes the smoothed values: the first of the visible ones has the memory of those before it.
    const Plot plot = plotOf({6, 7}, {0, 10}, 400);
    QCOMPARE(plotSeries(smooth, plot, true).lines.size(), std::size_t{1});
    QCOMPARE(plotSeries(smooth, plot, true).ghost.size(), std::size_t{1});
}

void ChartDataTest::appendedPointsComeInOrderAndReplaceOlderOnes() {
    SeriesStore store;
    store.set({lineOf({1, 2, 3})});
    QVERIFY(!store.append(QStringLiteral("unknown"), {}));
    const Point late[] = {{.x = 5, .y = 50}, {.x = 4, .y = 40}};
    QVERIFY(store.append(QStringLiteral("1"), late));
    const Point checked[] = {{.x = 1, .y = 2, .source = Source::Replayed, .fidelity = Fidelity::Exact}};
    QVERIFY(store.append(QStringLiteral("1"), checked));
    const auto& points = store.series().front().data.points;
    QCOMPARE(points.size(), std::size_t{5});
    QVERIFY(std::is_sorted(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.x < b.x; }));
    QCOMPARE(points[1].source, Source::Replayed);
    QCOMPARE(points[4].y, 50.0);
}

void ChartDataTest::theFittedRangeLeavesOutWhatIsNotDrawn() {
    Series series = lineOf({-5, 1, NAN, INFINITY, 1000, 3});
    series.points[4].fidelity = Fidelity::Diverged;
    SeriesStore store;
    store.set({series});
    QCOMPARE(store.yRange({0, 5}, false, false), (Range{-5, 3}));
    QCOMPARE(store.yRange({0, 5}, true, false), (Range{1, 3}));
    QCOMPARE(store.yRange({0, 5}, false, true), (Range{-5, 1000}));
    QCOMPARE(store.yRange({1, 1}, false, false), (Range{1, 1}));
}

void ChartDataTest::ticksAreRoundAndInsideTheRange() {
    std::mt19937 random(11);
    std::uniform_real_distribution<double> exponent(-9, 9);
    for (int i = 0; i < 500; ++i) {
        const double low = std::pow(10, exponent(random)) * (i % 2 ? 1 : -1);
        const double high = low + std::pow(10, exponent(random));
        const AxisScale scale({low, high}, false);
        const std::vector<double> ticks = scale.ticks(5);
        QVERIFY(ticks.size() <= 8);
        for (const double tick : ticks) QVERIFY(scale.toUnit(tick) > -1e-4 && scale.toUnit(tick) < 1 + 1e-4);
    }
    QCOMPARE(AxisScale({0, 29}, false).ticks(6, true), (std::vector<double>{0, 5, 10, 15, 20, 25}));
    QCOMPARE(AxisScale({0, 2}, false).ticks(9, true), (std::vector<double>{0, 1, 2}));
    QCOMPARE(AxisScale({0.1, 2}, true).ticks(5), (std::vector<double>{0.1, 0.2, 0.5, 1, 2}));
    const AxisScale tenths({0, 0.4}, false);
    QCOMPARE(tenths.decimals(tenths.ticks(4)), 1);
}

void ChartDataTest::zoomingKeepsTheValueUnderThePointer() {
    for (const bool logarithmic : {false, true}) {
        const AxisScale scale({0.5, 80}, logarithmic);
        const double before = scale.fromUnit(0.3);
        const AxisScale after(scale.zoomed(0.3, 0.2), logarithmic);
        QVERIFY(std::abs(after.fromUnit(0.3) - before) < 1e-9);
        QVERIFY(after.range().length() < scale.range().length());
    }
    QVERIFY(std::isnan(AxisScale({1, 10}, true).toUnit(0)));
    QVERIFY(std::isnan(AxisScale({1, 10}, true).toUnit(-3)));
}

void ChartDataTest::labelsKeepTheirDistanceAndOrderAndTheLeastImportantGoFirst() {
    std::mt19937 random(2);
    std::uniform_real_distribution<double> place(-20, 220);
    for (int round = 0; round < 200; ++round) {
        std::vector<WantedLabel> wanted;
        for (int i = 0; i < 8; ++i) wanted.push_back({place(random), static_cast<double>(-i)});
        const std::vector<double> placed = placeLabels(wanted, 0, 200, 13);
        std::vector<std::pair<double, double>> pairs;
        for (std::size_t i = 0; i < placed.size(); ++i) {
            QVERIFY(placed[i] >= -1e-9 && placed[i] <= 200 + 1e-9);
            pairs.emplace_back(wanted[i].y, placed[i]);
        }
        std::sort(pairs.begin(), pairs.end());
        for (std::size_t i = 1; i < pairs.size(); ++i) QVERIFY(pairs[i].second - pairs[i - 1].second >= 13 - 1e-9);
    }
    const std::vector<double> crowded = placeLabels({{10, 0}, {10, 3}, {10, 2}}, 0, 20, 13);
    QVERIFY(std::isnan(crowded[0]));
    QVERIFY(!std::isnan(crowded[1]) && !std::isnan(crowded[2]));
}

void ChartDataTest::simplifyingKeepsSpikes() {
    std::vector<QPointF> line;
    for (int i = 0; i < 1000; ++i) line.emplace_back(i * 0.5, i == 613 ? 90.0 : 100.0);
    const std::vector<QPointF> less = simplified(line, 0.25);
    QCOMPARE(less.size(), std::size_t{5});
    QVERIFY(std::any_of(less.begin(), less.end(), [](QPointF p) { return p.y() == 90.0; }));
}

QTEST_APPLESS_MAIN(ChartDataTest)
#include "chart_data_test.moc"

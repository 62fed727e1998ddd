// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QPaintEvent>
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "tests/widgets/chart/chart_probe.h"
#include "widgets/chart/chart_grid.h"
#include "widgets/controls/empty_state.h"
#include "widgets/look/time_cursor.h"

using namespace hindcast::chart;
using namespace hindcast::look;

namespace {

double falling(int i) {
    return 10.0 - i;
}

/// Widths of what was asked to be painted.
class PaintWatch : public QObject {
public:
    std::vector<QRect> painted;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint)
            painted.push_back(static_cast<QPaintEvent*>(event)->region().boundingRect());
        return false;
    }
};

}  // namespace

class ChartViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { Theme::instance().apply(ThemeKind::Light); }
    void anEmphasisedLineIsStrongerThanADimOneAndHasItsName();
    void aSpikeAmongManyPointsIsVisible();
    void nanGapZeroAndMissingLookDifferent();
    void infinityIsAnArrowAtTheEdge();
    void divergedValuesAreDrawnOnlyOnRequest();
    void aValueNobodyCheckedIsHollow();
    void aLogAxisLeavesOutZeroButShowsThatItIsThere();
    void theRailTellsHaveQueuedAndCannotApart();
    void theThemeSwitchRepaintsEverything();
    void aCursorMoveRepaintsOnlyItsColumns();
    void valuesThatArriveAreShownTogetherAndNotOneByOne();
    void anEmptyChartSaysWhatWouldFillIt();
    void assistiveTechnologySeesAChartWithAValue();
    void chartsOfAGridShareRangeCursorAndMargins();
    void aConstantAndASinglePointAreDrawn();
    void hundredsOfVersionsBecomeABandThatKeepsItsExtremes();
};

void ChartViewTest::anEmphasisedLineIsStrongerThanADimOneAndHasItsName() {
    auto view =
        shownView({epochSeries(1, -1, 40, [](int) { return 2.5; }), epochSeries(2, 0, 40, [](int) { return 6.0; })});
    const Plot plot = view->plot();
    const Picture picture(*view);
    const QColor strong = tokens().series(0);
    QVERIFY(picture.has(strong, plot.map(20.5, 6), 1));
    QVERIFY(!picture.has(strong, plot.map(20.5, 2.5), 3));
    const auto ground = [&](double y) {
        return picture.area(color(Color::SurfacePanel), QRectF(plot.map(20.5, y) - QPointF(1, 3), QSizeF(2, 6)));
    };
    QVERIFY(ground(2.5) < ground(3.5));
    // The name stands at the line's end, outside the plot.
    QVERIFY(picture.area(strong, QRectF(plot.area.right() + 4, plot.mapY(6) - 8, 30, 16)) > 8);
}

void ChartViewTest::aSpikeAmongManyPointsIsVisible() {
    auto series = epochSeries(1, 0, 50'000, [](int i) { return i == 31'234 ? 9.0 : 1.0 + (i % 7) * 0.01; });
    auto view = shownView({series});
    const Plot plot = view->plot();
    QVERIFY(Picture(*view).has(tokens().series(0), plot.map(31'234, 9.0) + QPointF(0, 3), 1.5));
    QVERIFY(Picture(*view).has(tokens().series(0), plot.map(31'234, 5.0), 1.5));
}

void ChartViewTest::nanGapZeroAndMissingLookDifferent() {
    auto series = epochSeries(1, 0, 12, [](int i) { return i == 3 ? NAN : i == 9 ? 0.0 : 5.0; });
    series.points[6].gapBefore = true;
    auto view = shownView({series});
    const Plot plot = view->plot();
    const Picture picture(*view);
    const QColor ink = tokens().series(0);
    // NaN: no line there, a hollow triangle at the top edge, and the word above it.
    QVERIFY(!picture.has(ink, plot.map(3, 5), 3));
    const double x3 = plot.mapX(3);
    QVERIFY(picture.area(ink, QRectF(x3 - 6, plot.area.top(), 12, 12)) > 4);
    QVERIFY(picture.area(ink, QRectF(x3 - 14, plot.area.top() - 16, 28, 14)) > 8);
    QVERIFY(picture.has(color(Color::SurfacePanel), QPointF(x3, plot.area.top() + 5), 1));
    // Gap: no line and no mark at the edge.
    QVERIFY(!picture.has(ink, plot.map(5.5, 5), 3));
    QCOMPARE(picture.area(ink, QRectF(plot.mapX(5.5) - 6, plot.area.top() - 16, 12, 28)), 0.0);
    // Zero is drawn as a value.
    QVERIFY(picture.has(ink, plot.map(9, 0) - QPointF(0, 1), 2.5));
}

void ChartViewTest::infinityIsAnArrowAtTheEdge() {
    auto view =
        shownView({epochSeries(1, 0, 12, [](int i) { return i == 4   ? INFINITY
                                                            : i == 8 ? -INFINITY
                                                                     : 5.0 + i; })});
    const Plot plot = view->plot();
    const Picture picture(*view);
    const QColor ink = tokens().series(0);
    QVERIFY(picture.area(ink, QRectF(plot.mapX(4) - 5, plot.area.top(), 10, 11)) > 5);
    QVERIFY(picture.area(ink, QRectF(plot.mapX(8) - 5, plot.area.bottom() - 11, 10, 11)) > 5);
}

void ChartViewTest::divergedValuesAreDrawnOnlyOnRequest() {
    auto series = epochSeries(1, 0, 12, falling);
    for (Point& point : series.points) point.source = Source::Replayed;
    series.points[5].fidelity = Fidelity::Diverged;
    auto view = shownView({series});
    const Plot plot = view->plot();
    const QColor ink = tokens().series(0);
    const QColor diverged = color(Color::DivergedMark);
    QVERIFY(!Picture(*view).has(ink, plot.map(5, falling(5)), 6));
    QCOMPARE(Picture(*view).area(diverged, plot.area), 0.0);
    view->setShowDiverged(true);
    QVERIFY(Picture(*view).has(diverged, plot.map(5, falling(5)), 6));
    QVERIFY(!Picture(*view).has(ink, plot.map(5, falling(5)), 6));
    QVERIFY(Picture(*view).has(color(Color::DivergedGround), QPointF(plot.mapX(5), plot.area.top() + 20), 1));
    QVERIFY(!view->describe(QStringLiteral("1"), 5).contains(QStringLiteral("hidden")));
}

void ChartViewTest::aValueNobodyCheckedIsHollow() {
    auto series = epochSeries(1, 0, 10, falling);
    for (Point& point : series.points) point.source = Source::Replayed;
    series.points[7].fidelity = Fidelity::Unverified;
    auto view = shownView({series});
    const Plot plot = view->plot();
    const Picture picture(*view);
    QVERIFY(picture.has(color(Color::SurfacePanel), plot.map(7, falling(7)), 0.8));
    QVERIFY(!picture.has(color(Color::SurfacePanel), plot.map(3, falling(3)), 0.8));
}

void ChartViewTest::aLogAxisLeavesOutZeroButShowsThatItIsThere() {
    auto view = shownView({epochSeries(1, 0, 10, [](int i) { return i == 5 ? 0.0 : std::pow(10.0, i % 4); })});
    view->setLogarithmicY(true);
    const Plot plot = view->plot();
    QVERIFY(plot.y.range().low > 0.5);
    const Picture picture(*view);
    const QColor ink = tokens().series(0);
    QVERIFY(picture.has(ink, plot.map(3, 1000), 2));
    QVERIFY(picture.area(ink, QRectF(plot.mapX(5) - 5, plot.area.bottom() - 11, 10, 11)) > 5);
    QCOMPARE(plot.mapY(100) - plot.mapY(1000), plot.mapY(10) - plot.mapY(100));
}

void ChartViewTest::theRailTellsHaveQueuedAndCannotApart() {
    auto view = shownView({epochSeries(1, 0, 3, falling)});
    view->setXDomain({0, 9});
    std::vector<CoverageSlot> coverage;
    for (int i = 0; i < 9; ++i)
        coverage.push_back({i - 0.5, i + 0.5, i < 3 ? SlotState::Have : i < 6 ? SlotState::Queued : SlotState::Cannot});
    view->setCoverage(QStringLiteral("1"), coverage);
    QCOMPARE(view->plot().area.bottom() < view->height() - 30, true);
    const Plot plot = view->plot();
    QSignalSpy refreshed(view.get(), &ChartView::marginsChanged);
    QVERIFY(refreshed.wait());
    const Picture picture(*view);
    const QColor ink = tokens().series(0);
    const auto inked = [&](int epoch) {
        return picture.area(ink, QRectF(plot.mapX(epoch) - 15, plot.area.bottom() + 4, 30, 9));
    };
    QVERIFY(inked(1) > 100);
    QVERIFY(inked(4) > 20 && inked(4) < 100);
    QCOMPARE(inked(7), 0.0);
    QVERIFY(!picture.has(color(Color::SurfacePanel), QPointF(plot.mapX(1), plot.area.bottom() + 8), 1));
    QVERIFY(picture.has(color(Color::SurfacePanel), QPointF(plot.mapX(4), plot.area.bottom() + 8), 1));
}

void ChartViewTest::theThemeSwitchRepaintsEverything() {
    auto view = shownView({epochSeries(1, 0, 30, falling)});
    const QPointF onLine = view->plot().map(12.5, falling(12) - 0.5);
    QVERIFY(Picture(*view).has(tokens().series(0), onLine));
    QCOMPARE(Picture(*view).at({3, 3}), color(Color::SurfacePanel));
    Theme::instance().apply(ThemeKind::Dark);
    QVERIFY(Picture(*view).has(Tokens::of(ThemeKind::Dark).series(0), onLine));
    QCOMPARE(Picture(*view).at({3, 3}), Tokens::of(ThemeKind::Dark).color(Color::SurfacePanel));
    QCOMPARE(Picture(*view).area(Tokens::of(ThemeKind::Light).color(Color::SurfacePanel), view->rect()), 0.0);
}

void ChartViewTest::aCursorMoveRepaintsOnlyItsColumns() {
    auto view = shownView({epochSeries(1, 0, 30, falling)});
    TimeCursor cursor;
    cursor.setLast(29);
    view->setTimeCursor(&cursor);
    QCoreApplication::processEvents();
    PaintWatch watch;
    view->installEventFilter(&watch);
    cursor.setPosition(1);
    QTRY_VERIFY(!watch.painted.empty());
    const double step = view->plot().mapX(1) - view->plot().mapX(0);
    QVERIFY(watch.painted.front().width() <= step + 40);
    const Picture picture(*view);
    const QPointF onCursor(view->plot().mapX(1), view->plot().area.bottom() - 20);
    QVERIFY(picture.has(color(Color::CursorA), onCursor, 1));
    QVERIFY(!picture.has(color(Color::CursorA), onCursor - QPointF(step, 0), 1));
}

void ChartViewTest::valuesThatArriveAreShownTogetherAndNotOneByOne() {
    auto view = shownView({epochSeries(1, 0, 1, falling)});
    view->setXDomain({0, 99});
    QSignalSpy refreshed(view.get(), &ChartView::marginsChanged);
    for (int i = 1; i < 100; ++i) {
        const Point point[] = {{.x = static_cast<double>(i), .y = falling(i), .source = Source::Replayed}};
        QVERIFY(view->appendPoints(QStringLiteral("1"), point));
    }
    QVERIFY(refreshed.wait());
    QCOMPARE(refreshed.count(), 1);
    QCOMPARE(view->store().series().front().data.points.size(), std::size_t{100});
    QVERIFY(Picture(*view).has(tokens().series(0), view->plot().map(80, falling(80)), 2));
}

void ChartViewTest::anEmptyChartSaysWhatWouldFillIt() {
    auto view = shownView({});
    QVERIFY(view->emptyState()->isVisible());
    QVERIFY(!view->emptyState()->accessibleName().isEmpty());
    view->setSeries({epochSeries(1, 0, 3, falling)});
    QVERIFY(!view->emptyState()->isVisible());
}

void ChartViewTest::assistiveTechnologySeesAChartWithAValue() {
    auto view = shownView({epochSeries(17, 0, 30, falling)});
    TimeCursor cursor;
    cursor.setLast(29);
    cursor.setPosition(4);
    view->setTimeCursor(&cursor);
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(view.get());
    QVERIFY(access);
    QCOMPARE(access->role(), QAccessible::Chart);
    QVERIFY(access->text(QAccessible::Name).contains(QStringLiteral("loss")));
    QVERIFY(access->text(QAccessible::Value).contains(QStringLiteral("v17")));
    QVERIFY(access->valueInterface());
    QCOMPARE(access->valueInterface()->currentValue().toDouble(), 4.0);
    access->valueInterface()->setCurrentValue(9);
    QCOMPARE(cursor.position(), 9.0);
}

void ChartViewTest::chartsOfAGridShareRangeCursorAndMargins() {
    ChartGrid grid;
    grid.setColumns(2);
    grid.setCount(4);
    TimeCursor cursor;
    cursor.setLast(29);
    grid.setTimeCursor(&cursor);
    grid.setXDomain({0, 29});
    for (int i = 0; i < 4; ++i)
        grid.chart(i)->setSeries({epochSeries(1, 0, 30, [i](int e) { return e * std::pow(1000.0, i); })});
    grid.resize(800, 500);
    grid.show();
    QCOMPARE(grid.chart(0)->plot().area.left(), grid.chart(2)->plot().area.left());
    QCOMPARE(grid.chart(1)->plot().area.right(), grid.chart(3)->plot().area.right());
    grid.chart(3)->setXRange(5, 12);
    QCOMPARE(grid.chart(0)->xRange(), (Range{5, 12}));
    grid.chart(1)->fit();
    QCOMPARE(grid.chart(2)->xRange(), (Range{0, 29}));
    cursor.setPosition(10);
    for (int i = 0; i < 4; ++i) QCOMPARE(grid.chart(i)->cursor(), 10.0);
}

void ChartViewTest::aConstantAndASinglePointAreDrawn() {
    auto view =
        shownView({epochSeries(1, 0, 1, [](int) { return 0.0; }), epochSeries(2, 1, 60, [](int) { return 0.0; })});
    const Plot plot = view->plot();
    QVERIFY(plot.y.range().length() > 0);
    QVERIFY(!Picture(*view).has(color(Color::SurfacePanel), plot.map(10, 0), 0.4));
    QVERIFY(Picture(*view).has(tokens().series(0), plot.map(0, 0), 4));
}

void ChartViewTest::hundredsOfVersionsBecomeABandThatKeepsItsExtremes() {
    std::vector<Series> many;
    for (int v = 0; v < 300; ++v)
        many.push_back(epochSeries(v, -1, 40, [v](int i) { return v == 7 && i == 20 ? 90.0 : 10.0 + v * 0.05; }));
    many.push_back(epochSeries(999, 0, 40, [](int) { return 50.0; }));
    auto view = shownView(many);
    const Plot plot = view->plot();
    const Picture picture(*view);
    const QColor panel = color(Color::SurfacePanel);
    // Inside the band, at its median, at the one extreme, and outside.
    QCOMPARE(picture.area(panel, QRectF(plot.map(10, 14), QSizeF(4, 2))), 0.0);
    int darkest = 255;
    for (double off = -3; off <= 3; off += 0.5)
        darkest = std::min(darkest, picture.at(plot.map(10.2, 17.5) + QPointF(0, off)).lightness());
    QVERIFY(darkest < picture.at(plot.map(10.2, 14)).lightness() - 20);
    QVERIFY(!picture.has(panel, plot.map(20, 60), 0.3));
    QVERIFY(picture.has(panel, plot.map(30, 70), 0.4));
    QVERIFY(!picture.has(panel, plot.map(10, 50), 0.4));
}

QTEST_MAIN(ChartViewTest)
#include "chart_view_test.moc"

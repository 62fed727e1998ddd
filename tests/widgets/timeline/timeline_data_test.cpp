// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QTest>
#include <random>

#include "tests/widgets/timeline/fake_history.h"
#include "widgets/look/theme.h"
#include "widgets/timeline/severity.h"
#include "widgets/timeline/timeline_layout.h"

using namespace hindcast::timeline;

class TimelineDataTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theWorstStateOfACellWins();
    void aFailedCellIsNeverLostHoweverManyShareAPixel();
    void whatNeedsAPersonTakesTwoPixelsBothWays();
    void placeAndIterationAgreeAtEveryZoom();
    void theViewNeverLeavesTheHistory();
    void rulerNumbersAreRoundAndHaveRoom();
};

void TimelineDataTest::theWorstStateOfACellWins() {
    QCOMPARE(severityOf({}), Severity::Nothing);
    QCOMPARE(severityOf({.logged = true}), Severity::Logged);
    QCOMPARE(severityOf({.logged = true, .captured = true}), Severity::Captured);
    QCOMPARE(severityOf({.logged = true, .captured = true, .hindsight = Hindsight::Replayed}), Severity::Replayed);
    QCOMPARE(severityOf({.alerting = true, .hindsight = Hindsight::Running}), Severity::Alerting);
    QCOMPARE(severityOf({.alerting = true, .hindsight = Hindsight::Diverged}), Severity::Diverged);
    QCOMPARE(severityOf({.failed = true, .alerting = true, .hindsight = Hindsight::Diverged}), Severity::Failed);
}

void TimelineDataTest::aFailedCellIsNeverLostHoweverManyShareAPixel() {
    std::mt19937 random(4);
    for (int round = 0; round < 40; ++round) {
        FakeHistory history(300, 1000);
        const int row = static_cast<int>(random() % 300);
        const int iteration = static_cast<int>(random() % 1000);
        history.set(row, iteration, {.logged = true, .failed = true});
        for (const auto& [columns, rows] : {std::pair{97, 11}, {1000, 300}, {1, 1}, {640, 24}}) {
            SeverityGrid grid(columns, rows);
            grid.fill(history, 0, 300, 0, 1000);
            int failed = 0;
            for (int y = 0; y < rows; ++y)
                for (int x = 0; x < columns; ++x)
                    if (grid.at(x, y) == Severity::Failed) ++failed;
            QVERIFY(failed >= 1 && failed <= 4);
        }
    }
}

void TimelineDataTest::whatNeedsAPersonTakesTwoPixelsBothWays() {
    FakeHistory history(50, 50);
    history.set(49, 49, {.logged = true, .failed = true});
    history.set(10, 20, {.logged = true, .alerting = true});
    SeverityGrid grid(50, 50);
    grid.fill(history, 0, 50, 0, 50);
    grid.widen(2, 2);
    for (const auto& [x, y] : {std::pair{48, 48}, {49, 48}, {48, 49}, {49, 49}})
        QCOMPARE(grid.at(x, y), Severity::Failed);
    for (const auto& [x, y] : {std::pair{20, 10}, {21, 10}, {20, 11}, {21, 11}})
        QCOMPARE(grid.at(x, y), Severity::Alerting);
    QCOMPARE(grid.at(22, 10), Severity::Logged);
}

void TimelineDataTest::placeAndIterationAgreeAtEveryZoom() {
    TimelineLayout layout{.viewport = {900, 400}, .rows = 24, .iterations = 1000};
    for (const double width : {0.8, 3.0, 11.7, 75.0, 600.0}) {
        layout.perIteration = width;
        for (const double first : {0.0, 13.4, 970.0}) {
            layout.firstIteration = first;
            layout.constrain();
            for (int i = 0; i < 1000; i += 7) {
                const double x = layout.iterationX(i);
                QVERIFY(std::abs(layout.iterationAt(x) - i) < 1e-6);
                QCOMPARE(static_cast<int>(layout.iterationAt(x + layout.perIteration / 2)), i);
            }
        }
    }
    for (int row = 0; row < 24; ++row) QCOMPARE(layout.rowAt(layout.rowRect(row).center().y()), row);
    QCOMPARE(layout.rowAt(layout.rowRect(23).bottom() + 1), -1);
    QCOMPARE(layout.rowAt(3), -1);
}

void TimelineDataTest::theViewNeverLeavesTheHistory() {
    TimelineLayout layout{.viewport = {900, 400}, .rows = 24, .iterations = 30};
    std::mt19937 random(8);
    std::uniform_real_distribution<double> any(-100, 2000);
    for (int i = 0; i < 300; ++i) {
        layout.perIteration = std::abs(any(random)) / 10;
        layout.firstIteration = any(random);
        layout.scrollY = static_cast<int>(any(random));
        layout.constrain();
        QVERIFY(layout.firstIteration >= 0);
        QVERIFY(layout.firstIteration + layout.visibleIterations() <= 30 + 1e-6);
        QVERIFY(layout.minimapFrame().left() >= layout.minimap().left() - 1e-6);
        QVERIFY(layout.minimapFrame().right() <= layout.minimap().right() + 1e-6);
        QVERIFY(layout.scrollY >= 0);
    }
}

void TimelineDataTest::rulerNumbersAreRoundAndHaveRoom() {
    QCOMPARE(rulerStep(20, 64), 5);
    QCOMPARE(rulerStep(100, 64), 1);
    QCOMPARE(rulerStep(0.9, 64), 100);
}

QTEST_MAIN(TimelineDataTest)
#include "timeline_data_test.moc"

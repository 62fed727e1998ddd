// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include "tests/widgets/chart/chart_probe.h"
#include "widgets/look/time_cursor.h"

using namespace hindcast::chart;
using namespace hindcast::look;

namespace {

double rising(int i) {
    return 1.0 + i * 0.1;
}
double falling(int i) {
    return 6.0 - i * 0.1;
}

void wheel(QWidget& widget, QPointF at, int notches, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWheelEvent event(at, widget.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&widget, &event);
}

}  // namespace

class ChartInputTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_view.reset(); }
    void aClickOnALineChoosesItsVersion();
    void aClickBesideTheLinesMovesTheCursor();
    void shiftDragAndDraggingTheCursorLineScrub();
    void controlClickSetsTheReference();
    void hoverLiftsALineAtOnceAndNamesItsValue();
    void theWheelZoomsAtThePointerAndOverTheAxisOnlyY();
    void aRightDragZoomsToTheBoxAndADoubleClickFits();
    void draggingPansAZoomedViewAndNeverLeavesTheData();
    void everyDragHasAKey();
    void upAndDownLiftLinesAndReturnChoosesOne();
    void randomInputNeverBreaksTheView();

private:
    QPoint at(double x, double y) const { return m_view->plot().map(x, y).toPoint(); }

    std::unique_ptr<ChartView> m_view;
    TimeCursor m_cursor;
};

void ChartInputTest::init() {
    Theme::instance().apply(ThemeKind::Light);
    m_view = shownView({epochSeries(1, -1, 30, rising), epochSeries(2, 0, 30, falling)});
    m_cursor.setLast(29);
    m_cursor.setPosition(3);
    m_cursor.clearReference();
    m_view->setTimeCursor(&m_cursor);
}

void ChartInputTest::aClickOnALineChoosesItsVersion() {
    QSignalSpy chosen(m_view.get(), &ChartView::versionChosen);
    (void)m_view->grab();
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at(10, rising(10)));
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at(20, falling(20)));
    QCOMPARE(chosen.count(), 2);
    QCOMPARE(chosen.at(0).at(0).toString(), QStringLiteral("1"));
    QCOMPARE(chosen.at(1).at(0).toString(), QStringLiteral("2"));
    QCOMPARE(m_cursor.position(), 3.0);
}

void ChartInputTest::aClickBesideTheLinesMovesTheCursor() {
    QSignalSpy chosen(m_view.get(), &ChartView::versionChosen);
    QSignalSpy moved(m_view.get(), &ChartView::cursorMoved);
    QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, at(17.3, 5.6));
    QCOMPARE(m_cursor.position(), 17.0);
    QCOMPARE(moved.count(), 1);
    QCOMPARE(chosen.count(), 0);
}

void ChartInputTest::shiftDragAndDraggingTheCursorLineScrub() {
    QTest::mousePress(m_view.get(), Qt::LeftButton, Qt::ShiftModifier, at(8, 5.6));
    QCOMPARE(m_cursor.position(), 8.0);
    for (int epoch = 9; epoch <= 15; ++epoch) QTest::mouseMove(m_view.get(), at(epoch, 5.6));
    QCOMPARE(m_cursor.position(), 15.0);
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, at(15, 5.6));
    QTest::mouseMove(m_view.get(), at(20, 5.6));
    QCOMPARE(m_cursor.position(), 15.0);
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, at(15, 5.6) + QPoint(3, 0));
    QTest::mouseMove(m_view.get(), at(4, 5.6));
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, at(4, 5.6));
    QCOMPARE(m_cursor.position(), 4.0);
    // Past the edge it stays at the end.
    QTest::mousePress(m_view.get(), Qt::LeftButton, Qt::ShiftModifier, at(8, 5.6));
    QTest::mouseMove(m_view.get(), QPoint(m_view->width() - 1, 100));
    QTest::mouseRelease(m_view.get(), Qt::LeftButton);
    QCOMPARE(m_cursor.position(), 29.0);
}

void ChartInputTest::controlClickSetsTheReference() {
    QTest::mouseClick(m_view.get(), Qt::LeftButton, Qt::ControlModifier, at(9, 5.6));
    QVERIFY(m_cursor.reference());
    QCOMPARE(*m_cursor.reference(), 9.0);
    QCOMPARE(m_cursor.position(), 3.0);
}

void ChartInputTest::hoverLiftsALineAtOnceAndNamesItsValue() {
    const QColor ink = color(m_view->store().series()[0].data.ink);
    QVERIFY(!Picture(*m_view).has(ink, m_view->plot().map(20.5, rising(20) + 0.05), 1));
    QSignalSpy hovered(m_view.get(), &ChartView::versionHovered);
    QTest::mouseMove(m_view.get(), at(10, rising(10)));
    QCOMPARE(m_view->hoveredVersion(), QStringLiteral("1"));
    QCOMPARE(hovered.count(), 1);
    QVERIFY(Picture(*m_view).has(ink, m_view->plot().map(20.5, rising(20) + 0.05), 1));
    QCOMPARE(m_view->describe(QStringLiteral("1"), 10), QStringLiteral("v1 · epoch 10: 2 (recorded)"));
    QTest::mouseMove(m_view.get(), at(10, 5.7));
    QCOMPARE(m_view->hoveredVersion(), QString());
}

void ChartInputTest::theWheelZoomsAtThePointerAndOverTheAxisOnlyY() {
    const QPointF pointer = m_view->plot().map(12, 3);
    const Range y = m_view->yRange();
    wheel(*m_view, pointer, 3);
    QVERIFY(m_view->xRange().length() < 29 * 0.7);
    QVERIFY(std::abs(m_view->plot().mapX(12) - pointer.x()) < 0.01);
    const Range x = m_view->xRange();
    wheel(*m_view, QPointF(4, pointer.y()), 2);
    QCOMPARE(m_view->xRange(), x);
    QVERIFY(m_view->yRange().length() < y.length());
    wheel(*m_view, pointer, -60);
    QCOMPARE(m_view->xRange(), (Range{0, 29}));
}

void ChartInputTest::aRightDragZoomsToTheBoxAndADoubleClickFits() {
    QTest::mousePress(m_view.get(), Qt::RightButton, {}, at(5, 5));
    QTest::mouseMove(m_view.get(), at(10, 3));
    QTest::mouseMove(m_view.get(), at(15, 2));
    QTest::mouseRelease(m_view.get(), Qt::RightButton, {}, at(15, 2));
    QVERIFY(std::abs(m_view->xRange().low - 5) < 0.1);
    QVERIFY(std::abs(m_view->xRange().high - 15) < 0.1);
    QVERIFY(std::abs(m_view->yRange().high - 5) < 0.05);
    QTest::mouseDClick(m_view.get(), Qt::LeftButton, {}, m_view->plot().area.topLeft().toPoint() + QPoint(5, 2));
    QCOMPARE(m_view->xRange(), (Range{0, 29}));
    QVERIFY(!m_view->zoomed());
}

void ChartInputTest::draggingPansAZoomedViewAndNeverLeavesTheData() {
    m_view->setXRange(10, 15);
    const QPoint from = at(13.3, 1.5);
    QTest::mousePress(m_view.get(), Qt::LeftButton, {}, from);
    QTest::mouseMove(m_view.get(), from + QPoint(30, 0));
    QTest::mouseMove(m_view.get(), from + QPoint(60, 0));
    QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, from + QPoint(60, 0));
    QVERIFY(m_view->xRange().low < 10);
    QVERIFY(std::abs(m_view->xRange().length() - 5) < 1e-9);
    QCOMPARE(m_cursor.position(), 3.0);
    for (int i = 0; i < 40; ++i) QTest::keyClick(m_view.get(), Qt::Key_A);
    QCOMPARE(m_view->xRange().low, 0.0);
    for (int i = 0; i < 80; ++i) QTest::keyClick(m_view.get(), Qt::Key_D);
    QCOMPARE(m_view->xRange().high, 29.0);
}

void ChartInputTest::everyDragHasAKey() {
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QCOMPARE(m_cursor.position(), 4.0);
    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_cursor.position(), 14.0);
    QTest::keyClick(m_view.get(), Qt::Key_B);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QCOMPARE(*m_cursor.reference(), 14.0);
    QCOMPARE(m_cursor.position(), 0.0);
    QTest::keyClick(m_view.get(), Qt::Key_B, Qt::ShiftModifier);
    QVERIFY(!m_cursor.reference());
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QCOMPARE(m_cursor.position(), 29.0);
    QTest::keyClick(m_view.get(), Qt::Key_Plus);
    QVERIFY(m_view->zoomed());
    QTest::keyClick(m_view.get(), Qt::Key_F);
    QVERIFY(!m_view->zoomed());
}

void ChartInputTest::upAndDownLiftLinesAndReturnChoosesOne() {
    QSignalSpy chosen(m_view.get(), &ChartView::versionChosen);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QCOMPARE(m_view->hoveredVersion(), QStringLiteral("2"));
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.at(0).at(0).toString(), QStringLiteral("2"));
}

void ChartInputTest::randomInputNeverBreaksTheView() {
    std::srand(9);
    const auto any = [](int below) { return std::rand() % below; };
    const Qt::Key keys[] = {Qt::Key_Plus, Qt::Key_Minus, Qt::Key_A,     Qt::Key_D, Qt::Key_W,
                            Qt::Key_S,    Qt::Key_Down,  Qt::Key_Right, Qt::Key_B, Qt::Key_Up};
    for (int i = 0; i < 400; ++i) {
        const QPoint place(any(m_view->width()), any(m_view->height()));
        switch (any(5)) {
            case 0:
                wheel(*m_view, place, any(21) - 10, any(2) ? Qt::ControlModifier : Qt::NoModifier);
                break;
            case 1:
                QTest::keyClick(m_view.get(), keys[any(10)]);
                break;
            case 2:
                QTest::mouseMove(m_view.get(), place);
                break;
            case 3:
                QTest::mousePress(m_view.get(), any(2) ? Qt::LeftButton : Qt::RightButton, {}, place);
                QTest::mouseMove(m_view.get(), QPoint(any(600) - 50, any(400) - 50));
                QTest::mouseRelease(m_view.get(), any(2) ? Qt::LeftButton : Qt::RightButton, {}, place);
                break;
            default:
                m_view->setSmoothing(any(10) / 10.0);
                break;
        }
        QVERIFY(std::isfinite(m_view->xRange().low) && m_view->xRange().length() > 0);
        QVERIFY(std::isfinite(m_view->yRange().low) && m_view->yRange().length() > 0);
        if (i % 20 == 0) QVERIFY(!m_view->grab().isNull());
    }
    m_view->fit();
    QCOMPARE(m_view->xRange(), (Range{0, 29}));
}

QTEST_MAIN(ChartInputTest)
#include "chart_input_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QPaintEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "tests/widgets/timeline/fake_history.h"
#include "widgets/controls/empty_state.h"
#include "widgets/look/theme.h"
#include "widgets/look/time_cursor.h"
#include "widgets/timeline/timeline_view.h"

using namespace hindcast::timeline;
using namespace hindcast::look;

namespace {

bool alike(const QColor& a, const QColor& b) {
    return std::abs(a.red() - b.red()) <= 6 && std::abs(a.green() - b.green()) <= 6 &&
           std::abs(a.blue() - b.blue()) <= 6;
}

class PaintWatch : public QObject {
public:
    std::vector<QRegion> painted;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) painted.push_back(static_cast<QPaintEvent*>(event)->region());
        return false;
    }
};

}  // namespace

class TimelineViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void draggingTheScrubberMovesTheOneCursor();
    void aClickOnACellChoosesTheVersionAndMovesTheCursor();
    void theReferenceIsSetDraggedAndClearedAndHasItsOwnFlag();
    void bothLanesOfACellCanBeReadAtOnce();
    void queuedRunningReplayedAndDivergedLookDifferent();
    void anIterationWithoutValuesIsADot();
    void aFailedCellIsSeenInTheOverview();
    void keysMoveCursorAndSelectionAndJump();
    void zoomKeepsTheIterationUnderThePointerAndStepsAppear();
    void whatIsInViewIsToldWhenItChanges();
    void theMinimapMovesAndZoomsTheView();
    void aCursorMoveRepaintsOnlyNarrowStrips();
    void changesArriveTogether();
    void theSelectionFollowsItsVersionWhenRowsCome();
    void theThemeSwitchRepaintsCells();
    void anEmptyTimelineSaysWhatWouldFillIt();
    void assistiveTechnologySeesATable();
    void aThousandByAThousandFitsAndScrolls();

private:
    const TimelineLayout& layout() const { return m_view->layoutNow(); }
    QPoint cellAt(int row, int iteration) const {
        return QPointF(layout().iterationX(iteration + 0.5), layout().rowRect(row).center().y()).toPoint();
    }
    QWidget* viewport() const { return m_view->viewport(); }
    QImage picture() const { return viewport()->grab().toImage(); }
    /// Area of a colour inside a cell, in logical px.
    double area(const QColor& wanted, int row, int iteration) const;
    void wheel(QPointF at, int notches, Qt::KeyboardModifiers modifiers);

    std::unique_ptr<FakeHistory> m_history;
    std::unique_ptr<TimelineView> m_view;
    TimeCursor m_cursor;
};

void TimelineViewTest::init() {
    Theme::instance().apply(ThemeKind::Light);
    m_history = std::make_unique<FakeHistory>(10, 30);
    m_view = std::make_unique<TimelineView>();
    m_view->setModel(m_history.get());
    m_cursor.setLast(29);
    m_cursor.setPosition(2);
    m_cursor.clearReference();
    m_view->setTimeCursor(&m_cursor);
    m_view->resize(800, 360);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void TimelineViewTest::cleanup() {
    m_view.reset();
    m_history.reset();
}

double TimelineViewTest::area(const QColor& wanted, int row, int iteration) const {
    const QImage image = picture();
    const double ratio = image.devicePixelRatio();
    const QRectF box(layout().iterationX(iteration), layout().rowRect(row).top(), layout().perIteration,
                     layout().rowHeight);
    const QRect pixels = QRectF(box.topLeft() * ratio, box.size() * ratio).toRect().intersected(image.rect());
    int count = 0;
    for (int y = pixels.top(); y <= pixels.bottom(); ++y)
        for (int x = pixels.left(); x <= pixels.right(); ++x)
            if (alike(image.pixelColor(x, y), wanted)) ++count;
    return count / (ratio * ratio);
}

void TimelineViewTest::wheel(QPointF at, int notches, Qt::KeyboardModifiers modifiers) {
    QWheelEvent event(at, viewport()->mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(viewport(), &event);
}

void TimelineViewTest::draggingTheScrubberMovesTheOneCursor() {
    QSignalSpy moved(m_view.get(), &TimelineView::cursorMoved);
    const QPoint flag = m_view->scrubberRect().center().toPoint();
    QVERIFY(m_view->scrubberRect().width() >= 24);
    QTest::mousePress(viewport(), Qt::LeftButton, {}, flag);
    for (int i = 3; i <= 17; ++i) QTest::mouseMove(viewport(), QPoint(cellAt(0, i).x(), flag.y() + i));
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, QPoint(cellAt(0, 17).x(), flag.y()));
    QCOMPARE(m_cursor.position(), 17.0);
    QVERIFY(moved.count() >= 15);
    QTest::mouseMove(viewport(), QPoint(cellAt(0, 25).x(), flag.y()));
    QCOMPARE(m_cursor.position(), 17.0);
    // Beyond the end it stays at the last iteration.
    QTest::mousePress(viewport(), Qt::LeftButton, {}, m_view->scrubberRect().center().toPoint());
    QTest::mouseMove(viewport(), QPoint(2000, flag.y()));
    QTest::mouseRelease(viewport(), Qt::LeftButton);
    QCOMPARE(m_cursor.position(), 29.0);
    // The cursor's line goes through every row.
    const QImage image = picture();
    const double ratio = image.devicePixelRatio();
    const QPointF onLine(std::floor(layout().cursorX(29)), layout().rowRect(9).center().y());
    QVERIFY(alike(image.pixelColor((onLine * ratio).toPoint()), color(Color::CursorA)));
}

void TimelineViewTest::aClickOnACellChoosesTheVersionAndMovesTheCursor() {
    QSignalSpy chosen(m_view.get(), &TimelineView::versionChosen);
    QTest::mouseClick(viewport(), Qt::LeftButton, {}, cellAt(4, 12));
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.at(0).at(0).toString(), QStringLiteral("6"));
    QCOMPARE(m_cursor.position(), 12.0);
    QCOMPARE(m_view->selectedRow(), 4);
    // A click on the label chooses, too, but leaves the time alone.
    QTest::mouseClick(viewport(), Qt::LeftButton, {}, QPoint(20, cellAt(7, 0).y()));
    QCOMPARE(chosen.count(), 2);
    QCOMPARE(m_cursor.position(), 12.0);
    m_view->setSelectedVersion(QStringLiteral("1"));
    QCOMPARE(m_view->selectedRow(), 9);
    QCOMPARE(chosen.count(), 2);
}

void TimelineViewTest::theReferenceIsSetDraggedAndClearedAndHasItsOwnFlag() {
    const int y = static_cast<int>(layout().ruler().bottom()) - 10;
    QTest::mouseClick(viewport(), Qt::LeftButton, Qt::ControlModifier, QPoint(cellAt(0, 9).x(), y));
    QCOMPARE(*m_cursor.reference(), 9.0);
    QCOMPARE(m_cursor.position(), 2.0);
    QTest::mousePress(viewport(), Qt::LeftButton, {}, m_view->referenceRect().center().toPoint());
    QTest::mouseMove(viewport(), QPoint(cellAt(0, 14).x(), y));
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, QPoint(cellAt(0, 14).x(), y));
    QCOMPARE(*m_cursor.reference(), 14.0);
    QCOMPARE(m_cursor.position(), 2.0);
    QTest::keyClick(m_view.get(), Qt::Key_B, Qt::ShiftModifier);
    QVERIFY(!m_cursor.reference());
    QVERIFY(m_view->referenceRect().isNull());
}

void TimelineViewTest::bothLanesOfACellCanBeReadAtOnce() {
    m_history->set(3, 10, {.logged = true, .captured = true, .alerting = true, .hindsight = Hindsight::Replayed});
    m_view->fit();
    for (const Color token : {Color::CellLogged, Color::CellCaptured, Color::CellAlerting, Color::CellReplayed})
        QVERIFY2(area(color(token), 3, 10) > 5, tokenName(token));
    QCOMPARE(area(color(Color::CellReplayed), 3, 11), 0.0);
}

void TimelineViewTest::queuedRunningReplayedAndDivergedLookDifferent() {
    m_history->set(1, 5, {.logged = true, .hindsight = Hindsight::Queued});
    m_history->set(1, 6, {.logged = true, .hindsight = Hindsight::Running, .part = 0.5F});
    m_history->set(1, 7, {.logged = true, .hindsight = Hindsight::Replayed});
    m_history->set(1, 8, {.logged = true, .hindsight = Hindsight::Diverged});
    m_history->set(1, 9, {.logged = true, .hindsight = Hindsight::Unverified});
    m_view->fit();
    const double full = area(color(Color::CellReplayed), 1, 7);
    QVERIFY(full > 40);
    QVERIFY(area(color(Color::CellQueued), 1, 5) > 20);
    QCOMPARE(area(color(Color::CellReplayed), 1, 5), 0.0);
    const double running = area(color(Color::CellRunning), 1, 6);
    QVERIFY(running > full * 0.5 && running < full);
    QCOMPARE(area(color(Color::CellReplayed), 1, 8), 0.0);
    QVERIFY(area(color(Color::CellReplayed), 1, 9) < full * 0.6);
}

void TimelineViewTest::anIterationWithoutValuesIsADot() {
    m_history->set(0, 20, {});
    m_view->fit();
    QCOMPARE(area(color(Color::CellLogged), 0, 20), 0.0);
    QVERIFY(area(color(Color::SurfacePanel), 0, 20) < layout().perIteration * layout().rowHeight);
}

void TimelineViewTest::aFailedCellIsSeenInTheOverview() {
    FakeHistory many(1000, 2000);
    many.set(33, 1234, {.logged = true, .failed = true});
    m_view->setModel(&many);
    m_view->setRowHeight(1);
    QCOMPARE(layout().zoom(), Zoom::Overview);
    const QImage image = picture();
    int red = 0;
    for (int y = static_cast<int>(layout().cells().top() * image.devicePixelRatio()); y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (alike(image.pixelColor(x, y), color(Color::CellFailed))) ++red;
    QVERIFY(red >= 4);
    m_view->setModel(m_history.get());
}

void TimelineViewTest::keysMoveCursorAndSelectionAndJump() {
    m_history->set(0, 8, {.logged = true, .captured = true});
    m_history->set(0, 15, {.logged = true, .alerting = true});
    m_view->setSelectedRow(0);
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QCOMPARE(m_cursor.position(), 3.0);
    QTest::keyClick(m_view.get(), Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(m_cursor.position(), 8.0);
    QTest::keyClick(m_view.get(), Qt::Key_A);
    QCOMPARE(m_cursor.position(), 15.0);
    QTest::keyClick(m_view.get(), Qt::Key_A);
    QCOMPARE(m_cursor.position(), 15.0);
    QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(m_cursor.position(), 5.0);
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QCOMPARE(m_cursor.position(), 29.0);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QCOMPARE(m_cursor.position(), 0.0);
    QTest::keyClick(m_view.get(), Qt::Key_B);
    QCOMPARE(*m_cursor.reference(), 0.0);
    QSignalSpy chosen(m_view.get(), &TimelineView::versionChosen);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QTest::keyClick(m_view.get(), Qt::Key_Up);
    QCOMPARE(chosen.count(), 3);
    QCOMPARE(m_view->selectedRow(), 1);
    QCOMPARE(m_cursor.position(), 0.0);
}

void TimelineViewTest::zoomKeepsTheIterationUnderThePointerAndStepsAppear() {
    QCOMPARE(layout().zoom(), Zoom::Epoch);
    const QPointF pointer = cellAt(3, 20);
    const double before = layout().iterationAt(pointer.x());
    wheel(pointer, 2, Qt::ControlModifier);
    QVERIFY(std::abs(layout().iterationAt(pointer.x()) - before) < 0.01);
    wheel(pointer, 8, Qt::ControlModifier);
    QCOMPARE(layout().zoom(), Zoom::Step);
    // Inside an iteration the cursor goes from step to step.
    m_view->setSelectedRow(0);
    const double x = layout().iterationX(20.42);
    QTest::mouseClick(viewport(), Qt::LeftButton, {}, QPoint(static_cast<int>(x), cellAt(0, 20).y()));
    QVERIFY(std::abs(m_cursor.position() - 20.4) < 1e-9);
    QTest::keyClick(m_view.get(), Qt::Key_F);
    QCOMPARE(layout().firstIteration, 0.0);
    QVERIFY(std::abs(layout().visibleIterations() - 30) < 1e-6);
}

void TimelineViewTest::whatIsInViewIsToldWhenItChanges() {
    QSignalSpy changed(m_view.get(), &TimelineView::partChanged);
    QCOMPARE(m_view->iterationsInView(), std::pair(0, 29));
    m_cursor.setPosition(12);
    m_view->setSelectedRow(1);
    QCOMPARE(changed.count(), 0);
    m_view->zoomBy(3, layout().cells().left());
    QCOMPARE(changed.count(), 1);
    QCOMPARE(m_view->iterationsInView(), std::pair(0, 9));
    m_view->fit();
    QCOMPARE(changed.count(), 2);
    QCOMPARE(m_view->iterationsInView(), std::pair(0, 29));
}

void TimelineViewTest::theMinimapMovesAndZoomsTheView() {
    m_view->zoomBy(3, layout().cells().left());
    const QRectF map = layout().minimap();
    const int y = static_cast<int>(map.center().y());
    QTest::mousePress(viewport(), Qt::LeftButton, {}, QPoint(static_cast<int>(map.center().x()), y));
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, QPoint(static_cast<int>(map.center().x()), y));
    QVERIFY(std::abs(layout().firstIteration + layout().visibleIterations() / 2 - 15) < 0.1);
    const double visible = layout().visibleIterations();
    QTest::mousePress(viewport(), Qt::LeftButton, {}, QPoint(static_cast<int>(layout().minimapFrame().right()), y));
    QTest::mouseMove(viewport(), QPoint(static_cast<int>(map.right()) - 2, y));
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, QPoint(static_cast<int>(map.right()) - 2, y));
    QVERIFY(layout().visibleIterations() > visible * 1.5);
    QTest::mouseDClick(viewport(), Qt::LeftButton, {}, map.center().toPoint());
    QVERIFY(std::abs(layout().visibleIterations() - 30) < 1e-6);
}

void TimelineViewTest::aCursorMoveRepaintsOnlyNarrowStrips() {
    QCoreApplication::processEvents();
    PaintWatch watch;
    viewport()->installEventFilter(&watch);
    m_cursor.setPosition(25);
    QTRY_VERIFY(!watch.painted.empty());
    int pixels = 0;
    for (const QRect& part : watch.painted.front()) pixels += part.width() * part.height();
    QVERIFY(pixels < viewport()->width() * viewport()->height() / 20);
}

void TimelineViewTest::changesArriveTogether() {
    QCoreApplication::processEvents();
    PaintWatch watch;
    viewport()->installEventFilter(&watch);
    for (int i = 0; i < 30; ++i) {
        m_history->set(2, i, {.logged = true, .hindsight = Hindsight::Replayed});
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY(!watch.painted.empty());
    QVERIFY(watch.painted.size() <= 3);
    QVERIFY(area(color(Color::CellReplayed), 2, 29) > 10);
}

void TimelineViewTest::theSelectionFollowsItsVersionWhenRowsCome() {
    m_view->setSelectedVersion(QStringLiteral("6"));
    QCOMPARE(m_view->selectedRow(), 4);
    m_history->resize(12, 30);
    QCOMPARE(m_view->selectedRow(), 6);
    m_history->resize(3, 30);
    QCOMPARE(m_view->selectedRow(), -1);
}

void TimelineViewTest::theThemeSwitchRepaintsCells() {
    QVERIFY(area(color(Color::CellLogged), 3, 3) > 50);
    Theme::instance().apply(ThemeKind::Dark);
    QVERIFY(area(Tokens::of(ThemeKind::Dark).color(Color::CellLogged), 3, 3) > 50);
    QCOMPARE(area(Tokens::of(ThemeKind::Light).color(Color::SurfacePanel), 3, 3), 0.0);
}

void TimelineViewTest::anEmptyTimelineSaysWhatWouldFillIt() {
    QVERIFY(!m_view->emptyState()->isVisible());
    m_history->resize(0, 0);
    QVERIFY(m_view->emptyState()->isVisible());
    QVERIFY(!picture().isNull());
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QTest::mouseClick(viewport(), Qt::LeftButton, {}, QPoint(300, 200));
    m_history.reset();  // a model that goes away leaves an empty timeline
    QVERIFY(!m_view->model());
    QVERIFY(!picture().isNull());
}

void TimelineViewTest::assistiveTechnologySeesATable() {
    m_history->set(4, 7, {.logged = true, .captured = true, .hindsight = Hindsight::Replayed});
    QAccessibleInterface* access = QAccessible::queryAccessibleInterface(m_view.get());
    QVERIFY(access);
    QCOMPARE(access->role(), QAccessible::Table);
    QAccessibleTableInterface* table = access->tableInterface();
    QVERIFY(table);
    QCOMPARE(table->rowCount(), 10);
    QCOMPARE(table->columnCount(), 30);
    QCOMPARE(table->rowDescription(4), QStringLiteral("v6"));
    QAccessibleInterface* cell = table->cellAt(4, 7);
    QVERIFY(cell && cell->isValid());
    QCOMPARE(cell->text(QAccessible::Name), QStringLiteral("v6 · epoch 7: logged, capture, replayed"));
    QCOMPARE(table->cellAt(4, 7), cell);
    QVERIFY(!table->cellAt(10, 0));
}

void TimelineViewTest::aThousandByAThousandFitsAndScrolls() {
    m_history->resize(1000, 1000);
    QVERIFY(std::abs(layout().visibleIterations() - 1000) < 1e-6);
    QVERIFY(m_view->verticalScrollBar()->maximum() > 0);
    m_view->setSelectedRow(999);
    QVERIFY(layout().rowRect(999).bottom() <= layout().viewport.height() + 1);
    QVERIFY(!picture().isNull());
}

QTEST_MAIN(TimelineViewTest)
#include "timeline_view_test.moc"

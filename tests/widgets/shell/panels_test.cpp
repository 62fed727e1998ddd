// SPDX-License-Identifier: GPL-3.0-or-later
// What a history with a crash, a conflict and a run in progress asks of the panels; values are made up, nothing is
// trained.
#include <QtTest>

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QUndoStack>

#include "tests/widgets/shell/hand_made_window.h"
#include "widgets/commands/command_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/shell/main_window.h"
#include "widgets/timeline/timeline_view.h"
#include "widgets/versions/version_menu.h"

using namespace hindcast;

namespace {
constexpr int kReadMs = 30'000;
}  // namespace

class PanelsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("hindcast"));
        look::Theme::instance().apply(look::ThemeKind::Light);
    }
    void init() {
        m_shown = std::make_unique<support::HandMadeWindow>(support::detectorProject());
        QVERIFY(m_shown->open());
        m_window = &m_shown->window();
    }
    void cleanup() { m_shown.reset(); }

    void aCrashedVersionIsToldWithItsReason() {
        QTRY_VERIFY_WITH_TIMEOUT(words().contains(QLatin1String("v4 crashed: ended by signal 9 at epoch 11")), kReadMs);
        QVERIFY(words().contains(QLatin1String("v12 training, epoch 15")));
    }

    void aFilterHidesVersionsAndOneThatCannotBeReadIsTold() {
        auto* field = find<QLineEdit>("versionFilter");
        const auto* rows = find<QTableView>("versions")->model();
        QTest::keyClicks(field, QStringLiteral("lr < 0.005"));
        QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount(), 7, kReadMs);
        field->clear();
        QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount(), 12, kReadMs);
        QTest::keyClicks(field, QStringLiteral("lr <"));
        QTRY_VERIFY_WITH_TIMEOUT(words().contains(QLatin1String("syntax error")), kReadMs);
        QCOMPARE(rows->rowCount(), 12);
    }

    void aConflictIsShownByItselfAndSkippingSettlesIt() {
        addProbe();
        QTRY_COMPARE_WITH_TIMEOUT(project().probes().counts(probe()).conflicts, 1, kReadMs);
        auto* skip = find<QPushButton>("skipVersion");
        QTRY_VERIFY_WITH_TIMEOUT(skip->isVisible(), kReadMs);
        QVERIFY(words().contains(QLatin1String("v3 has no sure place for this line")));
        const int skipped = project().probes().counts(probe()).skipped;
        QTest::mouseClick(skip, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(project().probes().counts(probe()).skipped, skipped + 1, kReadMs);
        QCOMPARE(project().probes().counts(probe()).conflicts, 0);
        QTRY_VERIFY(!skip->isVisible());
    }

    void aPlaceChosenByHandIsUndone() {
        addProbe();
        auto* place = find<QPushButton>("placeA");
        QTRY_VERIFY_WITH_TIMEOUT(place->isVisible(), kReadMs);
        const int before = project().probes().counts(probe()).byHand;
        QTest::mouseClick(place, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(project().probes().counts(probe()).byHand, before + 1, kReadMs);
        QTRY_VERIFY(m_window->commandSet().action(QStringLiteral("edit.undo"))->isEnabled());
        m_window->commandSet().action(QStringLiteral("edit.undo"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(project().probes().counts(probe()).conflicts, 1, kReadMs);
    }

    void aReplayBeginsWithWhatTheTimelineShows() {
        addProbe();
        auto* start = find<QPushButton>("replay.start.button");
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled() && start->isVisible(), kReadMs);
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(project().replay().isRunning(), kReadMs);
        m_window->commandSet().action(QStringLiteral("view.explore"))->trigger();
        auto* timeline = find<timeline::TimelineView>("timeline");
        const auto shown = [this] {
            const std::lock_guard guard(m_shown->made().lock);
            return m_shown->made().shown;
        };
        QTRY_VERIFY(shown().versions.size() > 1);
        const auto before = shown();
        timeline->zoomBy(3, timeline->layoutNow().cells().left());
        QTRY_VERIFY(shown().last < before.last);
        QCOMPARE(shown().last, timeline->iterationsInView().second);
        QCOMPARE(shown().versions.front(), project().versions().front().uuid);
        timeline->fit();
        QTRY_COMPARE(shown().last, before.last);
        project().replay().cancel();
        QTRY_VERIFY_WITH_TIMEOUT(!project().replay().isRunning(), kReadMs);
    }

    void aReplayIsPausedAndCancelledFromItsButtons() {
        addProbe();
        auto* start = find<QPushButton>("replay.start.button");
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled() && start->isVisible(), kReadMs);
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(project().replay().isRunning(), kReadMs);
        QVERIFY(!start->isEnabled());
        // Without a window manager, a tooltip that closes leaves no window active, and keys reach none.
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window));
        QTest::keyClick(m_window, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(project().replay().isPaused());
        QTest::keyClick(m_window, Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(!project().replay().isRunning(), kReadMs);
        QVERIFY(project().replay().progress().cancelled);
        QTRY_VERIFY(words().contains(QLatin1String("finished values are kept")));
        const std::lock_guard guard(m_shown->made().lock);
        QVERIFY(m_shown->made().cancelled);
        QCOMPARE(m_shown->made().replaysStarted, 1);
    }

    void theMenuOfAVersionTellsWhatItsRecorderNoticed() {
        QMenu menu;
        versions::fillVersionMenu(menu, m_window, project(), project().versions().front().uuid);
        const auto actions = menu.actions();
        const auto tells = std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
            return action->text().contains(QStringLiteral("recorder"));
        });
        QVERIFY(tells != actions.end());
        (*tells)->trigger();
        const auto box = [this] { return m_window->findChild<QMessageBox*>(QStringLiteral("recorderNotes")); };
        QTRY_VERIFY(box() && box()->isVisible());
        QVERIFY(box()->informativeText().contains(QStringLiteral("the loader loader keeps its workers")));
        QVERIFY(box()->informativeText().contains(QStringLiteral("captures took 0.8 % of the time (budget 2 %)")));
        box()->close();
    }
    void inASmallWindowTheSqlDrawerTakesThePlaceOfTheWorkspaces() {
        auto& window = *m_window;
        window.showPage(shell::MainWindow::Probe);
        auto* pages = window.findChild<QStackedWidget*>(QStringLiteral("workspaces"));
        window.resize(1100, 700);
        window.showSql(true);
        QTRY_VERIFY(!pages->isVisible() && window.showsSql());
        window.resize(1100, 1000);
        QTRY_VERIFY(pages->isVisible() && window.showsSql());
        window.resize(1100, 700);
        QTRY_VERIFY(!pages->isVisible());
        // A workspace that is asked for is seen.
        window.showPage(shell::MainWindow::Explore);
        QVERIFY(pages->isVisible() && !window.showsSql());
    }

    void everyCommandThatIsBlockedSaysWhy() {
        for (const auto& command : m_window->commandSet().all()) {
            const auto* action = m_window->commandSet().action(command.id);
            QCOMPARE(action->isEnabled(), m_window->commandSet().whyBlocked(command.id).isEmpty());
        }
    }

private:
    models::Project& project() { return m_shown->project(); }
    QString probe() { return m_shown->probe(); }
    template <typename T>
    T* find(const char* name) {
        return m_shown->find<T>(name);
    }
    void addProbe() { QVERIFY(m_shown->addProbe()); }
    QString words() const { return m_shown->words(); }

    QTemporaryDir m_settings;
    std::unique_ptr<support::HandMadeWindow> m_shown;
    shell::MainWindow* m_window = nullptr;
};

QTEST_MAIN(PanelsTest)
#include "panels_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The main job through the real window, on a history that PyTorch trained: choose versions, scrub, add log statements
// in the editor, see where they land, replay, and find the values of all versions on the chart, known to be exact.
#include <QtTest>

#include <QAbstractItemView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>

#include "app/desktop/desktop_surroundings.h"
#include "tests/widgets/shell/recorded_project.h"
#include "widgets/chart/chart_view.h"
#include "widgets/chart/series_store.h"
#include "widgets/controls/segmented_switch.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/models/values_model.h"
#include "widgets/shell/main_window.h"
#include "widgets/source/code_view.h"

using namespace hindcast;

namespace {
constexpr int kReplayMs = 300'000;
constexpr int kReadMs = 60'000;
constexpr int kEpochs = 4;
constexpr int kSteps = 4;

QByteArray digestOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256)
                                          : QByteArray();
}
}  // namespace

class StoryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("hindcast"));
        for (const QString& script : support::RecordedProject::scripts()) {
            m_project.write(QStringLiteral("train.py"), script);
            QCOMPARE(m_project.record(QStringLiteral(HINDCAST_TEST_PYTHON)), QString());
        }
        look::Theme::instance().apply(look::ThemeKind::Light);
        m_surroundings = std::make_unique<desktop::DesktopSurroundings>();
        m_surroundings->useLanguage(QStringLiteral("en"));
        m_window = std::make_unique<shell::MainWindow>(*m_surroundings);
        m_window->resize(1600, 1000);  // the offscreen screen is smaller than the window the story is told in
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    void cleanupTestCase() {
        m_window.reset();
        m_surroundings.reset();
    }

    void opensAndShowsWhatWasRecorded() {
        m_window->open(m_project.folder().toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->project() && m_window->page() == shell::MainWindow::Explore, kReadMs);
        QCOMPARE(project().versions().size(), std::size_t{3});
        QTRY_COMPARE_WITH_TIMEOUT(pointsOn("loss", 2), kEpochs * kSteps, kReadMs);
        QCOMPARE(pointsOn("loss", 0), kEpochs * kSteps);
    }

    void aClickChoosesAVersionAndSpaceKeepsItStandingOut() {
        auto* table = find<QTableView>("versions");
        click(table->viewport(), table->visualRect(table->model()->index(2, 0)).center());
        QCOMPARE(project().choice().current(), std::optional(version(2)));
        QTest::keyClick(table, Qt::Key_Space);
        click(table->viewport(), table->visualRect(table->model()->index(1, 0)).center());
        QCOMPARE(project().choice().current(), std::optional(version(1)));
        QCOMPARE(project().choice().emphasised().size(), std::size_t{3});
    }

    void theScrubberMovesEveryPanel() {
        auto* timeline = find<QWidget>("timeline");
        timeline->setFocus();
        QTest::keyClick(timeline, Qt::Key_Home);
        QCOMPARE(project().cursor().iteration(), 0);
        QTest::keyClick(timeline, Qt::Key_Right);
        QCOMPARE(project().cursor().iteration(), 1);
        QCOMPARE(find<QSpinBox>("cursorField")->text(), QStringLiteral("epoch 1"));
        const auto* values = find<QTableView>("values")->model();
        QTRY_VERIFY(values->rowCount() > 3);
        QCOMPARE(values->headerData(1, Qt::Horizontal).toString(), QStringLiteral("1"));
        keep("explore");
    }

    void aStatementIsTypedAtTheMarginAndLandsInEveryVersion() {
        const QByteArray before = digestOf(m_project.folder() + QStringLiteral("/train.py"));
        auto* pages = find<controls::SegmentedSwitch>("pages");
        click(pages, QPoint(pages->width() - 20, pages->height() / 2));
        QCOMPARE(m_window->page(), shell::MainWindow::Probe);
        addAtMargin("loss.backward()", "hc.log(\"again\", loss.item())");
        QTRY_VERIFY_WITH_TIMEOUT(placedEverywhere(0), kReadMs);
        addAtMargin("optimizer.step()", "sum(p.grad.norm() for p in model.parameters()).item()", "grad_norm");
        QTRY_VERIFY_WITH_TIMEOUT(placedEverywhere(1), kReadMs);
        QCOMPARE(digestOf(m_project.folder() + QStringLiteral("/train.py")), before);
        const auto& placement = project().probes().placements(probe(1)).byVersion.at(version(1));
        QVERIFY2(placement.splicedText.find("classifier.parameters()") != std::string::npos,
                 placement.splicedText.c_str());
        keep("placed");
    }

    void thePlanIsReplayedAndTheValuesArriveExact() {
        auto* start = find<QPushButton>("replay.start.button");
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled() && !project().replay().isPlanning(), kReadMs);
        const auto* plan = find<QTableView>("plan")->model();
        QCOMPARE(plan->rowCount(), 3);
        click(start, start->rect().center());
        QTRY_VERIFY_WITH_TIMEOUT(project().replay().isRunning(), kReadMs);
        QTRY_VERIFY_WITH_TIMEOUT(project().replay().progress().done > 0, kReplayMs);
        keep("replaying");
        QTRY_VERIFY_WITH_TIMEOUT(project().replay().progress().finished, kReplayMs);
        for (const auto& row : project().replay().progress().rows) {
            QVERIFY2(row.state == workspace::UnitState::Done, row.message.c_str());
            QCOMPARE(row.worst, workspace::Fidelity::Exact);
        }
        click(find<controls::SegmentedSwitch>("pages"), QPoint(20, 10));
        for (int row = 0; row < 3; ++row) {
            QTRY_COMPARE_WITH_TIMEOUT(pointsOn("grad_norm", row), kEpochs * kSteps, kReadMs);
            QTRY_COMPARE_WITH_TIMEOUT(pointsOn("again", row), kEpochs * kSteps, kReadMs);
            checkExact(row);
        }
        keep("result");
    }

    void theBadgesSayExact() {
        const auto* values = find<QTableView>("values")->model();
        const auto exactRows = [values] {
            int exact = 0;
            for (int row = 0; row < values->rowCount(); ++row) {
                const auto index = values->index(row, 0);
                const bool heading = index.data(models::ValuesModel::HeadingRole).toBool();
                const auto fidelity = index.data(models::ValuesModel::FidelityRole);
                exact += heading && fidelity.isValid() && fidelity.toInt() == static_cast<int>(look::Fidelity::Exact)
                             ? 1
                             : 0;
            }
            return exact;
        };
        QTRY_COMPARE(exactRows(), 2);
    }

    void theWindowIsBuiltAgainInJapaneseAndDark() {
        m_surroundings->setLanguage(QStringLiteral("ja"));
        m_surroundings->setTheme(look::ThemeKind::Dark);
        QTRY_VERIFY(find<QTableView>("versions") && find<QTableView>("versions")->model()->rowCount() == 3);
        QTRY_COMPARE(find<QTableView>("versions")->accessibleName(), QStringLiteral("バージョン"));
        QTRY_COMPARE_WITH_TIMEOUT(pointsOn("grad_norm", 2), kEpochs * kSteps, kReadMs);
        keep("result-dark-ja");
    }

private:
    models::Project& project() { return *m_window->project(); }
    base::Uuid version(std::size_t row) { return project().versions().at(row).uuid; }
    QString probe(std::size_t at) { return QString::fromStdString(project().probes().probes().at(at).id); }
    template <typename T>
    T* find(const char* name) {
        const auto all = m_window->findChildren<T*>(QLatin1String(name));
        return all.isEmpty() ? nullptr : all.last();
    }
    static void click(QWidget* widget, QPoint at) { QTest::mouseClick(widget, Qt::LeftButton, {}, at); }

    /// Values that a chart of the window holds for the version in a row of the list.
    int pointsOn(const char* metric, std::size_t row) {
        const QString wanted = QString::fromStdString(version(row).text());
        for (const auto* view : m_window->findChildren<chart::ChartView*>()) {
            if (view->metric() != QLatin1String(metric) || !view->isVisible()) continue;
            for (const auto& series : view->store().series()) {
                if (series.data.version == wanted) return static_cast<int>(series.data.points.size());
            }
        }
        return -1;
    }

    void addAtMargin(const char* below, const char* text, const char* name = nullptr) {
        auto* editor = find<source::CodeView>("editor");
        QTRY_VERIFY_WITH_TIMEOUT(editor->text().contains(QLatin1String(below)), kReadMs);
        const auto lines = editor->textLines();
        int line = 0;
        while (!lines[line].contains(QLatin1String(below))) ++line;
        const int middle = editor->lineTop(line) + editor->lineHeight() / 2;
        const int margin = editor->marginWidth(0) + editor->marginWidth(1) / 2;
        QTest::mouseMove(editor->viewport(), QPoint(margin + 80, middle));
        // Without a window manager, a tooltip that closes leaves no window active.
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        QTest::mouseClick(editor->viewport(), Qt::LeftButton, {}, QPoint(margin, middle));
        auto* typed = find<QPlainTextEdit>("probeText");
        QTRY_VERIFY(typed->isVisible());
        QTRY_VERIFY2(typed->hasFocus(), qPrintable(focusNow()));
        QTest::keyClicks(typed, QLatin1String(text));
        auto* named = find<QLineEdit>("probeName");
        QCOMPARE(named->isVisible(), name != nullptr);
        if (name) {
            named->setFocus();
            QTest::keyClick(named, Qt::Key_A, Qt::ControlModifier);
            QTest::keyClicks(named, QLatin1String(name));
        }
        const auto before = project().probes().probes().size();
        QTest::keyClick(typed, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(project().probes().probes().size(), before + 1, kReadMs);
        QTRY_VERIFY(!typed->isVisible());
    }

    static QString focusNow() {
        const auto* focus = QApplication::focusWidget();
        return QStringLiteral("the keyboard is at %1, the window active: %2")
            .arg(focus ? focus->objectName() + QLatin1Char(' ') + QLatin1String(focus->metaObject()->className())
                       : QStringLiteral("nothing"))
            .arg(QApplication::activeWindow() != nullptr);
    }

    bool placedEverywhere(std::size_t at) {
        const auto& placements = project().probes().placements(probe(at));
        return !placements.placing && placements.byVersion.size() == 3 &&
               project().probes().counts(probe(at)).placed == 3;
    }

    /// Every replayed value exact, and those of `again` bit for bit what the run logged as its loss.
    void checkExact(std::size_t row) {
        const auto recorded = project().series().find(version(row), QStringLiteral("loss"));
        const auto again = project().series().find(version(row), QStringLiteral("again"));
        const auto norm = project().series().find(version(row), QStringLiteral("grad_norm"));
        QVERIFY(recorded && again && norm);
        QCOMPARE(again->values, recorded->values);
        for (const auto& series : {again, norm}) {
            for (const auto fidelity : series->fidelities) QCOMPARE(fidelity, workspace::Fidelity::Exact);
            for (const auto source : series->sources) QCOMPARE(source, workspace::Source::Replayed);
        }
        QVERIFY(std::all_of(norm->values.begin(), norm->values.end(), [](double value) { return value > 0; }));
    }

    void keep(const char* name) {
        QVERIFY(m_window->grab().save(QStringLiteral(HINDCAST_SCREENSHOTS "/story-%1.png").arg(QLatin1String(name))));
    }

    QTemporaryDir m_settings;
    support::RecordedProject m_project;
    std::unique_ptr<desktop::DesktopSurroundings> m_surroundings;
    std::unique_ptr<shell::MainWindow> m_window;
};

QTEST_MAIN(StoryTest)
#include "story_test.moc"

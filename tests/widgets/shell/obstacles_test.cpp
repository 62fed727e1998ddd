// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the way is said in the window, in a sentence with the next step, and the window stays usable.
#include <QtTest>

#include <QLabel>
#include <QSettings>
#include <QTableView>

#include "app/desktop/desktop_surroundings.h"
#include "tests/widgets/shell/recorded_project.h"
#include "widgets/controls/panel_bars.h"
#include "widgets/look/theme.h"
#include "widgets/models/plan_model.h"
#include "widgets/models/project.h"
#include "widgets/shell/main_window.h"

using namespace hindcast;

namespace {
constexpr int kReadMs = 60'000;

/// Every text that the user can see in the window now.
QString wordsOf(const QWidget& window) {
    QStringList words;
    for (const auto* label : window.findChildren<QLabel*>()) {
        if (label->isVisible()) words.append(label->text());
    }
    return words.join(QLatin1Char('\n'));
}
}  // namespace

class ObstaclesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        QCoreApplication::setOrganizationName(QStringLiteral("hindcast"));
        look::Theme::instance().apply(look::ThemeKind::Light);
    }
    void init() {
        m_surroundings = std::make_unique<desktop::DesktopSurroundings>();
        m_surroundings->useLanguage(QStringLiteral("en"));
        m_window = std::make_unique<shell::MainWindow>(*m_surroundings);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() {
        m_window.reset();
        m_surroundings.reset();
    }

    void aPathThatIsNotThereIsNamed() { refused(m_settings.filePath(QStringLiteral("gone")), {"gone"}); }

    void aFolderWithoutAStoreSaysHowToBegin() {
        const support::RecordedProject project;
        refused(project.folder(), {"no Hindcast store", "hindcast run"});
    }

    void aStoreOfANewerHindcastIsLeftAlone() {
        const support::RecordedProject project;
        project.makeStore();
        project.write(QStringLiteral(".hindcast/FORMAT"), QStringLiteral("hindcast-store 99\n"));
        refused(project.folder(), {"newer"});
        QVERIFY(!QFile::exists(project.folder() + QStringLiteral("/.hindcast/catalog.db")));
    }

    void aWrongPathLeavesTheOpenProjectOpen() {
        const support::RecordedProject project;
        project.write(QStringLiteral("train.py"), support::RecordedProject::scripts().front());
        project.makeStore();
        open(project);
        m_window->open(m_settings.filePath(QStringLiteral("gone")).toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(wordsOf(*m_window).contains(QLatin1String("gone")), kReadMs);
        QVERIFY(m_window->project());
    }

    void aStoreWithoutVersionsSaysHowTheFirstOneComes() {
        const support::RecordedProject project;
        project.makeStore();
        open(project);
        QTRY_VERIFY(wordsOf(*m_window).contains(QLatin1String("No versions yet")));
        QVERIFY(wordsOf(*m_window).contains(QLatin1String("python train.py")));
        m_window->showPage(shell::MainWindow::Probe);
        QVERIFY(wordsOf(*m_window).contains(QLatin1String("No probes yet")));
        QVERIFY(m_window->grab().save(QStringLiteral(HINDCAST_SCREENSHOTS "/obstacle-no-versions.png")));
    }

    void aMissingInterpreterIsToldInThePlanAndNothingCanStart() {
        support::RecordedProject project;
        project.write(QStringLiteral("train.py"), support::RecordedProject::scripts().front());
        const QString python = m_settings.filePath(QStringLiteral("python-of-old"));
        QVERIFY(QFile::link(QStringLiteral(HINDCAST_TEST_PYTHON), python));
        QCOMPARE(project.record(python), QString());
        QVERIFY(QFile::remove(python));
        open(project);
        m_window->showPage(shell::MainWindow::Probe);
        QTRY_VERIFY_WITH_TIMEOUT(!this->project().sources().files().isEmpty(), kReadMs);
        workspace::ProbeDraft draft;
        draft.file = "train.py";
        draft.line = 18;
        draft.statement = "hc.log(\"again\", loss.item())";
        this->project().probes().add(draft);
        const auto* plan = m_window->findChild<QTableView*>(QStringLiteral("plan"))->model();
        QTRY_COMPARE_WITH_TIMEOUT(plan->rowCount(), 1, kReadMs);
        QTRY_VERIFY_WITH_TIMEOUT(!this->project().replay().isPlanning(), kReadMs);
        QVERIFY2(!this->project().replay().canStart(), this->project().replay().plan()->rows[0].reason.c_str());
        const QString why = plan->index(0, models::PlanModel::Why).data().toString();
        QVERIFY2(why.contains(QLatin1String("python-of-old")), qPrintable(why));
        QVERIFY(m_window->grab().save(QStringLiteral(HINDCAST_SCREENSHOTS "/obstacle-no-interpreter.png")));
    }

private:
    models::Project& project() { return *m_window->project(); }

    void open(const support::RecordedProject& opened) {
        m_window->open(opened.folder().toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->project(), kReadMs);
    }

    void refused(const QString& path, const QList<const char*>& expected) {
        m_window->open(path.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(!wordsOf(*m_window).contains(QLatin1String("Opening ")), kReadMs);
        const QString words = wordsOf(*m_window);
        for (const char* word : expected) QVERIFY2(words.contains(QLatin1String(word)), qPrintable(words));
        QVERIFY(words.contains(QLatin1String("See what your past runs would have logged")));
        QVERIFY(!m_window->project());
    }

    QTemporaryDir m_settings;
    std::unique_ptr<desktop::DesktopSurroundings> m_surroundings;
    std::unique_ptr<shell::MainWindow> m_window;
};

QTEST_MAIN(ObstaclesTest)
#include "obstacles_test.moc"

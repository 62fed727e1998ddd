// SPDX-License-Identifier: GPL-3.0-or-later
// A user asks in SQL: typing, completion, mistakes, long queries, answers as table and chart, saved queries.
#include "widgets/sql/sql_panel.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

#include "tests/core/workspace/sample_store.h"
#include "widgets/chart/chart_view.h"
#include "widgets/commands/command_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/sql/query_bar.h"
#include "widgets/sql/result_chart.h"
#include "widgets/sql/result_table.h"
#include "widgets/sql/sql_editor.h"

using namespace hindcast;

namespace {
constexpr int kReadMs = 30'000;
const char* const kEndless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n";
const char* const kSource = "import hindcast as hc\nfor epoch in hc.loop('epoch', range(3)):\n    hc.log('loss', 1)\n";
}  // namespace

class SqlPanelTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        look::Theme::instance().apply(look::ThemeKind::Light);
        m_store.record({{"train.py", kSource}}, {"loss", "val loss"});
        m_store.record({{"train.py", kSource}}, {"loss"});
    }
    void init() {
        open();
        show();
    }
    void cleanup() {
        m_panel.reset();
        m_commands.reset();
        m_project.reset();
    }

    void ctrlReturnRunsWhatWasTyped() {
        type("select version, epoch, loss from pivot('loss') where epoch > 0");
        run();
        const auto* rows = m_panel->table()->model();
        QTRY_COMPARE_WITH_TIMEOUT(rows->rowCount(), 4, kReadMs);
        QCOMPARE(rows->headerData(2, Qt::Horizontal).toString(), QStringLiteral("loss"));
        QCOMPARE(rows->index(1, 2).data().toString(), QStringLiteral("2.5"));
        QVERIFY(words().contains(QStringLiteral("4 row(s), 3 column(s)")));
        QVERIFY(m_panel->table()->isVisible());
    }

    void aMistakeIsToldInSqlitesWordsAndUnderlined() {
        type("select version,\n  los from logs");
        run();
        QTRY_VERIFY_WITH_TIMEOUT(words().contains(QStringLiteral("no such column: los (line 2, column 3)")), kReadMs);
        QCOMPARE(m_panel->editor()->problemAt(), 18);
        QTest::keyClick(m_panel->editor(), Qt::Key_X);
        QCOMPARE(m_panel->editor()->problemAt(), -1);
    }

    void aMistakeKeepsTheAnswerBefore() {
        type("select 7 as seven");
        run();
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 1, kReadMs);
        m_panel->editor()->replaceAll(QStringLiteral("delete from versions"));
        run();
        QTRY_VERIFY_WITH_TIMEOUT(m_project->queries().error(), kReadMs);
        QTRY_VERIFY(words().contains(QStringLiteral("cannot modify versions")));
        QCOMPARE(m_panel->table()->model()->index(0, 0).data().toString(), QStringLiteral("7"));
    }

    void escapeStopsALongQueryAndTheNextOneRuns() {
        type(kEndless);
        run();
        QTRY_VERIFY_WITH_TIMEOUT(m_project->queries().isRunning(), kReadMs);
        auto* button = m_panel->findChild<QPushButton*>(QStringLiteral("runQuery"));
        QCOMPARE(button->text(), QStringLiteral("Stop"));
        QTRY_VERIFY(words().contains(QStringLiteral("running")));
        QTest::keyClick(m_panel->editor(), Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(!m_project->queries().isRunning(), kReadMs);
        QTRY_VERIFY(words().contains(QStringLiteral("Stopped")));
        m_panel->editor()->replaceAll(QStringLiteral("select 1 as one"));
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 1, kReadMs);
    }

    void aProjectThatIsClosedEndsItsQuery() {
        type(kEndless);
        run();
        QTRY_VERIFY_WITH_TIMEOUT(m_project->queries().isRunning(), kReadMs);
        cleanup();  // returns, though the query would not
    }

    void typingOffersTablesAndTabTakesOne() {
        QTRY_VERIFY_WITH_TIMEOUT(!m_project->queries().vocabulary().tables.empty(), kReadMs);
        type("select * from versi");
        QVERIFY(m_panel->editor()->isListActive());
        QCOMPARE(m_panel->editor()->offered(), QStringList{QStringLiteral("versions")});
        QTest::keyClick(m_panel->editor(), Qt::Key_Tab);
        QCOMPARE(m_panel->editor()->text(), QStringLiteral("select * from versions"));
        QTest::keyClicks(m_panel->editor(), QStringLiteral(" where x in (select value from pivot('val"));
        QVERIFY(m_panel->editor()->offered().contains(QStringLiteral("val loss'")));
    }

    void tabLeavesTheEditor() {
        type("select 1");
        QTest::keyClick(m_panel->editor(), Qt::Key_Tab);
        QTRY_VERIFY(!m_panel->editor()->hasFocus());
        QVERIFY(m_panel->isAncestorOf(QApplication::focusWidget()));
        QCOMPARE(m_panel->editor()->text(), QStringLiteral("select 1"));
    }

    void anAnswerIsAChartWithALinePerVersion() {
        type("select version, epoch, loss, 10 - loss as rest from pivot('loss')");
        run();
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 6, kReadMs);
        QTest::mouseClick(m_panel->findChild<QToolButton*>(QStringLiteral("asChart")), Qt::LeftButton);
        auto* view = m_panel->chart()->view();
        QVERIFY(view->isVisible());
        QCOMPARE(view->metric(), QStringLiteral("rest"));
        QCOMPARE(view->store().series().size(), std::size_t{2});
        QCOMPARE(view->store().series()[0].data.label, QStringLiteral("v1"));
        auto* y = m_panel->findChild<QComboBox*>(QStringLiteral("chartY"));
        y->setFocus();
        QTest::keyClick(y, Qt::Key_Up);
        QCOMPARE(view->metric(), QStringLiteral("loss"));
        QCOMPARE(view->store().series()[0].data.points[2].y, 2.5);
        QVERIFY(words().contains(QStringLiteral("Hollow")));
    }

    void rowsAreCopiedWithTabsAndEveryDigit() {
        type("select 0.1 + 0.2 as sum, -3 as n, null as gap, 'a' || char(9) || 'b' as text");
        run();
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 1, kReadMs);
        m_panel->copy();
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("sum\tn\tgap\ttext\n0.30000000000000004\t-3\t\ta b\n"));
        m_panel->table()->setFocus();
        m_panel->table()->setCurrentIndex(m_panel->table()->model()->index(0, 1));
        QTest::keyClick(m_panel->table(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("-3\n"));
    }

    void anExportHoldsEveryRow() {
        type("select version, epoch, \"val loss\" from pivot('val loss')");
        run();
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 3, kReadMs);
        const QString path = m_files.filePath(QStringLiteral("rows.csv"));
        m_project->queries().writeCsv(path);
        QTRY_VERIFY_WITH_TIMEOUT(words().contains(QStringLiteral("3 row(s) written to")), kReadMs);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("version,epoch,val loss\n1,0,0.5\n1,1,1.5\n1,2,2.5\n"));
        m_project->queries().writeCsv(m_files.filePath(QStringLiteral("no such folder/rows.csv")));
        QTRY_VERIFY_WITH_TIMEOUT(words().contains(QStringLiteral("no such folder")), kReadMs);
    }

    void aSavedQueryIsThereAfterARestart() {
        type("select 41 + 1 as answer");
        m_panel->saveQuery();
        auto* name = m_panel->findChild<QLineEdit*>(QStringLiteral("queryName"));
        QVERIFY(name->isVisible());
        QTest::keyClicks(name, QStringLiteral("the answer & more"));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(m_project->queries().saved().size(), std::size_t{1}, kReadMs);
        QVERIFY(!name->isVisible());
        QTRY_VERIFY(m_panel->editor()->hasFocus());
        cleanup();
        open();
        show();
        QTRY_COMPARE_WITH_TIMEOUT(m_project->queries().saved().size(), std::size_t{1}, kReadMs);
        auto* menu = m_panel->findChild<QPushButton*>(QStringLiteral("savedQueries"))->menu();
        Q_EMIT menu->aboutToShow();
        QCOMPARE(menu->actions().front()->text(), QStringLiteral("the answer && more"));
        menu->actions().front()->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->index(0, 0).data().toString(), QStringLiteral("42"),
                                  kReadMs);
        Q_EMIT menu->aboutToShow();
        menu->actions().back()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(m_project->queries().saved().empty(), kReadMs);
    }

    void anEmptyPanelOffersAnExampleThatRuns() {
        QVERIFY(words().contains(QStringLiteral("Ask over all versions")));
        m_panel->insertExample();
        QVERIFY(m_panel->editor()->text().contains(QStringLiteral("from pivot('loss')")));
        run();
        QTRY_COMPARE_WITH_TIMEOUT(m_panel->table()->model()->rowCount(), 6, kReadMs);
    }

private:
    void open() {
        m_project = std::make_unique<models::Project>(
            [](const std::filesystem::path& path) { return workspace::Workspace::open(path); });
        const QSignalSpy opened(m_project.get(), &models::Project::opened);
        m_project->open(m_store.root());
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, kReadMs);
    }
    void show() {
        m_window = std::make_unique<QWidget>();
        m_commands = std::make_unique<commands::CommandSet>(m_window.get());
        for (const char* id : {"sql.copy", "sql.export", "analyze.sql"})
            m_commands->add({QLatin1String(id), QLatin1String(id), {}, {}, {}, [] {}, {}, {}});
        m_panel = std::make_unique<sql::SqlPanel>(*m_project, *m_commands);
        m_panel->resize(1200, 400);
        m_panel->show();
        m_panel->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        m_panel->takeFocus();
    }
    void type(const char* text) {
        for (const char* at = text; *at != '\0'; ++at) {
            if (*at == '\n')
                QTest::keyClick(m_panel->editor(), Qt::Key_Return);
            else
                QTest::keyClick(m_panel->editor(), *at);
            // A list that opened by itself must not take what is typed next.
            if (*at == '\n' || *at == ' ') m_panel->editor()->cancelList();
        }
    }
    void run() {
        m_panel->editor()->cancelList();
        QTest::keyClick(m_panel->editor(), Qt::Key_Return, Qt::ControlModifier);
    }
    QString words() const {
        QStringList all;
        for (const auto* label : m_panel->findChildren<QLabel*>()) {
            if (label->isVisible()) all.append(label->text());
        }
        return all.join(QLatin1Char('\n'));
    }

    workspace::SampleStore m_store;
    QTemporaryDir m_files;
    std::unique_ptr<models::Project> m_project;
    std::unique_ptr<QWidget> m_window;
    std::unique_ptr<commands::CommandSet> m_commands;
    std::unique_ptr<sql::SqlPanel> m_panel;
};

QTEST_MAIN(SqlPanelTest)
#include "sql_panel_test.moc"

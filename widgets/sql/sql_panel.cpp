// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/sql_panel.h"

#include <QAction>
#include <QActionGroup>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/query/sql_text.h"
#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/sql/query_bar.h"
#include "widgets/sql/result_chart.h"
#include "widgets/sql/result_model.h"
#include "widgets/sql/result_table.h"
#include "widgets/sql/sql_editor.h"
#include "widgets/text/error_text.h"
#include "widgets/text/quantities.h"

namespace hindcast::sql {

namespace {
constexpr int kEditorWidth = 520;
constexpr int kAnswerWidth = 1056;
constexpr int kLeastEditor = 260;
enum Answer : std::uint8_t { Nothing, AsTable, AsChart };

/// SQLite names what is wrong in its own words and place; kinds of failure before it would only be in the way.
QString sentenceOf(const base::Error& error) {
    return error.code() == base::ErrorCode::InvalidArgument ? QString::fromStdString(error.text())
                                                            : text::errorText(error);
}
}  // namespace

SqlPanel::SqlPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("SQL"), parent),
      m_project(project),
      m_editor(new SqlEditor),
      m_bar(new QueryBar(project.queries())),
      m_model(new ResultModel(this)),
      m_table(new ResultTable(*m_model)),
      m_chart(new ResultChart(project)),
      m_answer(new QStackedWidget) {
    setObjectName(QStringLiteral("sqlPanel"));
    auto* parts = new QSplitter(Qt::Horizontal);
    parts->addWidget(buildQuery());
    parts->addWidget(buildAnswer());
    parts->setChildrenCollapsible(false);
    parts->setHandleWidth(1);
    parts->setSizes({kEditorWidth, kAnswerWidth});
    parts->setStretchFactor(1, 1);
    setContent(parts);
    addTools(commands);
    connectDesk();
    showAnswer();
    if (project.queries().isRunning()) showProgress();
    project.queries().readSaved();
    project.queries().readVocabulary();
}

QWidget* SqlPanel::buildQuery() {
    auto* query = new QWidget;
    query->setMinimumWidth(kLeastEditor);
    auto* layout = new QVBoxLayout(query);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_editor, 1);
    layout->addWidget(m_bar);
    m_editor->setObjectName(QStringLiteral("sqlEditor"));
    m_editor->setAccessibleName(tr("Query"));
    m_editor->setText(m_project.queries().text());
    m_editor->setWords([this] { return m_project.queries().vocabulary(); });
    connect(m_editor, &SqlEditor::textChanged, this, [this] { m_project.queries().setText(m_editor->text()); });
    connect(m_editor, &SqlEditor::runRequested, this, &SqlPanel::run);
    connect(m_editor, &SqlEditor::stopRequested, this, &SqlPanel::stop);
    connect(m_bar, &QueryBar::runRequested, this, &SqlPanel::run);
    connect(m_bar, &QueryBar::stopRequested, this, &SqlPanel::stop);
    connect(m_bar, &QueryBar::leftName, this, &SqlPanel::takeFocus);
    connect(m_bar, &QueryBar::opened, this, [this](const QString& sql) {
        m_editor->replaceAll(sql);
        run();
        takeFocus();
    });
    return query;
}

QWidget* SqlPanel::buildAnswer() {
    auto* nothing = new controls::EmptyState(
        QStringLiteral("sql"), tr("Ask over all versions"),
        tr("Type a query and press Ctrl+Return. pivot('loss', 'lr') is a table with a row for each iteration and a "
           "column for each name; versions, logs, iterations and others are there too."));
    auto* example = new QAction(tr("Insert an example"), nothing);
    connect(example, &QAction::triggered, this, &SqlPanel::insertExample);
    nothing->addAction(example);
    m_answer->addWidget(nothing);
    m_answer->addWidget(m_table);
    m_answer->addWidget(m_chart);
    auto* answer = new QWidget;
    auto* layout = new QHBoxLayout(answer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* line = new QWidget;
    line->setFixedWidth(1);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Light);
    layout->addWidget(line);
    layout->addWidget(m_answer, 1);
    return answer;
}

void SqlPanel::addTools(commands::CommandSet& commands) {
    auto* group = new QActionGroup(this);
    const auto view = [this, group](const char* icon, const QString& words, bool chart) {
        auto* action = new QAction(look::IconSet::instance().icon(QLatin1String(icon)), words, group);
        action->setToolTip(words);
        action->setCheckable(true);
        connect(action, &QAction::triggered, this, [this, chart] { showChart(chart); });
        header()->addTool(action)->setObjectName(chart ? QStringLiteral("asChart") : QStringLiteral("asTable"));
        return action;
    };
    m_asTable = view("table", tr("As a table"), false);
    m_asChart = view("chart-line", tr("As a chart"), true);
    (m_project.queries().view().chart ? m_asChart : m_asTable)->setChecked(true);
    for (const char* id : {"sql.copy", "sql.export"}) header()->addTool(commands.action(QLatin1String(id)));
    auto* close = new QAction(look::IconSet::instance().icon(QStringLiteral("close")), tr("Close"), this);
    auto* drawer = commands.action(QStringLiteral("analyze.sql"));
    close->setToolTip(tr("Close  %1", "and the keys").arg(drawer->shortcut().toString(QKeySequence::NativeText)));
    connect(close, &QAction::triggered, drawer, &QAction::trigger);
    header()->addTool(close);
}

void SqlPanel::connectDesk() {
    auto& desk = m_project.queries();
    connect(&desk, &models::QueryDesk::started, this, &SqlPanel::showProgress);
    connect(&desk, &models::QueryDesk::progressed, this, &SqlPanel::showProgress);
    connect(&desk, &models::QueryDesk::finished, this, &SqlPanel::showEnd);
    connect(&desk, &models::QueryDesk::failed, this,
            [this](const base::Error& error) { showBanner(look::Meaning::Error, sentenceOf(error)); });
    connect(&desk, &models::QueryDesk::written, this, [this](const QString& file, int rows) {
        showBanner(look::Meaning::Ok, tr("%n row(s) written to %1", nullptr, rows).arg(file));
    });
    connect(&m_project, &models::Project::namesChanged, &desk, &models::QueryDesk::readVocabulary);
}

void SqlPanel::run() {
    if (m_editor->text().trimmed().isEmpty()) return;
    m_project.queries().run(m_editor->text());
}

void SqlPanel::stop() {
    m_project.queries().cancel();
}

void SqlPanel::showProgress() {
    const auto& desk = m_project.queries();
    if (!desk.isRunning()) return;
    clearBanner();
    setLoading(-1.0);
    QStringList parts{tr("running, %1").arg(text::durationText(desk.seconds()))};
    if (desk.rowsSoFar() > 0) parts << tr("%n row(s)", nullptr, static_cast<int>(desk.rowsSoFar()));
    header()->setCountText(parts.join(tr(", ", "between numbers of rows and columns")));
}

void SqlPanel::showEnd() {
    const auto& desk = m_project.queries();
    setLoading(std::nullopt);
    m_editor->clearProblem();
    showAnswer();
    if (!desk.error()) return clearBanner();
    const bool stopped = desk.error()->code() == base::ErrorCode::Cancelled;
    if (stopped)
        showBanner(look::Meaning::Info,
                   desk.answer() ? tr("Stopped. What is shown is the answer before.") : tr("Stopped."));
    else
        showBanner(look::Meaning::Error, sentenceOf(*desk.error()));
    if (desk.errorAt()) m_editor->markProblem(*desk.errorAt());
}

void SqlPanel::showAnswer() {
    const auto& answer = m_project.queries().answer();
    if (!answer) {
        m_answer->setCurrentIndex(Nothing);
        header()->setCountText(QString());
        return;
    }
    if (m_model->rows() != answer->rows.get()) {
        m_model->setRows(answer->rows);
        m_chart->setRows(answer->rows);
    }
    showChart(m_project.queries().view().chart);
    const auto count = [](std::size_t number) { return static_cast<int>(number); };
    header()->setCountText(QStringList{
        tr("%n row(s)", nullptr, count(answer->rows->count)),
        tr("%n column(s)", nullptr, count(answer->rows->columns.size())),
        answer->seconds < 1 ? tr("%1 ms").arg(qCeil(answer->seconds * 1000)) : text::durationText(answer->seconds)}
                               .join(tr(", ", "between numbers of rows and columns")));
    setFooter(answer->rows->isCut ? tr("The first %1 rows; there are more. An export writes all of them.")
                                        .arg(QLocale().toString(count(answer->rows->count)))
                                  : QString());
}

void SqlPanel::showChart(bool chart) {
    m_project.queries().view().chart = chart;
    (chart ? m_asChart : m_asTable)->setChecked(true);
    if (m_project.queries().answer()) m_answer->setCurrentIndex(chart ? AsChart : AsTable);
}

void SqlPanel::copy() {
    if (m_project.queries().answer()) m_table->copy(true);
}

void SqlPanel::exportCsv() {
    if (!m_project.queries().answer()) return;
    auto* dialog = new QFileDialog(this, tr("Export the rows"), m_project.folder() + QStringLiteral("/query.csv"),
                                   tr("CSV (*.csv)"));
    dialog->setObjectName(QStringLiteral("exportRows"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& file) { m_project.queries().writeCsv(file); });
    dialog->open();
}

void SqlPanel::saveQuery() {
    m_bar->askForName();
}

/// The newest value of each version, or what every store answers.
QString SqlPanel::example() const {
    for (const auto& name : m_project.names()) {
        if (!name.numeric || name.loops.size() != 1) continue;
        const auto quoted = QString::fromStdString(query::quotedText(name.name));
        const auto column = QString::fromStdString(query::quotedIdentifier(name.name));
        const auto loop = QString::fromStdString(query::quotedIdentifier(name.loops.front()));
        return QStringLiteral("select version, %1, %2\nfrom pivot(%3)\nwhere %1 >= 0").arg(loop, column, quoted);
    }
    return QStringLiteral("select number, started, status, seconds\nfrom versions");
}

void SqlPanel::insertExample() {
    m_editor->replaceAll(example());
    takeFocus();
}

void SqlPanel::takeFocus() {
    m_editor->setFocus(Qt::OtherFocusReason);
}

}  // namespace hindcast::sql

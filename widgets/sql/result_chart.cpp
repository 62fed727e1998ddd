// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/result_chart.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/chart/chart_view.h"
#include "widgets/controls/elided_label.h"
#include "widgets/models/project.h"
#include "widgets/text/words.h"

namespace hindcast::sql {

namespace {
constexpr int kPad = 12;
constexpr int kNone = -1;
constexpr int kMostColours = 8;

void select(QComboBox& box, int column) {
    const QSignalBlocker quiet(box);
    box.setCurrentIndex(std::max(0, box.findData(column)));
}

/// The choice that was made by name, where the answer still has such a column.
int byName(const QComboBox& box, const QString& name, int otherwise) {
    const int at = name.isEmpty() ? -1 : box.findText(name);
    return at < 0 ? otherwise : box.itemData(at).toInt();
}
}  // namespace

ResultChart::ResultChart(models::Project& project, QWidget* parent)
    : QWidget(parent), m_project(project), m_note(new controls::ElidedLabel), m_view(new chart::ChartView) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(kPad, 6, kPad, 2);
    row->setSpacing(8);
    m_x = addChoice(*row, tr("x"), "chartX");
    m_y = addChoice(*row, tr("y"), "chartY");
    m_lines = addChoice(*row, tr("a line per"), "chartLines");
    look::setStyleProperty(m_note, "role", QStringLiteral("caption"));
    row->addWidget(m_note, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(row);
    layout->addWidget(m_view, 1);
    m_view->setObjectName(QStringLiteral("sqlChart"));
    m_view->setEmptyTexts(tr("No numbers to draw"), tr("A chart needs a column of numbers as y."));
    connect(&project.choice(), &models::Choice::emphasisChanged, this, &ResultChart::draw);
}

QComboBox* ResultChart::addChoice(QHBoxLayout& row, const QString& label, const char* name) {
    auto* words = new QLabel(label);
    look::setStyleProperty(words, "role", QStringLiteral("caption"));
    auto* box = new QComboBox;
    box->setObjectName(QLatin1String(name));
    box->setAccessibleName(label);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    words->setBuddy(box);
    row.addWidget(words);
    row.addWidget(box);
    connect(box, &QComboBox::activated, this, [this] {
        models::QueryView& view = m_project.queries().view();
        const auto nameOf = [](const QComboBox& one) { return one.currentText(); };
        view.x = nameOf(*m_x);
        view.y = nameOf(*m_y);
        view.lines = nameOf(*m_lines);
        view.linesChosen = true;
        draw();
    });
    return box;
}

void ResultChart::setRows(std::shared_ptr<const query::Rows> rows) {
    m_rows = std::move(rows);
    offerColumns();
    draw();
}

void ResultChart::offerColumns() {
    const auto fill = [this](QComboBox& box, const QString& none, const std::vector<int>& columns) {
        const QSignalBlocker quiet(box);
        box.clear();
        if (!none.isEmpty()) box.addItem(none, kNone);
        for (const int column : columns)
            box.addItem(QString::fromStdString(m_rows->columns[static_cast<std::size_t>(column)].name()), column);
        box.setEnabled(box.count() > 1);
    };
    if (!m_rows) return;
    const std::vector<int> numbers = numericColumns(*m_rows);
    fill(*m_x, tr("(row)"), numbers);
    fill(*m_y, QString(), numbers);
    fill(*m_lines, tr("(one line)"), lineColumns(*m_rows));
    const ChartColumns guess = guessedColumns(*m_rows);
    const models::QueryView& view = m_project.queries().view();
    select(*m_x, byName(*m_x, view.x, guess.x));
    select(*m_y, byName(*m_y, view.y, guess.y));
    select(*m_lines, view.linesChosen ? byName(*m_lines, view.lines, guess.lines) : guess.lines);
}

ChartColumns ResultChart::chosen() const {
    const auto column = [](const QComboBox& box) { return box.count() > 0 ? box.currentData().toInt() : kNone; };
    return {column(*m_x), column(*m_y), column(*m_lines)};
}

look::SeriesInk ResultChart::inkOf(const QString& value, int at, int count, bool versions) const {
    look::SeriesInk ink;
    ink.age = count < 2 ? 1.0 : static_cast<double>(at) / (count - 1);
    if (!versions) {
        ink.emphasis = count <= kMostColours ? at : -1;
        return ink;
    }
    for (const auto& version : m_project.versions()) {
        if (QString::number(version.number) == value) ink.emphasis = m_project.choice().slotOf(version.uuid);
    }
    return ink;
}

void ResultChart::draw() {
    if (!m_rows) return;
    const ChartColumns columns = chosen();
    const bool versions =
        columns.lines >= 0 && m_rows->columns[static_cast<std::size_t>(columns.lines)].name() == "version";
    ResultSeries drawn = seriesOf(
        *m_rows, columns, [&](const QString& value, int at, int count) { return inkOf(value, at, count, versions); });
    for (chart::Series& series : drawn.series) {
        series.label = versions ? text::versionName(series.version.toInt()) : series.version;
        series.emphasised = series.emphasised || drawn.series.size() <= kMostColours;
    }
    describe(columns, drawn);
    m_view->setSeries(std::move(drawn.series));
    m_view->fit();
}

void ResultChart::describe(const ChartColumns& columns, const ResultSeries& drawn) {
    const auto name = [&](int column) {
        return QString::fromStdString(m_rows->columns[static_cast<std::size_t>(column)].name());
    };
    m_view->setXName(columns.x < 0 ? tr("row") : name(columns.x));
    m_view->setTitle(columns.y < 0 ? QString() : name(columns.y),
                     columns.x < 0 ? tr("by row") : tr("by %1", "name of the x axis").arg(name(columns.x)));
    QString note;
    if (drawn.left > 0)
        note = tr("%n line(s) left out", nullptr, drawn.left);
    else if (!drawn.toldProvenance && !drawn.series.empty())
        note = tr("Hollow: the query does not say where values come from.");
    m_note->setWhole(note, drawn.toldProvenance
                               ? QString()
                               : tr("Select the columns source and fidelity too, of pivot() \"NAME.source\" and "
                                    "\"NAME.fidelity\":\nthe marks then say where each value comes from."));
}

}  // namespace hindcast::sql

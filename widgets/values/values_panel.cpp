// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/values/values_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QTableView>

#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/models/values_model.h"
#include "widgets/values/values_delegate.h"

namespace hindcast::values {

ValuesPanel::ValuesPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Values at cursor"), parent),
      m_project(project),
      m_model(new models::ValuesModel(project, this)),
      m_table(new QTableView) {
    configureTable();
    setContent(m_table);
    header()->addTool(commands.action(QStringLiteral("values.copy")));
    connect(m_model, &QAbstractItemModel::modelReset, this, &ValuesPanel::spanHeadings);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ValuesPanel::showState);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &ValuesPanel::showState);
    connect(&project.cursor(), &look::TimeCursor::referenceChanged, this, &ValuesPanel::layOutColumns);
    spanHeadings();
    layOutColumns();
    showState();
}

void ValuesPanel::configureTable() {
    m_table->setObjectName(QStringLiteral("values"));
    m_table->setAccessibleName(tr("Values at cursor"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new ValuesDelegate(m_table));
    m_table->setShowGrid(false);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(look::rowHeight(look::Size::TableRow, fontMetrics()));
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setMinimumSectionSize(0);
}

void ValuesPanel::spanHeadings() {
    m_table->clearSpans();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->index(row, 0).data(models::ValuesModel::HeadingRole).toBool())
            m_table->setSpan(row, 0, 1, models::ValuesModel::ColumnCount);
    }
}

/// Without a reference cursor, the value alone takes the room of three columns.
void ValuesPanel::layOutColumns() {
    auto* header = m_table->horizontalHeader();
    const bool reference = m_project.cursor().reference().has_value();
    header->setSectionResizeMode(QHeaderView::Stretch);
    header->setSectionHidden(models::ValuesModel::AtReference, !reference);
    header->setSectionHidden(models::ValuesModel::Difference, !reference);
    spanHeadings();
}

void ValuesPanel::showState() {
    setFooter(m_model->sourcesNote());
    const bool empty = m_model->rowCount() == 0;
    setPlaceholder(
        empty ? new controls::EmptyState(QStringLiteral("cursor-a"), tr("No values here yet"),
                                         tr("Choose a metric on the left, or add a probe for one that was not logged."))
              : nullptr);
}

void ValuesPanel::copy() const {
    QGuiApplication::clipboard()->setText(m_model->asText());
}

}  // namespace hindcast::values

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/versions/version_table.h"

#include <QHeaderView>
#include <QMouseEvent>
#include <QScopedValueRollback>

#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/models/version_filter.h"
#include "widgets/models/version_model.h"
#include "widgets/versions/version_delegate.h"

namespace hindcast::versions {

namespace {
constexpr int kStateWidth = 30;
constexpr int kDateWidth = 46;
constexpr int kWideDateWidth = 72;
constexpr int kLeastName = 76;
constexpr int kLeastMetric = 64;
constexpr int kMostMetric = 92;
}  // namespace

VersionTable::VersionTable(models::Project& project, QWidget* parent)
    : QTableView(parent),
      m_project(project),
      m_model(new models::VersionModel(project, this)),
      m_filter(new models::VersionFilter(project, this)) {
    m_filter->setSourceModel(m_model);
    setModel(m_filter);
    configure();
    connect(&project.choice(), &models::Choice::currentChanged, this, &VersionTable::showCurrent);
    connect(m_filter, &QAbstractItemModel::modelReset, this, [this] {
        layOutColumns();
        showCurrent();
    });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &VersionTable::showCurrent);
    layOutColumns();
    showCurrent();
}

void VersionTable::configure() {
    setObjectName(QStringLiteral("versions"));
    setAccessibleName(tr("Versions"));
    setItemDelegate(new VersionDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setMouseTracking(true);
    setTabKeyNavigation(false);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(look::rowHeight(look::Size::TableRow, fontMetrics()));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(true);
    horizontalHeader()->setSortIndicatorShown(true);
    horizontalHeader()->setMinimumSectionSize(kStateWidth);
    setSortingEnabled(true);
    sortByColumn(models::VersionModel::Version, Qt::DescendingOrder);
}

void VersionTable::layOutColumns() {
    auto* header = horizontalHeader();
    const int columns = m_filter->columnCount();
    if (columns == 0) return;
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(models::VersionModel::Version, QHeaderView::Stretch);
    bool longDates = false;
    for (int row = 0; row < m_model->rowCount() && !longDates; ++row) {
        longDates = m_model->index(row, models::VersionModel::Date).data().toString().size() > 5;
    }
    const int date = longDates ? kWideDateWidth : kDateWidth;
    header->resizeSection(models::VersionModel::Date, date);
    header->resizeSection(columns - 1, kStateWidth);
    const int metrics = columns - 1 - models::VersionModel::FirstMetric;
    // Where room is short the date goes first, then the last metric.
    const int room = viewport()->width() - kStateWidth - kLeastName;
    const bool dated = room - date >= metrics * kLeastMetric;
    header->setSectionHidden(models::VersionModel::Date, !dated);
    const int shown = qBound(1, (room - (dated ? date : 0)) / kLeastMetric, qMax(1, metrics));
    const int each = qBound(kLeastMetric, (room - (dated ? date : 0)) / shown, kMostMetric);
    for (int i = 0; i < metrics; ++i) {
        header->setSectionHidden(models::VersionModel::FirstMetric + i, i >= shown);
        header->resizeSection(models::VersionModel::FirstMetric + i, each);
    }
}

void VersionTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    layOutColumns();
}

std::optional<base::Uuid> VersionTable::versionAt(QPoint point) const {
    const QModelIndex index = indexAt(point);
    return index.isValid() ? m_model->uuidAt(m_filter->mapToSource(index)) : std::nullopt;
}

void VersionTable::toggleEmphasis(const base::Uuid& version) {
    auto& choice = m_project.choice();
    choice.setEmphasised(version, !choice.isAdded(version));
}

void VersionTable::mousePressEvent(QMouseEvent* event) {
    const auto version = versionAt(event->pos());
    const bool onSwatch = event->pos().x() < kSwatchWidth && event->button() == Qt::LeftButton;
    if (version && onSwatch) return toggleEmphasis(*version);
    QTableView::mousePressEvent(event);
}

void VersionTable::keyPressEvent(QKeyEvent* event) {
    const auto current = m_model->uuidAt(m_filter->mapToSource(currentIndex()));
    if (event->key() == Qt::Key_Space && current) return toggleEmphasis(*current);
    QTableView::keyPressEvent(event);
}

void VersionTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    if (m_following || !current.isValid()) return;
    const QScopedValueRollback guard(m_following, true);
    if (const auto version = m_model->uuidAt(m_filter->mapToSource(current))) m_project.choice().setCurrent(*version);
}

void VersionTable::showCurrent() {
    if (m_following) return;
    const auto& current = m_project.choice().current();
    const int row = current ? m_model->rowOf(*current) : -1;
    if (row < 0) return;
    const QModelIndex index = m_filter->mapFromSource(m_model->index(row, 0));
    if (!index.isValid() || index.row() == currentIndex().row()) return;
    const QScopedValueRollback guard(m_following, true);
    setCurrentIndex(index);
    scrollTo(index);
}

}  // namespace hindcast::versions

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/name_model.h"

#include "widgets/models/project.h"
#include "widgets/text/words.h"

namespace hindcast::models {

NameModel::NameModel(Project& project, QObject* parent) : QAbstractListModel(parent), m_project(project) {
    follow();
    connect(&project, &Project::namesChanged, this, &NameModel::follow);
    connect(&project.choice(), &Choice::metricsChanged, this, [this] {
        if (rowCount() > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1), {Qt::CheckStateRole});
    });
}

void NameModel::follow() {
    std::vector<Row> rows;
    for (const auto& view : m_project.names()) {
        rows.push_back({text::fromUtf8(view.name), text::levelText(view.loops), view.numeric, view.replayed});
    }
    if (rows.size() == m_rows.size()) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int NameModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant NameModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return row.name;
        case Qt::AccessibleTextRole:
            return row.name + QLatin1Char(' ') + row.level;
        case Qt::CheckStateRole:
            return m_project.choice().metrics().contains(row.name) ? Qt::Checked : Qt::Unchecked;
        case Qt::ToolTipRole:
            return row.numeric ? QVariant() : tr("%1 is not a number, so no chart can show it").arg(row.name);
        case LevelRole:
            return row.level;
        case ReplayedRole:
            return row.replayed;
        default:
            return {};
    }
}

bool NameModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || role != Qt::CheckStateRole) return false;
    m_project.choice().setMetricShown(m_rows[static_cast<std::size_t>(index.row())].name, value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags NameModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    if (!m_rows[static_cast<std::size_t>(index.row())].numeric) return Qt::ItemIsSelectable;
    return Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemNeverHasChildren;
}

}  // namespace hindcast::models

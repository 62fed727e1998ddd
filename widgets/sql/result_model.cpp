// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/result_model.h"

#include <cmath>

#include "core/query/rows/row_formats.h"

namespace hindcast::sql {

using query::CellKind;

namespace {
constexpr int kLongestTip = 2000;
/// Beyond it a cell shows its beginning; copies and exports have all of it.
constexpr int kLongestCell = 300;

bool isNumber(CellKind kind) {
    return kind == CellKind::Int || kind == CellKind::Double || kind == CellKind::BigInt;
}

QString oneLine(QString text) {
    return text.replace(QLatin1Char('\n'), QLatin1Char(' '))
        .replace(QLatin1Char('\t'), QLatin1Char(' '))
        .remove(QLatin1Char('\r'));
}
}  // namespace

void ResultModel::setRows(std::shared_ptr<const query::Rows> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ResultModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_rows ? 0 : static_cast<int>(m_rows->count);
}

int ResultModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_rows ? 0 : static_cast<int>(m_rows->columns.size());
}

QString ResultModel::shown(const query::Column& column, std::size_t row) const {
    switch (column.kindAt(row)) {
        case CellKind::Missing:
            return QStringLiteral("NULL");
        case CellKind::Replayable:
            return tr("not replayed");
        case CellKind::None:
            return QStringLiteral("None");
        case CellKind::Double: {
            const double value = column.doubleAt(row);
            if (std::isnan(value)) return QStringLiteral("NaN");
            if (std::isinf(value)) return value > 0 ? QStringLiteral("+∞") : QStringLiteral("−∞");
            break;
        }
        default:
            break;
    }
    QString text = QString::fromStdString(query::cellText(column, row));
    if (isNumber(column.kindAt(row))) return text.replace(QLatin1Char('-'), QStringLiteral("−"));
    return oneLine(text.left(kLongestCell));
}

QString ResultModel::explained(const query::Column& column, std::size_t row) const {
    switch (column.kindAt(row)) {
        case CellKind::Missing:
            return tr("NULL: nothing stands here");
        case CellKind::Replayable:
            return tr("Not replayed yet: a replay would give this value");
        case CellKind::None:
            return tr("The script logged None");
        case CellKind::Text:
        case CellKind::Rich:
            return QString::fromStdString(query::cellText(column, row)).left(kLongestTip);
        default:
            return {};
    }
}

QVariant ResultModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_rows) return {};
    const query::Column& column = m_rows->columns[static_cast<std::size_t>(index.column())];
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
        case Qt::DisplayRole:
            return shown(column, row);
        case Qt::ToolTipRole:
            return explained(column, row);
        case KindRole:
            return static_cast<int>(column.kindAt(row));
        case NumberRole:
            return isNumber(column.kindAt(row));
        default:
            return {};
    }
}

QVariant ResultModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (!m_rows) return {};
    if (orientation == Qt::Vertical) return role == Qt::DisplayRole ? QVariant(section + 1) : QVariant();
    const query::Column& column = m_rows->columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return QString::fromStdString(column.name());
    if (role != Qt::TextAlignmentRole) return {};
    const query::ColumnType type = column.type();
    const bool number = type == query::ColumnType::Int64 || type == query::ColumnType::Float64;
    return QVariant(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft));
}

QString ResultModel::copied(const QModelIndex& index) const {
    const query::Column& column = m_rows->columns[static_cast<std::size_t>(index.column())];
    return oneLine(QString::fromStdString(query::cellText(column, static_cast<std::size_t>(index.row()))));
}

}  // namespace hindcast::sql

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/version_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/look/number_painter.h"
#include "widgets/look/tokens.h"
#include "widgets/models/project.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::models {

namespace {
struct StateMark {
    const char* icon;
    look::Meaning meaning;
};

StateMark stateMark(workspace::VersionState state) {
    switch (state) {
        case workspace::VersionState::Recording:
            return {"live", look::Meaning::Accent};
        case workspace::VersionState::Complete:
            return {"", look::Meaning::Neutral};
        case workspace::VersionState::Incomplete:
            return {"warn", look::Meaning::Warn};
        case workspace::VersionState::Crashed:
            return {"error", look::Meaning::Error};
    }
    return {"", look::Meaning::Neutral};
}
}  // namespace

VersionModel::VersionModel(Project& project, QObject* parent) : QAbstractTableModel(parent), m_project(project) {
    follow();
    connect(&project, &Project::versionsChanged, this, &VersionModel::follow);
    const auto marksChanged = [this] {
        if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    };
    connect(&project.choice(), &Choice::emphasisChanged, this, marksChanged);
    connect(&project.choice(), &Choice::currentChanged, this, marksChanged);
}

/// New versions come on top: inserted, so that selection and scroll position stay.
void VersionModel::follow() {
    std::vector<base::Uuid> rows;
    for (const auto& view : m_project.versions()) rows.push_back(view.uuid);
    const auto added = static_cast<int>(rows.size()) - static_cast<int>(m_rows.size());
    const bool grewOnTop = added >= 0 && std::equal(m_rows.begin(), m_rows.end(), rows.begin() + added);
    if (!grewOnTop) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    if (added > 0) {
        beginInsertRows({}, 0, added - 1);
        m_rows = std::move(rows);
        endInsertRows();
    }
    if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void VersionModel::setColumns(const std::vector<MetricColumn>& columns) {
    if (columns == m_columns) return;
    beginResetModel();
    m_columns = columns;
    endResetModel();
}

int VersionModel::rowOf(const base::Uuid& version) const {
    const auto found = std::find(m_rows.begin(), m_rows.end(), version);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

std::optional<base::Uuid> VersionModel::uuidAt(const QModelIndex& index) const {
    if (!index.isValid() || index.row() >= rowCount()) return std::nullopt;
    return m_rows[static_cast<std::size_t>(index.row())];
}

int VersionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int VersionModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : stateColumn() + 1;
}

std::optional<double> VersionModel::value(const workspace::VersionView& view, const MetricColumn& column) const {
    const auto found = view.lastValues.find(column.metric.toStdString());
    if (found == view.lastValues.end()) return std::nullopt;
    if (!column.difference) return found->second;
    const auto& baseline = m_project.choice().baseline();
    const auto* other = baseline ? m_project.version(*baseline) : nullptr;
    if (!other) return std::nullopt;
    const auto reference = other->lastValues.find(column.metric.toStdString());
    if (reference == other->lastValues.end()) return std::nullopt;
    return found->second - reference->second;
}

int VersionModel::decimals(const MetricColumn& column) const {
    std::vector<double> values;
    for (const auto& view : m_project.versions()) {
        if (const auto number = value(view, column); number && std::isfinite(*number)) values.push_back(*number);
    }
    return look::decimalsFor(values);
}

QVariant VersionModel::display(const workspace::VersionView& view, int, int column) const {
    if (column == Version) return text::versionName(view.number);
    if (column == Date) return text::dayText(view.startedMicros);
    if (column == stateColumn())
        return view.state == workspace::VersionState::Complete ? QString() : text::versionStateText(view.state);
    const auto& metric = m_columns[static_cast<std::size_t>(column - FirstMetric)];
    if (metric.difference && view.baseline) return tr("base", "the version that others are compared with");
    const auto number = value(view, metric);
    if (!number) return QStringLiteral("–");
    look::NumberFormat format;
    format.decimals = decimals(metric);
    format.plusSign = metric.difference;
    return look::formatNumber(*number, format);
}

QVariant VersionModel::sortKey(const workspace::VersionView& view, int column) const {
    if (column == Version) return view.number;
    if (column == Date) return static_cast<qlonglong>(view.startedMicros);
    if (column == stateColumn()) return static_cast<int>(view.state);
    const auto number = value(view, m_columns[static_cast<std::size_t>(column - FirstMetric)]);
    return number ? *number : std::numeric_limits<double>::lowest();
}

QVariant VersionModel::toolTip(const workspace::VersionView& view, int column) const {
    if (column == stateColumn() && !view.reason.empty()) return text::fromUtf8(view.reason);
    QStringList lines{tr("%1, started %2").arg(text::versionName(view.number), text::momentText(view.startedMicros))};
    QStringList arguments;
    for (const auto& [name, argument] : view.arguments) arguments.append(text::fromUtf8(name + "=" + argument));
    if (!arguments.isEmpty()) lines.append(arguments.join(QStringLiteral(", ")));
    if (!view.note.empty()) lines.append(text::fromUtf8(view.note));
    return lines.join(QLatin1Char('\n'));
}

QVariant VersionModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const auto* view = m_project.version(m_rows[static_cast<std::size_t>(index.row())]);
    if (!view) return {};
    const int column = index.column();
    const bool metric = column >= FirstMetric && column < stateColumn();
    switch (role) {
        case Qt::DisplayRole:
            return display(*view, index.row(), column);
        case Qt::ToolTipRole:
            return toolTip(*view, column);
        case Qt::TextAlignmentRole:
            return metric ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
        case UuidRole:
            return text::fromUtf8(view->uuid.text());
        case SlotRole:
            return m_project.choice().slotOf(view->uuid);
        case AgeRole:
            return rowCount() < 2 ? 1.0 : 1.0 - static_cast<double>(index.row()) / (rowCount() - 1);
        case NumberRole: {
            const auto number =
                metric ? value(*view, m_columns[static_cast<std::size_t>(column - FirstMetric)]) : std::nullopt;
            return number ? QVariant(*number) : QVariant();
        }
        case SortRole:
            return sortKey(*view, column);
        case StateIconRole:
            return QString::fromLatin1(
                view->pinned && view->state == workspace::VersionState::Complete ? "pin" : stateMark(view->state).icon);
        case StateMeaningRole:
            return static_cast<int>(stateMark(view->state).meaning);
        case BaselineRole:
            return view->baseline;
        case TagsRole: {
            QStringList tags;
            for (const auto& tag : view->tags) tags.append(text::fromUtf8(tag));
            return tags;
        }
        default:
            return {};
    }
}

QVariant VersionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const bool metric = section >= FirstMetric && section < stateColumn();
    if (role == Qt::TextAlignmentRole)
        return metric ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::AccessibleTextRole && section == stateColumn()) return tr("State");
    if (role == Qt::ToolTipRole && metric) return m_columns[static_cast<std::size_t>(section - FirstMetric)].metric;
    if (role != Qt::DisplayRole) return {};
    if (section == Version) return tr("Version");
    if (section == Date) return tr("Date");
    if (!metric) return QString();
    const auto& column = m_columns[static_cast<std::size_t>(section - FirstMetric)];
    return column.difference ? QStringLiteral("Δ ") + column.metric : column.metric;
}

}  // namespace hindcast::models

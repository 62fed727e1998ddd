// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/plan_model.h"

#include <algorithm>

#include "widgets/models/replay_desk.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::models {

namespace {
int attention(workspace::PlacementKind kind) {
    switch (kind) {
        case workspace::PlacementKind::Conflict:
            return 4;
        case workspace::PlacementKind::Skipped:
            return 3;
        case workspace::PlacementKind::ByHand:
            return 2;
        case workspace::PlacementKind::Placed:
            return 1;
        case workspace::PlacementKind::AlreadyThere:
            return 0;
    }
    return 0;
}

bool sameRows(const std::vector<workspace::PlanRow>& a, const std::vector<workspace::PlanRow>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const auto& x, const auto& y) { return x.version == y.version; });
}
}  // namespace

const workspace::PlacementView* worstPlacement(const workspace::PlanRow& row) {
    const auto worst = std::max_element(row.placements.begin(), row.placements.end(), [](const auto& a, const auto& b) {
        return attention(a.kind) < attention(b.kind);
    });
    return worst == row.placements.end() ? nullptr : &*worst;
}

QString capturesText(const std::vector<std::int64_t>& captures) {
    const auto named = [](std::int64_t at) { return QStringLiteral("e%1").arg(at); };
    if (captures.empty()) return QStringLiteral("–");
    if (captures.size() == 1) return named(captures.front());
    if (captures.size() == 2) return QStringLiteral("%1, %2").arg(named(captures[0]), named(captures[1]));
    return QStringLiteral("%1, %2 … %3").arg(named(captures[0]), named(captures[1]), named(captures.back()));
}

PlanModel::PlanModel(ReplayDesk& desk, QObject* parent) : QAbstractTableModel(parent), m_desk(desk) {
    follow();
    connect(&desk, &ReplayDesk::planChanged, this, &PlanModel::follow);
}

void PlanModel::follow() {
    if (m_desk.isPlanning() && m_desk.plan()) return;
    std::vector<workspace::PlanRow> rows;
    if (m_desk.plan()) rows = m_desk.plan()->rows;
    if (sameRows(rows, m_rows)) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const workspace::PlanRow* PlanModel::row(int row) const {
    return row < 0 || row >= rowCount() ? nullptr : &m_rows[static_cast<std::size_t>(row)];
}

std::optional<base::Uuid> PlanModel::uuidAt(int at) const {
    const auto* found = row(at);
    return found ? std::optional(found->version) : std::nullopt;
}

int PlanModel::rowOf(const base::Uuid& version) const {
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const auto& row) { return row.version == version; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int PlanModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanModel::display(const workspace::PlanRow& row, int column) const {
    const auto* placement = worstPlacement(row);
    switch (column) {
        case Version:
            return text::versionName(row.number);
        case Placement:
            return placement ? text::placementText(placement->kind) : QString();
        case Confidence:
            return placement ? QString::number(placement->confidence, 'f', 2) : QStringLiteral("–");
        case Mode:
            return row.willRun ? text::modeText(row.mode) : QStringLiteral("–");
        case Why:
            return text::reasonText(row.reasonKey, row.reasonArguments, row.reason);
        case Iterations:
            return row.willRun ? QString::number(row.iterations.size()) : QStringLiteral("–");
        case From:
            return row.willRun ? capturesText(row.captures) : QStringLiteral("–");
        case Time:
            return row.willRun ? text::estimateText(row.time) : QStringLiteral("–");
        default:
            return {};
    }
}

QVariant PlanModel::data(const QModelIndex& index, int role) const {
    const auto* found = index.isValid() ? row(index.row()) : nullptr;
    if (!found) return {};
    const auto* placement = worstPlacement(*found);
    const bool number = index.column() == Iterations || index.column() == Time;
    switch (role) {
        case Qt::DisplayRole:
            return display(*found, index.column());
        case Qt::TextAlignmentRole:
            return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::ToolTipRole:
            if (index.column() == Why) return display(*found, Why);
            return placement ? QVariant(text::placementReasonText(placement->reason)) : QVariant();
        case PlacementRole:
            return placement ? QVariant(static_cast<int>(placement->kind)) : QVariant();
        case ConfidenceRole: {
            const bool judged = placement && placement->kind != workspace::PlacementKind::Skipped &&
                                placement->kind != workspace::PlacementKind::AlreadyThere;
            return judged ? QVariant(placement->confidence) : QVariant();
        }
        case RunsRole:
            return found->willRun;
        default:
            return {};
    }
}

QVariant PlanModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const bool number = section == Iterations || section == Time;
    if (role == Qt::TextAlignmentRole) return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case Version:
            return tr("Version");
        case Placement:
            return tr("Placement");
        case Confidence:
            return tr("Confidence");
        case Mode:
            return tr("Mode");
        case Why:
            return tr("Why");
        case Iterations:
            return tr("Epochs");
        case From:
            return tr("From capture");
        case Time:
            return tr("Estimate");
        default:
            return {};
    }
}

}  // namespace hindcast::models

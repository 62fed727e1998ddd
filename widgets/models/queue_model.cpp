// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/queue_model.h"

#include <algorithm>

#include "widgets/look/provenance.h"
#include "widgets/look/tokens.h"
#include "widgets/models/project.h"
#include "widgets/models/view_values.h"
#include "widgets/text/quantities.h"
#include "widgets/text/words.h"

namespace hindcast::models {

namespace {
bool needsPerson(const workspace::QueueRow& row) {
    return row.state == workspace::UnitState::Failed ||
           (row.state == workspace::UnitState::Done && row.worst == workspace::Fidelity::Diverged);
}

int rank(const workspace::QueueRow& row) {
    if (row.state == workspace::UnitState::Running || row.state == workspace::UnitState::Escalated) return 0;
    if (needsPerson(row)) return 1;
    return row.state == workspace::UnitState::Queued ? 2 : 3;
}

bool canFold(const workspace::QueueRow& a, const workspace::QueueRow& b) {
    if (a.state != b.state || needsPerson(a) || needsPerson(b) || a.worst != b.worst) return false;
    return (a.state == workspace::UnitState::Queued || a.state == workspace::UnitState::Done) && a.message == b.message;
}

struct Look {
    const char* icon;
    look::Meaning meaning;
};

Look lookOf(const workspace::QueueRow& row) {
    switch (row.state) {
        case workspace::UnitState::Queued:
            return {"clock", look::Meaning::Neutral};
        case workspace::UnitState::Running:
        case workspace::UnitState::Escalated:
            return {"replay", look::Meaning::Accent};
        case workspace::UnitState::Failed:
            return {"error", look::Meaning::Error};
        case workspace::UnitState::Cancelled:
            return {"stop", look::Meaning::Neutral};
        case workspace::UnitState::Done:
            break;
    }
    switch (row.worst) {
        case workspace::Fidelity::Exact:
        case workspace::Fidelity::ExactLogs:
            return {"ok", look::Meaning::Ok};
        case workspace::Fidelity::Numeric:
            return {"info", look::Meaning::Info};
        case workspace::Fidelity::Unverified:
            return {"info", look::Meaning::Neutral};
        case workspace::Fidelity::Diverged:
            return {"diverged", look::Meaning::Diverged};
    }
    return {"", look::Meaning::Neutral};
}
}  // namespace

bool QueueModel::Row::operator==(const Row& other) const {
    return newest.version == other.newest.version && oldestNumber == other.oldestNumber;
}

QueueModel::QueueModel(Project& project, QObject* parent) : QAbstractListModel(parent), m_project(project) {
    follow();
    connect(&project.replay(), &ReplayDesk::progressChanged, this, &QueueModel::follow);
}

std::vector<QueueModel::Row> QueueModel::fold(std::vector<workspace::QueueRow> rows) {
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.number > b.number;
    });
    std::vector<Row> folded;
    for (const auto& row : rows) {
        if (!folded.empty() && folded.back().oldestNumber - 1 == row.number && canFold(folded.back().newest, row)) {
            auto& last = folded.back();
            last.oldestNumber = row.number;
            last.done += row.done;
            last.total += row.total;
            last.secondsLeft = last.secondsLeft < 0 || row.secondsLeft < 0 ? -1 : last.secondsLeft + row.secondsLeft;
        } else {
            folded.push_back({row, row.number, row.done, row.total, row.secondsLeft});
        }
    }
    return folded;
}

void QueueModel::follow() {
    auto rows = fold(m_project.replay().progress().rows);
    if (rows == m_rows) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int QueueModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString QueueModel::phrase(const Row& row) const {
    switch (row.newest.state) {
        case workspace::UnitState::Queued:
            // What another place's queue says of it.
            if (!row.newest.phase.empty()) return text::phaseText(row.newest.phase);
            return row.secondsLeft > 0 ? tr("queued, %1").arg(text::durationText(row.secondsLeft)) : tr("queued");
        case workspace::UnitState::Escalated:
        case workspace::UnitState::Running:
            if (!row.newest.message.empty()) return text::fromUtf8(row.newest.message);
            if (row.secondsLeft >= 0) return text::timeLeftText(row.secondsLeft);
            return text::phaseText(row.newest.phase);
        case workspace::UnitState::Failed:
            return row.newest.message.empty() ? tr("failed") : text::fromUtf8(row.newest.message);
        case workspace::UnitState::Cancelled:
            return tr("cancelled, finished values are kept");
        case workspace::UnitState::Done:
            break;
    }
    if (!row.newest.message.empty()) return text::fromUtf8(row.newest.message);
    return look::fidelityText(lookFidelity(row.newest.worst));
}

QVariant QueueModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const QString newest = text::versionName(row.newest.number);
    const QString name = row.oldestNumber == row.newest.number
                             ? newest
                             : QStringLiteral("%1–%2").arg(text::versionName(row.oldestNumber), newest);
    const QString done = row.newest.state == workspace::UnitState::Queued ? QString::number(row.total)
                                                                          : tr("%1 of %2").arg(row.done).arg(row.total);
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            return QStringLiteral("%1, %2, %3").arg(name, phrase(row), done);
        case Qt::ToolTipRole:
            return phrase(row);
        case NameRole:
            return name;
        case PhraseRole:
            return phrase(row);
        case DoneRole:
            return done;
        case PartRole:
            if (row.newest.state != workspace::UnitState::Running &&
                row.newest.state != workspace::UnitState::Escalated)
                return {};
            return row.total > 0 ? static_cast<double>(row.done) / static_cast<double>(row.total) : 0.0;
        case IconRole:
            return QString::fromLatin1(lookOf(row.newest).icon);
        case MeaningRole:
            return static_cast<int>(lookOf(row.newest).meaning);
        case OutputRole:
            return text::fromUtf8(row.newest.outputFile);
        case UuidRole:
            return text::fromUtf8(row.newest.version.text());
        default:
            return {};
    }
}

}  // namespace hindcast::models

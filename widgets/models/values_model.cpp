// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/values_model.h"

#include <algorithm>
#include <cmath>

#include "widgets/look/number_painter.h"
#include "widgets/look/tokens.h"
#include "widgets/models/project.h"
#include "widgets/models/view_values.h"
#include "widgets/text/words.h"

namespace hindcast::models {

std::optional<std::size_t> valueAt(const workspace::Series& series, double x) {
    if (series.values.empty()) return std::nullopt;
    if (series.loops.empty()) return 0;
    const double iteration = std::floor(x);
    const auto after = std::upper_bound(series.x.begin(), series.x.end(), x);
    if (after != series.x.begin()) {
        const auto at = static_cast<std::size_t>(after - series.x.begin()) - 1;
        if (std::floor(series.x[at]) >= iteration) return at;
    }
    if (after == series.x.end() || std::floor(*after) > iteration) return std::nullopt;
    return static_cast<std::size_t>(after - series.x.begin());
}

ValuesModel::ValuesModel(Project& project, QObject* parent) : QAbstractTableModel(parent), m_project(project) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(static_cast<int>(1000 / look::measure(look::Measure::LiveRepaintHz)));
    connect(&m_timer, &QTimer::timeout, this, &ValuesModel::rebuild);
    connect(&project.series(), &SeriesStore::changed, this, &ValuesModel::schedule);
    connect(&project.replay(), &ReplayDesk::progressChanged, this, &ValuesModel::schedule);
    for (auto signal : {&Choice::metricsChanged, &Choice::emphasisChanged, &Choice::currentChanged}) {
        connect(&project.choice(), signal, this, &ValuesModel::rebuild);
    }
    connect(&project.cursor(), &look::TimeCursor::moved, this, &ValuesModel::rebuild);
    connect(&project.cursor(), &look::TimeCursor::referenceChanged, this, &ValuesModel::rebuild);
    rebuild();
}

void ValuesModel::schedule() {
    if (!m_timer.isActive()) m_timer.start();
}

void ValuesModel::rebuild() {
    std::vector<Row> rows;
    for (const QString& metric : m_project.choice().metrics()) appendMetric(rows, metric);
    const auto sameShape = [](const Row& a, const Row& b) { return a.name == b.name && a.version == b.version; };
    if (std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(), sameShape)) {
        m_rows = std::move(rows);
        if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

void ValuesModel::appendMetric(std::vector<Row>& rows, const QString& metric) const {
    Row heading;
    heading.heading = true;
    heading.name = metric;
    std::vector<Row> values;
    std::vector<double> numbers;
    bool mixed = false;
    for (const auto& version : m_project.choice().emphasised()) {
        Row row = valueRow(metric, version);
        for (const auto& number : {row.a, row.b}) {
            if (number && std::isfinite(*number)) numbers.push_back(*number);
        }
        if (row.source) {
            mixed = mixed || (heading.source && *heading.source != *row.source);
            heading.source = row.source;
            if (*row.source == workspace::Source::Replayed && row.fidelity) {
                heading.fidelity = heading.fidelity ? std::max(*heading.fidelity, *row.fidelity) : *row.fidelity;
            }
        }
        values.push_back(std::move(row));
    }
    if (mixed) heading.source = workspace::Source::Replayed;
    const int decimals = look::decimalsFor(numbers);
    rows.push_back(std::move(heading));
    for (Row& row : values) {
        row.decimals = decimals;
        rows.push_back(std::move(row));
    }
}

ValuesModel::Row ValuesModel::valueRow(const QString& metric, const base::Uuid& version) const {
    Row row;
    row.name = metric;
    row.version = version;
    if (const auto* view = m_project.version(version)) row.number = view->number;
    const auto series = m_project.series().find(version, metric);
    if (!series) {
        row.missing = tr("reading");
        return row;
    }
    if (const auto at = valueAt(*series, m_project.cursor().position())) {
        row.a = series->values[*at];
        row.source = series->sources[*at];
        row.fidelity = series->fidelities[*at];
    } else {
        row.missing = whyMissing(metric, version);
    }
    if (const auto reference = m_project.cursor().reference()) {
        if (const auto at = valueAt(*series, *reference)) row.b = series->values[*at];
    }
    return row;
}

QString ValuesModel::whyMissing(const QString& metric, const base::Uuid& version) const {
    const auto* view = m_project.nameView(metric);
    const bool hindsight = (view && view->replayed) || m_project.replay().runningNames().contains(metric);
    if (!hindsight) return QString();
    for (const auto& row : m_project.replay().progress().rows) {
        if (row.version == version && m_project.replay().isRunning() && row.done < row.total) {
            return tr("%1 of %2").arg(row.done).arg(row.total);
        }
    }
    const auto series = m_project.series().find(version, metric);
    if (series && series->hiddenDiverged > 0)
        return tr("%n hidden", "diverged values", static_cast<int>(series->hiddenDiverged));
    return tr("not replayed");
}

int ValuesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ValuesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ValuesModel::number(const Row& row, int column) const {
    look::NumberFormat format;
    format.decimals = row.decimals;
    const QString none = QStringLiteral("–");
    if (column == AtCursor)
        return row.a ? look::formatNumber(*row.a, format) : row.missing.isEmpty() ? none : row.missing;
    if (!m_project.cursor().reference()) return QString();
    if (column == AtReference) return row.b ? look::formatNumber(*row.b, format) : none;
    if (!row.a || !row.b) return none;
    format.plusSign = true;
    return look::formatNumber(*row.a - *row.b, format);
}

QVariant ValuesModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            if (index.column() == Name) return row.heading ? row.name : text::versionName(row.number);
            return row.heading ? QVariant() : number(row, index.column());
        case Qt::TextAlignmentRole:
            return QVariant((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
        case HeadingRole:
            return row.heading;
        case SlotRole:
            return row.version ? m_project.choice().slotOf(*row.version) : -1;
        case SourceRole:
            return row.source ? QVariant(static_cast<int>(lookSource(*row.source))) : QVariant();
        case FidelityRole:
            return row.fidelity ? QVariant(static_cast<int>(lookFidelity(*row.fidelity))) : QVariant();
        case CurrentRole:
            return row.version.has_value() && row.version == m_project.choice().current();
        case MissingRole:
            return row.missing;
        case UuidRole:
            return row.version ? text::fromUtf8(row.version->text()) : QString();
        default:
            return {};
    }
}

QVariant ValuesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    const auto& cursor = m_project.cursor();
    switch (section) {
        case Name:
            return m_project.versions().empty() ? QString() : text::fromUtf8(m_project.versions().front().outerLoop);
        case AtCursor:
            return cursor.last() < 0 ? QString() : QString::number(cursor.iteration());
        case AtReference:
            return cursor.reference() ? QStringLiteral("B %1").arg(*cursor.reference()) : QString();
        case Difference:
            return cursor.reference() ? QStringLiteral("Δ") : QString();
        default:
            return {};
    }
}

QString ValuesModel::sourcesNote() const {
    QStringList recorded;
    QString name;
    bool replayed = false;
    for (const Row& row : m_rows) {
        if (row.heading) {
            if (replayed && !recorded.isEmpty()) break;
            name = row.name;
            recorded.clear();
            replayed = false;
        } else if (row.source == workspace::Source::Recorded) {
            recorded.append(text::versionName(row.number));
        } else if (row.source == workspace::Source::Replayed) {
            replayed = true;
        }
    }
    if (!replayed || recorded.isEmpty()) return QString();
    return tr("%1 recorded %2 itself; the others are replayed.").arg(recorded.join(QStringLiteral(", ")), name);
}

QString ValuesModel::asText() const {
    QString text;
    for (int row = 0; row < rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < ColumnCount; ++column)
            cells.append(data(index(row, column), Qt::DisplayRole).toString());
        text += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return text;
}

}  // namespace hindcast::models

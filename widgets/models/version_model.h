// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <optional>
#include <vector>

#include "core/base/uuid.h"

namespace hindcast::workspace {
struct VersionView;
}

namespace hindcast::models {

class Project;

/// A metric column of the versions table: the newest value, or its difference to the baseline's.
struct MetricColumn {
    QString metric;
    bool difference = false;
    bool operator==(const MetricColumn&) const = default;
};

/// The versions table: version, date, the chosen metrics, state. Rows follow the project's list, newest first.
class VersionModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column : std::uint8_t { Version, Date, FirstMetric };
    enum Role : std::uint16_t {
        UuidRole = Qt::UserRole + 1,  ///< text form of the version's UUID
        SlotRole,                     ///< colour slot, -1 when dim
        AgeRole,                      ///< 0 = oldest, 1 = newest, for the colour ramp
        NumberRole,                   ///< double of a metric cell; absent when missing
        DecimalsRole,                 ///< of the whole column
        SortRole,
        StateIconRole,     ///< icon name of the last column, "" = nothing to say
        StateMeaningRole,  ///< look::Meaning of that icon as int
        BaselineRole,
        TagsRole
    };

    explicit VersionModel(Project& project, QObject* parent = nullptr);

    void setColumns(const std::vector<MetricColumn>& columns);
    const std::vector<MetricColumn>& columns() const { return m_columns; }
    int stateColumn() const { return FirstMetric + static_cast<int>(m_columns.size()); }
    int rowOf(const base::Uuid& version) const;
    std::optional<base::Uuid> uuidAt(const QModelIndex& index) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void follow();
    QVariant display(const workspace::VersionView& view, int row, int column) const;
    QVariant sortKey(const workspace::VersionView& view, int column) const;
    QVariant toolTip(const workspace::VersionView& view, int column) const;
    std::optional<double> value(const workspace::VersionView& view, const MetricColumn& column) const;
    int decimals(const MetricColumn& column) const;

    Project& m_project;
    std::vector<MetricColumn> m_columns;
    std::vector<base::Uuid> m_rows;
};

}  // namespace hindcast::models

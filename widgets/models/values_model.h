// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QTimer>
#include <optional>
#include <vector>

#include "core/workspace/views.h"

namespace hindcast::models {

class Project;

/// Index of the value that a cursor at `x` stands on: the last one at or before it in the same outer iteration, else
/// the first one of that iteration; the only one of a name that is logged once per run.
std::optional<std::size_t> valueAt(const workspace::Series& series, double x);

/// Values at the cursor: per metric on the charts a heading row, then a row per emphasised version with the value at A,
/// at B, and the difference. Follows cursor, choice and arriving values, at most 10 times a second.
class ValuesModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column : std::uint8_t { Name, AtCursor, AtReference, Difference, ColumnCount };
    enum Role : std::uint16_t {
        HeadingRole = Qt::UserRole + 1,  ///< bool
        SlotRole,
        SourceRole,    ///< look::Source as int; heading: absent when its versions differ
        FidelityRole,  ///< look::Fidelity as int, of replayed values; heading: the worst one
        CurrentRole,   ///< the row is the current version's
        MissingRole,   ///< why there is no value, "" when there is one
        UuidRole
    };

    explicit ValuesModel(Project& project, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Who logged a name itself and where it was replayed: "v24 recorded grad_norm itself; the others are replayed."
    QString sourcesNote() const;
    /// As tab-separated lines, for the clipboard.
    QString asText() const;

private:
    struct Row {
        bool heading = false;
        QString name;
        std::optional<base::Uuid> version;
        int number = 0;
        std::optional<double> a;
        std::optional<double> b;
        int decimals = -1;
        std::optional<workspace::Source> source;
        std::optional<workspace::Fidelity> fidelity;
        QString missing;
    };
    void schedule();
    void rebuild();
    void appendMetric(std::vector<Row>& rows, const QString& metric) const;
    Row valueRow(const QString& metric, const base::Uuid& version) const;
    QString whyMissing(const QString& metric, const base::Uuid& version) const;
    QString number(const Row& row, int column) const;

    Project& m_project;
    std::vector<Row> m_rows;
    QTimer m_timer;
};

}  // namespace hindcast::models

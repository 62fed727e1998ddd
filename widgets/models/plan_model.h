// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <optional>

#include "core/workspace/views.h"

namespace hindcast::models {

class ReplayDesk;

/// The plan, a version per row: placement, confidence, mode, why, iterations, from which capture, estimate.
class PlanModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column : std::uint8_t { Version, Placement, Confidence, Mode, Why, Iterations, From, Time, ColumnCount };
    enum Role : std::uint16_t {
        PlacementRole = Qt::UserRole + 1,  ///< workspace::PlacementKind as int: the one that needs most attention
        ConfidenceRole,                    ///< double; absent where nothing was placed
        RunsRole                           ///< the version would run
    };

    explicit PlanModel(ReplayDesk& desk, QObject* parent = nullptr);
    const workspace::PlanRow* row(int row) const;
    std::optional<base::Uuid> uuidAt(int row) const;
    int rowOf(const base::Uuid& version) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void follow();
    QVariant display(const workspace::PlanRow& row, int column) const;

    ReplayDesk& m_desk;
    std::vector<workspace::PlanRow> m_rows;
};

/// The placement of a row's probes that needs most attention; null when the row has none.
const workspace::PlacementView* worstPlacement(const workspace::PlanRow& row);
/// "e0, e2 … e28": outer iterations with a usable capture.
QString capturesText(const std::vector<std::int64_t>& captures);

}  // namespace hindcast::models

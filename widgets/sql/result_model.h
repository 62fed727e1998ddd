// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "core/query/rows/rows.h"

namespace hindcast::sql {

/// The rows of an answer. Numbers are shown so that they read back to the same bits; a missing value (NULL), one that a
/// replay would give, None and NaN are told apart.
class ResultModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { KindRole = Qt::UserRole, NumberRole };

    explicit ResultModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setRows(std::shared_ptr<const query::Rows> rows);
    const query::Rows* rows() const { return m_rows.get(); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// As it is copied: as CSV writes it, tabs and line ends in texts as blanks.
    QString copied(const QModelIndex& index) const;

private:
    QString shown(const query::Column& column, std::size_t row) const;
    QString explained(const query::Column& column, std::size_t row) const;

    std::shared_ptr<const query::Rows> m_rows;
};

}  // namespace hindcast::sql

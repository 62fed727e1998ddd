// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <optional>
#include <set>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"

namespace hindcast::models {

class Project;

/// Versions for which a filter can hold, sorted by any column. The workspace judges the filter in the background; while
/// it does, or when the filter has an error, the rows stay as they were.
class VersionFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit VersionFilter(Project& project, QObject* parent = nullptr);

    /// "lr < 0.001 and miss_rate < 0.1"; empty shows everything.
    void setWhere(const QString& where);
    const QString& where() const { return m_where; }
    const std::optional<base::Error>& error() const { return m_error; }

Q_SIGNALS:
    void judged();

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    void judge();

    Project& m_project;
    QString m_where;
    std::optional<std::set<base::Uuid>> m_shown;
    std::optional<base::Error> m_error;
};

}  // namespace hindcast::models

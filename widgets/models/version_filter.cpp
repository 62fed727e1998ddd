// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/version_filter.h"

#include "widgets/models/project.h"
#include "widgets/models/version_model.h"

namespace hindcast::models {

VersionFilter::VersionFilter(Project& project, QObject* parent) : QSortFilterProxyModel(parent), m_project(project) {
    setSortRole(VersionModel::SortRole);
    setDynamicSortFilter(true);
    connect(&project, &Project::versionsChanged, this, [this] {
        if (!m_where.isEmpty()) judge();
    });
}

void VersionFilter::setWhere(const QString& where) {
    const QString trimmed = where.trimmed();
    if (trimmed == m_where) return;
    m_where = trimmed;
    judge();
}

void VersionFilter::judge() {
    if (m_where.isEmpty()) {
        m_project.thread().cancel(QStringLiteral("filter"));
        m_shown.reset();
        m_error.reset();
        invalidateFilter();
        Q_EMIT judged();
        return;
    }
    m_project.filter(m_where, this, [this](base::Result<std::vector<base::Uuid>> versions) {
        if (versions) {
            m_shown.emplace(versions->begin(), versions->end());
            m_error.reset();
            invalidateFilter();
        } else {
            m_error = versions.error();
        }
        Q_EMIT judged();
    });
}

bool VersionFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    if (!m_shown) return true;
    const auto* model = qobject_cast<const VersionModel*>(sourceModel());
    const auto version = model ? model->uuidAt(model->index(row, 0, parent)) : std::nullopt;
    return version && m_shown->contains(*version);
}

}  // namespace hindcast::models

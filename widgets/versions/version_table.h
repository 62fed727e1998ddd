// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>
#include <optional>

#include "core/base/uuid.h"

namespace hindcast::models {
class Project;
class VersionFilter;
class VersionModel;
}  // namespace hindcast::models

namespace hindcast::versions {

/// The table of versions. The current row is the current version everywhere; a click on the swatch or Space lets a
/// version stand out.
class VersionTable : public QTableView {
    Q_OBJECT
public:
    explicit VersionTable(models::Project& project, QWidget* parent = nullptr);
    models::VersionModel& versionModel() { return *m_model; }
    models::VersionFilter& filter() { return *m_filter; }
    /// The version under a point of the viewport.
    std::optional<base::Uuid> versionAt(QPoint point) const;

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void configure();
    void layOutColumns();
    void toggleEmphasis(const base::Uuid& version);
    void showCurrent();

    models::Project& m_project;
    models::VersionModel* m_model;
    models::VersionFilter* m_filter;
    bool m_following = false;
};

}  // namespace hindcast::versions

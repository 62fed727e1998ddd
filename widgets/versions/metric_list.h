// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>

namespace hindcast::models {
class Project;
}

namespace hindcast::versions {

/// The checklist of metrics: name in mono, level in tertiary, a badge where replays gave values. Space or a click
/// toggles.
class MetricList : public QListView {
    Q_OBJECT
public:
    explicit MetricList(models::Project& project, QWidget* parent = nullptr);
    /// Tall enough for every row, so that the table above can take the rest.
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
};

}  // namespace hindcast::versions

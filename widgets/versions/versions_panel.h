// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "widgets/controls/panel_frame.h"

class QLineEdit;
class QToolButton;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::versions {

class MetricList;
class VersionTable;

/// The versions panel: filter field, table, and the metrics checklist below.
class VersionsPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    VersionsPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    VersionTable* table() const { return m_table; }
    void focusFilter();
    bool showsDifferences() const { return m_differences; }
    void setShowDifferences(bool on);

private:
    QWidget* buildContent();
    QWidget* buildMetricsHeader();
    void connectProject();
    void chooseColumns();
    void showCount();
    void showFilterState();
    void openMenu(QPoint at);

    models::Project& m_project;
    QLineEdit* m_field = nullptr;
    VersionTable* m_table = nullptr;
    MetricList* m_metrics = nullptr;
    QToolButton* m_smoothing = nullptr;
    bool m_differences = false;
    QTimer m_typing;
};

}  // namespace hindcast::versions

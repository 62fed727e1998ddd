// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "widgets/controls/panel_frame.h"

class QComboBox;

namespace hindcast::chart {
class ChartView;
}
namespace hindcast::controls {
class Badge;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::replay {

/// The values of the current probe in all versions, filling in while workers run, with the coverage of the emphasised
/// ones.
class ResultPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    explicit ResultPanel(models::Project& project, QWidget* parent = nullptr);
    chart::ChartView* chart() const { return m_chart; }

private:
    void connectProject();
    void showNames();
    void fill();
    void showProgress();

    models::Project& m_project;
    chart::ChartView* m_chart;
    controls::Badge* m_badge;
    QComboBox* m_name;
    QTimer m_timer;
};

}  // namespace hindcast::replay

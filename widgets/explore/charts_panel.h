// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QTimer>

#include "widgets/controls/panel_frame.h"

namespace hindcast::chart {
class ChartGrid;
class ChartView;
}  // namespace hindcast::chart
namespace hindcast::controls {
class Chip;
}
namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::explore {

/// The charts: one per chosen metric, all versions in each, filled in at most 10 times a second while values arrive.
class ChartsPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    ChartsPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    chart::ChartGrid* grid() const { return m_grid; }
    /// One chart per row instead of small multiples.
    void setOneColumn(bool on);
    bool oneColumn() const { return m_oneColumn; }
    void fit();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void connectProject();
    void rebuild();
    void arrange();
    void touch(const QString& metric);
    void flush();
    void fill(int index);
    void fillAll();
    void showChips();
    void showState();
    QString note(const QString& metric) const;

    models::Project& m_project;
    chart::ChartGrid* m_grid;
    controls::Chip* m_axis;
    controls::Chip* m_colours;
    QSet<QString> m_stale;
    QTimer m_timer;
    bool m_oneColumn = false;
};

}  // namespace hindcast::explore

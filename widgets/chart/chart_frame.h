// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <memory>
#include <vector>

class QChart;
class QCategoryAxis;
class QGraphicsScene;
class QPainter;

namespace hindcast::chart {

/// Axes, ticks and grid of a plot, by Qt Charts. It is given places, not data: Qt Charts rebuilds a series on every
/// change and cannot follow 50 x 10,000 points, so its series objects stay empty and the lines are drawn by
/// SeriesPainter inside the same plot area. Number labels are painted by the view with tabular digits.
class ChartFrame {
public:
    ChartFrame();
    ~ChartFrame();
    ChartFrame(const ChartFrame&) = delete;
    ChartFrame& operator=(const ChartFrame&) = delete;

    /// Takes pens from the theme in force.
    void applyTheme();
    /// Tick places run from 0 to 1 along each axis.
    void layOut(QSizeF size, QRectF plotArea, const std::vector<double>& xTicks, const std::vector<double>& yTicks);
    void paint(QPainter& painter);

private:
    std::unique_ptr<QGraphicsScene> m_scene;
    QChart* m_chart;     // owned by the scene
    QCategoryAxis* m_x;  // owned by the chart
    QCategoryAxis* m_y;
    QRectF m_plotArea;
    bool m_tickAtTop = false;
};

}  // namespace hindcast::chart

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/chart_frame.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QGraphicsScene>
#include <QLegend>
#include <QLineSeries>
#include <QPainter>
#include <algorithm>

#include "widgets/look/theme.h"

namespace hindcast::chart {

namespace {

QCategoryAxis* makeAxis(QChart* chart, Qt::Alignment side) {
    auto* axis = new QCategoryAxis;
    axis->setRange(0.0, 1.0);
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setLabelsVisible(false);
    chart->addAxis(axis, side);
    return axis;
}

void setTicks(QCategoryAxis* axis, const std::vector<double>& ticks) {
    for (const QString& label : axis->categoriesLabels()) axis->remove(label);
    // Names only tell the ticks apart; they are never shown.
    for (std::size_t i = 0; i < ticks.size(); ++i) axis->append(QString::number(i), ticks[i]);
}

}  // namespace

ChartFrame::ChartFrame() : m_scene(std::make_unique<QGraphicsScene>()), m_chart(new QChart) {
    m_scene->addItem(m_chart);
    m_chart->setAnimationOptions(QChart::NoAnimation);
    m_chart->legend()->hide();
    m_chart->setMargins(QMargins());
    m_chart->setBackgroundRoundness(0);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_x = makeAxis(m_chart, Qt::AlignBottom);
    m_y = makeAxis(m_chart, Qt::AlignLeft);
    // Axes lay themselves out only beside a series; this one stays empty.
    auto* anchor = new QLineSeries;
    m_chart->addSeries(anchor);
    anchor->attachAxis(m_x);
    anchor->attachAxis(m_y);
    applyTheme();
}

ChartFrame::~ChartFrame() = default;

void ChartFrame::applyTheme() {
    const auto hair = [](look::Color token) {
        QPen pen(look::color(token), 1);
        pen.setCosmetic(true);
        return pen;
    };
    m_chart->setBackgroundBrush(look::color(look::Color::SurfacePanel));
    m_chart->setBackgroundPen(QPen(Qt::NoPen));
    m_x->setGridLineVisible(false);
    m_x->setLinePen(hair(look::Color::LineAxis));
    m_y->setGridLinePen(hair(look::Color::LineGrid));
    m_y->setLinePen(QPen(Qt::NoPen));
    m_y->setLineVisible(false);
}

void ChartFrame::layOut(QSizeF size, QRectF plotArea, const std::vector<double>& xTicks,
                        const std::vector<double>& yTicks) {
    m_scene->setSceneRect(QRectF(QPointF(), size));
    m_chart->setGeometry(QRectF(QPointF(), size));
    setTicks(m_x, xTicks);
    setTicks(m_y, yTicks);
    m_chart->setPlotArea(plotArea);
    m_plotArea = plotArea;
    m_tickAtTop = std::any_of(yTicks.begin(), yTicks.end(), [](double tick) { return tick > 0.999; });
    m_chart->layout()->activate();
}

void ChartFrame::paint(QPainter& painter) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    m_scene->render(&painter, m_scene->sceneRect(), m_scene->sceneRect());
    // A category axis of Qt Charts 6.4 draws a grid line at its upper end even where no tick is.
    if (!m_tickAtTop)
        painter.fillRect(QRectF(m_plotArea.left(), m_plotArea.top() - 1, m_plotArea.width() + 1, 2),
                         look::color(look::Color::SurfacePanel));
    painter.restore();
}

}  // namespace hindcast::chart

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/envelope.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "widgets/look/theme.h"

namespace hindcast::chart {

namespace {

struct Column {
    std::vector<double> values;  ///< one per line: where it crosses the middle of the column
    double low = INFINITY;
    double high = -INFINITY;

    void reach(double y) {
        low = std::min(low, y);
        high = std::max(high, y);
    }
};

void addLine(const PlotLine& line, const Plot& plot, std::vector<Column>& columns) {
    const auto columnOf = [&](double x) { return (x - plot.area.left()) * plot.ratio; };
    const auto inside = [&](double c) { return c >= 0 && c < static_cast<double>(columns.size()); };
    for (std::size_t i = 0; i < line.points.size(); ++i) {
        const QPointF to = line.points[i];
        if (inside(columnOf(to.x()))) columns[static_cast<std::size_t>(columnOf(to.x()))].reach(to.y());
        if (i == 0) continue;
        const QPointF from = line.points[i - 1];
        const double first = std::max(0.0, std::ceil(columnOf(from.x()) - 0.5));
        for (double c = first; c + 0.5 < columnOf(to.x()) && inside(c); ++c) {
            const double share = (c + 0.5 - columnOf(from.x())) / (columnOf(to.x()) - columnOf(from.x()));
            const double y = from.y() + share * (to.y() - from.y());
            Column& column = columns[static_cast<std::size_t>(c)];
            column.values.push_back(y);
            column.reach(y);
        }
    }
}

/// Stretches of neighbouring columns; a column without lines ends one.
template <class Draw>
void forEachStretch(const std::vector<EnvelopeColumn>& columns, double ratio, const Draw& draw) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= columns.size(); ++i) {
        const bool ends = i == columns.size() || columns[i].x - columns[i - 1].x > 1.5 / ratio;
        if (!ends) continue;
        draw(begin, i);
        begin = i;
    }
}

}  // namespace

std::vector<EnvelopeColumn> envelopeOf(const std::vector<const PlotSeries*>& lines, const Plot& plot) {
    std::vector<Column> columns(static_cast<std::size_t>(std::max(1.0, std::ceil(plot.area.width() * plot.ratio))));
    for (const PlotSeries* series : lines)
        for (const PlotLine& line : series->lines) addLine(line, plot, columns);
    std::vector<EnvelopeColumn> result;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::vector<double>& values = columns[i].values;
        if (values.empty()) continue;
        const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
        std::nth_element(values.begin(), middle, values.end());
        const double x = plot.area.left() + (static_cast<double>(i) + 0.5) / plot.ratio;
        result.push_back({x, columns[i].low, columns[i].high, *middle});
    }
    return result;
}

void paintEnvelope(QPainter& painter, const std::vector<EnvelopeColumn>& columns, double ratio) {
    const QColor ink = look::tokens().ramp(0.5);
    QColor fill = ink;
    fill.setAlphaF(static_cast<float>(look::measure(look::Measure::EnvelopeAlpha)));
    forEachStretch(columns, ratio, [&](std::size_t begin, std::size_t end) {
        QPolygonF band;
        QPolygonF median;
        for (std::size_t i = begin; i < end; ++i) {
            band << QPointF(columns[i].x, columns[i].high + 0.5);
            median << QPointF(columns[i].x, columns[i].median);
        }
        for (std::size_t i = end; i-- > begin;) band << QPointF(columns[i].x, columns[i].low - 0.5);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawPolygon(band);
        QPen pen(ink, 1);
        pen.setCosmetic(true);
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(median);
    });
}

}  // namespace hindcast::chart

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/series_painter.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/look/theme.h"

namespace hindcast::chart {

namespace {

using look::Measure;

constexpr double kTolerance = 0.25;

struct Column {
    double low = 0.0;
    double high = 0.0;
    bool used = false;
};

void widen(Column& column, double y) {
    column.low = column.used ? std::min(column.low, y) : y;
    column.high = column.used ? std::max(column.high, y) : y;
    column.used = true;
}

/// Min-max columns, one per device pixel; neighbours touch, so that the line has no holes.
void paintColumns(QPainter& painter, const PlotLine& line, const QColor& ink, double ratio) {
    const double half = look::measure(Measure::StrokeEmphasis) / 2;
    const auto columnOf = [ratio](double x) { return static_cast<long>(std::floor(x * ratio)); };
    const long first = columnOf(line.points.front().x());
    std::vector<Column> columns(static_cast<std::size_t>(columnOf(line.points.back().x()) - first + 1));
    for (std::size_t i = 0; i < line.points.size(); ++i) {
        const QPointF to = line.points[i];
        const long at = columnOf(to.x()) - first;
        widen(columns[static_cast<std::size_t>(at)], to.y());
        if (i == 0) continue;
        const QPointF from = line.points[i - 1];
        for (long c = columnOf(from.x()) - first + 1; c <= at; ++c) {
            const double edge = static_cast<double>(first + c) / ratio;
            const double share = to.x() > from.x() ? (edge - from.x()) / (to.x() - from.x()) : 1.0;
            const double y = from.y() + (to.y() - from.y()) * std::clamp(share, 0.0, 1.0);
            widen(columns[static_cast<std::size_t>(c)], y);
            widen(columns[static_cast<std::size_t>(c - 1)], y);
        }
    }
    std::vector<QRectF> boxes;
    boxes.reserve(columns.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
        if (!columns[c].used) continue;
        const double x = (static_cast<double>(first) + static_cast<double>(c)) / ratio;
        boxes.emplace_back(x, columns[c].low - half, 1.0 / ratio, columns[c].high - columns[c].low + 2 * half);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawRects(boxes.data(), static_cast<int>(boxes.size()));
}

void paintThin(QPainter& painter, const std::vector<PlotLine>& lines, const QColor& ink) {
    QPen pen(ink, look::measure(Measure::StrokeDim));
    pen.setCosmetic(true);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    for (const PlotLine& line : lines) {
        // Where several points share a pixel smooth edges cost twice and show nothing.
        const double length = line.points.back().x() - line.points.front().x();
        painter.setRenderHint(QPainter::Antialiasing, static_cast<double>(line.points.size()) < length * 1.5);
        painter.drawPolyline(line.points.data(), static_cast<int>(line.points.size()));
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

bool sparseAround(const Series& series, std::size_t i, const Plot& plot, double spacing) {
    const auto far = [&](std::size_t a, std::size_t b) {
        return plot.mapX(series.points[b].x) - plot.mapX(series.points[a].x) >= spacing;
    };
    const bool left = i == 0 || !joined(series, i) || far(i - 1, i);
    const bool right = i + 1 >= series.points.size() || !joined(series, i + 1) || far(i, i + 1);
    return left && right;
}

bool provenanceChanges(const Series& series, std::size_t i) {
    if (i == 0) return false;
    const Point& before = series.points[i - 1];
    const Point& now = series.points[i];
    return before.source != now.source || before.fidelity != now.fidelity;
}

void paintArrow(QPainter& painter, QPointF tip, double direction) {
    painter.drawLine(tip, tip + QPointF(0, direction * 9));
    painter.drawPolyline(QPolygonF{tip + QPointF(-3, direction * 3.5), tip, tip + QPointF(3, direction * 3.5)});
}

}  // namespace

void paintLines(QPainter& painter, const std::vector<PlotLine>& lines, const QColor& ink, LineWeight weight,
                double ratio) {
    painter.setRenderHint(QPainter::Antialiasing, true);
    if (weight != LineWeight::Emphasised) return paintThin(painter, lines, ink);
    const QPen pen(ink, look::measure(Measure::StrokeEmphasis), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    for (const PlotLine& line : lines) {
        const std::vector<QPointF> sparse = simplified(line.points, kTolerance);
        const double length = line.points.back().x() - line.points.front().x();
        if (sparse.size() > 8 && static_cast<double>(sparse.size()) > length / 2) {
            paintColumns(painter, line, ink, ratio);
            continue;
        }
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(sparse.data(), static_cast<int>(sparse.size()));
    }
}

std::vector<PlotMark> marksOf(const StoredSeries& series, const PlotSeries& drawn, const Plot& plot) {
    const double spacing = look::px(look::Size::MarkSpacing);
    constexpr double kCrowded = 6.0;
    std::vector<PlotMark> marks;
    const auto& points = series.data.points;
    const Range range = plot.x.range();
    const auto first = std::lower_bound(points.begin(), points.end(), range.low,
                                        [](const Point& point, double x) { return point.x < x; });
    double last = -INFINITY;
    for (auto it = first; it != points.end() && it->x <= range.high; ++it) {
        const auto i = static_cast<std::size_t>(it - points.begin());
        const QPointF at = plot.map(it->x, series.y(i));
        if (!std::isfinite(at.x()) || !std::isfinite(at.y()) || std::isinf(it->y) ||
            it->fidelity == look::Fidelity::Diverged)
            continue;
        const bool lone = std::binary_search(drawn.lone.begin(), drawn.lone.end(), i);
        const bool roomy = at.x() - last >= spacing;
        const bool sparse = sparseAround(series.data, i, plot, spacing);
        const bool due = roomy && (it->source != look::Source::Recorded || sparse);
        const bool change = provenanceChanges(series.data, i) && at.x() - last >= kCrowded;
        if (!lone && !due && !change) continue;
        marks.push_back({i, at, look::measure(sparse ? Measure::MarkSparse : Measure::MarkLine)});
        last = at.x();
    }
    return marks;
}

void paintMarks(QPainter& painter, const StoredSeries& series, const std::vector<PlotMark>& marks, const QColor& ink) {
    for (const PlotMark& mark : marks) {
        const Point& point = series.data.points[mark.index];
        look::paintMark(painter, mark.at, mark.radius, point.source, point.fidelity, ink);
    }
}

void paintUnplottable(QPainter& painter, const StoredSeries& series, const PlotSeries& drawn, const Plot& plot,
                      const QColor& ink, bool withText) {
    const double spacing = look::px(look::Size::MarkSpacing);
    const QFont font = look::font(look::TextRole::Caption, QFont::DemiBold);
    double lastX = -INFINITY;
    std::size_t lastIndex = 0;
    painter.setRenderHint(QPainter::Antialiasing, true);
    for (const std::size_t i : drawn.unplottable) {
        const double y = series.data.points[i].y;
        // On the middle of a pixel, so that these thin signs are as dark as they can be.
        const double x = std::floor(plot.mapX(series.data.points[i].x)) + 0.5;
        // A run of them is marked at its start and then every 18 px, so that it stays readable.
        const bool newRun = lastX == -INFINITY || i != lastIndex + 1;
        lastIndex = i;
        if (!std::isfinite(x) || (!newRun && x - lastX < spacing)) continue;
        lastX = x;
        painter.setPen(QPen(ink, look::measure(Measure::StrokeMarker), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.setBrush(look::color(look::Color::SurfacePanel));
        if (std::isnan(y)) {
            const QPointF top(x, plot.area.top() + 3);
            painter.drawPolygon(QPolygonF{top + QPointF(-4, 0), top + QPointF(4, 0), top + QPointF(0, 7)});
            if (!withText || !newRun) continue;
            painter.setFont(font);
            painter.drawText(QRectF(x - 20, plot.area.top() - 15, 40, 14), Qt::AlignCenter, QStringLiteral("NaN"));
        } else if (y > 0) {
            paintArrow(painter, QPointF(x, plot.area.top() + 1), 1);
        } else {
            paintArrow(painter, QPointF(x, plot.area.bottom() - 1), -1);
        }
    }
}

void paintDiverged(QPainter& painter, const StoredSeries& series, const PlotSeries& drawn, const Plot& plot) {
    const double half = std::max(4.0, plot.area.width() * series.data.spacing / plot.x.range().length() / 2);
    for (const std::size_t i : drawn.diverged) {
        const double x = plot.mapX(series.data.points[i].x);
        painter.fillRect(QRectF(x - half, plot.area.top(), 2 * half, plot.area.height()),
                         look::color(look::Color::DivergedGround));
    }
    double last = -INFINITY;
    for (const std::size_t i : drawn.diverged) {
        const Point& point = series.data.points[i];
        const QPointF at = plot.map(point.x, point.y);
        if (!std::isfinite(at.y()) || at.x() - last < 6) continue;
        look::paintMark(painter, at, look::measure(Measure::MarkSparse), point.source, point.fidelity,
                        look::color(look::Color::DivergedMark));
        last = at.x();
    }
}

}  // namespace hindcast::chart

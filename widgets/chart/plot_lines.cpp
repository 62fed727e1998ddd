// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/plot_lines.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hindcast::chart {

namespace {

constexpr double kFarPixels = 1e6;

/// Collects one pixel column and writes its first, lowest, highest and last point in the order they came.
class ColumnCollector {
public:
    explicit ColumnCollector(double ratio) : m_ratio(ratio) {}

    void add(QPointF point) {
        const double column = std::floor(point.x() * m_ratio);
        if (m_count > 0 && column != m_column) flush();
        m_column = column;
        if (m_count == 0) m_first = m_low = m_high = point;
        if (point.y() < m_low.y()) setExtreme(m_low, m_lowAt, point);
        if (point.y() > m_high.y()) setExtreme(m_high, m_highAt, point);
        m_last = point;
        ++m_count;
    }

    void flush() {
        if (m_count == 0) return;
        push(m_first);
        const bool lowFirst = m_lowAt <= m_highAt;
        if (m_count > 2) {
            push(lowFirst ? m_low : m_high);
            push(lowFirst ? m_high : m_low);
        }
        if (m_count > 1) push(m_last);
        m_count = 0;
        m_lowAt = m_highAt = 0;
    }

    PlotLine take() {
        flush();
        PlotLine line;
        std::swap(line.points, m_line);
        return line;
    }

private:
    void setExtreme(QPointF& extreme, std::size_t& at, QPointF point) {
        extreme = point;
        at = m_count;
    }
    void push(QPointF point) {
        if (m_line.empty() || m_line.back() != point) m_line.push_back(point);
    }

    double m_ratio;
    double m_column = 0.0;
    std::size_t m_count = 0;
    std::size_t m_lowAt = 0;
    std::size_t m_highAt = 0;
    QPointF m_first, m_low, m_high, m_last;
    std::vector<QPointF> m_line;
};

struct Span {
    std::size_t begin;
    std::size_t end;
};

/// Visible points and one on either side, so that lines enter and leave the plot.
Span visibleSpan(const std::vector<Point>& points, Range range) {
    const auto byX = [](const Point& point, double x) { return point.x < x; };
    const auto first = std::lower_bound(points.begin(), points.end(), range.low, byX);
    const auto last = std::upper_bound(points.begin(), points.end(), range.high,
                                       [](double x, const Point& point) { return x < point.x; });
    std::size_t begin = static_cast<std::size_t>(first - points.begin());
    std::size_t end = static_cast<std::size_t>(last - points.begin());
    if (begin > 0) --begin;
    if (end < points.size()) ++end;
    return {begin, end};
}

void finish(ColumnCollector& collector, std::size_t count, std::size_t lastIndex, std::vector<PlotLine>& lines,
            std::vector<std::size_t>* lone) {
    PlotLine line = collector.take();
    if (count > 1)
        lines.push_back(std::move(line));
    else if (count == 1 && lone)
        lone->push_back(lastIndex);
}

bool plottable(double y, const AxisScale& scale) {
    return std::isfinite(y) && (!scale.logarithmic() || y > 0.0);
}

/// Plot's mapping with the divisions taken out: it runs for every visible point at every repaint.
class FastMap {
public:
    explicit FastMap(const Plot& plot)
        : m_plot(plot),
          m_scaleX(plot.area.width() / plot.x.range().length()),
          m_scaleY(plot.area.height() / plot.y.range().length()) {}

    QPointF operator()(double vx, double vy) const {
        if (m_plot.x.logarithmic() || m_plot.y.logarithmic()) return m_plot.map(vx, vy);
        const double x = m_plot.area.left() + (vx - m_plot.x.range().low) * m_scaleX;
        const double y = m_plot.area.bottom() - (vy - m_plot.y.range().low) * m_scaleY;
        return {x, std::clamp(y, -kFarPixels, kFarPixels)};
    }

private:
    const Plot& m_plot;
    double m_scaleX;
    double m_scaleY;
};

/// `sink` gets what no line can show; null while tracing the ghost.
void trace(const StoredSeries& series, const Plot& plot, bool raw, std::vector<PlotLine>& lines, PlotSeries* sink) {
    const auto& points = series.data.points;
    const Span span = visibleSpan(points, plot.x.range());
    const FastMap map(plot);
    const double* values = raw || series.smooth.empty() ? nullptr : series.smooth.data();
    ColumnCollector collector(plot.ratio);
    std::size_t count = 0;
    for (std::size_t i = span.begin; i < span.end; ++i) {
        const Point& point = points[i];
        const double y = values ? values[i] : point.y;
        const bool diverged = point.fidelity == look::Fidelity::Diverged;
        const bool drawn = !diverged && plottable(y, plot.y) && plottable(point.x, plot.x);
        if (count > 0 && (!drawn || !joined(series.data, i))) {
            finish(collector, count, i - 1, lines, sink ? &sink->lone : nullptr);
            count = 0;
        }
        if (drawn) {
            collector.add(map(point.x, y));
            ++count;
        } else if (sink && diverged) {
            if (plot.withDiverged) sink->diverged.push_back(i);
        } else if (sink) {
            sink->unplottable.push_back(i);
        }
    }
    if (count > 0) finish(collector, count, span.end - 1, lines, sink ? &sink->lone : nullptr);
}

double segmentDistance(QPointF a, QPointF b, QPointF p) {
    const QPointF d = b - a;
    const double length2 = QPointF::dotProduct(d, d);
    const double t = length2 > 0 ? std::clamp(QPointF::dotProduct(p - a, d) / length2, 0.0, 1.0) : 0.0;
    const QPointF off = p - (a + t * d);
    return std::hypot(off.x(), off.y());
}

}  // namespace

double Plot::mapY(double value) const {
    const double pixel = area.bottom() - y.toUnit(value) * area.height();
    return std::isnan(pixel) ? pixel : std::clamp(pixel, -kFarPixels, kFarPixels);
}

PlotSeries plotSeries(const StoredSeries& series, const Plot& plot, bool withGhost) {
    PlotSeries result;
    trace(series, plot, false, result.lines, &result);
    if (withGhost && !series.smooth.empty()) trace(series, plot, true, result.ghost, nullptr);
    return result;
}

std::vector<QPointF> simplified(const std::vector<QPointF>& line, double tolerance) {
    if (line.size() < 3) return line;
    std::vector<char> keep(line.size(), 0);
    keep.front() = keep.back() = 1;
    std::vector<Span> work{{0, line.size() - 1}};
    while (!work.empty()) {
        const Span span = work.back();
        work.pop_back();
        double worst = tolerance;
        std::size_t at = 0;
        for (std::size_t i = span.begin + 1; i < span.end; ++i) {
            const double off = segmentDistance(line[span.begin], line[span.end], line[i]);
            if (off <= worst) continue;
            worst = off;
            at = i;
        }
        if (at == 0) continue;
        keep[at] = 1;
        work.push_back({span.begin, at});
        work.push_back({at, span.end});
    }
    std::vector<QPointF> result;
    for (std::size_t i = 0; i < line.size(); ++i)
        if (keep[i]) result.push_back(line[i]);
    return result;
}

double distanceTo(const PlotSeries& series, QPointF place, double reach) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const PlotLine& line : series.lines) {
        const auto& points = line.points;
        const auto begin = std::lower_bound(points.begin(), points.end(), place.x() - reach,
                                            [](const QPointF& p, double x) { return p.x() < x; });
        std::size_t i = static_cast<std::size_t>(begin - points.begin());
        if (i == 0) i = 1;
        for (; i < points.size() && points[i - 1].x() <= place.x() + reach; ++i)
            nearest = std::min(nearest, segmentDistance(points[i - 1], points[i], place));
    }
    return nearest;
}

}  // namespace hindcast::chart

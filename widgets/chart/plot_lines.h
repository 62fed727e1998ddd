// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <vector>

#include "widgets/chart/axis_scale.h"
#include "widgets/chart/series_store.h"

namespace hindcast::chart {

/// Where and how values become pixels.
struct Plot {
    QRectF area;  ///< logical pixels
    AxisScale x;
    AxisScale y;
    double ratio = 1.0;  ///< device pixels per logical pixel
    bool withDiverged = false;

    double mapX(double value) const { return area.left() + x.toUnit(value) * area.width(); }
    /// Held within a distance that painters can take; NaN stays NaN.
    double mapY(double value) const;
    QPointF map(double vx, double vy) const { return {mapX(vx), mapY(vy)}; }
};

/// An unbroken stretch of a line, decimated: per device pixel column its first, lowest, highest and last point (M4),
/// so that no extreme is lost at any zoom.
struct PlotLine {
    std::vector<QPointF> points;
};

/// What is to be drawn of one series, in pixels.
struct PlotSeries {
    std::vector<PlotLine> lines;           ///< the smoothed line where smoothing is on
    std::vector<PlotLine> ghost;           ///< the raw line behind a smoothed one
    std::vector<std::size_t> lone;         ///< drawn points that no line touches
    std::vector<std::size_t> unplottable;  ///< NaN, infinite, and what a log axis cannot show
    std::vector<std::size_t> diverged;     ///< shown on request only; else empty
};

/// Cuts and decimates the part of a series that `plot` shows. O(visible points).
PlotSeries plotSeries(const StoredSeries& series, const Plot& plot, bool withGhost);

/// The line without points that lie within `tolerance` pixels of it; spikes higher than that stay.
std::vector<QPointF> simplified(const std::vector<QPointF>& line, double tolerance);

/// Distance in pixels from a place to the lines of a series; infinite beyond `reach` in x.
double distanceTo(const PlotSeries& series, QPointF place, double reach);

}  // namespace hindcast::chart

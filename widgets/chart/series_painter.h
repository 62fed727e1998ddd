// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/chart/plot_lines.h"

class QPainter;

namespace hindcast::chart {

enum class LineWeight : std::uint8_t { Dim, Ghost, Emphasised };

/// Draws decimated lines. Dim and ghost lines are 1 px cosmetic; emphasised ones 1.75 px: stroked where sparse, as
/// min-max columns where dense, because stroking thousands of wide segments takes seconds.
/// The caller sets the clip.
void paintLines(QPainter& painter, const std::vector<PlotLine>& lines, const QColor& ink, LineWeight weight,
                double ratio);

/// A mark to be drawn on a point.
struct PlotMark {
    std::size_t index = 0;  ///< of the point
    QPointF at;
    double radius = 0.0;
};

/// The marks a series shows by itself: where sparse (>= 18 px apart), thinned to that distance for values that were
/// not recorded, at changes of source or fidelity, and at points no line touches.
std::vector<PlotMark> marksOf(const StoredSeries& series, const PlotSeries& drawn, const Plot& plot);
void paintMarks(QPainter& painter, const StoredSeries& series, const std::vector<PlotMark>& marks, const QColor& ink);

/// Hollow ▽ with "NaN" at the top edge; arrows at the edge for infinities and what a log axis cannot show.
void paintUnplottable(QPainter& painter, const StoredSeries& series, const PlotSeries& drawn, const Plot& plot,
                      const QColor& ink, bool withText);

/// Band and crossed marks of diverged points; nothing where `drawn.diverged` is empty.
void paintDiverged(QPainter& painter, const StoredSeries& series, const PlotSeries& drawn, const Plot& plot);

}  // namespace hindcast::chart

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <vector>

#include "widgets/chart/plot_lines.h"

class QPainter;

namespace hindcast::chart {

inline constexpr double kRailHeight = 6.0;
inline constexpr double kRailPitch = 12.0;

/// One row of the rail under the axis: filled = the value is here, outlined in the series' colour = queued,
/// part-filled = running, outlined in grey = not replayed yet, hatched = cannot be replayed.
/// Slots are centred on their x as points are; equal neighbours too narrow to tell apart are drawn as one.
void paintRail(QPainter& painter, const Plot& plot, double top, const std::vector<CoverageSlot>& coverage,
               const QColor& ink);

}  // namespace hindcast::chart

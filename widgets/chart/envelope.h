// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/chart/plot_lines.h"

class QPainter;

namespace hindcast::chart {

/// What hundreds of lines are in sum: lowest, highest and median value per device pixel column.
struct EnvelopeColumn {
    double x = 0.0;
    double low = 0.0;
    double high = 0.0;
    double median = 0.0;
};

/// Above this number of lines that are not emphasised a band takes their place.
inline constexpr int kBandFrom = 100;

/// Columns without any line are left out. O(lines x columns).
std::vector<EnvelopeColumn> envelopeOf(const std::vector<const PlotSeries*>& lines, const Plot& plot);
void paintEnvelope(QPainter& painter, const std::vector<EnvelopeColumn>& columns, double ratio);

}  // namespace hindcast::chart

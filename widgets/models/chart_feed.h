// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "core/workspace/views.h"
#include "widgets/chart/series.h"

namespace hindcast::models {

class Project;

/// The read series of one metric as a chart takes them, oldest version first, so that newer lines lie above.
std::vector<chart::Series> chartSeries(Project& project, const QString& metric);
/// Which outer iterations of a probe's metric are there, on the way, or missing, for the rail under the chart; empty
/// for a version that logged the metric itself.
std::vector<chart::CoverageSlot> chartCoverage(Project& project, const QString& metric, const base::Uuid& version);
/// True when the metric is computed by hindsight, so that charts owe the reader a rail.
bool isHindsight(Project& project, const QString& metric);
/// Normal distance in x of a series; points farther apart are not joined.
double normalSpacing(const workspace::Series& series);

}  // namespace hindcast::models

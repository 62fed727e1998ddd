// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/chart/series.h"

namespace hindcast::gallery {

enum class Shape { LossPerStep, Accuracy, MissRate, GradientNorm };

/// 24 versions of 30 epochs, deterministic; v16, v17 and v24 emphasised. The gradient norm is partly replayed.
std::vector<chart::Series> sampleSeries(Shape shape);

}  // namespace hindcast::gallery

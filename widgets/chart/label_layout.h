// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace hindcast::chart {

struct WantedLabel {
    double y = 0.0;         ///< where its line ends
    double priority = 0.0;  ///< the higher, the later it is dropped
};

/// Centres for labels at line ends: near their lines, in the order of the lines, at least `pitch` apart, inside
/// [top, bottom]. Labels that find no room are dropped, least important first: NaN in the answer.
std::vector<double> placeLabels(const std::vector<WantedLabel>& wanted, double top, double bottom, double pitch);

}  // namespace hindcast::chart

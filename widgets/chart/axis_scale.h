// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "widgets/chart/series.h"

namespace hindcast::chart {

/// Maps values to 0-1 along an axis and back, linear or logarithmic, and finds round ticks. A value type.
class AxisScale {
public:
    AxisScale() = default;
    /// A range without length is widened, so that a constant can be drawn; a log axis needs low > 0.
    AxisScale(Range range, bool logarithmic);

    Range range() const { return m_range; }
    bool logarithmic() const { return m_log; }
    /// NaN where the axis has no such value (zero and below on a log axis).
    double toUnit(double value) const;
    double fromUnit(double unit) const;
    /// Between 2 and about `wanted` + 2 round values inside the range; whole numbers only with `whole`.
    std::vector<double> ticks(int wanted, bool whole = false) const;
    /// Decimals that tell these ticks apart, without padding; -1 on a log axis, where each has its own.
    int decimals(const std::vector<double>& ticks) const;
    /// The range scaled by `factor` about the value at `anchorUnit`, or moved by `units` of its length.
    Range zoomed(double anchorUnit, double factor) const;
    Range moved(double units) const;

private:
    Range m_range{0.0, 1.0};
    bool m_log = false;
};

/// The range widened to round numbers, for a fitted value axis. Keeps zero as an end where the data touch it.
Range roundedOut(Range range, bool logarithmic);

}  // namespace hindcast::chart

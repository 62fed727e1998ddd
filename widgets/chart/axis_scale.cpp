// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/axis_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hindcast::chart {

namespace {

constexpr double kTiny = 1e-300;
constexpr int kFullDecades = 3;

Range widened(Range range, bool logarithmic) {
    if (!range.valid() || !std::isfinite(range.low) || !std::isfinite(range.high)) range = {0.0, 1.0};
    if (logarithmic) {
        range.low = std::max(range.low, kTiny);
        range.high = std::max(range.high, range.low);
        if (range.high <= range.low * (1 + 1e-9)) return {range.low / 2, range.low * 2};
        return range;
    }
    const double size = std::max(std::abs(range.low), std::abs(range.high));
    if (range.length() > size * 1e-12 && range.length() > 0) return range;
    const double margin = size > 0 ? size * 0.05 : 0.5;
    return {range.low - margin, range.high + margin};
}

double roundStep(double rough) {
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (rough <= factor * power * (1 + 1e-9)) return factor * power;
    return 10.0 * power;
}

std::vector<double> linearTicks(Range range, int wanted, bool whole) {
    double step = roundStep(range.length() / std::max(1, wanted));
    if (whole) step = std::max(1.0, step);
    std::vector<double> ticks;
    const double slack = step * 1e-6;
    for (double k = std::ceil((range.low - slack) / step); k * step <= range.high + slack; ++k)
        ticks.push_back(k * step);
    return ticks;
}

std::vector<double> logTicks(Range range, int wanted) {
    const int low = static_cast<int>(std::floor(std::log10(range.low)));
    const int high = static_cast<int>(std::ceil(std::log10(range.high)));
    const bool between = high - low <= kFullDecades;
    const int stride = std::max(1, (high - low) / std::max(1, wanted));
    std::vector<double> ticks;
    for (int decade = low; decade <= high; decade += between ? 1 : stride) {
        for (const double factor : {1.0, 2.0, 5.0}) {
            const double tick = factor * std::pow(10.0, decade);
            const bool inside = tick >= range.low * (1 - 1e-9) && tick <= range.high * (1 + 1e-9);
            if (inside && (between || factor == 1.0)) ticks.push_back(tick);
        }
    }
    // Zoomed in to less than a 1-2-5 step: plain round numbers serve better.
    return ticks.size() >= 2 ? ticks : linearTicks(range, wanted, false);
}

}  // namespace

AxisScale::AxisScale(Range range, bool logarithmic) : m_range(widened(range, logarithmic)), m_log(logarithmic) {}

double AxisScale::toUnit(double value) const {
    if (!m_log) return (value - m_range.low) / m_range.length();
    if (!(value > 0.0)) return std::numeric_limits<double>::quiet_NaN();
    return std::log(value / m_range.low) / std::log(m_range.high / m_range.low);
}

double AxisScale::fromUnit(double unit) const {
    if (!m_log) return m_range.low + unit * m_range.length();
    return m_range.low * std::pow(m_range.high / m_range.low, unit);
}

std::vector<double> AxisScale::ticks(int wanted, bool whole) const {
    return m_log ? logTicks(m_range, wanted) : linearTicks(m_range, wanted, whole);
}

int AxisScale::decimals(const std::vector<double>& ticks) const {
    constexpr int kMost = 9;
    if (m_log) return -1;
    for (int decimals = 0; decimals < kMost; ++decimals) {
        const double unit = std::pow(10.0, decimals);
        const double slack = 1e-6 * m_range.length() * unit;
        const auto exact = [&](double tick) { return std::abs(tick * unit - std::round(tick * unit)) <= slack; };
        if (std::all_of(ticks.begin(), ticks.end(), exact)) return decimals;
    }
    return kMost;
}

Range AxisScale::zoomed(double anchorUnit, double factor) const {
    return {fromUnit(anchorUnit - anchorUnit * factor), fromUnit(anchorUnit + (1.0 - anchorUnit) * factor)};
}

Range AxisScale::moved(double units) const {
    return {fromUnit(units), fromUnit(1.0 + units)};
}

Range roundedOut(Range range, bool logarithmic) {
    const AxisScale scale(range, logarithmic);
    range = scale.range();
    if (logarithmic) {
        // A little air, not the whole next decade.
        const double air = std::pow(range.high / range.low, 0.03);
        return {range.low / air, range.high * air};
    }
    const bool touchesZero = range.low >= 0.0 && range.low < range.length() * 0.25;
    const double air = range.length() * 0.04;
    const double step = roundStep(range.length() / 8.0);
    double low = touchesZero ? 0.0 : std::floor((range.low - air) / step) * step;
    double high = std::ceil((range.high + air) / step) * step;
    if (range.high <= 0.0 && range.high > -range.length() * 0.25) high = 0.0;
    if (high <= low) high = low + step;
    return {low, high};
}

}  // namespace hindcast::chart

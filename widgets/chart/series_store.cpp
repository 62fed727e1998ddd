// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/series_store.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace hindcast::chart {

namespace {

bool before(const Point& a, const Point& b) {
    return a.x < b.x;
}

/// Merges two runs ordered by x; where both have a point, the newer one stays.
std::vector<Point> merged(const std::vector<Point>& old, const std::vector<Point>& fresh) {
    std::vector<Point> result;
    result.reserve(old.size() + fresh.size());
    auto a = old.begin();
    auto b = fresh.begin();
    while (a != old.end() || b != fresh.end()) {
        if (b == fresh.end() || (a != old.end() && a->x < b->x)) {
            result.push_back(*a++);
            continue;
        }
        while (a != old.end() && a->x == b->x) ++a;
        result.push_back(*b++);
    }
    return result;
}

}  // namespace

void SeriesStore::set(std::vector<Series> series) {
    m_series.clear();
    m_series.reserve(series.size());
    for (Series& one : series) {
        std::stable_sort(one.points.begin(), one.points.end(), before);
        m_series.push_back({std::move(one), {}});
        smoothOut(m_series.back());
    }
}

bool SeriesStore::append(const QString& version, std::span<const Point> points) {
    const int index = indexOf(version);
    if (index < 0) return false;
    StoredSeries& target = m_series[static_cast<std::size_t>(index)];
    std::vector<Point> fresh(points.begin(), points.end());
    std::stable_sort(fresh.begin(), fresh.end(), before);
    std::vector<Point>& old = target.data.points;
    if (fresh.empty()) return true;
    if (old.empty() || old.back().x < fresh.front().x)
        old.insert(old.end(), fresh.begin(), fresh.end());
    else
        old = merged(old, fresh);
    smoothOut(target);
    return true;
}

void SeriesStore::setSmoothing(double factor) {
    m_smoothing = std::clamp(factor, 0.0, 0.9999);
    for (StoredSeries& one : m_series) smoothOut(one);
}

int SeriesStore::indexOf(const QString& version) const {
    for (std::size_t i = 0; i < m_series.size(); ++i)
        if (m_series[i].data.version == version) return static_cast<int>(i);
    return -1;
}

Range SeriesStore::xRange() const {
    Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const StoredSeries& one : m_series) {
        if (one.data.points.empty()) continue;
        range.low = std::min(range.low, one.data.points.front().x);
        range.high = std::max(range.high, one.data.points.back().x);
    }
    return range.valid() ? range : Range{};
}

Range SeriesStore::yRange(Range within, bool logarithmic, bool withDiverged) const {
    Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const StoredSeries& one : m_series) {
        const auto& points = one.data.points;
        const auto first = std::lower_bound(points.begin(), points.end(), Point{.x = within.low}, before);
        for (auto it = first; it != points.end() && it->x <= within.high; ++it) {
            if (it->fidelity == look::Fidelity::Diverged && !withDiverged) continue;
            const double y = one.y(static_cast<std::size_t>(it - points.begin()));
            if (!std::isfinite(y) || (logarithmic && y <= 0.0)) continue;
            range.low = std::min(range.low, y);
            range.high = std::max(range.high, y);
        }
    }
    return range.valid() ? range : Range{};
}

void SeriesStore::smoothOut(StoredSeries& series) const {
    series.smooth.clear();
    if (m_smoothing <= 0.0) return;
    const auto& points = series.data.points;
    series.smooth.resize(points.size());
    // Debiased, so that the first values are not pulled towards zero.
    double mean = 0.0;
    double weight = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double y = points[i].y;
        const bool usable = std::isfinite(y) && points[i].fidelity != look::Fidelity::Diverged;
        if (!usable || !joined(series.data, i)) mean = weight = 0.0;
        if (!usable) {
            series.smooth[i] = y;
            continue;
        }
        mean = m_smoothing * mean + (1.0 - m_smoothing) * y;
        weight = m_smoothing * weight + (1.0 - m_smoothing);
        series.smooth[i] = mean / weight;
    }
}

std::optional<std::size_t> pointAt(const Series& series, double x, double reach) {
    const auto& points = series.points;
    const double slack = 1e-9 * std::max(1.0, std::abs(x));
    const auto after = std::upper_bound(points.begin(), points.end(), Point{.x = x + slack}, before);
    if (after == points.begin()) return std::nullopt;
    const auto found = std::prev(after);
    if (x - found->x > reach) return std::nullopt;
    return static_cast<std::size_t>(found - points.begin());
}

}  // namespace hindcast::chart

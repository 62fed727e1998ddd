// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "widgets/chart/series.h"

namespace hindcast::chart {

/// One series with what is derived from it.
struct StoredSeries {
    Series data;
    std::vector<double> smooth;  ///< as long as data.points when smoothing is on, else empty

    double y(std::size_t index) const { return smooth.empty() ? data.points[index].y : smooth[index]; }
};

/// The data of a chart. Smoothing is an exponential moving average over all points, before any decimation, and
/// starts anew after a gap; NaN and infinity stay as they are. GUI thread only.
class SeriesStore {
public:
    void set(std::vector<Series> series);
    /// Merges by x; a point at an x already there takes its place (a value that was checked since).
    /// False when there is no such version.
    bool append(const QString& version, std::span<const Point> points);
    void setSmoothing(double factor);
    double smoothing() const { return m_smoothing; }

    const std::vector<StoredSeries>& series() const { return m_series; }
    std::vector<StoredSeries>& series() { return m_series; }
    int indexOf(const QString& version) const;
    /// Ends of all x, and of the finite y with x inside `within` that the axis can show.
    Range xRange() const;
    Range yRange(Range within, bool logarithmic, bool withDiverged) const;

private:
    void smoothOut(StoredSeries& series) const;

    std::vector<StoredSeries> m_series;
    double m_smoothing = 0.0;
};

/// The point that a cursor at `x` stands on: the last one at or before it, at most `reach` away. For "value at
/// cursor" and its mark.
std::optional<std::size_t> pointAt(const Series& series, double x, double reach);

/// True when the line goes from point index-1 to point index.
inline bool joined(const Series& series, std::size_t index) {
    constexpr double kJoinFactor = 1.5;
    if (index == 0 || index >= series.points.size()) return false;
    const Point& from = series.points[index - 1];
    const Point& to = series.points[index];
    if (to.gapBefore) return false;
    return series.spacing <= 0.0 || to.x - from.x <= series.spacing * kJoinFactor;
}

}  // namespace hindcast::chart

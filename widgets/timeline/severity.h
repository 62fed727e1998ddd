// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <cstdint>
#include <vector>

#include "widgets/timeline/timeline_model.h"

namespace hindcast::timeline {

/// One colour per pixel, the worst state wins: in this order.
enum class Severity : std::uint8_t { Nothing, Logged, Captured, Replayed, Queued, Running, Alerting, Diverged, Failed };

Severity severityOf(const Cell& cell);
QColor colorOf(Severity severity);
/// Failed, diverged and alerting: these take at least 2 x 2 pixels, so that none vanishes.
bool needsPerson(Severity severity);

/// The worst state of each pixel of a picture of many cells.
class SeverityGrid {
public:
    SeverityGrid(int columns, int rows);

    /// Draws model rows [firstRow, lastRow] x iterations [first, last) (real numbers) over the whole grid.
    void fill(const TimelineModel& model, double firstRow, double lastRow, double firstIteration, double lastIteration);
    /// Widens what needs a person to at least `pixels` in both directions.
    void widen(int across, int down);
    Severity at(int column, int row) const { return m_cells[index(column, row)]; }
    /// Transparent where there is nothing.
    QImage image() const;

private:
    std::size_t index(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns) + static_cast<std::size_t>(column);
    }
    void raise(int column, int row, Severity severity);

    int m_columns;
    int m_rows;
    std::vector<Severity> m_cells;
};

}  // namespace hindcast::timeline

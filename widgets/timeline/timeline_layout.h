// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>
#include <QSizeF>

namespace hindcast::timeline {

enum class Zoom : std::uint8_t { Overview, Epoch, Step };

/// Where rows and iterations are on the viewport: a value type that knows nothing of painting or input.
/// Cells of at least 8 px are drawn one by one (Epoch), of at least 60 px with their steps (Step).
struct TimelineLayout {
    QSizeF viewport;
    double labelWidth = 80;
    int rows = 0;
    int iterations = 0;
    double perIteration = 20;   ///< px
    double firstIteration = 0;  ///< at the left edge of the cells; may be a fraction
    int rowHeight = 13;
    int scrollY = 0;  ///< px

    Zoom zoom() const;
    QRectF minimap() const;
    QRectF ruler() const;
    /// All that holds cells, without labels.
    QRectF cells() const;
    QRectF rowRect(int row) const;  ///< whole width, labels included
    double iterationX(double iteration) const { return cells().left() + (iteration - firstIteration) * perIteration; }
    double iterationAt(double x) const { return firstIteration + (x - cells().left()) / perIteration; }
    /// Where a cursor at `position` stands: the middle of its cell, or its place inside it at step zoom.
    double cursorX(double position) const;
    /// -1 where there is none.
    int rowAt(double y) const;
    int firstVisibleRow() const;
    int lastVisibleRow() const;
    double fittingPerIteration() const;
    double visibleIterations() const { return cells().width() / perIteration; }
    int contentHeight() const { return rows * rowHeight; }
    /// The part of the history in view, on the minimap.
    QRectF minimapFrame() const;
    /// Holds zoom and offset inside what there is.
    void constrain();
};

/// Round distance of ruler labels that are at least `room` px apart.
int rulerStep(double perIteration, double room);

}  // namespace hindcast::timeline

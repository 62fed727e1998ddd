// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QPixmap>

#include "widgets/timeline/timeline_model.h"

class QPainter;

namespace hindcast::timeline {

/// Paints cells with two lanes: above what the run recorded, below what hindsight did. At epoch zoom each kind of
/// cell is drawn once per size and then copied. Clear the cache when the theme changes.
class CellPainter {
public:
    void clear() { m_cache.clear(); }
    /// `width` and `height` of the cell in logical px; its left and top are whole device pixels.
    void paintEpoch(QPainter& painter, QPointF topLeft, QSizeF size, const Cell& cell, double ratio);
    /// With a tick per step, thinned to 4 px, and captures at their steps.
    void paintStep(QPainter& painter, const QRectF& box, const Cell& cell, const Steps& steps) const;

private:
    QHash<quint64, QPixmap> m_cache;
};

}  // namespace hindcast::timeline

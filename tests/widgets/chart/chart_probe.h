// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <functional>
#include <memory>

#include "widgets/chart/chart_view.h"

namespace hindcast::chart {

/// A series of one value per epoch; emphasised in colour `emphasis` or, with -1, dim.
Series epochSeries(int version, int emphasis, int count, const std::function<double(int)>& value);

/// The view as painted now, and questions about it in logical places.
class Picture {
public:
    explicit Picture(QWidget& widget);
    QColor at(QPointF place) const;
    /// True when a pixel within `reach` logical px has about this colour.
    bool has(const QColor& wanted, QPointF place, double reach = 1.5) const;
    /// Pixels of about this colour inside a logical rectangle, as an area in logical px.
    double area(const QColor& wanted, QRectF where) const;

private:
    QImage m_image;
    double m_ratio;
};

/// A shown view of a useful size with one emphasised and one dim series, over a cursor at 3.
std::unique_ptr<ChartView> shownView(std::vector<Series> series);

}  // namespace hindcast::chart

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/chart/chart_probe.h"

#include <QTest>
#include <cmath>

namespace hindcast::chart {

namespace {

constexpr int kTolerance = 6;

bool alike(const QColor& a, const QColor& b) {
    return std::abs(a.red() - b.red()) <= kTolerance && std::abs(a.green() - b.green()) <= kTolerance &&
           std::abs(a.blue() - b.blue()) <= kTolerance;
}

}  // namespace

Series epochSeries(int version, int emphasis, int count, const std::function<double(int)>& value) {
    Series series;
    series.version = QString::number(version);
    series.label = QStringLiteral("v%1").arg(version);
    series.ink.emphasis = emphasis;
    series.emphasised = emphasis >= 0;
    series.spacing = 1;
    for (int i = 0; i < count; ++i) series.points.push_back({.x = static_cast<double>(i), .y = value(i)});
    return series;
}

Picture::Picture(QWidget& widget) {
    m_image = widget.grab().toImage();
    m_ratio = m_image.devicePixelRatio();
}

QColor Picture::at(QPointF place) const {
    const QPoint pixel(static_cast<int>(std::floor(place.x() * m_ratio)),
                       static_cast<int>(std::floor(place.y() * m_ratio)));
    return m_image.rect().contains(pixel) ? m_image.pixelColor(pixel) : QColor();
}

bool Picture::has(const QColor& wanted, QPointF place, double reach) const {
    return area(wanted, QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)) > 0;
}

double Picture::area(const QColor& wanted, QRectF where) const {
    const QRect pixels =
        QRectF(where.topLeft() * m_ratio, where.size() * m_ratio).toAlignedRect().intersected(m_image.rect());
    int count = 0;
    for (int y = pixels.top(); y <= pixels.bottom(); ++y)
        for (int x = pixels.left(); x <= pixels.right(); ++x)
            if (alike(m_image.pixelColor(x, y), wanted)) ++count;
    return count / (m_ratio * m_ratio);
}

std::unique_ptr<ChartView> shownView(std::vector<Series> series) {
    auto view = std::make_unique<ChartView>();
    view->setTitle(QStringLiteral("loss"), QStringLiteral("per epoch"));
    view->setSeries(std::move(series));
    view->resize(500, 300);
    view->show();
    if (!QTest::qWaitForWindowExposed(view.get())) return nullptr;
    return view;
}

}  // namespace hindcast::chart

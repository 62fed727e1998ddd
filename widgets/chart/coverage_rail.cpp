// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/coverage_rail.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/look/theme.h"

namespace hindcast::chart {

namespace {

constexpr double kNarrow = 4.0;
constexpr double kGap = 1.0;
constexpr double kHatchPitch = 6.0;

void paintHatch(QPainter& painter, const QRectF& box) {
    painter.save();
    painter.setClipRect(box, Qt::IntersectClip);
    QPen pen(look::color(look::Color::CellStale), 1);
    pen.setCosmetic(true);
    painter.setPen(pen);
    const double start = std::floor((box.left() - box.height()) / kHatchPitch) * kHatchPitch;
    for (double x = start; x < box.right(); x += kHatchPitch)
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()));
    painter.restore();
}

void paintSlot(QPainter& painter, const QRectF& box, const CoverageSlot& slot, const QColor& ink) {
    const QRectF inner = box.adjusted(0.5, 0.5, -0.5, -0.5);
    const double radius = box.width() >= 5 ? 1.5 : 0.0;
    switch (slot.state) {
        case SlotState::Have:
            painter.setPen(Qt::NoPen);
            painter.setBrush(ink);
            painter.drawRoundedRect(box, radius, radius);
            return;
        case SlotState::Running: {
            const QRectF done(box.left(), box.top(), box.width() * std::clamp(slot.part, 0.0, 1.0), box.height());
            painter.setPen(Qt::NoPen);
            painter.setBrush(ink);
            painter.drawRoundedRect(done, radius, radius);
            [[fallthrough]];
        }
        case SlotState::Queued:
        case SlotState::NotReplayed: {
            const bool planned = slot.state != SlotState::NotReplayed;
            painter.setPen(QPen(planned ? ink : look::color(look::Color::LineStrong), 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(inner, radius, radius);
            return;
        }
        case SlotState::Cannot:
            paintHatch(painter, box);
            return;
    }
}

bool mergeable(const CoverageSlot& a, const CoverageSlot& b) {
    return a.state == b.state && a.state != SlotState::Running;
}

}  // namespace

void paintRail(QPainter& painter, const Plot& plot, double top, const std::vector<CoverageSlot>& coverage,
               const QColor& ink) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(QRectF(plot.area.left() - 4, top - 1, plot.area.width() + 8, kRailHeight + 2));
    for (std::size_t i = 0; i < coverage.size(); ++i) {
        CoverageSlot slot = coverage[i];
        const bool narrow = plot.mapX(slot.to) - plot.mapX(slot.from) < kNarrow;
        while (narrow && i + 1 < coverage.size() && mergeable(slot, coverage[i + 1])) slot.to = coverage[++i].to;
        const double left = plot.mapX(slot.from);
        const double right = plot.mapX(slot.to);
        if (!(right >= plot.area.left() - 4) || !(left <= plot.area.right() + 4)) continue;
        const double width = std::max(1.0, right - left - (right - left > kNarrow ? kGap : 0.0));
        paintSlot(painter, QRectF(left, top, width, kRailHeight), slot, ink);
    }
    painter.restore();
}

}  // namespace hindcast::chart

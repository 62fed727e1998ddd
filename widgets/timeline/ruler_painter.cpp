// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/ruler_painter.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"

namespace hindcast::timeline {

namespace {
constexpr double kLabelRoom = 64;
constexpr double kPoint = 5;
constexpr double kTick = 4;
}  // namespace

void paintRuler(QPainter& painter, const TimelineLayout& layout) {
    const look::NumberPainter numbers(look::font(look::TextRole::Caption));
    const QRectF ruler = layout.ruler();
    const int step = rulerStep(layout.perIteration, kLabelRoom);
    const bool stepZoom = layout.zoom() == Zoom::Step;
    const int last = std::min(layout.iterations - 1, static_cast<int>(layout.iterationAt(ruler.right())));
    const int first = static_cast<int>(std::floor(layout.firstIteration / step)) * step;
    for (int i = first; i <= last; i += step) {
        // Numbers stand over the middle of their cells; at step zoom over the start, where the iteration begins.
        const double x = layout.iterationX(i + (stepZoom ? 0.0 : 0.5));
        if (x < ruler.left() - 0.5) continue;
        painter.fillRect(QRectF(std::floor(x), ruler.bottom() - kTick, 1, kTick), look::color(look::Color::LineAxis));
        painter.setPen(look::color(look::Color::TextTertiary));
        numbers.draw(painter, QRectF(x - 30, ruler.bottom() - kTick - 17, 60, 16), Qt::AlignHCenter | Qt::AlignVCenter,
                     look::formatNumber(i, {.decimals = 0}));
    }
}

QRectF flagRect(const TimelineLayout& layout, double x, const QString& text) {
    const look::NumberPainter numbers(look::font(look::TextRole::Caption, QFont::DemiBold));
    const double width = std::max<double>(look::px(look::Size::ScrubberWidth), numbers.width(text) + 10);
    const double height = look::px(look::Size::ScrubberHeight);
    return {std::round(x - width / 2) + 0.5, layout.ruler().bottom() - height, width, height};
}

void paintFlag(QPainter& painter, const QRectF& box, const QString& text, bool filled) {
    constexpr double kCorner = 3;
    const QRectF body = box.adjusted(0.5, 0.5, -0.5, -kPoint);
    const double middle = box.center().x();
    QPainterPath path;
    path.moveTo(body.left() + kCorner, body.top());
    path.lineTo(body.right() - kCorner, body.top());
    path.quadTo(body.topRight(), body.topRight() + QPointF(0, kCorner));
    path.lineTo(body.right(), body.bottom() - 1);
    path.lineTo(middle, box.bottom());
    path.lineTo(body.left(), body.bottom() - 1);
    path.lineTo(body.left(), body.top() + kCorner);
    path.quadTo(body.topLeft(), body.topLeft() + QPointF(kCorner, 0));
    path.closeSubpath();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(look::color(filled ? look::Color::CursorA : look::Color::CursorB), 1));
    painter.setBrush(look::color(filled ? look::Color::CursorA : look::Color::SurfacePanel));
    painter.drawPath(path);
    painter.setPen(look::color(filled ? look::Color::SurfacePanel : look::Color::TextSecondary));
    const look::NumberPainter numbers(look::font(look::TextRole::Caption, QFont::DemiBold));
    numbers.draw(painter, body.adjusted(0, 0, 0, 0.5), Qt::AlignHCenter | Qt::AlignVCenter, text);
    painter.restore();
}

}  // namespace hindcast::timeline

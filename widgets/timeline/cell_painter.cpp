// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/cell_painter.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/look/theme.h"

namespace hindcast::timeline {

namespace {

using look::Color;

constexpr double kStepLane = 16;
constexpr double kLaneGap = 2;
constexpr double kAlertCorner = 7;
constexpr double kStepTickRoom = 4;
constexpr int kPartSteps = 16;
constexpr int kCacheLimit = 4000;

struct Lanes {
    QRectF record;
    QRectF hindsight;
};

/// Both lanes, together in the middle of the cell; one pixel is left free to the next cell.
Lanes lanesOf(const QRectF& cell, double recordHeight) {
    const bool tight = cell.height() < recordHeight + kLaneGap + 3 + 2;
    const double hindsight = look::px(look::Size::HindsightLane);
    const double gap = tight ? 1 : kLaneGap;
    const double record = std::min(recordHeight, std::max(2.0, cell.height() - hindsight - gap - 1));
    const double top = cell.top() + std::floor((cell.height() - record - gap - hindsight) / 2);
    const double width = cell.width() - (cell.width() >= 12 ? 2 : 1);
    return {QRectF(cell.left(), top, width, record), QRectF(cell.left(), top + record + gap, width, hindsight)};
}

void paintCross(QPainter& painter, QPointF c, double arm) {
    painter.setPen(QPen(look::color(Color::SurfacePanel), 1.4, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(c + QPointF(-arm, -arm), c + QPointF(arm, arm));
    painter.drawLine(c + QPointF(-arm, arm), c + QPointF(arm, -arm));
}

void paintZigzag(QPainter& painter, const QRectF& lane) {
    QPolygonF line;
    constexpr double kTooth = 2.5;
    bool up = false;
    for (double x = lane.left(); x <= lane.right(); x += kTooth, up = !up)
        line << QPointF(x, up ? lane.top() : lane.bottom());
    painter.setPen(QPen(look::color(Color::CellDiverged), 1.4));
    painter.setBrush(Qt::NoBrush);
    painter.drawPolyline(line);
}

/// `lane` is 3 px high, as an outline needs; in low rows what is solid takes 2 of them, to leave air between rows.
void paintHindsight(QPainter& painter, const QRectF& lane, const Cell& cell, bool tight) {
    const auto outline = [&](Color token) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.fillRect(QRectF(lane.left(), lane.top(), lane.width(), 1), look::color(token));
        painter.fillRect(QRectF(lane.left(), lane.bottom() - 1, lane.width(), 1), look::color(token));
        painter.fillRect(QRectF(lane.left(), lane.top(), 1, lane.height()), look::color(token));
        painter.fillRect(QRectF(lane.right() - 1, lane.top(), 1, lane.height()), look::color(token));
        painter.setRenderHint(QPainter::Antialiasing, true);
    };
    switch (cell.hindsight) {
        case Hindsight::None:
            return;
        case Hindsight::Replayed:
            painter.fillRect(lane.adjusted(0, 0, 0, tight ? -1 : 0), look::color(Color::CellReplayed));
            return;
        case Hindsight::Unverified:
            // Half as strong as a checked one: what is hollow in a chart is thin here.
            painter.fillRect(QRectF(lane.left(), lane.center().y() - 0.5, lane.width(), 1),
                             look::color(Color::CellReplayed));
            return;
        case Hindsight::Queued:
            outline(Color::CellQueued);
            return;
        case Hindsight::Running: {
            outline(Color::CellRunning);
            const double part = std::clamp(static_cast<double>(cell.part), 0.0, 1.0);
            painter.fillRect(QRectF(lane.left(), lane.top(), lane.width() * part, lane.height()),
                             look::color(Color::CellRunning));
            return;
        }
        case Hindsight::Diverged:
            paintZigzag(painter, lane.adjusted(0, -0.5, 0, 0.5));
            return;
    }
}

void paintAlert(QPainter& painter, const QRectF& record) {
    const double side = std::min({kAlertCorner, record.width(), record.height()});
    const QPointF corner = record.topRight();
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(Color::CellAlerting));
    painter.drawPolygon(QPolygonF{corner - QPointF(side, 0), corner, corner + QPointF(0, side)});
}

void paintRecord(QPainter& painter, const QRectF& record, const Cell& cell) {
    const double radius = record.width() >= 6 ? look::px(look::Size::RadiusCell) : 1;
    painter.setPen(Qt::NoPen);
    if (cell.failed || cell.logged) {
        painter.setBrush(look::color(cell.failed ? Color::CellFailed : Color::CellLogged));
        painter.drawRoundedRect(record, radius, radius);
    } else {
        const double dot = 1.5;
        painter.fillRect(QRectF(record.center().x() - dot / 2, record.center().y() - dot / 2, dot, dot),
                         look::color(Color::TextTertiary));
    }
    if (cell.failed) paintCross(painter, record.center(), std::min(2.2, record.height() / 3));
}

void paintCell(QPainter& painter, const QRectF& box, const Cell& cell) {
    painter.setRenderHint(QPainter::Antialiasing);
    const Lanes lanes = lanesOf(box, look::px(look::Size::RecordLane));
    paintRecord(painter, lanes.record, cell);
    if (cell.captured)
        painter.fillRect(QRectF(lanes.record.left(), lanes.record.top() - 1, look::px(look::Size::CaptureTick),
                                lanes.record.height() + 2),
                         look::color(Color::CellCaptured));
    if (cell.alerting) paintAlert(painter, lanes.record);
    paintHindsight(painter, lanes.hindsight, cell, box.height() < look::px(look::Size::ListRow) - 8);
}

quint64 keyOf(const Cell& cell, QSize size) {
    const auto part = static_cast<quint64>(std::clamp(cell.part, 0.0F, 1.0F) * kPartSteps);
    quint64 key =
        (cell.logged ? 1U : 0U) | (cell.captured ? 2U : 0U) | (cell.failed ? 4U : 0U) | (cell.alerting ? 8U : 0U);
    key |= static_cast<quint64>(cell.hindsight) << 4 | part << 8;
    return key | static_cast<quint64>(size.width()) << 16 | static_cast<quint64>(size.height()) << 32;
}

}  // namespace

void CellPainter::paintEpoch(QPainter& painter, QPointF topLeft, QSizeF size, const Cell& cell, double ratio) {
    const QSize device = (size * ratio).toSize();
    const quint64 key = keyOf(cell, device);
    auto found = m_cache.constFind(key);
    if (found == m_cache.constEnd()) {
        if (m_cache.size() > kCacheLimit) m_cache.clear();
        QPixmap pixmap(device);
        pixmap.setDevicePixelRatio(ratio);
        pixmap.fill(Qt::transparent);
        QPainter inner(&pixmap);
        Cell shown = cell;
        shown.part = std::floor(cell.part * kPartSteps) / kPartSteps;
        paintCell(inner, QRectF(QPointF(), size), shown);
        inner.end();
        found = m_cache.insert(key, pixmap);
    }
    painter.drawPixmap(topLeft, *found);
}

void CellPainter::paintStep(QPainter& painter, const QRectF& box, const Cell& cell, const Steps& steps) const {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Lanes lanes = lanesOf(box, kStepLane);
    const QRectF& record = lanes.record;
    paintRecord(painter, record, cell);
    if (steps.count > 1 && !cell.failed) {
        const double pitch = record.width() / steps.count;
        const int stride = std::max(1, static_cast<int>(std::ceil(kStepTickRoom / pitch)));
        for (int i = stride; i < steps.count; i += stride)
            painter.fillRect(QRectF(std::round(record.left() + i * pitch), record.bottom() - 5, 1, 4),
                             look::color(Color::CellCaptured, 0.6));
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(Color::CellCaptured));
    for (const Steps::Capture& capture : steps.captures) {
        constexpr double kRhomb = 4.5;
        const double x = record.left() + kRhomb + capture.at * (record.width() - 2 * kRhomb);
        const QPointF c(x, record.top() + kRhomb + 1.5);
        const double r = capture.kind == CaptureKind::Mid ? kRhomb - 1.5 : kRhomb;
        painter.drawPolygon(QPolygonF{c - QPointF(0, r), c + QPointF(r, 0), c + QPointF(0, r), c - QPointF(r, 0)});
    }
    if (cell.captured && steps.captures.empty())
        painter.fillRect(QRectF(record.left(), record.top(), look::px(look::Size::CaptureTick), record.height()),
                         look::color(Color::CellCaptured));
    if (cell.alerting) paintAlert(painter, record);
    paintHindsight(painter, lanes.hindsight, cell, box.height() < look::px(look::Size::ListRow) - 8);
    painter.restore();
}

}  // namespace hindcast::timeline

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFontMetrics>
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"
#include "widgets/look/time_cursor.h"
#include "widgets/timeline/ruler_painter.h"
#include "widgets/timeline/severity.h"
#include "widgets/timeline/timeline_view.h"

namespace hindcast::timeline {

namespace {

using look::Color;
using look::TextRole;

constexpr int kLabelLeft = 12;
constexpr int kTagGap = 8;
constexpr int kLabelHeight = 13;
constexpr int kAccentBar = 3;
constexpr double kFrameWidth = 1.5;
constexpr int kSeverePixels = 2;
constexpr double kGripWidth = 3;
constexpr double kGripHeight = 10;

double onDevice(double value, double ratio) {
    return std::round(value * ratio) / ratio;
}

}  // namespace

void TimelineView::ensureBase() {
    const qreal ratio = devicePixelRatioF();
    const QSize device = viewport()->size() * ratio;
    if (!m_baseStale && m_base.size() == device && m_base.devicePixelRatio() == ratio) return;
    if (m_base.devicePixelRatio() != ratio) m_mapStale = true;
    m_base = QPixmap(device);
    m_base.setDevicePixelRatio(ratio);
    m_base.fill(look::color(Color::SurfacePanel));
    m_baseStale = false;
    if (!m_model || m_layout.rows == 0) return;
    QPainter painter(&m_base);
    paintMinimap(painter);
    paintRuler(painter, m_layout);
    paintRows(painter);
}

void TimelineView::paintRows(QPainter& painter) {
    painter.save();
    painter.setClipRect(QRectF(0, m_layout.cells().top(), m_layout.viewport.width(), m_layout.cells().height()));
    const int first = m_layout.firstVisibleRow();
    const int last = m_layout.lastVisibleRow();
    for (int row = first; row <= last; ++row) paintRowGround(painter, row);
    // Rows lower than a label: every so many rows one label, the selected one always.
    const int stride = std::max(1, (kLabelHeight + m_layout.rowHeight - 1) / m_layout.rowHeight);
    for (int row = first; row <= last; ++row) {
        const bool nearSelected = stride > 1 && m_selected >= 0 && std::abs(row - m_selected) < stride;
        if (row == m_selected || (row % stride == stride / 2 && !nearSelected)) paintRowLabel(painter, row);
    }
    painter.setClipRect(m_layout.cells());
    if (m_layout.zoom() == Zoom::Overview)
        paintOverview(painter);
    else
        for (int row = first; row <= last; ++row) paintCellRow(painter, row);
    painter.restore();
}

void TimelineView::paintRowGround(QPainter& painter, int row) {
    const QRectF box = m_layout.rowRect(row);
    if (row == m_selected) {
        painter.fillRect(box, look::color(Color::SurfaceSelected));
        if (m_layout.rowHeight >= 6) {
            painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), look::color(Color::Accent));
            painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), look::color(Color::Accent));
        }
        painter.fillRect(QRectF(0, box.top(), kAccentBar, std::max(2.0, box.height())), look::color(Color::Accent));
    } else if (row == m_hoveredRow) {
        painter.fillRect(box, look::color(Color::SurfaceHover));
    }
}

void TimelineView::paintRowLabel(QPainter& painter, int row) {
    const Row about = m_model->row(row);
    QRectF box = m_layout.rowRect(row);
    if (box.height() < kLabelHeight) {
        box.setTop(box.center().y() - kLabelHeight / 2.0);
        box.setHeight(kLabelHeight);
    }
    const bool selected = row == m_selected;
    const QFont labelFont = look::font(TextRole::Caption, selected ? QFont::DemiBold : QFont::Normal);
    const look::NumberPainter numbers(labelFont);
    painter.setPen(look::color(selected ? Color::TextPrimary : Color::TextSecondary));
    numbers.draw(painter, box.adjusted(kLabelLeft, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, about.label);
    if (about.tag.isEmpty()) return;
    const double left = kLabelLeft + numbers.width(about.label) + kTagGap;
    const QFont tagFont = look::font(TextRole::Caption);
    painter.setFont(tagFont);
    painter.setPen(look::color(selected ? Color::TextSecondary : Color::TextTertiary));
    const double room = m_layout.labelWidth - left - 4;
    painter.drawText(QRectF(left, box.top() - 2, room, box.height() + 4), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetrics(tagFont).elidedText(about.tag, Qt::ElideRight, static_cast<int>(room)));
}

void TimelineView::paintOverview(QPainter& painter) {
    const QRectF cells = m_layout.cells();
    const double ratio = devicePixelRatioF();
    const int first = m_layout.firstVisibleRow();
    const int count = m_layout.lastVisibleRow() - first + 1;
    const int columns = static_cast<int>(std::round(cells.width() * ratio));
    SeverityGrid grid(columns, count);
    grid.fill(*m_model, first, first + count, m_layout.firstIteration,
              m_layout.firstIteration + m_layout.visibleIterations());
    const int severe = static_cast<int>(std::ceil(kSeverePixels * ratio));
    grid.widen(severe, m_layout.rowHeight < kSeverePixels ? kSeverePixels : 1);
    const QImage image = grid.image();
    const double gap = m_layout.rowHeight >= 6 ? 3 : m_layout.rowHeight >= 3 ? 1 : 0;
    for (int i = 0; i < count; ++i) {
        const QRectF row = m_layout.rowRect(first + i);
        painter.drawImage(QRectF(cells.left(), row.top() + std::floor(gap / 2), cells.width(), row.height() - gap),
                          image, QRectF(0, i, columns, 1));
    }
}

void TimelineView::paintCellRow(QPainter& painter, int row) {
    const QRectF box = m_layout.rowRect(row);
    const QRectF cells = m_layout.cells();
    const double ratio = devicePixelRatioF();
    const int count = m_model->iterationCount(row);
    const int first = std::max(0, static_cast<int>(m_layout.firstIteration));
    const int last = std::min(m_layout.iterations - 1, static_cast<int>(m_layout.iterationAt(cells.right())));
    for (int i = first; i <= last; ++i) {
        const double left = onDevice(m_layout.iterationX(i), ratio);
        const double right = onDevice(m_layout.iterationX(i + 1), ratio);
        const Cell cell = i < count ? m_model->cell(row, i) : Cell{};
        if (m_layout.zoom() == Zoom::Step)
            m_cellPainter.paintStep(painter, QRectF(left, box.top(), right - left, box.height()), cell,
                                    i < count ? m_model->steps(row, i) : Steps{});
        else
            m_cellPainter.paintEpoch(painter, QPointF(left, box.top()), QSizeF(right - left, box.height()), cell,
                                     ratio);
    }
}

void TimelineView::paintMinimap(QPainter& painter) {
    const QRectF map = m_layout.minimap();
    const double ratio = devicePixelRatioF();
    if (m_mapStale) {
        const QSize device = (map.size() * ratio).toSize();
        SeverityGrid grid(device.width(), device.height());
        grid.fill(*m_model, 0, m_layout.rows, 0, m_layout.iterations);
        const int severe = static_cast<int>(std::ceil(kSeverePixels * ratio));
        grid.widen(severe, severe);
        m_map = QPixmap::fromImage(grid.image());
        m_map.setDevicePixelRatio(ratio);
        m_mapStale = false;
    }
    painter.fillRect(map, look::color(Color::SurfaceSunken));
    painter.setOpacity(0.6);
    painter.drawPixmap(map.topLeft(), m_map);
    painter.setOpacity(1);
    painter.setFont(look::font(TextRole::Caption));
    painter.setPen(look::color(Color::TextTertiary));
    painter.drawText(QRectF(kLabelLeft, map.top(), m_layout.labelWidth - kLabelLeft, map.height()), Qt::AlignVCenter,
                     tr("all"));
    paintMinimapFrame(painter);
}

void TimelineView::paintMinimapFrame(QPainter& painter) {
    const QRectF frame = m_layout.minimapFrame();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(look::color(Color::Accent), kFrameWidth));
    painter.setBrush(Qt::NoBrush);
    const QRectF drawn = frame.adjusted(0.75, 0.75, -0.75, -0.75);
    painter.drawRoundedRect(drawn, 3, 3);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(Color::Accent));
    for (const double x : {drawn.left(), drawn.right()})
        painter.drawRoundedRect(
            QRectF(x - kGripWidth / 2, frame.center().y() - kGripHeight / 2, kGripWidth, kGripHeight), 1.5, 1.5);
    painter.restore();
}

void TimelineView::paintEvent(QPaintEvent* event) {
    ensureBase();
    QPainter painter(viewport());
    const qreal ratio = m_base.devicePixelRatio();
    const QRect dirty = event->rect();
    painter.drawPixmap(dirty, m_base, QRectF(QPointF(dirty.topLeft()) * ratio, QSizeF(dirty.size()) * ratio).toRect());
    if (m_model && m_layout.rows > 0) paintCursors(painter);
}

void TimelineView::paintCursors(QPainter& painter) {
    if (!m_cursor) return;
    const QRectF cells = m_layout.cells();
    const double bottom = std::min(cells.bottom(), m_layout.rowRect(m_layout.rows - 1).bottom() + 4);
    const auto inside = [&](double x) { return x >= cells.left() - 1 && x <= cells.right() + 1; };
    if (const auto reference = m_cursor->reference()) {
        const double x = m_layout.cursorX(*reference);
        if (inside(x)) {
            constexpr double kDash = 3;
            const QRectF flag = referenceRect();
            for (double y = flag.bottom(); y < bottom; y += 2 * kDash)
                painter.fillRect(QRectF(std::floor(x), y, 1, kDash), look::color(Color::CursorB));
            paintFlag(painter, flag, QStringLiteral("B"), false);
        }
    }
    const double x = m_layout.cursorX(cursor());
    if (!inside(x)) return;
    const QRectF flag = scrubberRect();
    painter.fillRect(QRectF(std::floor(x), flag.bottom() - 1, 1, bottom - flag.bottom() + 1),
                     look::color(Color::CursorA));
    paintFlag(painter, flag, look::formatNumber(std::floor(cursor())), true);
}

}  // namespace hindcast::timeline

// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/segmented_switch.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr int kPad = 14;
}

SegmentedSwitch::SegmentedSwitch(const QStringList& titles, QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setTitles(titles);
}

void SegmentedSwitch::setTitles(const QStringList& titles) {
    m_titles = titles;
    m_current = std::clamp(m_current, 0, std::max(0, count() - 1));
    announce();
    updateGeometry();
    update();
}

void SegmentedSwitch::announce() {
    setAccessibleDescription(m_titles.value(m_current));
}

void SegmentedSwitch::setCurrent(int index) {
    if (index < 0 || index >= count() || index == m_current) return;
    m_current = index;
    announce();
    update();
    Q_EMIT currentChanged(index);
}

int SegmentedSwitch::segmentWidth(int index) const {
    const QFontMetrics metrics(look::font(look::TextRole::Strong));
    return std::max(56, metrics.horizontalAdvance(m_titles.value(index)) + 2 * kPad);
}

QRect SegmentedSwitch::segmentRect(int index) const {
    int x = 0;
    for (int i = 0; i < index; ++i) x += segmentWidth(i);
    return {x, 0, segmentWidth(index), height()};
}

int SegmentedSwitch::segmentAt(QPoint point) const {
    for (int i = 0; i < count(); ++i)
        if (segmentRect(i).contains(point)) return i;
    return -1;
}

QSize SegmentedSwitch::sizeHint() const {
    int total = 0;
    for (int i = 0; i < count(); ++i) total += segmentWidth(i);
    return {total, look::px(look::Size::Button)};
}

void SegmentedSwitch::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double radius = look::px(look::Size::RadiusControl);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(look::Color::LineHair));
    painter.drawRoundedRect(rect(), radius, radius);
    for (int i = 0; i < count(); ++i) {
        const bool on = i == m_current;
        if (on) {
            painter.setPen(QPen(look::color(look::Color::LineStrong), 1));
            painter.setBrush(look::color(look::Color::SurfacePanel));
            painter.drawRoundedRect(QRectF(segmentRect(i)).adjusted(1.5, 1.5, -1.5, -1.5), radius - 1, radius - 1);
        }
        painter.setFont(look::font(look::TextRole::Body, on ? QFont::DemiBold : QFont::Medium));
        const bool strong = on || i == m_hovered;
        painter.setPen(look::color(strong ? look::Color::TextPrimary : look::Color::TextSecondary));
        painter.drawText(segmentRect(i), Qt::AlignCenter, m_titles.at(i));
    }
}

void SegmentedSwitch::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) setCurrent(segmentAt(event->position().toPoint()));
}

void SegmentedSwitch::mouseMoveEvent(QMouseEvent* event) {
    const int over = segmentAt(event->position().toPoint());
    if (over == m_hovered) return;
    m_hovered = over;
    update();
}

void SegmentedSwitch::leaveEvent(QEvent*) {
    m_hovered = -1;
    update();
}

void SegmentedSwitch::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            return setCurrent(m_current - 1);
        case Qt::Key_Right:
            return setCurrent(m_current + 1);
        case Qt::Key_Home:
            return setCurrent(0);
        case Qt::Key_End:
            return setCurrent(count() - 1);
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace hindcast::controls

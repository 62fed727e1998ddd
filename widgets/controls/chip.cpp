// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/chip.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr int kPad = 7;
constexpr int kCross = 12;
}  // namespace

Chip::Chip(Kind kind, const QString& text, QWidget* parent) : QWidget(parent), m_kind(kind), m_text(text) {
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setText(text);
}

void Chip::setText(const QString& text) {
    m_text = text;
    setAccessibleName(text);
    setAccessibleDescription(m_kind == Kind::Filter ? tr("Filter, Delete removes it") : tr("View setting"));
    updateGeometry();
    update();
}

void Chip::setRemovable(bool removable) {
    m_removable = removable;
    updateGeometry();
    update();
}

QSize Chip::sizeHint() const {
    const QFontMetrics metrics(look::font(look::TextRole::Label));
    const int width = metrics.horizontalAdvance(m_text) + 2 * kPad + (m_removable ? kCross + 4 : 0);
    // 20 px to look at, 24 px to hit.
    return {width, std::max(look::px(look::Size::HitMin), metrics.height() + 6)};
}

QRect Chip::body() const {
    const int inset = (look::px(look::Size::HitMin) - look::px(look::Size::Chip)) / 2;
    return rect().adjusted(0, inset, 0, -inset);
}

QRect Chip::closeBox() const {
    if (!m_removable) return {};
    return QRect(width() - kCross - kPad - 2, 0, kCross + kPad + 2, height());
}

void Chip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool filter = m_kind == Kind::Filter;
    const double radius = look::px(look::Size::RadiusChip);
    painter.setPen(filter ? QPen(Qt::NoPen) : QPen(look::color(look::Color::LineControl), 1));
    painter.setBrush(look::color(filter ? look::Color::AccentSoft : look::Color::SurfacePanel));
    painter.drawRoundedRect(QRectF(body()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    const look::Color ink = filter ? look::Color::AccentText : look::Color::TextPrimary;
    painter.setPen(look::color(ink));
    painter.setFont(look::font(look::TextRole::Label));
    painter.drawText(body().adjusted(kPad, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_text);
    if (!m_removable) return;
    const QRect cross(width() - kPad - kCross + 1, (height() - kCross) / 2, kCross, kCross);
    look::IconSet::instance().paint(painter, QStringLiteral("close"), cross,
                                    m_overClose ? look::Color::TextPrimary : ink);
}

void Chip::mousePressEvent(QMouseEvent* event) {
    event->accept();
}

void Chip::mouseReleaseEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    if (!rect().contains(at)) return;
    if (closeBox().contains(at))
        Q_EMIT removeRequested();
    else
        Q_EMIT clicked();
}

void Chip::mouseMoveEvent(QMouseEvent* event) {
    const bool over = closeBox().contains(event->position().toPoint());
    if (over == m_overClose) return;
    m_overClose = over;
    update();
}

void Chip::leaveEvent(QEvent*) {
    m_overClose = false;
    update();
}

void Chip::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            if (m_removable) Q_EMIT removeRequested();
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            Q_EMIT clicked();
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace hindcast::controls

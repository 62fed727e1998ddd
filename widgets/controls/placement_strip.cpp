// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/placement_strip.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <array>

#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr double kMarkWidth = 7;
constexpr double kMarkHeight = 8;
constexpr double kPitch = 10;
constexpr int kInset = 1;
}  // namespace

PlacementStrip::PlacementStrip(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Placement per version"));
}

void PlacementStrip::setMarks(std::vector<StripMark> marks) {
    m_marks = std::move(marks);
    m_current = std::min(m_current, static_cast<int>(m_marks.size()) - 1);
    setAccessibleDescription(summary());
    updateGeometry();
    update();
}

void PlacementStrip::setCurrent(int index) {
    if (index < -1 || index >= static_cast<int>(m_marks.size())) return;
    m_current = index;
    update();
}

QSize PlacementStrip::sizeHint() const {
    return {static_cast<int>(static_cast<double>(m_marks.size()) * kPitch) + 2 * kInset, look::px(look::Size::HitMin)};
}

QSize PlacementStrip::minimumSizeHint() const {
    return {60, look::px(look::Size::HitMin)};
}

double PlacementStrip::pitch() const {
    if (m_marks.empty()) return kPitch;
    return std::min(kPitch, (width() - 2.0 * kInset) / static_cast<double>(m_marks.size()));
}

QRect PlacementStrip::markRect(int index) const {
    const double step = pitch();
    const double side = std::clamp(step - 2, 1.0, kMarkWidth);
    return QRectF(kInset + index * step, (height() - kMarkHeight) / 2, side, kMarkHeight).toAlignedRect();
}

int PlacementStrip::markAt(QPoint point) const {
    const int index = static_cast<int>((point.x() - kInset) / pitch());
    return index >= 0 && index < static_cast<int>(m_marks.size()) ? index : -1;
}

int PlacementStrip::severity(const StripMark& mark) const {
    if (mark.diverged) return 5;
    switch (mark.placement) {
        case Placement::Conflict:
            return 4;
        case Placement::ByHand:
            return 3;
        case Placement::Placed:
            return 2;
        case Placement::Skipped:
            return 1;
        case Placement::Recorded:
            return 0;
    }
    return 0;
}

QString PlacementStrip::summary() const {
    std::array<int, 5> counts{};
    int pending = 0;
    for (const StripMark& mark : m_marks) {
        if (mark.pending)
            ++pending;
        else
            ++counts[static_cast<std::size_t>(mark.placement)];
    }
    QStringList parts;
    const auto add = [&parts](int count, const QString& text) {
        if (count > 0) parts << text.arg(count);
    };
    add(counts[static_cast<std::size_t>(Placement::Placed)], tr("%1 placed"));
    add(counts[static_cast<std::size_t>(Placement::ByHand)], tr("%1 by hand"));
    add(counts[static_cast<std::size_t>(Placement::Conflict)], tr("%1 in conflict"));
    add(counts[static_cast<std::size_t>(Placement::Skipped)], tr("%1 skipped"));
    add(counts[static_cast<std::size_t>(Placement::Recorded)], tr("%1 recorded"));
    add(pending, tr("%1 to do"));
    return parts.join(tr(", "));
}

void PlacementStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (pitch() >= 4) {
        for (int i = 0; i < static_cast<int>(m_marks.size()); ++i)
            paintOne(painter, markRect(i), m_marks[static_cast<std::size_t>(i)]);
    } else {
        // More versions than room: of the marks that share a slot the worst one is shown, so that none is lost.
        const int slotCount = std::max(1, (width() - 2 * kInset) / 4);
        const std::size_t count = m_marks.size();
        for (int slot = 0; slot < slotCount; ++slot) {
            const std::size_t first = count * static_cast<std::size_t>(slot) / static_cast<std::size_t>(slotCount);
            const std::size_t last =
                std::max(first + 1, count * static_cast<std::size_t>(slot + 1) / static_cast<std::size_t>(slotCount));
            const auto worst =
                std::max_element(m_marks.begin() + static_cast<std::ptrdiff_t>(first),
                                 m_marks.begin() + static_cast<std::ptrdiff_t>(std::min(last, count)),
                                 [this](const StripMark& a, const StripMark& b) { return severity(a) < severity(b); });
            paintOne(painter, QRectF(kInset + slot * 4, (height() - kMarkHeight) / 2, 3, kMarkHeight), *worst);
        }
    }
    if (m_current < 0) return;
    painter.setPen(QPen(look::color(look::Color::TextPrimary), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(QRectF(markRect(m_current)).adjusted(-1.5, -2.5, 1.5, 2.5));
}

void PlacementStrip::paintOne(QPainter& painter, const QRectF& box, const StripMark& mark) const {
    const double radius = box.width() >= 5 ? 1.5 : 0;
    const QRectF inner = box.adjusted(0.7, 0.7, -0.7, -0.7);
    const auto outline = [&](look::Color token) {
        painter.setPen(QPen(look::color(token), 1.4));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(inner, radius, radius);
    };
    const auto middle = [&](double width, double height, look::Color token) {
        painter.fillRect(QRectF(box.center().x() - width / 2, box.center().y() - height / 2, width, height),
                         look::color(token));
    };
    if (mark.pending) return middle(std::min(box.width(), 5.0), 1, look::Color::LineStrong);
    if (mark.diverged) {
        painter.setPen(QPen(look::color(look::Color::DivergedMark), 1.4));
        painter.drawLine(inner.topRight(), inner.bottomLeft());
        painter.drawLine(inner.topLeft() + QPointF(0, 2), inner.topRight() + QPointF(0, 2));
        painter.drawLine(inner.bottomLeft() - QPointF(0, 2), inner.bottomRight() - QPointF(0, 2));
        return;
    }
    switch (mark.placement) {
        case Placement::Placed:
            painter.setPen(Qt::NoPen);
            painter.setBrush(look::color(look::Color::OkMark));
            painter.drawRoundedRect(box, radius, radius);
            return;
        case Placement::ByHand:
            return outline(look::Color::OkMark);
        case Placement::Conflict:
            outline(look::Color::WarnMark);
            painter.drawLine(inner.center() - QPointF(1.6, 1.6), inner.center() + QPointF(1.6, 1.6));
            painter.drawLine(inner.center() - QPointF(1.6, -1.6), inner.center() + QPointF(1.6, -1.6));
            return;
        case Placement::Skipped:
            return middle(std::min(box.width(), 5.0), 1.4, look::Color::TextTertiary);
        case Placement::Recorded:
            return middle(3, 3, look::Color::TextTertiary);
    }
}

void PlacementStrip::mousePressEvent(QMouseEvent* event) {
    const int index = markAt(event->position().toPoint());
    if (index < 0) return;
    setCurrent(index);
    Q_EMIT versionChosen(index);
}

int PlacementStrip::nextConflict(int direction) const {
    for (int i = m_current + direction; i >= 0 && i < static_cast<int>(m_marks.size()); i += direction)
        if (m_marks[static_cast<std::size_t>(i)].placement == Placement::Conflict) return i;
    return m_current;
}

void PlacementStrip::keyPressEvent(QKeyEvent* event) {
    const bool jump = event->modifiers().testFlag(Qt::ControlModifier);
    switch (event->key()) {
        case Qt::Key_Left:
            return setCurrent(jump ? nextConflict(-1) : std::max(0, m_current - 1));
        case Qt::Key_Right:
            return setCurrent(jump ? nextConflict(1) : m_current + 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_current >= 0) Q_EMIT versionChosen(m_current);
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

bool PlacementStrip::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = markAt(help->pos());
    if (index < 0) {
        QToolTip::hideText();
        return true;
    }
    const StripMark& mark = m_marks[static_cast<std::size_t>(index)];
    const QString state = mark.pending ? tr("not placed yet") : badgeOf(mark.placement).word;
    const QString head = tr("%1: %2").arg(mark.version, state);
    QToolTip::showText(help->globalPos(), mark.tooltip.isEmpty() ? head : head + QLatin1Char('\n') + mark.tooltip,
                       this);
    return true;
}

}  // namespace hindcast::controls

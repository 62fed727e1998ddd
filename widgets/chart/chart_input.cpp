// SPDX-License-Identifier: GPL-3.0-or-later
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QStyleHints>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "widgets/chart/chart_view.h"
#include "widgets/look/time_cursor.h"

namespace hindcast::chart {

namespace {

constexpr double kHoverReach = 7.0;
constexpr double kGrip = 4.5;        // an invisible 9 px grip on the cursor line
constexpr double kWheelStep = 0.85;  // part of the range that one notch of the wheel leaves
constexpr double kKeyStep = 0.7;
constexpr double kPanStep = 0.1;
constexpr double kNotch = 120.0;
constexpr double kSmallestBox = 5.0;
constexpr int kLargeStep = 10;

}  // namespace

int ChartView::seriesAt(QPointF place) const {
    if (!plotArea().adjusted(-4, -4, 4, 4).contains(place)) return -1;
    int found = -1;
    double nearest = kHoverReach;
    for (std::size_t i = 0; i < m_drawn.size(); ++i) {
        // Emphasised lines win where lines run together, because they are drawn above the others.
        const double bias = m_store.series()[i].data.emphasised ? 0.6 : 1.0;
        const double off = distanceTo(m_drawn[i], place, kHoverReach) * bias;
        if (off >= nearest) continue;
        nearest = off;
        found = static_cast<int>(i);
    }
    return found;
}

void ChartView::setHovered(int index) {
    if (index == m_hovered) {
        if (index >= 0) update();
        return;
    }
    m_hovered = index;
    update();
    Q_EMIT versionHovered(hoveredVersion());
}

double ChartView::snapped(double x) const {
    return m_step > 0 ? std::round(x / m_step) * m_step : x;
}

void ChartView::moveCursor(double x) {
    if (!m_cursor) return;
    m_cursor->setPosition(snapped(x));
    Q_EMIT cursorMoved(m_cursor->position());
}

bool ChartView::overCursor(QPointF place) const {
    return m_cursor && plotArea().contains(place) && std::abs(plot().mapX(m_cursor->position()) - place.x()) <= kGrip;
}

void ChartView::mousePressEvent(QMouseEvent* event) {
    if (m_store.series().empty()) return;
    m_pressed = m_lastDrag = event->position();
    const Plot plot = this->plot();
    const double x = plot.x.fromUnit((m_pressed.x() - plot.area.left()) / plot.area.width());
    if (event->button() == Qt::RightButton) {
        m_drag = Drag::Box;
        m_box = QRectF(m_pressed, QSizeF());
    } else if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
    } else if (event->modifiers().testFlag(Qt::ControlModifier)) {
        if (!m_cursor) return;
        m_cursor->setReference(snapped(x));
        Q_EMIT referenceMoved(*m_cursor->reference());
    } else if (event->modifiers().testFlag(Qt::ShiftModifier) || overCursor(m_pressed)) {
        m_drag = Drag::Scrub;
        setHovered(-1);
        QToolTip::hideText();
        moveCursor(x);
    } else {
        m_drag = Drag::Press;
    }
}

void ChartView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF place = event->position();
    const Plot plot = this->plot();
    m_hoverPlace = place;
    switch (m_drag) {
        case Drag::None:
            setHovered(seriesAt(place));
            setCursor(overCursor(place) ? Qt::SplitHCursor : m_hovered >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
            break;
        case Drag::Scrub:
            moveCursor(plot.x.fromUnit((place.x() - plot.area.left()) / plot.area.width()));
            break;
        case Drag::Press:
            if ((place - m_pressed).manhattanLength() < QGuiApplication::styleHints()->startDragDistance() || !zoomed())
                break;
            m_drag = Drag::Pan;
            [[fallthrough]];
        case Drag::Pan:
            pan((m_lastDrag.x() - place.x()) / plot.area.width(), (place.y() - m_lastDrag.y()) / plot.area.height());
            break;
        case Drag::Box:
            m_box = QRectF(m_pressed, place).normalized();
            update();
            break;
    }
    m_lastDrag = place;
}

void ChartView::mouseReleaseEvent(QMouseEvent* event) {
    const Drag drag = m_drag;
    m_drag = Drag::None;
    if (drag == Drag::Box) {
        update();
        if (m_box.width() >= kSmallestBox || m_box.height() >= kSmallestBox) zoomToBox(m_box);
        return;
    }
    if (drag != Drag::Press) return;
    const int index = seriesAt(event->position());
    if (index >= 0) {
        Q_EMIT versionChosen(m_store.series()[static_cast<std::size_t>(index)].data.version);
        return;
    }
    const Plot plot = this->plot();
    if (plot.area.contains(event->position()))
        moveCursor(plot.x.fromUnit((event->position().x() - plot.area.left()) / plot.area.width()));
}

void ChartView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && seriesAt(event->position()) < 0) fit();
}

void ChartView::wheelEvent(QWheelEvent* event) {
    if (m_store.series().empty()) return;
    const QPointF turn = event->angleDelta();
    const double notches = (turn.y() != 0 ? turn.y() : turn.x()) / kNotch;
    const QPointF place = event->position();
    const double factor = std::pow(kWheelStep, notches);
    if (event->modifiers().testFlag(Qt::ShiftModifier) || turn.y() == 0) {
        pan(-notches * kPanStep, 0);
    } else if (place.x() < plotArea().left()) {
        zoomY(place.y(), factor);
    } else {
        zoomX(place.x(), factor);
        if (event->modifiers().testFlag(Qt::ControlModifier)) zoomY(place.y(), factor);
    }
    event->accept();
}

void ChartView::zoomX(double anchorPixel, double factor) {
    const Plot plot = this->plot();
    const double anchor = std::clamp((anchorPixel - plot.area.left()) / plot.area.width(), 0.0, 1.0);
    Range next = plot.x.zoomed(anchor, factor);
    const Range whole = fittedX();
    // Never out beyond all data, never in beyond what doubles can tell apart.
    next = {std::max(next.low, whole.low), std::min(next.high, whole.high)};
    if (next.length() < whole.length() * 1e-7) return;
    setXRange(next.low, next.high);
}

void ChartView::zoomY(double anchorPixel, double factor) {
    const Plot plot = this->plot();
    const double anchor = std::clamp((plot.area.bottom() - anchorPixel) / plot.area.height(), 0.0, 1.0);
    const Range next = plot.y.zoomed(anchor, factor);
    setYRange(next.low, next.high);
}

void ChartView::pan(double unitsX, double unitsY) {
    const Plot plot = this->plot();
    const Range whole = fittedX();
    if (m_viewX && unitsX != 0.0) {
        Range next = plot.x.moved(unitsX);
        const double length = next.length();
        if (next.low < whole.low) next = {whole.low, whole.low + length};
        if (next.high > whole.high) next = {whole.high - length, whole.high};
        setXRange(next.low, next.high);
    }
    if (m_viewY && unitsY != 0.0) {
        const Range next = plot.y.moved(unitsY);
        setYRange(next.low, next.high);
    }
}

void ChartView::zoomToBox(const QRectF& box) {
    const Plot plot = this->plot();
    const QRectF inside = box.intersected(plot.area);
    const auto unitX = [&](double pixel) { return (pixel - plot.area.left()) / plot.area.width(); };
    const auto unitY = [&](double pixel) { return (plot.area.bottom() - pixel) / plot.area.height(); };
    if (inside.height() >= kSmallestBox)
        setYRange(plot.y.fromUnit(unitY(inside.bottom())), plot.y.fromUnit(unitY(inside.top())));
    if (inside.width() >= kSmallestBox)
        setXRange(plot.x.fromUnit(unitX(inside.left())), plot.x.fromUnit(unitX(inside.right())));
}

void ChartView::liftNext(int direction) {
    const int count = static_cast<int>(m_store.series().size());
    if (count == 0) return;
    const int from = m_hovered < 0 ? (direction > 0 ? -1 : count) : m_hovered;
    m_hoverPlace = QPointF(plot().mapX(cursor()), 0);
    setHovered(((from + direction) % count + count) % count);
}

void ChartView::keyPressEvent(QKeyEvent* event) {
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    const double step = (m_step > 0 ? m_step : 1.0) * (shift ? kLargeStep : 1);
    const QPointF middle = plotArea().center();
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(cursor() - step);
        case Qt::Key_Right:
            return moveCursor(cursor() + step);
        case Qt::Key_Home:
            return moveCursor(fittedX().low);
        case Qt::Key_End:
            return moveCursor(fittedX().high);
        case Qt::Key_Up:
            return liftNext(-1);
        case Qt::Key_Down:
            return liftNext(1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_hovered >= 0) Q_EMIT versionChosen(hoveredVersion());
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomX(middle.x(), kKeyStep);
        case Qt::Key_Minus:
            return zoomX(middle.x(), 1 / kKeyStep);
        case Qt::Key_F:
        case Qt::Key_0:
            return fit();
        case Qt::Key_A:
            return pan(-kPanStep, 0);
        case Qt::Key_D:
            return pan(kPanStep, 0);
        case Qt::Key_W:
            return pan(0, kPanStep);
        case Qt::Key_S:
            return pan(0, -kPanStep);
        case Qt::Key_B:
            if (!m_cursor) return;
            if (shift) return m_cursor->clearReference();
            m_cursor->setReference(cursor());
            Q_EMIT referenceMoved(cursor());
            return;
        default:
            QWidget::keyPressEvent(event);
    }
}

void ChartView::leaveEvent(QEvent* event) {
    if (m_drag == Drag::None) setHovered(-1);
    QWidget::leaveEvent(event);
}

bool ChartView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = m_drag == Drag::None ? seriesAt(help->pos()) : -1;
    if (index < 0) {
        QToolTip::hideText();
        return true;
    }
    const Plot plot = this->plot();
    const StoredSeries& one = m_store.series()[static_cast<std::size_t>(index)];
    const double x = plot.x.fromUnit((help->pos().x() - plot.area.left()) / plot.area.width());
    QToolTip::showText(help->globalPos(),
                       describe(one.data.version, x + one.data.spacing / 2) + QLatin1Char('\n') +
                           tr("Click chooses %1").arg(one.data.label),
                       this);
    return true;
}

}  // namespace hindcast::chart

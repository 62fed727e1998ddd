// SPDX-License-Identifier: GPL-3.0-or-later
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "widgets/look/time_cursor.h"
#include "widgets/timeline/timeline_view.h"

namespace hindcast::timeline {

namespace {

constexpr double kMapGrip = 8;
constexpr double kWheelStep = 1.2;
constexpr double kKeyStep = 1.5;
constexpr double kNotch = 120;
constexpr int kLargeStep = 10;

bool isCaptured(const Cell& cell) {
    return cell.captured;
}
bool isAlerting(const Cell& cell) {
    return cell.alerting || cell.failed;
}

}  // namespace

TimelineView::Drag TimelineView::dragAt(QPointF place) const {
    const QRectF frame = m_layout.minimapFrame();
    if (m_layout.minimap().adjusted(-kMapGrip / 2, 0, kMapGrip / 2, 0).contains(place)) {
        if (std::abs(place.x() - frame.left()) <= kMapGrip / 2 + 1) return Drag::MapLeft;
        if (std::abs(place.x() - frame.right()) <= kMapGrip / 2 + 1) return Drag::MapRight;
        return Drag::MapMove;
    }
    const QRectF ruler = m_layout.ruler().adjusted(-12, 0, 12, 4);
    if (!ruler.contains(place)) return Drag::None;
    const bool onScrubber = scrubberRect().contains(place);
    return !onScrubber && referenceRect().contains(place) ? Drag::Reference : Drag::Scrub;
}

double TimelineView::positionAt(double x) const {
    const double at = std::clamp(m_layout.iterationAt(x), 0.0, std::max(0.0, m_layout.iterations - 1e-6));
    if (m_layout.zoom() != Zoom::Step) return std::floor(at);
    // Inside an iteration the cursor goes from step to step.
    const int iteration = static_cast<int>(at);
    const int steps = m_model && m_selected >= 0 ? m_model->steps(m_selected, iteration).count : 0;
    if (steps <= 1) return iteration;
    return iteration + std::min(std::round((at - iteration) * steps), steps - 1.0) / steps;
}

void TimelineView::moveCursor(double position) {
    if (!m_cursor) return;
    m_cursor->setPosition(position);
    Q_EMIT cursorMoved(m_cursor->position());
}

void TimelineView::mousePressEvent(QMouseEvent* event) {
    if (!m_model || m_layout.rows == 0) return;
    const QPointF place = event->position();
    m_lastDrag = place;
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
        return;
    }
    if (event->button() != Qt::LeftButton) return;
    m_drag = dragAt(place);
    QToolTip::hideText();
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    if (m_drag == Drag::Scrub && control) m_drag = Drag::Reference;
    switch (m_drag) {
        case Drag::Scrub:
            moveCursor(positionAt(place.x()));
            break;
        case Drag::Reference:
            if (m_cursor) m_cursor->setReference(positionAt(place.x()));
            break;
        case Drag::MapMove:
            dragMap(place);
            break;
        case Drag::None:
            chooseAt(place);
            break;
        default:
            break;
    }
}

void TimelineView::chooseAt(QPointF place) {
    const int row = m_layout.rowAt(place.y());
    if (row < 0) return;
    selectRow(row, true);
    if (place.x() >= m_layout.cells().left() && place.x() <= m_layout.cells().right())
        moveCursor(positionAt(place.x()));
}

void TimelineView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF place = event->position();
    switch (m_drag) {
        case Drag::Scrub:
            moveCursor(positionAt(place.x()));
            break;
        case Drag::Reference:
            if (m_cursor) m_cursor->setReference(positionAt(place.x()));
            break;
        case Drag::MapMove:
        case Drag::MapLeft:
        case Drag::MapRight:
            dragMap(place);
            break;
        case Drag::Pan:
            m_layout.firstIteration -= (place.x() - m_lastDrag.x()) / m_layout.perIteration;
            m_layout.constrain();
            verticalScrollBar()->setValue(verticalScrollBar()->value() -
                                          static_cast<int>(std::lround(place.y() - m_lastDrag.y())));
            invalidate();
            break;
        case Drag::None: {
            const int row = m_layout.rowAt(place.y());
            const Drag would = dragAt(place);
            const bool resizes =
                would == Drag::MapLeft || would == Drag::MapRight || would == Drag::Scrub || would == Drag::Reference;
            viewport()->setCursor(resizes ? Qt::SplitHCursor : Qt::ArrowCursor);
            if (row == m_hoveredRow) break;
            m_hoveredRow = row;
            invalidate();
        }
    }
    m_lastDrag = place;
}

void TimelineView::dragMap(QPointF place) {
    const QRectF map = m_layout.minimap();
    const double total = std::max(1, m_layout.iterations);
    const double at = std::clamp((place.x() - map.left()) / map.width(), 0.0, 1.0) * total;
    const double left = m_layout.firstIteration;
    const double right = left + m_layout.visibleIterations();
    if (m_drag == Drag::MapMove) {
        m_layout.firstIteration = at - (right - left) / 2;
    } else {
        const double low = m_drag == Drag::MapLeft ? std::min(at, right - 1) : left;
        const double high = m_drag == Drag::MapRight ? std::max(at, left + 1) : right;
        m_layout.perIteration = m_layout.cells().width() / (high - low);
        m_layout.firstIteration = low;
        m_fitted = high - low >= total;
    }
    relayout();
}

void TimelineView::mouseReleaseEvent(QMouseEvent*) {
    m_drag = Drag::None;
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent* event) {
    if (m_layout.minimap().contains(event->position())) return fit();
    const int row = m_layout.rowAt(event->position().y());
    if (m_model && row >= 0) Q_EMIT versionActivated(m_model->row(row).version);
}

void TimelineView::wheelEvent(QWheelEvent* event) {
    const QPointF turn = event->angleDelta();
    const double notches = (turn.y() != 0 ? turn.y() : turn.x()) / kNotch;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool above = event->position().y() < m_layout.cells().top();
    event->accept();
    if (control && shift) {
        setRowHeight(m_layout.rowHeight + (notches > 0 ? 1 : -1) * std::max(1, m_layout.rowHeight / 8));
    } else if (control || (above && !shift)) {
        zoomBy(std::pow(kWheelStep, notches), event->position().x());
    } else if (shift || turn.y() == 0) {
        m_layout.firstIteration -= notches * m_layout.visibleIterations() / kLargeStep;
        m_layout.constrain();
        invalidate();
    } else {
        verticalScrollBar()->setValue(verticalScrollBar()->value() -
                                      static_cast<int>(notches * 3 * m_layout.rowHeight));
    }
}

void TimelineView::jump(int direction, bool (*wanted)(const Cell&)) {
    if (!m_model || m_layout.rows == 0) return;
    const int row = std::max(0, m_selected);
    const int count = m_model->iterationCount(row);
    for (int i = static_cast<int>(cursor()) + direction; i >= 0 && i < count; i += direction)
        if (wanted(m_model->cell(row, i))) return moveCursor(i);
}

void TimelineView::goToCapture(int direction) {
    jump(direction, isCaptured);
}

void TimelineView::goToAlert(int direction) {
    jump(direction, isAlerting);
}

void TimelineView::keyPressEvent(QKeyEvent* event) {
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const double step = shift ? kLargeStep : 1;
    const double middle = m_layout.cells().center().x();
    const int page = std::max(1, static_cast<int>(m_layout.cells().height()) / m_layout.rowHeight - 1);
    const auto moveRow = [this](int by) { selectRow(std::clamp(m_selected + by, 0, m_layout.rows - 1), true); };
    switch (event->key()) {
        case Qt::Key_Left:
            return control ? goToCapture(-1) : moveCursor(cursor() - step);
        case Qt::Key_Right:
            return control ? goToCapture(1) : moveCursor(cursor() + step);
        case Qt::Key_Home:
            return moveCursor(0);
        case Qt::Key_End:
            return moveCursor(m_layout.iterations - 1);
        case Qt::Key_Up:
            return moveRow(-1);
        case Qt::Key_Down:
            return moveRow(1);
        case Qt::Key_PageUp:
            return moveRow(-page);
        case Qt::Key_PageDown:
            return moveRow(page);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_selected >= 0) Q_EMIT versionActivated(m_selectedVersion);
            return;
        case Qt::Key_A:
            return goToAlert(shift ? -1 : 1);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomBy(kKeyStep, middle);
        case Qt::Key_Minus:
            return zoomBy(1 / kKeyStep, middle);
        case Qt::Key_F:
        case Qt::Key_0:
            return fit();
        case Qt::Key_B:
            if (!m_cursor) return;
            return shift ? m_cursor->clearReference() : m_cursor->setReference(cursor());
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

bool TimelineView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave && m_hoveredRow >= 0) {
        m_hoveredRow = -1;
        invalidate();
    }
    if (event->type() != QEvent::ToolTip) return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = m_layout.rowAt(help->pos().y());
    const bool overCells = help->pos().x() >= m_layout.cells().left() && help->pos().x() <= m_layout.cells().right();
    if (m_drag != Drag::None || row < 0 || !overCells)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), describe(row, static_cast<int>(m_layout.iterationAt(help->pos().x()))),
                           this);
    return true;
}

}  // namespace hindcast::timeline

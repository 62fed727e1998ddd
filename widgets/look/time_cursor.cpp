// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/time_cursor.h"

#include <algorithm>
#include <cmath>

namespace hindcast::look {

TimeCursor::TimeCursor(QObject* parent) : QObject(parent) {}

int TimeCursor::iteration() const {
    return static_cast<int>(std::floor(m_position));
}

double TimeCursor::held(double position) const {
    return std::clamp(position, 0.0, std::max(0.0, m_last));
}

void TimeCursor::setLast(double last) {
    if (last == m_last) return;
    m_last = last;
    Q_EMIT lastChanged(last);
    setPosition(m_position);
    if (m_reference) setReference(*m_reference);
}

void TimeCursor::setPosition(double position) {
    if (!std::isfinite(position)) return;
    const double next = held(position);
    if (next == m_position) return;
    m_position = next;
    Q_EMIT moved(next);
}

void TimeCursor::step(double by) {
    setPosition(m_position + by);
}

void TimeCursor::setReference(double position) {
    if (!std::isfinite(position)) return;
    const double next = held(position);
    if (m_reference == next) return;
    m_reference = next;
    Q_EMIT referenceChanged();
}

void TimeCursor::clearReference() {
    if (!m_reference) return;
    m_reference.reset();
    Q_EMIT referenceChanged();
}

}  // namespace hindcast::look

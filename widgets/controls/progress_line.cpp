// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/progress_line.h"

#include <QPainter>
#include <algorithm>

#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr int kHeight = 3;
// A still bar in the middle says "under way, length unknown"; the elapsed seconds beside it move.
constexpr double kUnknownStart = 0.22;
constexpr double kUnknownLength = 0.30;
}  // namespace

void paintProgress(QPainter& painter, const QRectF& box, double part, look::Color ink) {
    const double start = part < 0 ? kUnknownStart : 0.0;
    const double length = part < 0 ? kUnknownLength : std::min(part, 1.0);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(look::Color::LineHair));
    painter.drawRoundedRect(box, 1, 1);
    painter.setBrush(look::color(ink));
    painter.drawRoundedRect(QRectF(box.left() + box.width() * start, box.top(), box.width() * length, box.height()), 1,
                            1);
    painter.restore();
}

ProgressLine::ProgressLine(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Progress"));
}

void ProgressLine::setPart(double part) {
    if (part == m_part) return;
    m_part = part;
    setAccessibleDescription(part < 0 ? tr("under way") : tr("%1 %").arg(static_cast<int>(part * 100)));
    update();
}

void ProgressLine::setPaused(bool paused) {
    m_paused = paused;
    update();
}

QSize ProgressLine::sizeHint() const {
    return {120, kHeight};
}

void ProgressLine::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF bar(0, (height() - kHeight) / 2.0, width(), kHeight);
    paintProgress(painter, bar, m_part, m_paused ? look::Color::TextTertiary : look::Color::Accent);
}

}  // namespace hindcast::controls

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/timeline/timeline_layout.h"

class QPainter;
class QString;

namespace hindcast::timeline {

/// Ticks and numbers of the ruler.
void paintRuler(QPainter& painter, const TimelineLayout& layout);

/// The flag of a cursor on the ruler, 24 x 20 or wider for long numbers, pointing down at `x`.
QRectF flagRect(const TimelineLayout& layout, double x, const QString& text);
/// A: filled, with its iteration. B: outlined, with the letter.
void paintFlag(QPainter& painter, const QRectF& box, const QString& text, bool filled);

}  // namespace hindcast::timeline

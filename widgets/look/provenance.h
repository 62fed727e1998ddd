// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QString>
#include <cstdint>

#include "widgets/look/tokens.h"

class QPainter;

namespace hindcast::look {

/// Where a value comes from: the shape of its mark.
enum class Source : std::uint8_t { Recorded, Replayed, Derived, Imported };
/// What checking it gave: the fill of its mark.
enum class Fidelity : std::uint8_t { Exact, ExactLogs, Numeric, Unverified, Diverged };

/// Words as the design fixes them, translated.
QString sourceText(Source source);
QString fidelityText(Fidelity fidelity);
Meaning meaningOf(Fidelity fidelity);

/// Draws ● ◆ ■ ▲ in `ink`: filled when exact, left half when numeric, hollow (panel colour inside) when unverified,
/// hollow with a cross in the diverged colour when diverged. A recorded value has no fidelity and is always filled.
void paintMark(QPainter& painter, QPointF centre, double radius, Source source, Fidelity fidelity, const QColor& ink);

}  // namespace hindcast::look

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/look/theme.h"

namespace hindcast::look {

/// The colour of a version, kept in every panel: one of the eight emphasis colours, or a place on the ordered ramp.
/// A token, not a colour, so that a theme switch needs no bookkeeping.
struct SeriesInk {
    int emphasis = -1;  ///< 0..7; -1: on the ramp
    double age = 0.5;   ///< place on the ramp, 0 = oldest, 1 = newest

    bool operator==(const SeriesInk&) const = default;
};

inline QColor color(const SeriesInk& ink) {
    return ink.emphasis >= 0 ? tokens().series(ink.emphasis) : tokens().ramp(ink.age);
}

}  // namespace hindcast::look

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "widgets/look/provenance.h"
#include "widgets/look/series_ink.h"

namespace hindcast::chart {

/// One value. y may be NaN or infinite; both are shown, never hidden.
struct Point {
    double x = 0.0;
    double y = 0.0;
    look::Source source = look::Source::Recorded;
    look::Fidelity fidelity = look::Fidelity::Exact;
    bool gapBefore = false;  ///< something that should have been logged before this point was not
};

/// The values of one version in one chart, ordered by x.
struct Series {
    QString version;  ///< identity; what `versionChosen` says
    QString label;    ///< "v17", shown at the line's end
    look::SeriesInk ink;
    bool emphasised = false;
    double spacing = 0.0;  ///< normal distance in x; points farther apart than 1.5 x this are not joined; 0: join all
    std::vector<Point> points;
};

enum class SlotState : std::uint8_t { Have, Queued, Running, NotReplayed, Cannot };

/// One stretch of the coverage rail.
struct CoverageSlot {
    double from = 0.0;
    double to = 0.0;
    SlotState state = SlotState::NotReplayed;
    double part = 0.0;  ///< of a running slot, 0-1
};

struct Range {
    double low = 0.0;
    double high = -1.0;

    bool valid() const { return low <= high; }
    double length() const { return high - low; }
    bool operator==(const Range&) const = default;
};

}  // namespace hindcast::chart

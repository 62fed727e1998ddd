// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace hindcast::timeline {

/// Makes timelines known to assistive technology as tables: a row per version, a column per iteration, each cell with
/// the words of its tooltip. May be called any number of times.
void installTimelineAccess();

}  // namespace hindcast::timeline

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace hindcast::chart {

/// Makes charts known to assistive technology: role Chart, the cursor as a value that can be set, the emphasised
/// values at the cursor as text. May be called any number of times.
void installChartAccess();

}  // namespace hindcast::chart

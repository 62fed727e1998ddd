// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/query/rows/rows.h"
#include "core/store/project.h"

namespace hindcast::query {

/// What a pivot is asked for.
struct PivotRequest {
    std::vector<std::string> names = {};  ///< columns; none: every argument and every value logged outside loops
    std::optional<std::vector<base::Uuid>> versions = std::nullopt;  ///< in this order; absent: all, oldest first
    std::string where = {};                        ///< keeps the rows at or below which it is true; see Filter
    bool provenance = false;                       ///< also NAME.source and NAME.fidelity behind each NAME
    bool labels = false;                           ///< also LOOP.label behind each loop whose passes have labels
    bool diverged = false;                         ///< also values of diverged replays
    const std::atomic<bool>* cancelled = nullptr;  ///< set from any thread: fails with Cancelled soon after
};

/// One row for each (version, coordinates), one column for each asked name, typed. Columns: `version` (the number), the
/// loops of the asked names, outermost first, then the names. Which rows there are and what stands in them is told in
/// alignment.h; arguments stand in all rows of their version, and a version of which nothing but arguments is known has
/// one row. Where a value was recorded and replayed, the recorded one is shown.
///
/// A name that is logged, an argument, a probe's or a loop's of nothing: InvalidArgument, with close ones. Does not go
/// through SQLite except for `where`, so NaN and infinities are what they are. Cost: near that of decoding the columns.
base::Result<Rows> pivot(const store::Project& project, const PivotRequest& request);

}  // namespace hindcast::query

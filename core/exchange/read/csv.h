// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"
#include "core/exchange/read/deployments.h"

namespace hindcast::exchange {

/// What columns mean where the file's first line does not say it by itself.
struct CsvColumns {
    std::string run;                     ///< default: version, run, run_id or run_name
    std::vector<std::string> loops;      ///< outermost first; default: epoch, iteration, iter, batch, step, global_step
    std::vector<std::string> arguments;  ///< default: none
    std::string time;                    ///< default: time, timestamp, ts, date, datetime, wall_time or _timestamp
};

/// A CSV table whose first line has names. Rows of one run are those with the same text in the run column (a file
/// without one is one run). A row's values stand in the pass that its loop columns name; an empty loop column ends the
/// nesting there; a file without loop columns counts the rows of a run as the loop `row`, where there are several.
/// Arguments keep their last value. Empty fields are missing; everything else is what `--format csv` writes
/// (valueOfText). With deployments, the time column says which version a row belongs to. Parse names the line of a row
/// that cannot be read.
base::Result<void> readCsv(const std::filesystem::path& path, const CsvColumns& columns,
                           const std::vector<Deployment>& deployments, const RunSink& sink);

}  // namespace hindcast::exchange

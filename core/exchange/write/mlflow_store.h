// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/exchange/write/exported_runs.h"

namespace hindcast::exchange {

/// Writes each run into an MLflow file store (`folder` is its `mlruns`), in the experiment "hindcast": arguments as
/// parameters, series as metrics with all bits, tags `hindcast.source`, `hindcast.fidelity` and `hindcast.version`.
/// Characters that MLflow allows in no name become '_'. Writing again replaces the runs.
base::Result<void> writeMlflow(const ExportedRuns& runs, const std::filesystem::path& folder);

}  // namespace hindcast::exchange

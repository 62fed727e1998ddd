// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"

namespace hindcast::exchange {

/// Whether the folder is an MLflow file store, one of its experiments or one of its runs.
bool isMlflowStore(const std::filesystem::path& path);

/// MLflow's file store (`mlruns/EXPERIMENT/RUN/`), an experiment in it, or one run. Parameters are arguments, metrics
/// are values of the loop `step` with their times, tags tell script, commit and note; runs that MLflow deleted are left
/// out. A run is known by its MLflow id. NotFound when there is no run.
base::Result<void> readMlflow(const std::filesystem::path& path, const RunSink& sink);

}  // namespace hindcast::exchange

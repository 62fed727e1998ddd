// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"

namespace hindcast::exchange {

/// Whether the path is a run folder or run file of Weights & Biases, or a `wandb` folder with some.
bool isWandb(const std::filesystem::path& path);

/// Runs of Weights & Biases that lie on this disk: `run-….wandb` in `offline-run-…` or `run-…` folders, else
/// `files/config.yaml` and `files/wandb-summary.json`. The configuration is arguments, the history values of the loop
/// `step`, and of the summary what the history does not have stands outside every loop. Pictures, tables and other
/// media are left out, as are W&B's samples of the machine. A run is known by its folder's name. NotFound when there is
/// no run.
base::Result<void> readWandb(const std::filesystem::path& path, const RunSink& sink);

}  // namespace hindcast::exchange

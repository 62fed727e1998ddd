// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"

namespace hindcast::exchange {

/// Whether the file's name is that of a TensorBoard event file.
bool isEventFile(const std::filesystem::path& path);

/// TensorBoard logs: every folder at or below `path` with event files is a run, whose files are read in the order of
/// their names; or one event file. Scalars (TF1 and TF2), texts, histograms and other tensors are values of the loop
/// `loop` at their step, with their wall time; a value that was written again at its step follows the earlier one.
/// Hyper-parameters (the hparams plug-in) are arguments. Pictures, sound and graphs are left out. NotFound when there
/// is no event file.
base::Result<void> readTensorboard(const std::filesystem::path& path, const std::string& loop, const RunSink& sink);

}  // namespace hindcast::exchange

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/exchange/write/exported_runs.h"

namespace hindcast::exchange {

/// Writes each run as `folder`/LABEL/events.out.tfevents.…: scalars of TF1's form, which every reader knows, and a text
/// `hindcast/source` that says what they are. TensorBoard's scalars are 32-bit floats: numbers that are none are
/// rounded. Writing again replaces the files.
base::Result<void> writeTensorboard(const ExportedRuns& runs, const std::filesystem::path& folder);

}  // namespace hindcast::exchange

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

namespace hindcast::cli {

/// Waits for a replay and shows where it stands, on standard error and only to a terminal. SIGINT and SIGTERM cancel
/// it.
workspace::ReplayProgress follow(workspace::ReplayRun& run);

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workspace/workspace.h"

namespace hindcast::cli {

/// Waits for a replay and shows where it stands, on standard error and only to a terminal. SIGINT cancels it. SIGTERM,
/// as when the machine goes down, ends the waiting: destroyed then, the run can be gone on with.
workspace::ReplayProgress follow(workspace::ReplayRun& run);

}  // namespace hindcast::cli

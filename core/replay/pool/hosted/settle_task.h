// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/replay/pool/executor.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// Fits a task that came from elsewhere to this machine: the worker's environment from the version's run.json and from
/// this process, and the devices that the machine's queue gave it. Environment when the recorded Python or the version
/// itself is not here; the sentence says what to do.
base::Result<void> settleTask(Task& task, const store::Project& project);

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/replay/pool/sandbox.h"
#include "core/store/project.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// Starts what the plan says on the local pool.
base::Result<std::unique_ptr<ReplayRun>> startLocalReplay(const store::Project& project, const Plan& plan,
                                                          replay::SandboxLevel sandbox);

}  // namespace hindcast::workspace

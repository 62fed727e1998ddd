// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/replay/pool/workers/worker_shelf.h"
#include "core/store/project.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// What this machine and the user let replays do.
struct LocalPlace {
    replay::SandboxLevel sandbox = replay::SandboxLevel::None;
    std::shared_ptr<replay::WorkerShelf> shelf;
    replay::Permissions allowed;
};

/// Starts what the plan says on the local pool.
base::Result<std::unique_ptr<ReplayRun>> startLocalReplay(const store::Project& project, const Plan& plan,
                                                          const LocalPlace& place);

}  // namespace hindcast::workspace

// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/replays/executors.h"

#include <utility>

#include "core/replay/pool/slurm/slurm_executor.h"
#include "core/replay/remote/pull/pull_state.h"
#include "core/replay/remote/ssh_executor.h"

namespace hindcast::workspace {

using base::Result;

Result<std::function<std::unique_ptr<replay::Executor>()>> executorElsewhere(const store::Project& project,
                                                                             replay::Resource resource, int slots) {
    resource.workers = slots;
    std::unique_ptr<replay::Executor> executor;
    if (resource.kind == replay::ResourceKind::Ssh) {
        executor = std::make_unique<replay::SshExecutor>(project, resource, replay::placeOf(project, resource));
    } else {
        HINDCAST_ASSIGN(executor, replay::SlurmExecutor::make(project, resource));
    }
    const auto held = std::make_shared<std::unique_ptr<replay::Executor>>(std::move(executor));
    return std::function<std::unique_ptr<replay::Executor>()>([held] { return std::move(*held); });
}

}  // namespace hindcast::workspace

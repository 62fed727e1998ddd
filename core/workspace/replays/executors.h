// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/replay/pool/executor.h"
#include "core/replay/resources/resource.h"
#include "core/store/project.h"

namespace hindcast::workspace {

/// Makes the executor of a resource that is not this machine, for the scheduler to take over once. `slots` units at
/// once.
base::Result<std::function<std::unique_ptr<replay::Executor>()>> executorElsewhere(const store::Project& project,
                                                                                   replay::Resource resource,
                                                                                   int slots);

}  // namespace hindcast::workspace

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace hindcast::support {

struct HandMadeProject;

/// Replays by making values up: every call of progress() finishes an iteration of the first unfinished version.
base::Result<std::unique_ptr<workspace::ReplayRun>> startHandMadeReplay(const std::shared_ptr<HandMadeProject>& project,
                                                                        const workspace::Plan& plan);

}  // namespace hindcast::support

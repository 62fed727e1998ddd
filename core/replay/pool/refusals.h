// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/replay/pool/executor.h"
#include "core/replay/pool/sandbox.h"

namespace hindcast::replay {

/// What a unit of `task` that failed on this machine, enclosed at `level`, wanted and was refused, as the end of a
/// sentence that says how to allow it: a write outside its scratch folder, with the path, or the network. "" when its
/// output tells of neither.
std::string refusalIn(const std::string& output, SandboxLevel level, const Task& task);

}  // namespace hindcast::replay

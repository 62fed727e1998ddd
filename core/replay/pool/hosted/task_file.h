// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>

#include "core/base/result.h"
#include "core/replay/pool/task_document.h"

namespace hindcast::replay {

/// Where runTaskFile says how the unit ended: beside the task file, under this ending.
inline constexpr const char* kEndedSuffix = ".ended";
inline constexpr const char* kTaskSuffix = ".task";

/// Runs the unit of a task file (taskJson, on storage that sender and host share) to its end, enclosed as this machine
/// allows, and writes how it ended beside it. `isStopped` is asked often; when it says yes the unit's processes are
/// ended. A task that was begun before (a queue started it again) is not run twice into one folder: it ends as Lost.
/// Fails only when the task cannot be read or the ending cannot be written.
base::Result<HostedEnding> runTaskFile(const std::filesystem::path& file, const std::function<bool()>& isStopped);

}  // namespace hindcast::replay

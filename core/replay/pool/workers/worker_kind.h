// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/replay/pool/executor.h"

namespace hindcast::replay {

/// What a worker process is before it knows its unit: workers of one kind can take each other's units. Plain value.
struct WorkerKind {
    std::filesystem::path interpreter;
    std::map<std::string, std::string> environment;  ///< hash seed and thread counts among it
    int recordedCores = 0;             ///< of the machine that recorded: libraries count their threads by it
    std::vector<std::string> imports;  ///< packages to import before the unit is known, in this order
    std::filesystem::path project;     ///< where the version's code will stand
    std::filesystem::path presentProject;
    Permissions allowed;

    bool operator==(const WorkerKind&) const = default;
};

inline WorkerKind kindOf(const Task& task) {
    return {task.interpreter, task.environment,    task.recordedCores, task.imports,
            task.project,     task.presentProject, task.allowed};
}

}  // namespace hindcast::replay

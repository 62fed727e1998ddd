// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/replay/pool/executor.h"
#include "core/replay/pool/slurm/slurm_commands.h"

/// Internal to this folder.
namespace hindcast::replay {

using SlurmClock = std::chrono::steady_clock;

/// A unit that was handed to the executor and whose end was not reported yet.
struct SlurmUnit {
    Executor::Handle handle = 0;
    base::Uuid replay;
    std::string document;  ///< task as text; empty once it is in an array's folder
    int cpus = 1;
    std::filesystem::path base;  ///< <array folder>/<task number>, without an ending
    std::string task;            ///< "<job>_<number>"; "" until Slurm has it
    SlurmState seen;             ///< what Slurm said last
    bool cancelled = false;
    bool cancelSent = false;
    bool wasEnded = false;               ///< the worker was told to end, not by us
    SlurmClock::time_point goneSince{};  ///< since Slurm says that it does not run any more
};

/// States in which a task has a node.
bool isOnNode(const std::string& slurmState);

/// How a task ended that left no word itself: by what Slurm says of it. Absent while it may still run or leave word.
std::optional<Ending> endingOfState(const std::string& slurmState);

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/resources/resource.h"

/// Slurm's own programs, one function each. All of them wait for the controller, up to a minute: not for a thread that
/// must not block.
namespace hindcast::replay {

/// Tasks 0…count-1 of one job array; task n reads `folder`/n.task and prints to `folder`/n.out.
struct SlurmArray {
    std::filesystem::path folder;  ///< on storage that every node sees
    std::string name;              ///< of the job
    std::size_t count = 1;
    int cpus = 1;                   ///< of a task
    std::filesystem::path program;  ///< hindcast, as the nodes see it; where it is not there, the one in their PATH
};

/// The script that a task runs.
std::string slurmScript(const SlurmArray& array);
/// sbatch and its options. Tasks are not requeued by Slurm: a unit that lost its node starts anew from what it has
/// left.
std::vector<std::string> slurmSubmission(const SlurmArray& array, const Resource& resource);

/// sbatch. Returns the job's number. InvalidArgument with Slurm's own sentence when it refuses (unknown partition …).
base::Result<std::string> submitToSlurm(const SlurmArray& array, const Resource& resource);

/// What the controller says of a task.
struct SlurmState {
    std::string state;   ///< PENDING, RUNNING, COMPLETED, PREEMPTED, NODE_FAIL …
    std::string reason;  ///< why it is pending, as Slurm words it
};

/// squeue: by "job_task", also of tasks that ended a while ago (MinJobAge).
base::Result<std::map<std::string, SlurmState>> slurmQueue(const std::string& jobName);
/// The same from squeue's output.
std::map<std::string, SlurmState> parseSlurmQueue(const std::string& text);

/// sacct where accounting exists, else scontrol: of a task that squeue does not know any more. Absent: nobody does.
std::optional<SlurmState> slurmHistory(const std::string& task);

/// scancel. Tasks that ended meanwhile are no failure.
base::Result<void> cancelInSlurm(const std::vector<std::string>& tasks);

}  // namespace hindcast::replay

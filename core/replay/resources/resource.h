// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/replay/plan/estimates.h"

namespace hindcast::replay {

enum class ResourceKind { Local, Ssh, Slurm };

std::string_view resourceKindName(ResourceKind kind);
std::optional<ResourceKind> resourceKindNamed(std::string_view name);

/// A place where units can run, as the project describes it. Plain value.
struct Resource {
    std::string name = "local";
    ResourceKind kind = ResourceKind::Local;
    int workers = 0;          ///< at once; 0: what fits (Slurm: kSlurmWorkers)
    double pricePerHour = 0;  ///< of one worker, in the user's currency
    double speed = 1;         ///< how many times faster than the estimates for this machine
    int speedReplays = 0;     ///< from so many replays was that measured (withMeasuredSpeed); 0: the user says it
    std::string device;       ///< "gpu" or "cpu" for the reader; "" when not said
    std::string program;      ///< the hindcast program there; "": this one's path (Slurm), found in PATH (ssh)

    std::string host;  ///< ssh: as ssh knows it
    std::string path;  ///< ssh: the project there; "": where it was pulled from, else as here

    std::string partition;             ///< Slurm; "": the cluster's default
    int cpus = 0;                      ///< Slurm, of one worker; 0: the threads that the run used
    int memoryMiB = 0;                 ///< Slurm, of one worker; 0: the partition's default
    int gpus = 0;                      ///< Slurm, of one worker
    int minutes = 0;                   ///< Slurm: time limit of a unit; 0: the partition's default
    std::vector<std::string> options;  ///< Slurm: further words for sbatch

    bool operator==(const Resource&) const = default;
};

/// Array tasks at once where a Slurm resource names no number: a cluster's queue takes more, its users mind.
inline constexpr int kSlurmWorkers = 16;
/// What an ssh resource gives where it names no number: what fits there is known only there.
inline constexpr int kSshWorkers = 1;

/// One sentence that says what cannot be, and what to write instead; InvalidArgument.
base::Result<void> checkResource(const Resource& resource);

/// The resource with the speed that replays on it showed in place of what the user says: as soon as there is one where
/// nothing was said, from the third on where something was. This machine's own speed is in the estimates already.
Resource withMeasuredSpeed(Resource resource, const Estimator& estimator);

/// Where it is, in words: "this machine", "ssh gpu1:/data/p", "Slurm, partition replay".
std::string resourcePlace(const Resource& resource);

/// A resource named on the spot, which no file describes: "ssh:HOST", "ssh:HOST:PATH", "slurm", "slurm:PARTITION".
/// Absent for any other text.
std::optional<Resource> resourceFromWords(const std::string& words);

}  // namespace hindcast::replay

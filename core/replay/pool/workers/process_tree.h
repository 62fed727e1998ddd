// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hindcast::replay {

/// Names the worker in the environment of everything it starts.
inline constexpr const char* kWorkerMark = "HINDCAST_REPLAY";

/// `root` and all that descend from it now, by parent links. Costs a look at every process of the machine (about 5 ms).
std::vector<pid_t> processTree(pid_t root);

/// Memory that these processes hold for themselves, bytes: what they share, code, files and what workers of a loader
/// have in common, is counted once as far as the kernel tells.
std::uint64_t memoryOf(const std::vector<pid_t>& processes);

/// Ends every process of this user whose environment says kWorkerMark=mark: what escaped its process group (setsid)
/// where there is no process namespace. Returns how many were found.
int endStrays(const std::string& mark);

}  // namespace hindcast::replay

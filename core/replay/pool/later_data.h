// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hindcast::replay {

/// Whether the file, or a link itself, was changed at or after the moment; false when it cannot be looked at.
bool changedSince(const std::filesystem::path& path, std::int64_t micros);

/// Data files of the project that a run cannot have found as they are now when it began: what it wrote itself, as the
/// checkpoint that it would resume from, and what came or changed later. Relative to `root`, sorted; a folder stands
/// for everything in it where all of it came later. Code, what is in `tree` (the version's source), links, the store,
/// repositories and virtual environments are left out. Costs a walk over the project.
std::vector<std::string> laterData(const std::filesystem::path& root, const std::filesystem::path& tree,
                                   std::int64_t startedMicros);

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/replay/pool/executor.h"

namespace hindcast::replay {

/// Makes the folder that a unit runs in where there is no overlay: a copy of the version's spliced source, and around
/// it the present project's data files at their old relative places. `visible` is where the present project is seen by
/// the unit.
///
/// Data that is older than the version was an input, or nothing the run wrote: it is linked. Younger files may be what
/// the run itself wrote (and will write again): they are copied, up to 64 MiB each and 512 MiB in all, else left out.
/// Folders with more than 5,000 entries are linked whole. Never follows links; skips the store, repositories and
/// secrets.
base::Result<void> makeWorkingCopy(const Task& task, const std::filesystem::path& folder,
                                   const std::filesystem::path& visible);

/// Copies a folder with modes and links as they are.
base::Result<void> copyTree(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace hindcast::replay

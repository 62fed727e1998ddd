// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::exchange {

/// Writes the tables of `hindcast sql` (versions, arguments, names, logs, loops, loop_totals, iterations, captures,
/// probes, replays, replay_probes, fidelity) as tables of a SQLite file of its own, columns typed. SQLite has no NaN:
/// such a value is NULL, and `logs.kind` says 'nan'. The file appears whole; InvalidArgument when it is there already.
base::Result<void> writeSqlite(const store::Project& project, const std::filesystem::path& file);

}  // namespace hindcast::exchange

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/exchange/read/flordb_run.h"

/// Internal to this folder.
namespace hindcast::exchange {

/// Whether the file is a SQLite database with FlorDB's table `logs`.
bool isFlordbDatabase(const std::filesystem::path& path);

/// Adds the rows of FlorDB's database, each once: version 3 (`logs.ctx_id` points into `loops`) or 4 (`logs.ctx` is
/// JSON). The file is only read.
base::Result<void> readFlordbDatabase(const std::filesystem::path& path, FlordbRuns& runs);

}  // namespace hindcast::exchange

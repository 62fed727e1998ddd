// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"

namespace hindcast::exchange {

/// Whether the path is something that FlorDB left: a project, a `.flor.json`, a folder of `*.jsonl`, or its database.
bool isFlordb(const std::filesystem::path& path);

/// Runs of FlorDB: a project folder (every `FLOR::Auto-commit` in its git history with its `.flor.json`, and the files
/// of
/// `.flor/runs`), one `.flor.json`, one `*.jsonl` or a folder of them, or a SQLite database (version 3: logs and loops;
/// version 4: logs with their context as JSON). Loops become loops; passes that FlorDB counted from 1 are counted from
/// 0, and what they passed over is their label. A run is known by project, time and script, wherever it is read from.
/// FlorDB does not tell arguments from other values outside of loops: what was logged there before the first loop began
/// is taken for arguments. Lines of captured output and its own times are left out.
base::Result<void> readFlordb(const std::filesystem::path& path, const RunSink& sink);

}  // namespace hindcast::exchange

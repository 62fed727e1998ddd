// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/exchange/imported_run.h"
#include "core/format/run_info.h"

namespace hindcast::exchange {

/// The files of a sealed version, as bytes.
struct RunFolder {
    format::RunInfo info;
    base::Bytes journal;
};

/// The version's UUID: from its start and its identity, so that one run has one UUID in every store.
base::Uuid uuidOf(const ImportedRun& run);

/// A run as the version `uuid`: arguments as arguments, values at their passes in order of their indices, one NOTE
/// "imported" with the remarks, END and seal with the run's own times. Passes of several entries of a loop cannot be
/// told apart in other tools' files, so every loop is entered once in each pass around it. Cost: a sort of the passes.
base::Result<RunFolder> encodeRun(const ImportedRun& run, const base::Uuid& uuid);

}  // namespace hindcast::exchange

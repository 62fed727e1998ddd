// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/query/facts.h"
#include "core/query/virtual_table.h"
#include "core/store/project.h"

namespace hindcast::query {

/// Logged values, one row each: version, name, coordinates (JSON), one column for each loop (the index), ordinal,
/// value, kind, source, fidelity, probe, replay, thread; hidden, LOOP.label for each loop. `everySource`: every stored
/// value with diverged and superseded ones; otherwise one for each coordinate, as the pivot shows. Conditions on
/// `version` and `name` decide what is read, those on loop columns are checked by SQLite. `facts` must outlive the
/// table.
base::Result<std::unique_ptr<VirtualTable>> makeLogsTable(const store::Project& project, const Facts& facts,
                                                          bool everySource);

}  // namespace hindcast::query

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/facts.h"
#include "core/query/virtual_table.h"
#include "core/store/project.h"

namespace hindcast::query {

/// The pivot as an SQL table: `version`, the loops, the names, and the hidden columns (`*` does not show them)
/// LOOP.label for each loop and NAME.source, NAME.fidelity and NAME.kind for each name. Conditions on `version` and on
/// the outermost loop decide what is read. `facts` must outlive the table.
base::Result<std::unique_ptr<VirtualTable>> makePivotTable(const store::Project& project, const Facts& facts,
                                                           const std::vector<std::string>& names);

/// Names as columns of one table: a name that SQLite could not tell from an earlier one (they differ in case alone)
/// gets an apostrophe.
std::vector<std::string> distinctColumns(std::vector<std::string> names);

}  // namespace hindcast::query

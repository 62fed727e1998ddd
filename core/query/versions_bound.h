// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/query/facts.h"
#include "core/query/pivot/version_values.h"
#include "core/query/virtual_table.h"

/// What conditions of an SQL query leave to be read. Private to this folder.
namespace hindcast::query {

/// Versions that fit conditions on the column `version`.
std::vector<VersionFact> boundVersions(const std::vector<VersionFact>& versions, const std::vector<TableBound>& bounds,
                                       int column);

/// Passes of the outermost loop that fit conditions on its column.
ReadRange boundPasses(const std::vector<TableBound>& bounds, int column);

}  // namespace hindcast::query

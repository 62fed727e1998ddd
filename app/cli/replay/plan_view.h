// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/print.h"
#include "core/workspace/views.h"

namespace hindcast::cli {

/// The plan as a table with its totals and notices, for people.
void printPlan(const workspace::Plan& plan, std::FILE* to);

/// The choices of time and money over the project's resources; a star before the one that suits the limits.
void printOptions(const workspace::Plan& plan, std::FILE* to);

/// The plan as JSON, schema hindcast.plan/1.
Json planJson(const workspace::Plan& plan);

/// Versions whose placement needs a decision, as "v3 (gn has no counterpart), v4 (…)"; "" when there are none.
std::string conflictsText(const workspace::Plan& plan);

}  // namespace hindcast::cli

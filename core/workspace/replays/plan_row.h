// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/replay/plan/work.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// Seconds here as seconds where everything takes `factor` times as long.
Estimate estimateOf(const replay::Duration& duration, double factor);

/// What core/replay planned for a version, as its row: what runs, how, and why, or why nothing does. The row's
/// placements are there already. `speed`: of the place where it runs, against the machine that recorded.
void fillRow(PlanRow& row, const replay::VersionWork& work, double speed);

}  // namespace hindcast::workspace

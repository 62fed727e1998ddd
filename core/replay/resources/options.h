// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/replay/plan/work.h"
#include "core/replay/resources/resource.h"

namespace hindcast::replay {

/// What the user can spend. Absent: any amount.
struct Limits {
    std::optional<double> deadlineSeconds;
    std::optional<double> budget;  ///< in the currency of the resources' prices
};

/// One way to run a plan: how long it takes and what it costs. Error bars of one standard deviation.
struct ReplayOption {
    std::string resource;
    std::string device;  ///< "cpu", "gpu" or "" as the resource says
    int workers = 1;
    Duration time;  ///< wall time, without waiting in a queue
    double price = 0;
    double pricePlusMinus = 0;
    bool keepsLimits = true;  ///< also one standard deviation later and dearer
    bool isSuggested = false;
    double speed = 1;      ///< of the resource
    int speedReplays = 0;  ///< see Resource
};

/// The sensible choices over the resources, fastest first: those than which no other is both faster and cheaper. Worker
/// counts double up to what a resource gives; time comes from running the plan's units on that many workers. Given a
/// limit one is suggested: the cheapest in time, the fastest within the budget, or the nearest to it where none keeps
/// the limits. Pure.
std::vector<ReplayOption> replayOptions(const WorkPlan& plan, const std::vector<Resource>& resources,
                                        const Limits& limits);

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "app/cli/verb.h"

namespace hindcast::cli {

/// `replay --on-new-version`: what to replay by itself whenever a run of this project has ended.
struct StandingOrder {
    std::vector<std::string> names;
    std::string versions;  ///< to compare with
    std::string budget;
    bool once = false;
    bool off = false;
    bool json = false;
};

/// Keeps the order where names are given, then acts on all that are kept: replays and compares whenever a version is
/// new, until it is interrupted; once: what is new now. Off: takes the orders of these names, or all, back.
Outcome followOrders(workspace::Workspace& workspace, const StandingOrder& asked);

}  // namespace hindcast::cli

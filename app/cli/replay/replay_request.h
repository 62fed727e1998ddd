// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "core/workspace/workspace.h"

namespace hindcast::cli {

/// The options that `plan` and `replay` share: what is asked, of which versions and passes.
struct ReplayRequest {
    std::vector<std::string> names;
    std::string versions;
    std::string where;
    std::string iterations;
    std::string force;
    std::string resource;
    std::string deadline;
    std::string budget;  ///< money; a standing order takes it as a time
    std::string timeLimit;
    std::uint64_t memoryLimit = 0;
    int workers = 0;

    void addTo(CLI::App& verb);
    bool hasLimits() const { return !deadline.empty() || !budget.empty(); }
    base::Result<workspace::PlanRequest> resolve(workspace::Workspace& workspace) const;
};

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay/replay_request.h"

#include <charconv>

#include "app/cli/words.h"

namespace hindcast::cli {

static base::Result<double> parseMoney(const std::string& text) {
    double amount = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, failed] = std::from_chars(text.data(), end, amount);
    if (failed != std::errc() || rest != end || !(amount >= 0 && amount < 1e12))
        return base::Error(base::ErrorCode::InvalidArgument,
                           "'" + text + "' is no amount of money: write it as 5 or 2.50");
    return amount;
}

void ReplayRequest::addTo(CLI::App& verb) {
    verb.add_option("names", names, "logged names: of probes, or of log statements that stand in your script")
        ->required();
    verb.add_option("--versions", versions, "which ones, as v1,v3-v5,production (default: all)");
    verb.add_option("--where", where,
                    "only versions and passes for which this can hold, as \"lr < 0.1 and epoch >= 5\"");
    verb.add_option("--iterations", iterations,
                    "passes of the outer loop, as epoch=2..40, every tenth as epoch=2..40/10 or epoch=/10, only those "
                    "where a state "
                    "is stored as epoch=captured; with passes of a loop inside it, as epoch=3,step=5000..5100");
    verb.add_option("--workers", workers, "worker processes at once (default: what fits cores and memory)")
        ->check(CLI::Range(0, 1024));
    verb.add_option("--on", resource,
                    "where it runs: a resource of the project, ssh:HOST, slurm:PARTITION (default: local)");
    verb.add_option("--deadline", deadline, "it has to be done within this time, as 90s, 10m or 2h");
    verb.add_option("--budget", budget, "it may cost this much, in the currency of the resources' prices");
    verb.add_option("--time-limit", timeLimit,
                    "ends a piece of work after so long, as 90s, 10m, 2h (default: far more than estimated)");
    verb.add_option("--memory-limit", memoryLimit,
                    "ends a piece of work that uses more, as 8G (default: the machine's memory by the workers)")
        ->transform(CLI::AsSizeValue(false));
    verb.add_option("--force", force, "run this mode instead of the cheapest right one")
        ->check(CLI::IsMember({"deep", "beginning"}));
}

base::Result<workspace::PlanRequest> ReplayRequest::resolve(workspace::Workspace& workspace) const {
    workspace::PlanRequest request;
    request.names = names;
    request.where = where;
    request.workers = workers;
    request.resource = resource;
    if (!budget.empty()) {
        HINDCAST_ASSIGN(request.budget, parseMoney(budget));
    }
    if (!deadline.empty()) {
        HINDCAST_ASSIGN(request.deadlineSeconds, parseSeconds(deadline));
    }
    request.memoryPerUnit = memoryLimit;
    if (!timeLimit.empty()) {
        HINDCAST_ASSIGN(request.secondsPerUnit, parseSeconds(timeLimit));
    }
    if (!versions.empty()) {
        HINDCAST_ASSIGN(request.versions, workspace.resolveVersions(versions));
    }
    if (!iterations.empty()) {
        HINDCAST_ASSIGN(const IterationsAsked asked, parseNestedIterations(iterations));
        request.iterations = asked.outer;
        request.stride = asked.stride;
        request.onlyCaptured = asked.onlyCaptured;
        request.innerLoop = asked.innerLoop;
        request.innerPasses = asked.inner;
    }
    if (!force.empty())
        request.forceMode = force == "deep" ? workspace::ReplayMode::Deep : workspace::ReplayMode::Beginning;
    return request;
}

}  // namespace hindcast::cli

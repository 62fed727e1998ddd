// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>
#include <iostream>

#include "app/cli/replay/follow.h"
#include "app/cli/replay/plan_view.h"
#include "app/cli/replay/replay_request.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"

namespace hindcast::cli {

namespace {

using workspace::QueueRow;
using workspace::ReplayProgress;
using workspace::UnitState;

struct ReplayOptions {
    ReplayRequest request;
    std::string profile = "local";
    bool yes = false;
    bool json = false;
};

bool confirmed() {
    std::fprintf(stderr, "Replay now? [y/N] ");
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

/// Prints what is not as it should be, a line a version, and returns the exit code of the whole.
ExitStatus judge(const ReplayProgress& progress, const std::string& conflicts) {
    bool failed = false;
    bool produced = false;
    bool exact = true;
    for (const QueueRow& row : progress.rows) {
        produced = produced || row.done > 0;
        if (row.state == UnitState::Failed) {
            failed = true;
            std::fprintf(stderr, "v%d failed: %s%s%s\n", row.number, row.message.c_str(),
                         row.outputFile.empty() ? "" : " Output: ", row.outputFile.c_str());
        } else if (row.done > 0 && row.worst != workspace::Fidelity::Exact) {
            exact = false;
            std::fprintf(stderr, "v%d: %s%s%s\n", row.number, fidelityWord(row.worst).c_str(),
                         row.message.empty() ? "" : ": ", row.message.c_str());
        }
    }
    if (!conflicts.empty()) std::fprintf(stderr, "Needs a decision, not replayed: %s\n", conflicts.c_str());
    if (progress.cancelled) return ExitStatus::Cancelled;
    if (failed && !produced) return ExitStatus::Failed;
    if (!conflicts.empty()) return ExitStatus::Conflict;
    return failed || !exact ? ExitStatus::NotExact : ExitStatus::Done;
}

Json resultJson(const ReplayProgress& progress) {
    Json document;
    document["schema"] = "hindcast.replay/1";
    document["rows"] = Json::array();
    for (const QueueRow& row : progress.rows) {
        document["rows"].push_back({{"version", row.number},
                                    {"uuid", row.version.text()},
                                    {"state", unitWord(row.state)},
                                    {"done", row.done},
                                    {"total", row.total},
                                    {"fidelity", row.done > 0 ? Json(fidelityWord(row.worst)) : Json(nullptr)},
                                    {"message", row.message},
                                    {"output", row.outputFile}});
    }
    document["done"] = progress.done;
    document["total"] = progress.total;
    document["cancelled"] = progress.cancelled;
    return document;
}

/// Nothing runs: either everything is there already, or nothing was asked that could run.
Outcome nothingRuns(const workspace::Plan& plan, const std::string& conflicts) {
    if (!conflicts.empty()) {
        std::fprintf(stderr, "Needs a decision: %s\n", conflicts.c_str());
        return ExitStatus::Conflict;
    }
    for (const auto& row : plan.rows) {
        if (row.reasonKey == "replayed-before") {
            std::fprintf(stderr, "Every value is there already.\n");
            return ExitStatus::Done;
        }
    }
    std::fprintf(stderr, "Nothing to replay: %s\n",
                 plan.rows.empty() ? "no version matches." : plan.rows.front().reason.c_str());
    return ExitStatus::NothingToDo;
}

Outcome replay(const Invocation& invocation, const ReplayOptions& options) {
    if (options.profile != "local") {
        return base::Error(base::ErrorCode::InvalidArgument,
                           "there is no resource profile '" + options.profile + "'; this project has: local");
    }
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const workspace::PlanRequest request, options.request.resolve(*workspace));
    HINDCAST_ASSIGN(const workspace::Plan plan, workspace->plan(request));
    printPlan(plan, stderr);
    const std::string conflicts = conflictsText(plan);
    if (plan.iterations == 0) return nothingRuns(plan, conflicts);
    if (!options.yes && isatty(STDIN_FILENO) && !confirmed()) return ExitStatus::Cancelled;

    HINDCAST_ASSIGN(const auto run, workspace->replay(plan));
    const ReplayProgress progress = follow(*run);
    HINDCAST_TRY(workspace->refresh());
    if (options.json) printJson(resultJson(progress));
    const ExitStatus status = judge(progress, conflicts);
    if (status == ExitStatus::Done) {
        std::fprintf(stderr, "%lld passes replayed, every value exact.\n", static_cast<long long>(progress.done));
    }
    return status;
}

}  // namespace

void addReplayVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ReplayOptions>();
    CLI::App* verb = addVerb(app, invocation, "replay", "produces what past versions would have logged, and waits",
                             [&invocation, options] { return replay(invocation, *options); });
    options->request.addTo(*verb);
    verb->add_option("--on", options->profile, "resource profile (default: local)");
    verb->add_flag("--yes,-y", options->yes, "do not ask");
    verb->add_flag("--json", options->json, "result as JSON, schema hindcast.replay/1");
}

}  // namespace hindcast::cli

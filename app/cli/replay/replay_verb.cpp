// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "app/cli/replay/consent.h"
#include "app/cli/replay/follow.h"
#include "app/cli/replay/plan_view.h"
#include "app/cli/replay/replay_request.h"
#include "app/cli/replay/standing_order.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"

namespace hindcast::cli {

namespace {

using workspace::QueueRow;
using workspace::ReplayProgress;
using workspace::UnitState;

struct ReplayOptions {
    ReplayRequest request;
    bool onNewVersion = false;
    bool once = false;
    bool off = false;
    bool resume = false;
    bool yes = false;
    bool json = false;
};

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

/// Runs a plan that has something to run, after a question where somebody can answer; absent: the answer was no.
base::Result<std::optional<ReplayProgress>> runPlan(workspace::Workspace& workspace, const workspace::Plan& plan,
                                                    const ReplayOptions& options) {
    printPlan(plan, stderr);
    HINDCAST_ASSIGN(const bool allowed, hasConsent(workspace, plan, !options.yes));
    if (!allowed) return std::optional<ReplayProgress>();
    if (!options.yes && isatty(STDIN_FILENO) && !confirmed("Replay now?")) return std::optional<ReplayProgress>();
    HINDCAST_ASSIGN(const auto run, workspace.replay(plan));
    ReplayProgress progress = follow(*run);
    HINDCAST_TRY(workspace.refresh());
    return std::optional(std::move(progress));
}

ExitStatus report(const ReplayProgress& progress, const std::string& conflicts, const ReplayOptions& options) {
    if (options.json) printJson(resultJson(progress));
    const ExitStatus status = judge(progress, conflicts);
    if (status == ExitStatus::Done)
        std::fprintf(stderr, "%lld passes replayed, every value exact.\n", static_cast<long long>(progress.done));
    return status;
}

void append(ReplayProgress& all, const ReplayProgress& progress) {
    all.rows.insert(all.rows.end(), progress.rows.begin(), progress.rows.end());
    all.done += progress.done;
    all.total += progress.total;
    all.finished = all.finished && progress.finished;
    all.cancelled = all.cancelled || progress.cancelled;
}

/// Brings what died half-way to its end.
Outcome resume(workspace::Workspace& workspace, const ReplayOptions& options) {
    HINDCAST_ASSIGN(const auto unfinished, workspace.unfinishedReplays());
    ReplayProgress all;
    for (const workspace::UnfinishedReplay& replay : unfinished) {
        HINDCAST_ASSIGN(const workspace::Plan plan, workspace.planRest(replay));
        if (plan.iterations == 0) {
            HINDCAST_TRY(workspace.forgetUnfinished(replay.id));
            continue;
        }
        HINDCAST_ASSIGN(const auto progress, runPlan(workspace, plan, options));
        if (!progress) return ExitStatus::Cancelled;
        append(all, *progress);
        if (all.cancelled) break;
    }
    if (all.rows.empty()) {
        std::fprintf(stderr, unfinished.empty() ? "No replay is unfinished.\n" : "Every value is there already.\n");
        return unfinished.empty() ? ExitStatus::NothingToDo : ExitStatus::Done;
    }
    return report(all, {}, options);
}

void tellUnfinished(workspace::Workspace& workspace) {
    const auto unfinished = workspace.unfinishedReplays();
    if (unfinished && !unfinished->empty())
        std::fprintf(stderr, "%zu earlier %s not finished; `hindcast replay --resume` goes on with what is left.\n",
                     unfinished->size(), unfinished->size() == 1 ? "replay was" : "replays were");
}

StandingOrder orderOf(const ReplayOptions& options) {
    return {options.request.names, options.request.versions, options.request.budget, options.once, options.off,
            options.json};
}

/// The plan that was asked for; with a deadline or a budget, on the resource that suits it.
base::Result<workspace::Plan> chosenPlan(workspace::Workspace& workspace, const ReplayRequest& asked) {
    HINDCAST_ASSIGN(workspace::PlanRequest request, asked.resolve(workspace));
    const bool isHere = asked.resource.empty() || asked.resource == "local";
    if (isHere && !asked.hasLimits()) workspace.warm(request.versions, request.workers);  // imports run meanwhile
    HINDCAST_ASSIGN(workspace::Plan plan, workspace.plan(request));
    if (!asked.hasLimits() || !asked.resource.empty()) return plan;
    for (const workspace::PlanOption& option : plan.options) {
        if (!option.isSuggested) continue;
        if (!option.keepsLimits) std::fprintf(stderr, "No resource keeps the limits; this one comes nearest.\n");
        request.resource = option.resource;
        request.workers = option.workers;
        return workspace.plan(request);
    }
    return plan;
}

Outcome replay(const Invocation& invocation, const ReplayOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    if (options.resume) return resume(*workspace, options);
    if (options.onNewVersion) return followOrders(*workspace, orderOf(options));
    if (options.request.names.empty())
        return base::Error(base::ErrorCode::InvalidArgument, "name what to replay, or say --resume");
    tellUnfinished(*workspace);
    HINDCAST_ASSIGN(const workspace::Plan plan, chosenPlan(*workspace, options.request));
    const std::string conflicts = conflictsText(plan);
    if (plan.iterations == 0) {
        printPlan(plan, stderr);
        return nothingRuns(plan, conflicts);
    }
    HINDCAST_ASSIGN(const auto progress, runPlan(*workspace, plan, options));
    return progress ? report(*progress, conflicts, options) : ExitStatus::Cancelled;
}

}  // namespace

void addReplayVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ReplayOptions>();
    CLI::App* verb = addVerb(app, invocation, "replay", "produces what past versions would have logged, and waits",
                             [&invocation, options] { return replay(invocation, *options); });
    options->request.addTo(*verb);
    verb->get_option("names")->required(false);
    verb->add_flag("--resume", options->resume, "goes on with replays whose program died before their end");
    CLI::Option* order = verb->add_flag("--on-new-version", options->onNewVersion,
                                        "from now on, whenever a run has ended: replays these names in it (and in "
                                        "--versions, to compare with) and compares; waits until it is interrupted");
    verb->add_flag("--once", options->once, "acts on what is new now and ends")->needs(order);
    verb->add_flag("--off", options->off, "takes the standing orders for these names, or all, back")->needs(order);
    verb->add_flag("--yes,-y", options->yes, "do not ask");
    verb->add_flag("--json", options->json, "result as JSON, schema hindcast.replay/1");
}

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay/plan_view.h"
#include "app/cli/replay/replay_request.h"
#include "app/cli/verb.h"

namespace hindcast::cli {

namespace {

struct PlanOptions {
    ReplayRequest request;
    bool json = false;
};

Outcome showPlan(const Invocation& invocation, const PlanOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const workspace::PlanRequest request, options.request.resolve(*workspace));
    HINDCAST_ASSIGN(const workspace::Plan plan, workspace->plan(request));
    if (options.json) {
        printJson(planJson(plan));
    } else {
        printPlan(plan, stdout);
        HINDCAST_ASSIGN(const auto resources, workspace->resources());
        if (resources.size() > 1 || options.request.hasLimits()) printOptions(plan, stdout);
    }
    const std::string conflicts = conflictsText(plan);
    if (!conflicts.empty()) {
        std::fprintf(stderr, "Needs a decision: %s\n", conflicts.c_str());
        return ExitStatus::Conflict;
    }
    return plan.iterations > 0 ? ExitStatus::Done : ExitStatus::NothingToDo;
}

}  // namespace

void addPlanVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<PlanOptions>();
    CLI::App* verb = addVerb(app, invocation, "plan", "says what a replay would do, why and how long it takes",
                             [&invocation, options] { return showPlan(invocation, *options); });
    options->request.addTo(*verb);
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.plan/1");
}

}  // namespace hindcast::cli

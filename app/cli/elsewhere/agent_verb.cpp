// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "app/cli/elsewhere/stop_signals.h"
#include "app/cli/verb.h"
#include "core/replay/remote/agent.h"

namespace hindcast::cli {

static Outcome agent(const Invocation& invocation, int workers) {
    catchStopSignals();
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_TRY(replay::serveAgent(project, workers, STDIN_FILENO, STDOUT_FILENO, wasStopped));
    return ExitStatus::Done;
}

void addAgentVerb(CLI::App& app, Invocation& invocation) {
    auto workers = std::make_shared<int>(1);
    CLI::App* verb = addVerb(app, invocation, "agent", "serves a hindcast on another machine over standard input",
                             [&invocation, workers] { return agent(invocation, *workers); });
    verb->group("");  // for hindcast itself
    verb->add_option("--workers", *workers, "units at once")->check(CLI::PositiveNumber);
}

}  // namespace hindcast::cli

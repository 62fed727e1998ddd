// SPDX-License-Identifier: Apache-2.0
#include "app/cli/elsewhere/stop_signals.h"
#include "app/cli/verb.h"
#include "core/replay/pool/hosted/task_file.h"

namespace hindcast::cli {

/// The status says whether how the unit ended was written down, not how it ended.
static Outcome workUnit(const std::string& file) {
    catchStopSignals();
    HINDCAST_TRY(replay::runTaskFile(file, wasStopped));
    return ExitStatus::Done;
}

void addWorkUnitVerb(CLI::App& app, Invocation& invocation) {
    auto file = std::make_shared<std::string>();
    CLI::App* verb = addVerb(app, invocation, "work-unit", "runs one unit of a replay that another hindcast sent",
                             [file] { return workUnit(*file); });
    verb->group("");  // for hindcast itself
    verb->add_option("task", *file, "the task file")->required();
}

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/values/rows.h"
#include "app/cli/verb.h"
#include "core/query/engine.h"

namespace hindcast::cli {

namespace {

struct SqlOptions {
    std::string query;
    std::string format = "table";
};

Outcome runSql(const Invocation& invocation, const SqlOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, openIndexedProject(invocation.project));
    HINDCAST_ASSIGN(query::Engine engine, query::Engine::open(project));
    HINDCAST_ASSIGN(const query::Rows rows, engine.query(options.query));
    HINDCAST_TRY(printRows(rows, options.format));
    return ExitStatus::Done;
}

}  // namespace

void addSqlVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<SqlOptions>();
    CLI::App* verb = addVerb(app, invocation, "sql", "runs one read-only SQL query over the store",
                             [&invocation, options] { return runSql(invocation, *options); });
    verb->add_option("query", options->query, "as \"select * from pivot('lr', 'loss') where epoch > 3\"")->required();
    verb->add_option("--format", options->format, "how rows are written")->check(CLI::IsMember(rowFormats()));
    verb->footer(
        "Tables: versions, arguments, names, logs, all_logs, loops, loop_totals, iterations, captures, probes, "
        "placements,\n"
        "replays, replay_probes, fidelity, and pivot('name', …) in FROM.");
}

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"
#include "app/cli/values/rows.h"
#include "app/cli/verb.h"
#include "core/query/engine.h"
#include "core/workspace/queries/saved_queries.h"

namespace hindcast::cli {

namespace {

struct SqlOptions {
    std::string query;
    std::string format = "table";
    std::string save;
    std::string saved;
    std::string forget;
    bool list = false;
    bool json = false;
};

Outcome listSaved(const Invocation& invocation, bool json) {
    HINDCAST_ASSIGN(const auto queries, workspace::readSavedQueries(invocation.project));
    if (json) {
        Json document;
        document["schema"] = "hindcast.queries/1";
        document["queries"] = Json::array();
        for (const auto& query : queries) document["queries"].push_back({{"name", query.name}, {"sql", query.sql}});
        printJson(document);
        return ExitStatus::Done;
    }
    if (queries.empty()) std::fprintf(stderr, "No saved queries yet. hindcast sql \"…\" --save NAME keeps one.\n");
    Table table;
    for (const char* title : {"name", "query"}) table.addColumn(title);
    for (const auto& query : queries) {
        std::string text = query.sql;
        for (char& c : text) c = c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
        table.addRow({query.name, text});
    }
    if (!table.empty()) table.print(stdout);
    return ExitStatus::Done;
}

/// One of the ways to say what to do, not several.
base::Result<void> checkUsage(const SqlOptions& options) {
    const int acts = (options.list ? 1 : 0) + (options.forget.empty() ? 0 : 1) + (options.saved.empty() ? 0 : 1) +
                     (options.query.empty() ? 0 : 1);
    if (acts == 1 && (options.save.empty() || !options.query.empty())) return {};
    return base::Error(base::ErrorCode::InvalidArgument,
                       acts == 0 ? "say a query, or --saved NAME for a saved one (--list-saved shows them)"
                                 : "say one of: a query (and --save NAME to keep it), --saved, --list-saved, --forget");
}

/// A query that is kept is known to work when it is kept.
base::Result<void> keep(const Invocation& invocation, const SqlOptions& options, query::Engine& engine) {
    if (options.save.empty()) return {};
    HINDCAST_TRY(engine.check(options.query));
    return workspace::saveQuery(invocation.project, {options.save, options.query});
}

Outcome runSql(const Invocation& invocation, SqlOptions options) {
    HINDCAST_TRY(checkUsage(options));
    if (options.list) return listSaved(invocation, options.json);
    if (!options.forget.empty()) {
        HINDCAST_TRY(workspace::removeSavedQuery(invocation.project, options.forget));
        return ExitStatus::Done;
    }
    if (!options.saved.empty()) {
        HINDCAST_ASSIGN(const workspace::SavedQuery saved, workspace::savedQuery(invocation.project, options.saved));
        options.query = saved.sql;
    }
    HINDCAST_ASSIGN(const store::Project project, openIndexedProject(invocation.project));
    HINDCAST_ASSIGN(query::Engine engine, query::Engine::open(project));
    HINDCAST_TRY(keep(invocation, options, engine));
    HINDCAST_ASSIGN(const query::Rows rows, engine.query(options.query));
    HINDCAST_TRY(printRows(rows, options.format));
    return ExitStatus::Done;
}

}  // namespace

void addSqlVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<SqlOptions>();
    CLI::App* verb = addVerb(app, invocation, "sql", "runs one read-only SQL query over the store",
                             [&invocation, options] { return runSql(invocation, *options); });
    verb->add_option("query", options->query, "as \"select * from pivot('lr', 'loss') where epoch > 3\"");
    verb->add_option("--format", options->format, "how rows are written")->check(CLI::IsMember(rowFormats()));
    verb->add_option("--save", options->save, "keeps the query in the project under this name, and runs it");
    verb->add_option("--saved", options->saved, "runs a saved query");
    verb->add_flag("--list-saved", options->list, "lists the saved queries, those of the window too");
    verb->add_option("--forget", options->forget, "removes a saved query");
    verb->add_flag("--json", options->json, "with --list-saved: as JSON, schema hindcast.queries/1");
    verb->footer(
        "Tables: versions, arguments, names, logs, all_logs, loops, loop_totals, iterations, captures, probes, "
        "placements,\n"
        "replays, replay_probes, fidelity, and pivot('name', …) in FROM.");
}

}  // namespace hindcast::cli

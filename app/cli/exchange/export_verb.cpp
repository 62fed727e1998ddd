// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/base/file.h"
#include "core/exchange/write/exported_runs.h"
#include "core/exchange/write/mlflow_store.h"
#include "core/exchange/write/sqlite_file.h"
#include "core/exchange/write/tensorboard_files.h"
#include "core/query/pivot/pivot.h"
#include "core/query/rows/row_formats.h"

namespace hindcast::cli {

using base::Result;

namespace {

struct ExportOptions {
    std::string kind;
    std::string to;
    std::vector<std::string> names;
    std::string versions;
    std::string where;
    bool recorded = false;
    bool provenance = false;
    bool json = false;
};

/// What was written, for both forms of output.
struct Summary {
    std::int64_t values = 0;
    std::vector<std::string> runs;
    std::vector<std::string> remarks;
};

Result<Summary> exportTable(const StoredVersions& versions, const ExportOptions& options) {
    query::PivotRequest request;
    request.names = options.names;
    request.versions = versions.chosen;
    request.where = options.where;
    request.provenance = options.provenance;
    HINDCAST_ASSIGN(const query::Rows rows, query::pivot(versions.project, request));
    std::string text;
    query::writeRows(rows, options.kind == "csv" ? query::RowFormat::Csv : query::RowFormat::Jsonl,
                     [&text](std::string_view part) {
                         text += part;
                         return true;
                     });
    HINDCAST_TRY(base::writeFileAtomically(options.to, base::bytesOf(text)));
    return Summary{static_cast<std::int64_t>(rows.count), {}, {}};
}

Result<Summary> exportRuns(const StoredVersions& versions, const ExportOptions& options) {
    HINDCAST_ASSIGN(const exchange::ExportedRuns runs,
                    exchange::gatherRuns(versions.project, {versions.chosen, options.names, options.recorded}));
    if (options.kind == "tensorboard")
        HINDCAST_TRY(exchange::writeTensorboard(runs, options.to));
    else
        HINDCAST_TRY(exchange::writeMlflow(runs, options.to));
    Summary summary{runs.values, {}, {}};
    for (const exchange::ExportedRun& run : runs.runs) summary.runs.push_back(run.label);
    if (runs.diverged > 0)
        summary.remarks.push_back(std::to_string(runs.diverged) + " values that diverged from their run were left out");
    if (runs.notNumbers > 0)
        summary.remarks.push_back(std::to_string(runs.notNumbers) + " values that are no numbers were left out");
    return summary;
}

Result<Summary> exportAs(const StoredVersions& versions, const ExportOptions& options) {
    if (options.kind == "csv" || options.kind == "jsonl") return exportTable(versions, options);
    if (options.kind != "sqlite") return exportRuns(versions, options);
    HINDCAST_TRY(exchange::writeSqlite(versions.project, options.to));
    return Summary{};
}

Outcome exportValues(const Invocation& invocation, const ExportOptions& options) {
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, options.versions));
    HINDCAST_ASSIGN(const Summary summary, exportAs(versions, options));
    const bool tracker = options.kind == "tensorboard" || options.kind == "mlflow";
    if (options.json) {
        Json document;
        document["schema"] = "hindcast.export/1";
        document["kind"] = options.kind;
        document["to"] = options.to;
        document[tracker ? "values" : "rows"] = summary.values;
        document["runs"] = summary.runs;
        document["remarks"] = summary.remarks;
        printJson(document);
    } else {
        std::string runs;
        for (const std::string& run : summary.runs) runs += (runs.empty() ? ": " : ", ") + run;
        std::printf("%s%s\n", options.to.c_str(), runs.c_str());
        for (const std::string& remark : summary.remarks) std::fprintf(stderr, "%s\n", remark.c_str());
    }
    return tracker && summary.values == 0 ? ExitStatus::NothingToDo : ExitStatus::Done;
}

}  // namespace

void addExportVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* verb = addVerb(app, invocation, "export", "writes values for other tools",
                             [&invocation, options] { return exportValues(invocation, *options); });
    verb->add_option("kind", options->kind, "csv, jsonl, sqlite, tensorboard or mlflow")
        ->required()
        ->check(CLI::IsMember({"csv", "jsonl", "sqlite", "tensorboard", "mlflow"}));
    verb->add_option("names", options->names, "logged names and arguments (default: all that the form can hold)");
    verb->add_option("--to", options->to, "the file, or TensorBoard's folder of logs, or MLflow's mlruns")->required();
    verb->add_option("--versions", options->versions, "which ones, as v1,v3-v5,production (default: all)");
    verb->add_option("--where", options->where, "csv, jsonl: only rows for which this holds");
    verb->add_flag("--provenance", options->provenance, "csv, jsonl: adds NAME.source and NAME.fidelity");
    verb->add_flag("--recorded", options->recorded,
                   "tensorboard, mlflow: also what the runs logged themselves, as runs of their own");
    verb->add_flag("--json", options->json, "says what was written as JSON, schema hindcast.export/1");
    verb->footer(
        "Replayed values become runs named v7.replayed (v7.replayed.unverified where they are not proven exact); "
        "diverged ones\nare left out. TensorBoard keeps 32-bit floats, MLflow all bits. csv and jsonl hold what "
        "hindcast dataframe shows; sqlite\nthe tables of hindcast sql, of all versions.");
}

}  // namespace hindcast::cli

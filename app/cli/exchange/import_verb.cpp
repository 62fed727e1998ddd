// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/exchange/importer.h"
#include "core/store/annotations/annotations.h"

namespace hindcast::cli {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

struct ImportOptions {
    std::vector<std::string> words;  ///< a kind, when the first one is the name of one, and paths
    std::vector<std::string> deployed;
    std::string loops;
    std::string arguments;
    exchange::ImportRequest request;
    bool json = false;
};

std::vector<std::string> namesIn(const std::string& list) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        if (comma > at) names.push_back(list.substr(at, comma - at));
        at = comma + 1;
    }
    return names;
}

/// "v7=FROM..TO"
Result<exchange::Deployment> deploymentIn(const std::string& text, const std::string& project) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
        return Error(ErrorCode::InvalidArgument,
                     "'" + text + "' names no version and interval: write it as v7=2026-11-01T08:00..2026-11-03T17:30");
    HINDCAST_ASSIGN(exchange::Deployment deployment, exchange::deploymentOf(text.substr(equals + 1)));
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(project, text.substr(0, equals)));
    if (versions.chosen.size() != 1)
        return Error(ErrorCode::InvalidArgument, "'" + text.substr(0, equals) + "' is not one version");
    deployment.version = versions.chosen.front();
    deployment.label = versions.label(deployment.version);
    return deployment;
}

/// The store of --project; where there is none yet, one is made as the first recording would make it.
Result<store::Project> projectFor(const std::string& path) {
    auto found = store::Project::find(path);
    if (found || found.error().code() != ErrorCode::NotFound) return found;
    return store::Project::create(store::Project::rootFor(std::filesystem::absolute(path) / "import"));
}

Json runJson(const exchange::TakenRun& run, const store::AnnotationView& marks) {
    const store::VersionMarks* known = marks.marks(run.version);
    Json out;
    out["version"] = known && known->number ? Json(*known->number) : Json(nullptr);
    out["uuid"] = run.version.text();
    out["outcome"] = exchange::outcomeName(run.outcome);
    out["run"] = run.run;
    out["values"] = run.values;
    out["remarks"] = run.remarks;
    return out;
}

const char* outcomeText(exchange::TakenRun::Outcome outcome) {
    switch (outcome) {
        case exchange::TakenRun::Outcome::Added:
            return "new";
        case exchange::TakenRun::Outcome::Grown:
            return "has grown";
        case exchange::TakenRun::Outcome::Known:
            return "was here already";
        case exchange::TakenRun::Outcome::Kept:
            break;
    }
    return "holds less than what was imported before, which stays";
}

void printReport(const exchange::ImportReport& report, const store::AnnotationView& marks) {
    for (const exchange::TakenRun& run : report.runs) {
        const store::VersionMarks* known = marks.marks(run.version);
        const std::string label = known && known->number ? "v" + std::to_string(*known->number) : run.version.text();
        std::printf("%s  %s: %lld values, %s\n", label.c_str(), run.run.c_str(), static_cast<long long>(run.values),
                    outcomeText(run.outcome));
        for (const std::string& remark : run.remarks) std::printf("    %s\n", remark.c_str());
    }
    for (const std::string& text : report.empty) std::printf("%s\n", text.c_str());
}

Outcome importRuns(const Invocation& invocation, ImportOptions& options) {
    exchange::ImportRequest& request = options.request;
    auto first = options.words.begin();
    if (options.words.size() > 1) request.kind = exchange::sourceNamed(*first);
    if (request.kind) ++first;
    request.paths.assign(first, options.words.end());
    request.columns.loops = namesIn(options.loops);
    request.columns.arguments = namesIn(options.arguments);
    HINDCAST_ASSIGN(const store::Project project, projectFor(invocation.project));
    for (const std::string& text : options.deployed) {
        HINDCAST_ASSIGN(exchange::Deployment deployment, deploymentIn(text, invocation.project));
        request.deployments.push_back(std::move(deployment));
    }
    HINDCAST_ASSIGN(const exchange::ImportReport report, exchange::importRuns(project, request));
    HINDCAST_ASSIGN(const store::Annotations annotations, store::Annotations::open(project));
    bool changed = false;
    for (const exchange::TakenRun& run : report.runs)
        changed = changed || run.outcome == exchange::TakenRun::Outcome::Added ||
                  run.outcome == exchange::TakenRun::Outcome::Grown;
    if (options.json) {
        Json document;
        document["schema"] = "hindcast.import/1";
        document["runs"] = Json::array();
        for (const exchange::TakenRun& run : report.runs) document["runs"].push_back(runJson(run, annotations.view()));
        document["empty"] = report.empty;
        printJson(document);
    } else {
        printReport(report, annotations.view());
    }
    return changed ? ExitStatus::Done : ExitStatus::NothingToDo;
}

}  // namespace

void addImportVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ImportOptions>();
    CLI::App* verb = addVerb(app, invocation, "import", "takes in what other tools recorded, each run as a version",
                             [&invocation, options] { return importRuns(invocation, *options); });
    verb->add_option(
            "what", options->words,
            "tensorboard, flordb, mlflow, wandb, csv or prometheus (may be left out where the path says it), and "
            "files or folders")
        ->required();
    verb->add_option("--loop", options->request.loop, "TensorBoard: what its steps are passes of (default: step)");
    verb->add_option("--loops", options->loops,
                     "CSV: columns that are loops, outermost first (default: epoch, iteration, iter, batch, step, "
                     "global_step)");
    verb->add_option("--arguments", options->arguments, "CSV: columns that are arguments of the run");
    verb->add_option("--run-column", options->request.columns.run,
                     "CSV: what tells runs apart (default: version, run, run_id or run_name)");
    verb->add_option("--time-column", options->request.columns.time,
                     "CSV: when a row was measured (default: time, timestamp, ts, date, datetime or wall_time)");
    verb->add_option("--deployed", options->deployed,
                     "CSV, Prometheus: measurements of production, given to the version that was deployed then, as "
                     "v7=2026-11-01T08:00..2026-11-03T17:30; may be repeated");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.import/1");
    verb->footer(
        "Importing a run again adds nothing; one that has grown keeps its version and gets its values anew.\n"
        "Exit status 3: nothing was new. The sources are only read.");
}

}  // namespace hindcast::cli

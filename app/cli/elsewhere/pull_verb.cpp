// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "app/cli/elsewhere/stop_signals.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/replay/remote/pull/pull.h"

namespace hindcast::cli {

namespace {

struct PullVerbOptions {
    std::string from;
    std::string captures;
    std::string program;
    bool json = false;
};

base::Result<replay::RemotePlace> placeOf(const PullVerbOptions& options) {
    const std::size_t colon = options.from.find(":/");
    if (colon == std::string::npos || colon == 0 || options.from.front() == '-')
        return base::Error(base::ErrorCode::InvalidArgument,
                           "name the host and the project's absolute path there, as gpu1:/home/me/project");
    return replay::RemotePlace{options.from.substr(0, colon), options.from.substr(colon + 1), options.program, 1};
}

/// The project here; its store is made on the first pull.
base::Result<store::Project> projectOf(const Invocation& invocation) {
    const auto found = store::Project::find(invocation.project);
    if (found || found.error().code() != base::ErrorCode::NotFound) return found;
    return store::Project::create(invocation.project);
}

void printProgress(std::int64_t files, std::int64_t bytes) {
    std::fprintf(stderr, "\r\033[K%lld files, %s", static_cast<long long>(files), bytesText(bytes).c_str());
}

void print(const replay::PullReport& report, bool asJson) {
    if (!asJson) {
        std::printf("%zu new versions, %zu that have more, %lld new replays: %s\n", report.newVersions.size(),
                    report.grownVersions.size(), static_cast<long long>(report.replays),
                    bytesText(report.bytes).c_str());
        return;
    }
    Json document;
    document["schema"] = "hindcast.pull/1";
    document["newVersions"] = Json::array();
    for (const base::Uuid& version : report.newVersions) document["newVersions"].push_back(version.text());
    document["grownVersions"] = Json::array();
    for (const base::Uuid& version : report.grownVersions) document["grownVersions"].push_back(version.text());
    document["replays"] = report.replays;
    document["files"] = report.files;
    document["bytes"] = report.bytes;
    printJson(document);
}

Outcome pull(const Invocation& invocation, const PullVerbOptions& options) {
    replay::PullOptions asked;
    HINDCAST_ASSIGN(asked.place, placeOf(options));
    HINDCAST_ASSIGN(const store::Project project, projectOf(invocation));
    asked.captures = options.captures;
    asked.isStopped = wasStopped;
    if (errorIsTerminal()) asked.onProgress = printProgress;
    catchStopSignals();
    const auto report = replay::pull(project, asked);
    if (errorIsTerminal()) std::fprintf(stderr, "\r\033[K");
    if (!report) return report.error();
    print(*report, options.json);
    return report->files > 0 ? ExitStatus::Done : ExitStatus::NothingToDo;
}

}  // namespace

void addPullVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<PullVerbOptions>();
    CLI::App* verb = addVerb(app, invocation, "pull", "brings a project's values from another machine into this one",
                             [&invocation, options] { return pull(invocation, *options); });
    verb->add_option("from", options->from, "HOST:PATH, the host as ssh knows it")->required();
    verb->add_option("--captures", options->captures, "also those of these versions, as v3,v7 or all (default: none)");
    verb->add_option("--program", options->program,
                     "the hindcast program there, remembered (default: the one in its PATH)");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.pull/1");
}

}  // namespace hindcast::cli

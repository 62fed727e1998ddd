// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/base/clock.h"
#include "core/store/annotations/annotations.h"
#include "core/store/lease.h"
#include "core/store/removal/removal.h"

namespace hindcast::cli {

namespace {

struct RemoveOptions {
    std::string versions;
    bool yes = false;
    bool dryRun = false;
    bool log = false;
    bool json = false;
};

void printReport(const store::RemovalReport& report, const StoredVersions& versions, bool done) {
    std::printf("%s %s for good: %zu versions, %lld replays, %s", done ? "Removed" : "Would remove",
                labelsText(versions, report.versions).c_str(), report.versions.size(),
                static_cast<long long>(report.replays), bytesText(report.folderBytes).c_str());
    if (done) std::printf(" and %s that nothing else needed", bytesText(report.sharedBytes).c_str());
    std::printf("\n");
    for (const std::string& remark : report.remarks) std::printf("%s\n", remark.c_str());
}

void printReportJson(const store::RemovalReport& report, bool done) {
    Json document;
    document["schema"] = "hindcast.rm/1";
    document["dryRun"] = !done;
    document["versions"] = Json::array();
    for (const base::Uuid& version : report.versions) document["versions"].push_back(version.text());
    document["replays"] = report.replays;
    document["folderBytes"] = report.folderBytes;
    document["sharedBytes"] = report.sharedBytes;
    document["remarks"] = report.remarks;
    printJson(document);
}

/// What was changed for good in this store, and by whom.
Outcome printLog(const Invocation& invocation, bool json) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(const store::Annotations annotations, store::Annotations::open(project));
    Json document;
    document["schema"] = "hindcast.changes/1";
    document["changes"] = Json::array();
    Table table;
    for (const char* title : {"when", "who", "verb", "what"}) table.addColumn(title);
    for (const store::StoreChange& change : annotations.view().changes) {
        Json versions = Json::array();
        for (const base::Uuid& version : change.versions) versions.push_back(version.text());
        document["changes"].push_back({{"at", base::isoTime(change.at)},
                                       {"who", change.who},
                                       {"verb", change.verb},
                                       {"versions", versions},
                                       {"text", change.text}});
        table.addRow({localTime(change.at), change.who, change.verb, change.text});
    }
    json ? printJson(document) : table.print(stdout);
    return ExitStatus::Done;
}

Outcome remove(const Invocation& invocation, const RemoveOptions& options) {
    if (options.log) return printLog(invocation, options.json);
    if (options.versions.empty())
        return base::Error(base::ErrorCode::InvalidArgument, "name the versions to remove, as v3 or v1,v4-v6");
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, options.versions));
    const bool pretend = options.dryRun || !options.yes;
    HINDCAST_ASSIGN(const store::Lease lease, store::Lease::take(versions.project, "rm"));
    HINDCAST_ASSIGN(const store::RemovalReport report,
                    store::removeVersions(versions.project, versions.chosen, "rm", pretend));
    options.json ? printReportJson(report, !pretend) : printReport(report, versions, !pretend);
    if (pretend && !options.dryRun) return needsYes("rm");
    return ExitStatus::Done;
}

}  // namespace

void addRemoveVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<RemoveOptions>();
    CLI::App* verb = addVerb(app, invocation, "rm", "removes versions for good: values, state, source and replays",
                             [&invocation, options] { return remove(invocation, *options); });
    verb->add_option("versions", options->versions, "which ones, as v1,v3-v5,production");
    verb->add_flag("--yes", options->yes, "do it; there is no way back");
    verb->add_flag("--dry-run", options->dryRun, "only says what would be removed");
    verb->add_flag("--log", options->log,
                   "lists what was ever removed, redacted or thinned in this store, and by whom");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.rm/1 (with --log: hindcast.changes/1)");
}

}  // namespace hindcast::cli

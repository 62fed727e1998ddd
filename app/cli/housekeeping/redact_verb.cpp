// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/lease.h"
#include "core/store/removal/redaction.h"

namespace hindcast::cli {

namespace {

struct RedactOptions {
    std::string name;
    std::string versions;
    bool yes = false;
    bool dryRun = false;
    bool json = false;
};

void printReport(const store::RedactionReport& report, const RedactOptions& options, const StoredVersions& versions,
                 bool done) {
    for (const auto& [version, reason] : report.skipped)
        std::printf("%s keeps it: %s\n", versions.label(version).c_str(), reason.c_str());
    std::printf("%s %lld values and %lld arguments of '%s' in %zu versions%s%s\n", done ? "Removed" : "Would remove",
                static_cast<long long>(report.values), static_cast<long long>(report.arguments), options.name.c_str(),
                report.versions.size(), report.versions.empty() ? "" : ": ",
                labelsText(versions, report.versions).c_str());
    for (const std::string& remark : report.remarks) std::printf("%s\n", remark.c_str());
    if (!report.versions.empty())
        std::printf("Not searched: captured state, stored source and printed output; `hindcast rm` removes those.\n");
}

void printReportJson(const store::RedactionReport& report, const RedactOptions& options, bool done) {
    Json document;
    document["schema"] = "hindcast.redact/1";
    document["dryRun"] = !done;
    document["name"] = options.name;
    document["versions"] = Json::array();
    for (const base::Uuid& version : report.versions) document["versions"].push_back(version.text());
    document["values"] = report.values;
    document["arguments"] = report.arguments;
    document["remarks"] = report.remarks;
    document["skipped"] = Json::array();
    for (const auto& [version, reason] : report.skipped)
        document["skipped"].push_back({{"uuid", version.text()}, {"reason", reason}});
    printJson(document);
}

Outcome redact(const Invocation& invocation, const RedactOptions& options) {
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, options.versions));
    const bool pretend = options.dryRun || !options.yes;
    HINDCAST_ASSIGN(const store::Lease lease, store::Lease::take(versions.project, "redact"));
    HINDCAST_ASSIGN(const store::RedactionReport report,
                    store::redactName(versions.project, options.name, versions.chosen, pretend));
    options.json ? printReportJson(report, options, !pretend) : printReport(report, options, versions, !pretend);
    if (report.versions.empty() && report.skipped.empty()) return ExitStatus::NothingToDo;
    if (pretend && !options.dryRun) return needsYes("redact");
    return report.skipped.empty() ? ExitStatus::Done : ExitStatus::Failed;
}

}  // namespace

void addRedactVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<RedactOptions>();
    CLI::App* verb = addVerb(app, invocation, "redact", "removes a logged name or an argument for good",
                             [&invocation, options] { return redact(invocation, *options); });
    verb->add_option("name", options->name, "the logged name or argument")->required();
    verb->add_option("--versions", options->versions, "from which ones, as v1,v3-v5,production (default: all)");
    verb->add_flag("--yes", options->yes, "do it; there is no way back");
    verb->add_flag("--dry-run", options->dryRun, "only says what would be removed");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.redact/1");
}

}  // namespace hindcast::cli

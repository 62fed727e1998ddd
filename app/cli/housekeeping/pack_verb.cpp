// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/pack/pack.h"

namespace hindcast::cli {

namespace {

struct PackOptions {
    std::string versions;
    bool json = false;
};

void printReport(const store::PackReport& report, const StoredVersions& versions) {
    for (const auto& [version, reason] : report.skipped)
        std::printf("%s stays as it is: %s\n", versions.label(version).c_str(), reason.c_str());
    std::printf("%lld versions packed: %lld chunks copied, %lld found in the packs already; %s freed\n",
                static_cast<long long>(report.versions), static_cast<long long>(report.copied),
                static_cast<long long>(report.shared), bytesText(report.freedBytes - report.writtenBytes).c_str());
}

void printReportJson(const store::PackReport& report) {
    Json document;
    document["schema"] = "hindcast.pack/1";
    document["versions"] = report.versions;
    document["copiedChunks"] = report.copied;
    document["sharedChunks"] = report.shared;
    document["writtenBytes"] = report.writtenBytes;
    document["freedBytes"] = report.freedBytes;
    document["skipped"] = Json::array();
    for (const auto& [version, reason] : report.skipped)
        document["skipped"].push_back({{"uuid", version.text()}, {"reason", reason}});
    printJson(document);
}

Outcome pack(const Invocation& invocation, const PackOptions& options) {
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, options.versions));
    const auto tell = [&versions](const base::Uuid& version) {
        if (errorIsTerminal()) std::fprintf(stderr, "\rpacking %s  ", versions.label(version).c_str());
        return true;
    };
    HINDCAST_ASSIGN(const store::PackReport report, store::packVersions(versions.project, versions.chosen, tell));
    if (errorIsTerminal()) std::fprintf(stderr, "\r                    \r");
    options.json ? printReportJson(report) : printReport(report, versions);
    if (report.versions == 0 && report.skipped.empty()) return ExitStatus::NothingToDo;
    return ExitStatus::Done;
}

}  // namespace

void addPackVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<PackOptions>();
    CLI::App* verb = addVerb(app, invocation, "pack",
                             "stores equal tensors of finished versions once; runs beside recorders and readers",
                             [&invocation, options] { return pack(invocation, *options); });
    verb->add_option("versions", options->versions, "which ones, as v1,v3-v5,production (default: all)");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.pack/1");
}

}  // namespace hindcast::cli

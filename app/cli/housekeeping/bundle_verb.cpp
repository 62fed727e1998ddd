// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/bundle/bundle.h"

namespace hindcast::cli {

namespace {

struct BundleOptions {
    std::string versions;
    std::string file;
    bool json = false;
};

Json reportJson(const store::BundleReport& report) {
    Json document;
    document["schema"] = "hindcast.bundle/1";
    document["versions"] = Json::array();
    for (const base::Uuid& version : report.versions) document["versions"].push_back(version.text());
    document["knownAlready"] = Json::array();
    for (const base::Uuid& version : report.knownAlready) document["knownAlready"].push_back(version.text());
    document["replays"] = report.replays;
    document["bytes"] = report.bytes;
    return document;
}

Outcome exportVersions(const Invocation& invocation, const BundleOptions& options) {
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, options.versions));
    HINDCAST_ASSIGN(const store::BundleReport report,
                    store::exportBundle(versions.project, versions.chosen, options.file));
    if (options.json)
        printJson(reportJson(report));
    else
        std::printf("%s: %zu versions with %lld replays, %s\n", options.file.c_str(), report.versions.size(),
                    static_cast<long long>(report.replays), bytesText(report.bytes).c_str());
    return ExitStatus::Done;
}

Outcome importVersions(const Invocation& invocation, const BundleOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(const store::BundleReport report, store::importBundle(project, options.file));
    if (options.json)
        printJson(reportJson(report));
    else
        std::printf("%zu versions and %lld replays taken in; %zu versions were here already\n", report.versions.size(),
                    static_cast<long long>(report.replays), report.knownAlready.size());
    return report.versions.empty() && report.replays == 0 ? ExitStatus::NothingToDo : ExitStatus::Done;
}

Outcome unpack(const BundleOptions& options) {
    HINDCAST_ASSIGN(const auto folder, store::openBundle(options.file));
    std::printf("%s\n", folder.c_str());
    return ExitStatus::Done;
}

}  // namespace

void addBundleVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<BundleOptions>();
    CLI::App* verb = app.add_subcommand("bundle", "chosen versions as one file: export, open, import");
    verb->require_subcommand(1);
    CLI::App* out = addVerb(*verb, invocation, "export", "writes versions with their replays and source to a file",
                            [&invocation, options] { return exportVersions(invocation, *options); });
    out->add_option("versions", options->versions, "which ones, as v1,v3-v5,production, or all")->required();
    out->add_option("file", options->file, "the file to make; a tar archive of a small store")->required();
    CLI::App* open = addVerb(*verb, invocation, "open", "unpacks a bundle into the user's cache and says where",
                             [options] { return unpack(*options); });
    open->add_option("file", options->file, "the bundle; it is only read")->required();
    open->footer("Every verb opens one by itself: hindcast ls --project FILE");
    CLI::App* in = addVerb(*verb, invocation, "import", "takes versions of a bundle into this project, each once",
                           [&invocation, options] { return importVersions(invocation, *options); });
    in->add_option("file", options->file, "the bundle; it is only read")->required();
    for (CLI::App* each : {out, in}) each->add_flag("--json", options->json, "as JSON, schema hindcast.bundle/1");
}

}  // namespace hindcast::cli

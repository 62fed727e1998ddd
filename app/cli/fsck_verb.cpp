// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/check/fsck.h"

namespace hindcast::cli {

namespace {

struct FsckOptions {
    bool json = false;
};

void printReport(const store::FsckReport& report) {
    for (const store::Damage& damage : report.damages) {
        std::printf("%s: %s\n  lost: %s\n", damage.path.c_str(), damage.what.c_str(), damage.costs.c_str());
    }
    std::printf(
        "%lld versions, %lld replays, %lld captures, %lld chunks, %lld source objects; %s read; %zu damaged places\n",
        static_cast<long long>(report.versions), static_cast<long long>(report.replays),
        static_cast<long long>(report.captures), static_cast<long long>(report.chunks),
        static_cast<long long>(report.objects), bytesText(report.bytes).c_str(), report.damages.size());
}

void printReportJson(const store::FsckReport& report) {
    Json document;
    document["schema"] = "hindcast.fsck/1";
    document["damages"] = Json::array();
    for (const store::Damage& damage : report.damages)
        document["damages"].push_back({{"path", damage.path}, {"what", damage.what}, {"costs", damage.costs}});
    document["versions"] = report.versions;
    document["replays"] = report.replays;
    document["frames"] = report.frames;
    document["captures"] = report.captures;
    document["chunks"] = report.chunks;
    document["objects"] = report.objects;
    document["bytes"] = report.bytes;
    printJson(document);
}

Outcome verify(const Invocation& invocation, const FsckOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(const store::FsckReport report, store::fsck(project));
    options.json ? printReportJson(report) : printReport(report);
    return report.damages.empty() ? ExitStatus::Done : ExitStatus::Damaged;
}

}  // namespace

void addFsckVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<FsckOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "fsck", "verifies every frame, chunk and reference, and says what each damage costs",
                [&invocation, options] { return verify(invocation, *options); });
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.fsck/1");
}

}  // namespace hindcast::cli

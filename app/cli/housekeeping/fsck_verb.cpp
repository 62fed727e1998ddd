// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/check/fsck.h"
#include "core/store/check/repair.h"
#include "core/store/lease.h"

namespace hindcast::cli {

namespace {

struct FsckOptions {
    bool json = false;
    bool repair = false;
    bool dryRun = false;
};

void printDamages(const std::vector<store::Damage>& damages, bool withRemedy) {
    for (const store::Damage& damage : damages) {
        std::printf("%s: %s\n  lost: %s\n", damage.path.c_str(), damage.what.c_str(), damage.costs.c_str());
        if (!withRemedy) continue;
        std::printf("  --repair: %s\n", damage.remedy.empty() ? "cannot help" : damage.remedy.c_str());
    }
}

void printReport(const store::FsckReport& report) {
    printDamages(report.damages, true);
    std::printf(
        "%lld versions, %lld replays, %lld captures, %lld chunks, %lld source objects; %s read; %zu damaged places\n",
        static_cast<long long>(report.versions), static_cast<long long>(report.replays),
        static_cast<long long>(report.captures), static_cast<long long>(report.chunks),
        static_cast<long long>(report.objects), bytesText(report.bytes).c_str(), report.damages.size());
}

void printRepair(const store::RepairReport& report) {
    if (report.before.damages.empty()) return printReport(report.before);
    for (const store::RepairStep& step : report.steps) std::printf("%s: %s\n", step.path.c_str(), step.done.c_str());
    if (!report.keptIn.empty()) std::printf("What was replaced is kept in .hindcast/%s\n", report.keptIn.c_str());
    printDamages(report.left, false);
    std::printf("%zu damaged places before, %zu after\n", report.before.damages.size(), report.left.size());
}

Json damagesJson(const std::vector<store::Damage>& damages) {
    Json list = Json::array();
    for (const store::Damage& damage : damages)
        list.push_back(
            {{"path", damage.path}, {"what", damage.what}, {"costs", damage.costs}, {"remedy", damage.remedy}});
    return list;
}

Json reportJson(const store::FsckReport& report) {
    Json document;
    document["schema"] = "hindcast.fsck/1";
    document["damages"] = damagesJson(report.damages);
    document["versions"] = report.versions;
    document["replays"] = report.replays;
    document["frames"] = report.frames;
    document["captures"] = report.captures;
    document["chunks"] = report.chunks;
    document["objects"] = report.objects;
    document["bytes"] = report.bytes;
    return document;
}

Json repairJson(const store::RepairReport& report) {
    Json document = reportJson(report.before);
    document["repairs"] = Json::array();
    for (const store::RepairStep& step : report.steps)
        document["repairs"].push_back({{"path", step.path}, {"done", step.done}});
    document["keptIn"] = report.keptIn;
    document["left"] = damagesJson(report.left);
    return document;
}

Outcome verify(const store::Project& project, const FsckOptions& options) {
    // Shared, so that nothing moves away while it is read.
    HINDCAST_ASSIGN(const store::Lease lease, store::Lease::share(project));
    HINDCAST_ASSIGN(const store::FsckReport report, store::fsck(project));
    options.json ? printJson(reportJson(report)) : printReport(report);
    return report.damages.empty() ? ExitStatus::Done : ExitStatus::Damaged;
}

Outcome repair(const store::Project& project, const FsckOptions& options) {
    HINDCAST_ASSIGN(const store::RepairReport report, store::repair(project));
    options.json ? printJson(repairJson(report)) : printRepair(report);
    return report.left.empty() ? ExitStatus::Done : ExitStatus::Damaged;
}

Outcome check(const Invocation& invocation, const FsckOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    return options.repair && !options.dryRun ? repair(project, options) : verify(project, options);
}

}  // namespace

void addFsckVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<FsckOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "fsck", "verifies every frame, chunk and reference, and says what each damage costs",
                [&invocation, options] { return check(invocation, *options); });
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.fsck/1");
    CLI::Option* const repairs = verb->add_flag("--repair", options->repair,
                                                "salvages what is whole; what it replaces is kept in "
                                                ".hindcast/damaged, and what is being recorded is left alone");
    verb->add_flag("--dry-run", options->dryRun, "with --repair: says what would be done, and changes nothing")
        ->needs(repairs);
}

}  // namespace hindcast::cli

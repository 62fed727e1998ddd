// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/base/clock.h"
#include "core/store/annotations/annotations.h"
#include "core/store/retention/retention.h"

namespace hindcast::cli {

namespace {

using store::RetentionPlan;
using store::RetentionRules;

constexpr const char* kRuleId = "retention";

struct RetainOptions {
    std::optional<std::int64_t> keep;
    std::string keepWithin;
    std::string thinAfter;
    std::optional<std::int64_t> every;
    bool save = false;
    bool yes = false;
    bool dryRun = false;
    bool json = false;
};

/// The rules of the command line, or those that were saved when it has none.
base::Result<RetentionRules> rulesOf(const RetainOptions& options, const store::Annotations& annotations) {
    RetentionRules rules;
    if (!options.keep && options.keepWithin.empty() && options.thinAfter.empty()) {
        const auto saved = annotations.view().rules.find(kRuleId);
        if (saved == annotations.view().rules.end())
            return base::Error(
                base::ErrorCode::InvalidArgument,
                "say what to keep: --keep N, --keep-within AGE, --thin-after AGE (and --save to keep the "
                "rules for next time)");
        return store::parseRules(saved->second);
    }
    rules.keepNewest = options.keep;
    if (!options.keepWithin.empty()) {
        HINDCAST_ASSIGN(rules.keepSeconds, parseAge(options.keepWithin));
    }
    if (!options.thinAfter.empty()) {
        HINDCAST_ASSIGN(rules.thinSeconds, parseAge(options.thinAfter));
    }
    rules.every = options.every.value_or(rules.every);
    return rules;
}

std::string costOf(const store::ThinnedVersion& version) {
    std::string text = "up to " + std::to_string(version.mostAfter) + " more passes";
    if (version.secondsOfPass > 0)
        text += " (" + durationText(static_cast<double>(version.mostAfter) * version.secondsOfPass) + ")";
    return text;
}

void printPlan(const RetentionPlan& plan, const StoredVersions& versions) {
    if (!plan.removed.empty())
        std::printf("Removed for good, with all values: %s (%s)\n", labelsText(versions, plan.removed).c_str(),
                    bytesText(plan.removedBytes).c_str());
    if (!plan.thinned.empty()) {
        Table table;
        table.addColumn("thinned");
        for (const char* title : {"captures kept", "given up", "frees up to", "passes"})
            table.addColumn(title, Align::Right);
        table.addColumn("a replay runs again");
        for (const store::ThinnedVersion& version : plan.thinned)
            table.addRow({versions.label(version.version), std::to_string(version.kept),
                          std::to_string(version.captures), bytesText(version.bytes), std::to_string(version.passes),
                          costOf(version)});
        table.print(stdout);
        std::printf("All recorded values stay, and every pass stays replayable.\n");
    }
    for (const auto& [version, reason] : plan.spared)
        std::printf("%s is kept whole: %s\n", versions.label(version).c_str(), reason.c_str());
}

Json planJson(const RetentionPlan& plan) {
    Json document;
    document["schema"] = "hindcast.retain/1";
    document["removed"] = Json::array();
    for (const base::Uuid& version : plan.removed) document["removed"].push_back(version.text());
    document["removedBytes"] = plan.removedBytes;
    document["thinned"] = Json::array();
    for (const store::ThinnedVersion& version : plan.thinned)
        document["thinned"].push_back({{"uuid", version.version.text()},
                                       {"kept", version.kept},
                                       {"givenUp", version.captures},
                                       {"bytes", version.bytes},
                                       {"passes", version.passes},
                                       {"rerunBefore", version.mostBefore},
                                       {"rerunAfter", version.mostAfter},
                                       {"rerunAverage", version.averageAfter},
                                       {"secondsOfPass", version.secondsOfPass}});
    document["spared"] = Json::array();
    for (const auto& [version, reason] : plan.spared)
        document["spared"].push_back({{"uuid", version.text()}, {"reason", reason}});
    return document;
}

Outcome retain(const Invocation& invocation, const RetainOptions& options) {
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, ""));
    HINDCAST_ASSIGN(store::Annotations annotations, store::Annotations::open(versions.project));
    HINDCAST_ASSIGN(const RetentionRules rules, rulesOf(options, annotations));
    if (options.save) HINDCAST_TRY(annotations.setRule(kRuleId, store::rulesText(rules)));
    HINDCAST_ASSIGN(const RetentionPlan plan, store::planRetention(versions.project, rules, base::wallClockMicros()));
    const bool nothing = plan.removed.empty() && plan.thinned.empty();
    const bool act = options.yes && !options.dryRun && !nothing;
    Json document = planJson(plan);
    document["dryRun"] = !act;
    if (!options.json) printPlan(plan, versions);
    if (act) {
        HINDCAST_ASSIGN(const store::RetentionReport report, store::applyRetention(versions.project, rules, plan));
        document["freedBytes"] = report.freedBytes;
        document["remarks"] = report.remarks;
        if (!options.json) {
            for (const std::string& remark : report.remarks) std::printf("%s\n", remark.c_str());
            std::printf("Done: %lld versions removed, %lld thinned, %s freed\n", static_cast<long long>(report.removed),
                        static_cast<long long>(report.thinned), bytesText(report.freedBytes).c_str());
        }
    }
    if (options.json) printJson(document);
    if (nothing) return ExitStatus::NothingToDo;
    if (!act && !options.json) std::printf("Nothing was changed. --yes does it.\n");
    return ExitStatus::Done;
}

}  // namespace

void addRetainVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<RetainOptions>();
    CLI::App* verb = addVerb(app, invocation, "retain",
                             "removes old versions and thins their captures by rules; shows the outcome first",
                             [&invocation, options] { return retain(invocation, *options); });
    verb->add_option("--keep", options->keep, "remove versions beyond the newest N")->check(CLI::NonNegativeNumber);
    verb->add_option("--keep-within", options->keepWithin, "never remove what ended within this age, as 30d");
    verb->add_option("--thin-after", options->thinAfter,
                     "of what ended longer ago, keep the tensors of some passes only; values all stay");
    verb->add_option("--every", options->every, "of those: every how many passes, and the last (default: 5)")
        ->check(CLI::PositiveNumber);
    verb->add_flag("--save", options->save, "keep these rules in the store; `hindcast retain` alone uses them");
    verb->add_flag("--yes", options->yes, "do it; there is no way back");
    verb->add_flag("--dry-run", options->dryRun, "only shows what would be done, as without --yes");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.retain/1");
    verb->footer("Versions that are tagged, pinned, baselines or behind an alias are always kept whole.");
}

}  // namespace hindcast::cli

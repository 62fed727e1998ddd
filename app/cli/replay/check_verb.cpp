// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include "app/cli/print.h"
#include "app/cli/replay/consent.h"
#include "app/cli/replay/follow.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"
#include "core/workspace/listing/version_notes.h"

namespace hindcast::cli {

namespace {

using workspace::Fidelity;
using workspace::ReplayMode;
using workspace::UnitState;

struct CheckOptions {
    std::string version = "latest";
    bool json = false;
};

/// What came of the replay of one iteration in one mode.
struct Trial {
    ReplayMode mode = ReplayMode::Deep;
    bool ran = false;
    std::string reason;  ///< why not, where it did not run
    std::string loop;
    std::int64_t iteration = -1;
    UnitState state = UnitState::Done;
    Fidelity fidelity = Fidelity::Exact;
    std::string message;
    std::string output;

    bool exact() const { return ran && state == UnitState::Done && fidelity == Fidelity::Exact; }
};

base::Result<Trial> tryMode(workspace::Workspace& workspace, const base::Uuid& version, ReplayMode mode,
                            bool& cancelled) {
    HINDCAST_ASSIGN(const workspace::Plan plan, workspace.planCheck(version, mode));
    const workspace::PlanRow& planned = plan.rows.front();
    Trial trial;
    trial.mode = mode;
    trial.ran = planned.willRun;
    trial.reason = planned.willRun ? std::string() : planned.reason;
    trial.loop = planned.loop;
    if (!planned.willRun) return trial;
    HINDCAST_ASSIGN(const bool allowed, hasConsent(workspace, plan, true));
    cancelled = !allowed;
    if (cancelled) return trial;
    trial.iteration = planned.iterations.front();
    HINDCAST_ASSIGN(const auto run, workspace.replay(plan));
    const workspace::ReplayProgress progress = follow(*run);
    cancelled = progress.cancelled;
    const workspace::QueueRow& row = progress.rows.front();
    trial.state = row.state;
    trial.fidelity = row.worst;
    trial.message = row.message;
    trial.output = row.outputFile;
    return trial;
}

std::string resultWord(const Trial& trial) {
    return trial.state == UnitState::Failed ? unitWord(trial.state) : fidelityWord(trial.fidelity);
}

std::string verdict(const std::vector<Trial>& trials) {
    const Trial& deep = trials.front();
    if (!deep.ran) return "Nothing to check: " + deep.reason + ".";
    if (deep.state == UnitState::Failed)
        return "Hindsight does not work for this version yet: its iterations do not run here.";
    if (deep.exact()) return "Hindsight works for this script.";
    if (deep.fidelity == Fidelity::ExactLogs)
        return "Hindsight works for this script, as far as its logged values show: there is no later state to compare "
               "with.";
    return "Hindsight is not exact for this script.";
}

/// What would make it better, where something is known to.
std::vector<std::string> advice(const std::vector<Trial>& trials, const workspace::VersionNotes& notes) {
    std::vector<std::string> all;
    const Trial& deep = trials.front();
    if (!deep.ran || deep.exact()) return all;
    if (!notes.hashSeedFixed)
        all.push_back("record with `hindcast run`, or set PYTHONHASHSEED: strings hash differently in every process");
    for (const workspace::VersionNote& note : notes.notes) {
        if (!note.remedy.empty()) all.push_back(note.remedy);
    }
    return all;
}

void print(const workspace::VersionView& version, const std::vector<Trial>& trials,
           const workspace::VersionNotes& notes) {
    for (const Trial& trial : trials) {
        if (!trial.ran) continue;
        std::printf("v%d  %s %lld  %-8s %s%s%s\n", version.number, trial.loop.c_str(),
                    static_cast<long long>(trial.iteration), modeWord(trial.mode).c_str(), resultWord(trial).c_str(),
                    trial.message.empty() ? "" : ": ", trial.message.c_str());
        if (trial.state == UnitState::Failed && !trial.output.empty())
            std::printf("    output: %s\n", trial.output.c_str());
    }
    std::printf("%s\n", verdict(trials).c_str());
    for (const std::string& line : advice(trials, notes)) std::printf("  - %s\n", line.c_str());
}

Json asJson(const workspace::VersionView& version, const std::vector<Trial>& trials,
            const workspace::VersionNotes& notes) {
    Json document;
    document["schema"] = "hindcast.check/1";
    document["version"] = version.number;
    document["uuid"] = version.uuid.text();
    document["trials"] = Json::array();
    for (const Trial& trial : trials) {
        document["trials"].push_back({{"mode", modeWord(trial.mode)},
                                      {"ran", trial.ran},
                                      {"reason", trial.reason},
                                      {"loop", trial.loop},
                                      {"iteration", trial.ran ? Json(trial.iteration) : Json(nullptr)},
                                      {"result", trial.ran ? Json(resultWord(trial)) : Json(nullptr)},
                                      {"message", trial.message},
                                      {"output", trial.output}});
    }
    document["verdict"] = verdict(trials);
    document["advice"] = advice(trials, notes);
    return document;
}

ExitStatus statusOf(const std::vector<Trial>& trials) {
    if (!trials.front().ran) return ExitStatus::NothingToDo;
    bool exact = true;
    for (const Trial& trial : trials) {
        if (!trial.ran) continue;
        if (trial.state == UnitState::Failed) return ExitStatus::Failed;
        exact = exact && trial.exact();
    }
    return exact ? ExitStatus::Done : ExitStatus::NotExact;
}

Outcome checkOne(workspace::Workspace& workspace, const workspace::VersionView& version, bool json) {
    std::vector<Trial> trials;
    bool cancelled = false;
    for (const ReplayMode mode : std::array{ReplayMode::Deep, ReplayMode::Shallow}) {
        HINDCAST_ASSIGN(Trial trial, tryMode(workspace, version.uuid, mode, cancelled));
        trials.push_back(std::move(trial));
        if (cancelled) return ExitStatus::Cancelled;
    }
    HINDCAST_ASSIGN(const workspace::VersionNotes notes, workspace.notes(version.uuid));
    json ? printJson(asJson(version, trials, notes)) : print(version, trials, notes);
    return statusOf(trials);
}

Outcome check(const Invocation& invocation, const CheckOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const auto wanted, workspace->resolveVersions(options.version));
    HINDCAST_ASSIGN(const auto versions, workspace->versions());
    ExitStatus worst = ExitStatus::Done;
    for (const workspace::VersionView& version : versions) {
        if (std::find(wanted.begin(), wanted.end(), version.uuid) == wanted.end()) continue;
        HINDCAST_ASSIGN(const ExitStatus status, checkOne(*workspace, version, options.json));
        if (status == ExitStatus::Cancelled) return status;
        if (status != ExitStatus::Done) worst = status;
    }
    return worst;
}

}  // namespace

void addCheckVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<CheckOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "check", "replays one middle iteration: will hindsight work for this script?",
                [&invocation, options] { return check(invocation, *options); });
    verb->add_option("version", options->version, "v7, a list, a UUID prefix, a tag (default: latest)");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.check/1");
}

}  // namespace hindcast::cli

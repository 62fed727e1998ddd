// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"

namespace hindcast::cli {

namespace {

struct ListOptions {
    std::string versions;
    std::string where;
    bool json = false;
};

Json describe(const workspace::VersionView& version) {
    Json out;
    out["version"] = version.number;
    out["uuid"] = version.uuid.text();
    out["state"] = stateWord(version.state);
    out["started"] = base::isoTime(version.startedMicros);
    out["ended"] = version.endedMicros ? Json(base::isoTime(version.endedMicros)) : Json(nullptr);
    out["script"] = version.script;
    out["arguments"] = version.arguments;
    out["tags"] = version.tags;
    out["note"] = version.note;
    out["pinned"] = version.pinned;
    out["baseline"] = version.baseline;
    out["loop"] = version.outerLoop;
    out["iterations"] = version.outerIterations;
    out["captures"] = version.captures;
    out["storedBytes"] = version.storedBytes;
    out["reason"] = version.reason;
    out["job"] = jobJson(version.job, version.rank, version.worldSize);
    out["imported"] = version.imported.empty() ? Json(nullptr) : Json(version.imported);
    return out;
}

/// "imported from mlflow · rank 1 of 4 · tag tag · note"
std::string remarksOf(const workspace::VersionView& version) {
    std::string remarks;
    const auto add = [&remarks](const std::string& text, const char* between) {
        if (!text.empty()) remarks += (remarks.empty() ? "" : between) + text;
    };
    if (!version.imported.empty()) add("imported from " + version.imported, "");
    if (!version.job.empty()) add(rankText(version.rank, version.worldSize), " · ");
    std::string tags;
    for (const auto& tag : version.tags) tags += (tags.empty() ? "" : " ") + tag;
    add(tags, " · ");
    add(version.note, " · ");
    return remarks;
}

void printTable(const std::vector<workspace::VersionView>& versions) {
    Table table;
    for (const char* title : {"version", "started", "state", "script"}) table.addColumn(title);
    table.addColumn("passes", Align::Right);
    table.addColumn("captures", Align::Right);
    table.addColumn("stored", Align::Right);
    table.addColumn("arguments");
    table.addColumn("tags, note");
    for (const auto& version : versions) {
        std::string arguments;
        for (const auto& [name, value] : version.arguments)
            arguments += (arguments.empty() ? "" : " ") + name + "=" + value;
        table.addRow({"v" + std::to_string(version.number), localTime(version.startedMicros), stateWord(version.state),
                      version.script, std::to_string(version.outerIterations), std::to_string(version.captures),
                      bytesText(version.storedBytes), arguments, remarksOf(version)});
    }
    table.print(stdout);
}

Outcome list(const Invocation& invocation, const ListOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(auto versions, workspace->versions());
    HINDCAST_ASSIGN(const VersionChoice choice, chooseVersions(*workspace, options.versions, options.where));
    std::erase_if(versions, [&](const auto& version) { return !choice.holds(version.uuid); });
    if (options.json) {
        Json document;
        document["schema"] = "hindcast.ls/1";
        document["versions"] = Json::array();
        for (const auto& version : versions) document["versions"].push_back(describe(version));
        printJson(document);
    } else if (versions.empty()) {
        std::fprintf(stderr,
                     "No versions yet. Run the training script once (python train.py, or hindcast run train.py).\n");
    } else {
        printTable(versions);
    }
    return ExitStatus::Done;
}

}  // namespace

void addListVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ListOptions>();
    CLI::App* verb = addVerb(app, invocation, "ls", "lists the versions, newest first",
                             [&invocation, options] { return list(invocation, *options); });
    verb->add_option("versions", options->versions, "which ones, as v1,v3-v5,production (default: all)");
    verb->add_option("--where", options->where, "only versions for which this can hold, as \"lr < 0.1\"");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.ls/1");
}

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"
#include "core/store/catalog/catalog.h"
#include "core/store/source/source_trees.h"

namespace hindcast::cli {

namespace {

using workspace::VersionNote;

struct ShowOptions {
    std::string version;
    bool json = false;
};

/// Everything about one version, gathered once for both forms of output.
struct VersionDetails {
    store::VersionRow row;
    std::vector<store::VersionRow> ranks;  ///< the others of its job, by rank
    std::vector<store::ArgumentRow> arguments;
    std::vector<store::NameRow> names;
    std::vector<store::LoopTotals> loops;
    std::vector<store::CaptureRow> captures;
    std::vector<store::ReplayRow> replays;
    std::vector<store::NoteRow> notes;
    std::vector<store::SourceFile> files;
    std::vector<VersionNote> findings;  ///< the notes as sentences
};

base::Result<std::vector<store::VersionRow>> otherRanks(const store::Catalog& catalog, const store::VersionRow& row) {
    if (row.job.empty()) return std::vector<store::VersionRow>{};
    HINDCAST_ASSIGN(std::vector<store::VersionRow> ranks, catalog.versions());
    std::erase_if(ranks, [&row](const auto& other) { return other.job != row.job || other.uuid == row.uuid; });
    std::sort(ranks.begin(), ranks.end(), [](const auto& a, const auto& b) { return a.rank < b.rank; });
    return ranks;
}

base::Result<VersionDetails> gather(const store::Project& project, const base::Uuid& version) {
    HINDCAST_ASSIGN(const store::Catalog catalog, store::Catalog::open(project));
    HINDCAST_ASSIGN(const auto row, catalog.version(version));
    if (!row)
        return base::Error(base::ErrorCode::NotFound,
                           "version " + version.text() + " is not in the catalog; run hindcast reindex");
    VersionDetails details{*row, {}, {}, {}, {}, {}, {}, {}, {}, {}};
    HINDCAST_ASSIGN(details.ranks, otherRanks(catalog, *row));
    HINDCAST_ASSIGN(details.arguments, catalog.arguments(version));
    HINDCAST_ASSIGN(details.names, catalog.names(version));
    HINDCAST_ASSIGN(details.loops, catalog.loopTotals(version));
    HINDCAST_ASSIGN(details.captures, catalog.captures(version));
    HINDCAST_ASSIGN(details.replays, catalog.replays(version));
    HINDCAST_ASSIGN(details.notes, catalog.notes(version));
    if (row->hasSource) {
        HINDCAST_ASSIGN(const store::SourceTrees trees, store::SourceTrees::open(project));
        HINDCAST_ASSIGN(details.files, trees.list(version));
    }
    return details;
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : between) + part;
    return text;
}

const char* kindWord(VersionNote::Kind kind) {
    switch (kind) {
        case VersionNote::Kind::Hazard:
            return "hazard";
        case VersionNote::Kind::Hint:
            return "hint";
        case VersionNote::Kind::Skip:
            return "skipped";
        case VersionNote::Kind::Cost:
            break;
    }
    return "cost";
}

Json detailsJson(const VersionDetails& details) {
    const store::VersionRow& row = details.row;
    Json out;
    out["schema"] = "hindcast.show/1";
    out["version"] = row.number ? Json(*row.number) : Json(nullptr);
    out["uuid"] = row.uuid.text();
    out["state"] = store::runStateName(row.state);
    out["started"] = base::isoTime(row.startedMicros);
    out["ended"] = row.endedMicros ? Json(base::isoTime(row.endedMicros)) : Json(nullptr);
    out["script"] = row.script;
    out["argv"] = row.argv;
    out["project"] = row.project;
    out["interpreter"] = row.interpreter;
    out["host"] = row.host;
    out["git"] = {{"head", row.gitHead}, {"branch", row.gitBranch}, {"remote", row.gitRemote}, {"dirty", row.gitDirty}};
    out["reason"] = row.reason;
    out["exception"] = row.exception;
    out["job"] = jobJson(row.job, row.rank, row.worldSize);
    if (!row.job.empty()) out["job"]["others"] = Json::array();
    for (const auto& other : details.ranks)
        out["job"]["others"].push_back({{"version", other.number.value_or(0)}, {"rank", other.rank}});
    out["imported"] = nullptr;
    if (!row.imported.empty()) out["imported"] = {{"kind", row.imported}, {"source", row.importedFrom}};
    out["tags"] = row.tags;
    out["note"] = row.note;
    out["storedBytes"] = row.storedBytes;
    out["arguments"] = Json::object();
    for (const auto& argument : details.arguments)
        out["arguments"][argument.name] = {{"text", argument.text}, {"type", argument.type}};
    out["names"] = Json::array();
    for (const auto& name : details.names)
        out["names"].push_back(
            {{"name", name.name}, {"loops", name.loops}, {"recorded", name.recorded}, {"replayed", name.replayed}});
    out["loops"] = Json::array();
    for (const auto& loop : details.loops)
        out["loops"].push_back(
            {{"path", loop.path}, {"entries", loop.entries}, {"passes", loop.passes}, {"seconds", loop.seconds}});
    out["captures"] = Json::array();
    for (const auto& capture : details.captures) {
        Json at = Json::array();
        for (const auto& level : capture.at)
            at.push_back({{"loop", level.loop}, {"occurrence", level.occurrence}, {"index", level.index}});
        out["captures"].push_back({{"point", store::capturePointName(capture.point)},
                                   {"at", at},
                                   {"stored", capture.stored},
                                   {"rawBytes", capture.rawBytes}});
    }
    out["replays"] = Json::array();
    for (const auto& replay : details.replays)
        out["replays"].push_back({{"uuid", replay.uuid.text()},
                                  {"mode", replay.mode},
                                  {"first", replay.first},
                                  {"last", replay.last},
                                  {"state", store::runStateName(replay.state)}});
    out["notes"] = Json::array();
    for (const auto& note : details.notes) out["notes"].push_back(Json::parse(note.json, nullptr, false));
    out["findings"] = Json::array();
    for (const VersionNote& note : details.findings)
        out["findings"].push_back(
            {{"kind", kindWord(note.kind)}, {"key", note.key}, {"text", note.text}, {"remedy", note.remedy}});
    out["files"] = Json::array();
    for (const auto& file : details.files) out["files"].push_back({{"path", file.path}, {"bytes", file.bytes}});
    return out;
}

void printNotes(const std::vector<VersionNote>& notes) {
    for (const VersionNote& note : notes) {
        std::printf("  %-10s %s\n", kindWord(note.kind), note.text.c_str());
        if (!note.remedy.empty()) std::printf("  %-10s %s\n", "", note.remedy.c_str());
    }
}

void printDetails(const VersionDetails& details) {
    const store::VersionRow& row = details.row;
    std::printf("v%d  %s  %s\n", row.number.value_or(0), std::string(store::runStateName(row.state)).c_str(),
                row.uuid.text().c_str());
    std::printf(
        "  started    %s%s%s\n", localTime(row.startedMicros).c_str(), row.endedMicros ? ", ran " : "",
        row.endedMicros ? durationText(static_cast<double>(row.endedMicros - row.startedMicros) / 1e6).c_str() : "");
    if (!row.imported.empty())
        std::printf("  imported   from %s: %s\n", row.imported.c_str(), row.importedFrom.c_str());
    std::printf("  script     %s   %s\n", row.script.c_str(), joined(row.argv, " ").c_str());
    std::printf("  python     %s on %s\n", row.interpreter.c_str(), row.host.c_str());
    if (!row.gitHead.empty())
        std::printf("  git        %s %s%s\n", row.gitHead.substr(0, 12).c_str(), row.gitBranch.c_str(),
                    row.gitDirty ? ", with changes" : "");
    if (!row.job.empty()) {
        std::string others;
        for (const auto& other : details.ranks)
            others += ", rank " + std::to_string(other.rank) + " is v" + std::to_string(other.number.value_or(0));
        std::printf("  job        %s%s\n", rankText(row.rank, row.worldSize).c_str(), others.c_str());
    }
    if (!row.reason.empty()) std::printf("  reason     %s\n", row.reason.c_str());
    if (!row.exception.empty()) std::printf("  exception  %s\n", row.exception.c_str());
    if (!row.tags.empty() || !row.note.empty())
        std::printf("  marks      %s %s\n", joined(row.tags, " ").c_str(), row.note.c_str());
    for (const auto& argument : details.arguments)
        std::printf("  argument   %s = %s\n", argument.name.c_str(), argument.text.c_str());
    for (const auto& name : details.names) {
        std::printf("  value      %s per %s: %lld recorded, %lld replayed\n", name.name.c_str(),
                    name.loops.empty() ? "run" : joined(name.loops, " / ").c_str(),
                    static_cast<long long>(name.recorded), static_cast<long long>(name.replayed));
    }
    for (const auto& loop : details.loops)
        std::printf("  loop       %s: %lld passes, %s\n", joined(loop.path, " / ").c_str(),
                    static_cast<long long>(loop.passes), durationText(loop.seconds).c_str());
    const auto stored = std::count_if(details.captures.begin(), details.captures.end(),
                                      [](const auto& capture) { return capture.stored; });
    std::printf("  captures   %zu, %lld with tensors; %s on disk\n", details.captures.size(),
                static_cast<long long>(stored), bytesText(row.storedBytes).c_str());
    std::printf("  source     %zu %s\n", details.files.size(), details.files.size() == 1 ? "file" : "files");
    printNotes(details.findings);
}

Outcome show(const Invocation& invocation, const ShowOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const auto versions, workspace->resolveVersions(options.version));
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(workspace->projectFolder()));
    for (const auto& version : versions) {
        HINDCAST_ASSIGN(VersionDetails details, gather(project, version));
        HINDCAST_ASSIGN(workspace::VersionNotes notes, workspace->notes(version));
        details.findings = std::move(notes.notes);
        options.json ? printJson(detailsJson(details)) : printDetails(details);
    }
    return ExitStatus::Done;
}

}  // namespace

void addShowVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* verb = addVerb(app, invocation, "show", "shows one version in full",
                             [&invocation, options] { return show(invocation, *options); });
    verb->add_option("version", options->version, "v7, a UUID prefix, a tag, latest")->required();
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.show/1");
}

}  // namespace hindcast::cli

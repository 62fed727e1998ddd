// SPDX-License-Identifier: Apache-2.0
#include "core/store/removal/redaction.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/file.h"
#include "core/format/events/event_cursor.h"
#include "core/format/events/event_filter.h"
#include "core/format/journal/journal_rewrite.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/pack/repack.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char* kRedacted = "[redacted]";

/// "--name=value", "-name=value" and "name=value" hold the value, "--name" and "-name" announce it.
std::int64_t redactWords(Json& words, const std::string& name) {
    std::int64_t found = 0;
    bool valueFollows = false;
    for (Json& word : words) {
        if (!word.is_string()) continue;
        const std::string text = word.get<std::string>();
        const bool value = std::exchange(valueFollows, false) && !text.starts_with("--");
        const std::size_t dashes = std::min<std::size_t>(text.find_first_not_of('-'), 2);
        const std::string bare = text.substr(std::min(dashes, text.size()));
        if (value) {
            word = kRedacted;
            ++found;
        } else if (bare.starts_with(name + "=")) {
            word = text.substr(0, text.find('=') + 1) + kRedacted;
            ++found;
        } else {
            valueFollows = dashes > 0 && bare == name;
        }
    }
    return found;
}

/// run.json without the argument; absent when it has none of it.
Result<std::optional<std::string>> redactedRun(const fs::path& folder, const std::string& name, std::int64_t& found) {
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(folder / "run.json"));
    Json run = Json::parse(text, nullptr, false);
    if (!run.is_object()) return Error(ErrorCode::Damaged, (folder / "run.json").string() + " cannot be read");
    std::int64_t here = 0;
    if (run.contains("arguments") && run["arguments"].is_object())
        here += static_cast<std::int64_t>(run["arguments"].erase(name));
    if (run.contains("argv") && run["argv"].is_array()) here += redactWords(run["argv"], name);
    found += here;
    if (here == 0) return std::optional<std::string>();
    return std::optional<std::string>(run.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::int64_t countValues(const format::Frame& frame, const std::string& name) {
    auto cursor = format::EventCursor::open(frame.payload);
    std::int64_t found = 0;
    while (cursor && cursor->next())
        found += cursor->kind() == format::EventCursor::Kind::Logged && cursor->name() == name;
    return found;
}

/// One version or replay; true when it was changed. Nothing is changed before both files are prepared.
Result<bool> redactFolder(const fs::path& folder, const base::Uuid& uuid, const std::string& name, bool pretend,
                          Ingester& ingester, RedactionReport& report) {
    std::int64_t values = 0;
    const auto drop = [&](const format::Frame& frame) -> Result<std::optional<base::Bytes>> {
        if (frame.kind != format::FrameKind::Events) return std::optional<base::Bytes>();
        values += countValues(frame, name);
        return format::withoutValues(frame.payload, [&name](std::string_view each) { return each == name; });
    };
    HINDCAST_ASSIGN(const bool atRest, isAtRest(folder));
    if (!atRest) return Error(ErrorCode::Busy, "it is being written: wait for its end");
    HINDCAST_ASSIGN(format::JournalRewrite rewrite, format::JournalRewrite::prepare(folder / "journal", drop));
    std::int64_t arguments = 0;
    HINDCAST_ASSIGN(const auto run, redactedRun(folder, name, arguments));
    report.values += values;
    report.arguments += arguments;
    if (pretend || (!rewrite.changed() && !run)) return false;
    const auto replace = [&]() -> Result<void> {
        if (run) HINDCAST_TRY(base::writeFileAtomically(folder / "run.json", base::bytesOf(*run)));
        return rewrite.changed() ? rewrite.commit() : Result<void>();
    };
    HINDCAST_TRY(ingester.replaceJournals({uuid}, Ingester::Rewritten::All, replace));
    return true;
}

/// A version with its replays.
Result<void> redactVersion(const Project& project, const base::Uuid& version, const std::vector<ReplayRow>& replays,
                           const std::string& name, bool pretend, Ingester& ingester, RedactionReport& report) {
    bool replaysChanged = false;
    for (const ReplayRow& replay : replays) {
        HINDCAST_ASSIGN(const bool changed,
                        redactFolder(project.replayFolder(replay.uuid), replay.uuid, name, pretend, ingester, report));
        replaysChanged = replaysChanged || changed;
    }
    HINDCAST_ASSIGN(const bool changed,
                    redactFolder(project.versionFolder(version), version, name, pretend, ingester, report));
    if (changed || !replaysChanged) return {};
    // Values of replays are in the version's column file, which has gaps now, not nothing, where they were.
    return ingester.replaceJournals({version}, Ingester::Rewritten::All, []() -> Result<void> { return {}; });
}

}  // namespace

Result<RedactionReport> redactName(const Project& project, const std::string& name,
                                   const std::vector<base::Uuid>& versions, bool pretend) {
    if (name.empty()) return Error(ErrorCode::InvalidArgument, "the name to redact is empty");
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    HINDCAST_ASSIGN(const Catalog catalog, Catalog::open(project));
    RedactionReport report;
    for (const base::Uuid& version : versions) {
        const std::int64_t before = report.values + report.arguments;
        HINDCAST_ASSIGN(const std::vector<ReplayRow> replays, catalog.replays(version));
        const auto done = redactVersion(project, version, replays, name, pretend, ingester, report);
        if (!done) report.skipped.emplace_back(version, done.error().text());
        if (report.values + report.arguments != before) report.versions.push_back(version);
    }
    if (pretend || report.versions.empty()) return report;
    HINDCAST_ASSIGN(Annotations annotations, Annotations::open(project));
    HINDCAST_TRY(annotations.noteChange({"redact", report.versions, "removed all values of one name", 0, ""}));
    if (const auto shrunk = ingester.shrink(); !shrunk)
        report.remarks.push_back("the index on disk may still hold it until the next `hindcast gc`: " +
                                 shrunk.error().text());
    return report;
}

}  // namespace hindcast::store

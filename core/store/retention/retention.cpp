// SPDX-License-Identifier: Apache-2.0
#include "core/store/retention/retention.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/clock.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/lease.h"
#include "core/store/pack/capture_walk.h"
#include "core/store/pack/pack.h"
#include "core/store/pack/repack.h"
#include "core/store/removal/removal.h"
#include "core/store/retention/thinning.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using format::CaptureRecord;
using format::ChunkPlace;
using nlohmann::json;

std::string rulesText(const RetentionRules& rules) {
    json out = {{"every", rules.every}};
    if (rules.keepNewest) out["keepNewest"] = *rules.keepNewest;
    if (rules.keepSeconds) out["keepSeconds"] = *rules.keepSeconds;
    if (rules.thinSeconds) out["thinSeconds"] = *rules.thinSeconds;
    return out.dump();
}

Result<RetentionRules> parseRules(const std::string& text) {
    const json in = json::parse(text, nullptr, false);
    if (!in.is_object()) return Error(ErrorCode::Damaged, "the stored retention rules cannot be read");
    RetentionRules rules;
    const auto take = [&in](const char* key, auto& field) {
        const auto found = in.find(key);
        if (found != in.end() && found->is_number_integer()) field = found->get<std::int64_t>();
    };
    take("keepNewest", rules.keepNewest);
    take("keepSeconds", rules.keepSeconds);
    take("thinSeconds", rules.thinSeconds);
    take("every", rules.every);
    return rules;
}

namespace {

/// What keeps a version whole whatever the rules say; "" when nothing does.
std::string shelterOf(const VersionRow& row, const AnnotationView& annotations, const std::set<base::Uuid>& replayed) {
    if (row.state == RunState::Recording) return "it is being recorded";
    if (replayed.contains(row.uuid)) return "it is being replayed";
    if (row.pinned) return "it is pinned";
    if (row.baseline) return "it is a baseline";
    if (!row.tags.empty()) return "it is tagged " + row.tags.front();
    for (const auto& [name, version] : annotations.aliases)
        if (version == row.uuid) return "the alias " + name + " stands for it";
    return {};
}

std::int64_t ageSeconds(const VersionRow& row, std::int64_t nowMicros) {
    const std::int64_t ended = row.endedMicros != 0 ? row.endedMicros : row.startedMicros;
    return (nowMicros - ended) / 1'000'000;
}

bool isToRemove(const RetentionRules& rules, std::size_t newer, std::int64_t age) {
    if (!rules.keepNewest && !rules.keepSeconds) return false;
    const bool young = rules.keepSeconds && age < *rules.keepSeconds;
    const bool recent = rules.keepNewest && static_cast<std::int64_t>(newer) < *rules.keepNewest;
    return !young && !recent;
}

Result<std::vector<CaptureRecord>> capturesOf(const fs::path& folder) {
    std::vector<CaptureRecord> captures;
    HINDCAST_TRY(forEachCapture(folder, [&captures](const CaptureRecord& capture) -> Result<void> {
        captures.push_back(capture);
        return {};
    }));
    return captures;
}

/// Bytes of chunks that are needed now and no longer when `thinning` has taken what it takes.
std::int64_t bytesThatGo(const Project& project, const fs::path& folder, const std::vector<CaptureRecord>& captures,
                         const Thinning& thinning) {
    format::ChunkReader reader(folder / "segments", project.packs());
    std::set<ChunkPlace> seen;
    std::int64_t bytes = 0;
    // What stays first, so that what is counted after it is needed by nothing that stays.
    for (const bool stays : {true, false}) {
        const auto count = [&](ChunkPlace, const format::ChunkHeader& header) {
            if (!stays) bytes += static_cast<std::int64_t>(format::kChunkHeaderBytes + header.storedBytes);
        };
        for (const CaptureRecord& capture : captures) {
            if (thinning.takes(capture) == stays) continue;
            for (const format::TensorRecord& tensor : capture.tensors)
                for (const ChunkPlace& place : tensor.chunks) (void)visitChain(reader, place, seen, count);
        }
    }
    return bytes;
}

/// Seconds of a pass of the outermost loop that took longest in all.
double secondsOfPass(const std::vector<LoopTotals>& totals) {
    const LoopTotals* longest = nullptr;
    for (const LoopTotals& loop : totals)
        if (loop.path.size() == 1 && loop.timedPasses > 0 && (longest == nullptr || loop.seconds > longest->seconds))
            longest = &loop;
    return longest == nullptr ? 0 : longest->seconds / static_cast<double>(longest->timedPasses);
}

/// Absent when nothing would be thinned.
Result<std::optional<ThinnedVersion>> planThinning(const Project& project, const Catalog& catalog,
                                                   const base::Uuid& version, std::int64_t every) {
    const fs::path folder = project.versionFolder(version);
    HINDCAST_ASSIGN(const std::vector<CaptureRecord> captures, capturesOf(folder));
    const Thinning thinning(captures, every);
    ThinnedVersion out;
    out.version = version;
    for (const CaptureRecord& capture : captures) {
        if (!capture.tensorsStored) continue;
        ++(thinning.takes(capture) ? out.captures : out.kept);
    }
    if (out.captures == 0) return std::optional<ThinnedVersion>();
    out.bytes = bytesThatGo(project, folder, captures, thinning);
    const RerunCost after = rerunCost(captures, &thinning);
    out.passes = after.passes;
    out.mostBefore = rerunCost(captures, nullptr).most;
    out.mostAfter = after.most;
    out.averageAfter = after.average;
    HINDCAST_ASSIGN(const std::vector<LoopTotals> totals, catalog.loopTotals(version));
    out.secondsOfPass = secondsOfPass(totals);
    return std::optional<ThinnedVersion>(out);
}

Result<std::set<base::Uuid>> versionsBeingReplayed(const Catalog& catalog) {
    HINDCAST_ASSIGN(const std::vector<ReplayRow> replays, catalog.replays());
    std::set<base::Uuid> versions;
    for (const ReplayRow& replay : replays)
        if (replay.state == RunState::Recording) versions.insert(replay.version);
    return versions;
}

}  // namespace

Result<RetentionPlan> planRetention(const Project& project, const RetentionRules& rules, std::int64_t nowMicros) {
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    HINDCAST_ASSIGN(const Catalog catalog, Catalog::open(project));
    HINDCAST_ASSIGN(const Annotations annotations, Annotations::open(project));
    HINDCAST_ASSIGN(const std::vector<VersionRow> rows, catalog.versions());
    HINDCAST_ASSIGN(const std::set<base::Uuid> replayed, versionsBeingReplayed(catalog));
    RetentionPlan plan;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const VersionRow& row = rows[i];
        const std::int64_t age = ageSeconds(row, nowMicros);
        const bool remove = isToRemove(rules, rows.size() - 1 - i, age);
        const bool thins = !remove && rules.thinSeconds && age >= *rules.thinSeconds;
        if (!remove && !thins) continue;
        const std::string shelter = shelterOf(row, annotations.view(), replayed);
        if (!shelter.empty()) {
            plan.spared.emplace_back(row.uuid, shelter);
        } else if (remove) {
            plan.removed.push_back(row.uuid);
        } else {
            auto thinned = planThinning(project, catalog, row.uuid, rules.every);
            if (!thinned)
                plan.spared.emplace_back(row.uuid, thinned.error().text());
            else if (*thinned)
                plan.thinned.push_back(**thinned);
        }
    }
    HINDCAST_ASSIGN(const RemovalReport removal, removeVersions(project, plan.removed, "retain", true));
    plan.removedBytes = removal.folderBytes;
    return plan;
}

/// Moves what stays of a version into packs, and lets go of the rest.
static Result<std::int64_t> thinVersion(const Project& project, const base::Uuid& version, std::int64_t every,
                                        PackWriter& writer, Ingester& ingester) {
    const fs::path folder = project.versionFolder(version);
    HINDCAST_ASSIGN(const std::vector<CaptureRecord> captures, capturesOf(folder));
    const Thinning thinning(captures, every);
    const RepackPlan repack{[](ChunkPlace place) { return (place.segment & format::kPackBit) == 0; },
                            [&thinning](const CaptureRecord& capture) { return thinning.takes(capture); }};
    HINDCAST_ASSIGN(const RepackOutcome outcome, repackRun(project, folder, repack, writer, ingester));
    return outcome.freedBytes;
}

Result<RetentionReport> applyRetention(const Project& project, const RetentionRules& rules, const RetentionPlan& plan) {
    HINDCAST_ASSIGN(const Lease lease, Lease::take(project, "retain"));
    RetentionReport report;
    HINDCAST_ASSIGN(RemovalReport removal, removeVersions(project, plan.removed, "retain", false));
    report.removed = static_cast<std::int64_t>(plan.removed.size());
    report.freedBytes = removal.folderBytes + removal.sharedBytes;
    report.remarks = std::move(removal.remarks);
    if (plan.thinned.empty()) return report;
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    HINDCAST_ASSIGN(PackWriter writer, PackWriter::open(project.packs()));
    std::vector<base::Uuid> done;
    for (const ThinnedVersion& version : plan.thinned) {
        const auto freed = thinVersion(project, version.version, rules.every, writer, ingester);
        if (!freed) {
            report.remarks.push_back(version.version.text() + " is not thinned: " + freed.error().text());
            continue;
        }
        done.push_back(version.version);
        report.freedBytes += *freed;
    }
    report.thinned = static_cast<std::int64_t>(done.size());
    report.freedBytes -= static_cast<std::int64_t>(writer.written());
    HINDCAST_ASSIGN(Annotations annotations, Annotations::open(project));
    HINDCAST_TRY(annotations.noteChange(
        {"retain", done,
         "kept the tensors of every " + std::to_string(rules.every) + "th pass and the last, and all values", 0, ""}));
    if (const auto packs = collectPacks(project, false))
        report.freedBytes += packs->bytes;
    else
        report.remarks.push_back("packed tensors are not freed yet: " + packs.error().text());
    return report;
}

}  // namespace hindcast::store

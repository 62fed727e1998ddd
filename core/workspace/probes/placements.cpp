// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/placements.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/workspace/probes/statement_text.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// Intermediate versions tried when the direct way is not sure.
constexpr std::size_t kMostBetween = 8;

/// What a placement adds, as insertions; the probe's own statement first.
Result<std::vector<replay::Insertion>> insertionsIn(const propagate::Placement& placement,
                                                    const propagate::Project& old) {
    std::vector<replay::Insertion> insertions;
    for (const propagate::SplicedFile& file : placement.spliced) {
        const std::string* original = textOf(old, file.file);
        if (!original)
            return Error(ErrorCode::Internal, "a statement was placed into " + file.file + ", which is not there");
        HINDCAST_ASSIGN(std::vector<replay::Insertion> more, replay::insertionsOf(*original, file));
        insertions.insert(insertions.end(), more.begin(), more.end());
    }
    return insertions;
}

Result<KnownPlacement> remembered(propagate::Placement placement, const propagate::Project& old) {
    KnownPlacement known;
    known.kind = placement.kind;
    known.confidence = placement.confidence;
    known.reason = std::move(placement.reason);
    known.candidates = std::move(placement.candidates);
    known.unresolvedNames = std::move(placement.unresolvedNames);
    if (placement.kind == propagate::Placement::Kind::Placed) {
        HINDCAST_ASSIGN(known.insertions, insertionsIn(placement, old));
    }
    return known;
}

/// The spliced text of the file that holds the probe's own statement, and its lines there.
Result<void> fillText(PlacedProbe& placed, const propagate::Project& old) {
    if (placed.insertions.empty()) return {};
    const std::string& file = placed.insertions.front().file;
    const std::string* original = textOf(old, file);
    if (!original) return Error(ErrorCode::NotFound, "the version has no file " + file);
    std::map<std::string, std::string> originals;
    for (const replay::Insertion& insertion : placed.insertions) {
        if (const std::string* text = textOf(old, insertion.file)) originals[insertion.file] = *text;
    }
    HINDCAST_ASSIGN(const replay::SplicedSource source, replay::spliceAll(originals, {{0, placed.insertions}}));
    placed.view.file = file;
    placed.view.originalText = *original;
    placed.view.splicedText = source.files.at(file);
    for (const replay::Injection& lines : source.injected) {
        if (lines.file != file) continue;
        // The statement itself stands below what it depends on.
        placed.view.firstLine = lines.first;
        placed.view.lastLine = lines.last;
    }
    placed.statement = dedented(linesFrom(placed.view.splicedText, {placed.view.firstLine, placed.view.lastLine}));
    return {};
}

}  // namespace

Placements::Placements(StoreHandles& store, SourceProjects& projects)
    : m_store(store), m_projects(projects), m_cache(store.project.indexFolder() / "placements.json") {}

Result<bool> Placements::recordedAlready(const ProbeSource& probe, const base::Uuid& version) const {
    if (probe.view.names.empty()) return false;
    HINDCAST_ASSIGN(const std::vector<store::NameRow> names, m_store.catalog.names(version));
    std::set<std::string> recorded;
    for (const store::NameRow& name : names) {
        if (name.recorded > 0) recorded.insert(name.name);
    }
    return std::all_of(probe.view.names.begin(), probe.view.names.end(),
                       [&](const std::string& name) { return recorded.contains(name); });
}

/// Versions on the way from one (absent: the work tree) to another, neither of them among them.
Result<std::vector<ProjectPtr>> Placements::between(const std::optional<base::Uuid>& from, const base::Uuid& version) {
    std::vector<ProjectPtr> projects;
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store.catalog.versions());
    const auto place = [&](const base::Uuid& wanted) {
        return std::find_if(rows.begin(), rows.end(),
                            [&](const store::VersionRow& row) { return row.uuid == wanted; }) -
               rows.begin();
    };
    const auto count = static_cast<std::ptrdiff_t>(rows.size());
    const std::ptrdiff_t start = from ? place(*from) : count;
    const std::ptrdiff_t to = place(version);
    std::vector<base::Uuid> path;
    const std::ptrdiff_t step = to < start ? -1 : 1;
    for (std::ptrdiff_t at = start + step; at != to && at >= 0 && at < count; at += step) {
        const base::Uuid& uuid = rows[static_cast<std::size_t>(at)].uuid;
        if (m_store.trees.has(uuid)) path.push_back(uuid);
    }
    const std::size_t stride = path.size() / kMostBetween + 1;
    for (std::size_t at = 0; at < path.size(); at += stride) {
        HINDCAST_ASSIGN(ProjectPtr project, m_projects.ofVersion(path[at]));
        projects.push_back(std::move(project));
    }
    return projects;
}

/// Whether the decision that a remembered placement comes from is still the user's.
bool Placements::holds(const ProbeSource& probe, const KnownPlacement& placement) const {
    if (placement.rests.empty()) return true;
    const auto version = versionOf(placement.rests);
    const store::PlacementDecision* decision = version ? decisionFor(probe, *version) : nullptr;
    return decision && nameOf(*version, *decision) == placement.rests;
}

/// The nearest version towards the probe's own source in which its place is known, and the nearest on the other side
/// for which the user decided it. Cheap: nothing is read.
std::vector<KnownPlace> Placements::placesNear(const ProbeSource& probe, const base::Uuid& version) const {
    const bool homeIsLater = !probe.version || *probe.version > version;
    const auto isPastHome = [&](const base::Uuid& other) {
        return probe.version && (homeIsLater ? other >= *probe.version : other <= *probe.version);
    };
    std::optional<KnownPlace> towards, beyond;
    const auto consider = [&](KnownPlace place) {
        std::optional<KnownPlace>& best = place.towardsHome ? towards : beyond;
        const bool later = place.version > version;
        if (!best || (later ? place.version < best->version : place.version > best->version)) best = std::move(place);
    };
    const auto& decisions = m_store.annotations.view().placements;
    for (auto at = decisions.lower_bound({probe.view.id, base::Uuid{}});
         at != decisions.end() && at->first.first == probe.view.id; ++at) {
        const base::Uuid& other = at->first.second;
        const store::PlacementDecision* decision = decisionFor(probe, other);
        if (!decision || decision->kind != store::PlacementDecision::Kind::Edit || other == version) continue;
        const bool isTowards = (other > version) == homeIsLater;
        if (!isTowards || !isPastHome(other)) consider({other, isTowards, 1, nameOf(other, *decision), {}});
    }
    const auto isPlaced = [&](const KnownPlacement& placement) {
        return placement.kind == propagate::Placement::Kind::Placed && holds(probe, placement);
    };
    if (auto carried = m_cache.nearest(probe.identity, version, homeIsLater, isPlaced);
        carried && !isPastHome(carried->first) && !decisionFor(probe, carried->first)) {
        KnownPlacement& there = carried->second;
        consider({carried->first, true, there.confidence, there.rests, std::move(there.insertions)});
    }
    std::vector<KnownPlace> places;
    for (std::optional<KnownPlace>* place : {&towards, &beyond}) {
        if (*place) places.push_back(*std::move(*place));
    }
    return places;
}

/// Carries the probe on from a version in which its place is known; absent where that is not sure either.
Result<std::optional<KnownPlacement>> Placements::carryFrom(const ProbeSource& probe, const KnownPlace& place,
                                                            const base::Uuid& version, const propagate::Project& old,
                                                            const std::stop_token& stop) {
    HINDCAST_ASSIGN(const ProjectPtr there, m_projects.ofVersion(place.version));
    std::vector<replay::Insertion> insertions = place.insertions;
    if (insertions.empty()) {
        HINDCAST_ASSIGN(std::optional<PlacedProbe> byHand, decided(probe, place.version, *there));
        if (byHand) insertions = std::move(byHand->insertions);
    }
    if (insertions.empty()) return std::optional<KnownPlacement>();
    HINDCAST_ASSIGN(const Station station, stationOf(place.version, *there, insertions));
    HINDCAST_ASSIGN(propagate::Placement placement, carryOn(station, version, old, true, stop));
    if (placement.kind != propagate::Placement::Kind::Placed) return std::optional<KnownPlacement>();
    placement.confidence = std::min(placement.confidence, place.confidence);
    HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, m_store.catalog.version(place.version));
    if (row && row->number) placement.reason += ", as in v" + std::to_string(*row->number);
    HINDCAST_ASSIGN(KnownPlacement known, remembered(std::move(placement), old));
    known.rests = place.rests;
    return std::optional(std::move(known));
}

/// In one jump, else, where that is wanted, in steps through versions between.
Result<propagate::Placement> Placements::carryOn(const Station& station, const base::Uuid& version,
                                                 const propagate::Project& old, bool inSteps,
                                                 const std::stop_token& stop) {
    HINDCAST_ASSIGN(propagate::Placement direct, propagate::placeGroup(*station.project, station.group, old, stop));
    if (!inSteps || direct.kind != propagate::Placement::Kind::Conflict) return direct;
    HINDCAST_ASSIGN(const std::vector<ProjectPtr> versions, between(station.version, version));
    if (versions.empty()) return direct;
    std::vector<const propagate::Project*> pointers;
    for (const ProjectPtr& each : versions) pointers.push_back(each.get());
    HINDCAST_ASSIGN(propagate::Placement stepped,
                    propagate::placeThrough(*station.project, station.group, pointers, old, stop));
    return stepped.kind == propagate::Placement::Kind::Conflict ? direct : stepped;
}

/// What propagation says of a version, from the cache where nothing has changed that it depends on.
Result<const KnownPlacement*> Placements::carry(const ProbeSource& probe, const base::Uuid& version,
                                                const propagate::Project& old, const std::stop_token& stop) {
    using Kind = propagate::Placement::Kind;
    const KnownPlacement* cached = m_cache.find(probe.identity, version);
    if (cached && !holds(probe, *cached)) cached = nullptr;
    if (cached && cached->kind != Kind::Conflict) return cached;
    const std::vector<KnownPlace> near = placesNear(probe, version);
    std::string tried;
    for (const KnownPlace& place : near) tried += place.version.text() + " " + place.rests + "\n";
    if (cached && cached->tried == tried) return cached;

    KnownPlacement found;
    if (cached) {
        found = *cached;
    } else {
        // A place on the way was come to in steps already.
        const bool inSteps = near.empty() || !near.front().towardsHome;
        const Station home{probe.version, probe.project, probe.group};
        HINDCAST_ASSIGN(propagate::Placement placement, carryOn(home, version, old, inSteps, stop));
        HINDCAST_ASSIGN(found, remembered(std::move(placement), old));
    }
    for (auto place = near.begin(); found.kind == Kind::Conflict && place != near.end(); ++place) {
        HINDCAST_ASSIGN(std::optional<KnownPlacement> on, carryFrom(probe, *place, version, old, stop));
        if (on) found = *std::move(on);
    }
    if (found.kind == Kind::Conflict) found.tried = std::move(tried);
    return &m_cache.put(probe.identity, version, std::move(found));
}

/// The user's own decision, when there is one that still fits the version's text.
Result<std::optional<PlacedProbe>> Placements::decided(const ProbeSource& probe, const base::Uuid& version,
                                                       const propagate::Project& old) {
    const store::PlacementDecision* decision = decisionFor(probe, version);
    if (!decision) return std::optional<PlacedProbe>();
    PlacedProbe placed;
    placed.view.version = version;
    if (decision->kind == store::PlacementDecision::Kind::Skip) {
        placed.view.kind = PlacementKind::Skipped;
        placed.view.reason = "skipped by you";
        return std::optional(placed);
    }
    const auto hand = propagate::placeAt(old, decision->file, decision->line, decision->text, decision->indent);
    if (!hand || hand->kind != propagate::Placement::Kind::Placed) return std::optional<PlacedProbe>();
    HINDCAST_ASSIGN(placed.insertions, insertionsIn(*hand, old));
    const bool origin = decision->kind == store::PlacementDecision::Kind::Placed;
    placed.view.kind = origin ? PlacementKind::Placed : PlacementKind::ByHand;
    placed.view.confidence = 1;
    placed.view.reason = origin ? "added here" : "placed by hand";
    HINDCAST_TRY(fillText(placed, old));
    return std::optional(placed);
}

/// In the version that a probe's source was made from, its statements stand where that source has them.
Result<std::optional<PlacedProbe>> Placements::atHome(const ProbeSource& probe, const propagate::Project& old) const {
    PlacedProbe placed;
    placed.view.version = *probe.version;
    std::map<std::string, propagate::SplicedFile> files;
    for (const propagate::Probe& member : probe.group) {
        const std::string* text = textOf(*probe.project, member.file);
        if (!text) return std::optional<PlacedProbe>();
        HINDCAST_ASSIGN(const propagate::LineRange range, statementRange({member.file, *text}, member.line));
        propagate::SplicedFile& file = files[member.file];
        file.file = member.file;
        file.text = *text;
        file.inserted.push_back(range);
    }
    for (auto& [path, file] : files) {
        const std::string* original = textOf(old, path);
        // A name the version logs itself: its statement is part of the original.
        if (!original || *original == file.text) return std::optional<PlacedProbe>();
        HINDCAST_ASSIGN(std::vector<replay::Insertion> more, replay::insertionsOf(*original, file));
        const bool isOwn = path == probe.group.back().file;
        placed.insertions.insert(isOwn ? placed.insertions.begin() : placed.insertions.end(), more.begin(), more.end());
    }
    placed.view.kind = PlacementKind::Placed;
    placed.view.confidence = 1;
    placed.view.reason = "added here";
    HINDCAST_TRY(fillText(placed, old));
    return std::optional(placed);
}

Result<PlacedProbe> Placements::place(const ProbeSource& probe, const base::Uuid& version,
                                      const std::stop_token& stop) {
    if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "cancelled");
    PlacedProbe placed;
    placed.view.version = version;
    if (!m_store.trees.has(version)) {
        HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, m_store.catalog.version(version));
        const bool imported = row && !row->imported.empty();
        // Nothing that a decision could help.
        if (imported) placed.view.kind = PlacementKind::Skipped;
        placed.view.reason =
            imported ? "imported from another tool, without its code" : "no source was stored for this version";
        return placed;
    }
    HINDCAST_ASSIGN(const ProjectPtr old, m_projects.ofVersion(version));
    HINDCAST_ASSIGN(const std::optional<PlacedProbe> own, decided(probe, version, *old));
    if (own) return *own;
    HINDCAST_ASSIGN(const bool recorded, recordedAlready(probe, version));
    if (recorded) {
        placed.view.kind = PlacementKind::AlreadyThere;
        placed.view.confidence = 1;
        placed.view.reason = "recorded by the run itself";
        return placed;
    }
    if (probe.version == version) {
        HINDCAST_ASSIGN(const std::optional<PlacedProbe> home, atHome(probe, *old));
        if (home) return *home;
    }
    const Result<const KnownPlacement*> known = carry(probe, version, *old, stop);
    if (!known) {
        // A version whose own source cannot be read is that version's conflict, not the end of the list.
        const ErrorCode code = known.error().code();
        if (code != ErrorCode::Parse && code != ErrorCode::Conflict) return known.error();
        placed.view.reason = known.error().text();
        return placed;
    }
    return shown(**known, version, *old);
}

Result<PlacedProbe> Placements::shown(const KnownPlacement& known, const base::Uuid& version,
                                      const propagate::Project& old) const {
    PlacedProbe placed;
    placed.view.version = version;
    placed.view.kind = known.kind == propagate::Placement::Kind::Placed         ? PlacementKind::Placed
                       : known.kind == propagate::Placement::Kind::AlreadyThere ? PlacementKind::AlreadyThere
                                                                                : PlacementKind::Conflict;
    placed.view.confidence = known.confidence;
    placed.view.reason = known.reason;
    placed.view.unresolvedNames = known.unresolvedNames;
    for (const propagate::Candidate& each : known.candidates) {
        placed.view.candidates.push_back({each.file, each.line, each.score, each.statement, each.why});
    }
    placed.insertions = known.insertions;
    if (known.kind == propagate::Placement::Kind::Conflict && !known.candidates.empty()) {
        placed.view.file = known.candidates.front().file;
        if (const std::string* text = textOf(old, placed.view.file)) placed.view.originalText = *text;
    }
    HINDCAST_TRY(fillText(placed, old));
    return placed;
}

Result<propagate::Placement> Placements::placeInCurrent(const ProbeSource& probe) {
    HINDCAST_ASSIGN(const ProjectPtr current, m_projects.current());
    if (probe.project == current) {
        propagate::Placement there;
        there.kind = propagate::Placement::Kind::AlreadyThere;
        return there;
    }
    return propagate::placeGroup(*probe.project, probe.group, *current);
}

}  // namespace hindcast::workspace

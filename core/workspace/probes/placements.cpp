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

const store::PlacementDecision* Placements::decisionFor(const ProbeSource& probe, const base::Uuid& version) const {
    const store::AnnotationView& view = m_store.annotations.view();
    const auto found = view.placements.find({probe.view.id, version});
    if (found == view.placements.end()) return nullptr;
    const store::PlacementDecision& decision = found->second;
    if (decision.kind == store::PlacementDecision::Kind::Skip) return &decision;
    // A statement placed by hand is that of its revision; it holds while the probe asks for the same thing.
    const auto revisions = view.probes.find(probe.view.id);
    if (revisions == view.probes.end() || revisions->second.empty())
        return decision.revision == probe.view.revision ? &decision : nullptr;
    for (const store::Probe& revision : revisions->second) {
        if (revision.revision == decision.revision)
            return revision.asksTheSame(revisions->second.back()) ? &decision : nullptr;
    }
    return nullptr;
}

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

Result<std::vector<ProjectPtr>> Placements::between(const ProbeSource& probe, const base::Uuid& version) {
    std::vector<ProjectPtr> projects;
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store.catalog.versions());
    const auto place = [&](const base::Uuid& wanted) {
        return std::find_if(rows.begin(), rows.end(),
                            [&](const store::VersionRow& row) { return row.uuid == wanted; }) -
               rows.begin();
    };
    const auto count = static_cast<std::ptrdiff_t>(rows.size());
    const std::ptrdiff_t from = probe.version ? place(*probe.version) : count;
    const std::ptrdiff_t to = place(version);
    std::vector<base::Uuid> path;
    const std::ptrdiff_t step = to < from ? -1 : 1;
    for (std::ptrdiff_t at = from + step; at != to && at >= 0 && at < count; at += step) {
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

Result<KnownPlacement> Placements::carry(const ProbeSource& probe, const base::Uuid& version,
                                         const propagate::Project& old, const std::stop_token& stop) {
    HINDCAST_ASSIGN(propagate::Placement placement, propagate::placeGroup(*probe.project, probe.group, old, stop));
    if (placement.kind == propagate::Placement::Kind::Conflict) {
        HINDCAST_ASSIGN(const std::vector<ProjectPtr> stations, between(probe, version));
        std::vector<const propagate::Project*> pointers;
        for (const ProjectPtr& station : stations) pointers.push_back(station.get());
        if (!pointers.empty()) {
            HINDCAST_ASSIGN(placement, propagate::placeThrough(*probe.project, probe.group, pointers, old, stop));
        }
    }
    KnownPlacement known;
    known.kind = placement.kind;
    known.confidence = placement.confidence;
    known.reason = placement.reason;
    known.candidates = placement.candidates;
    known.unresolvedNames = placement.unresolvedNames;
    if (placement.kind == propagate::Placement::Kind::Placed) {
        HINDCAST_ASSIGN(known.insertions, insertionsIn(placement, old));
    }
    return known;
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
    const KnownPlacement* known = m_cache.find(probe.identity, version);
    if (!known) {
        Result<KnownPlacement> carried = carry(probe, version, *old, stop);
        if (!carried) {
            // A version whose own source cannot be read is that version's conflict, not the end of the list.
            const ErrorCode code = carried.error().code();
            if (code != ErrorCode::Parse && code != ErrorCode::Conflict) return std::move(carried).error();
            placed.view.reason = carried.error().text();
            return placed;
        }
        known = &m_cache.put(probe.identity, version, *std::move(carried));
    }
    return shown(*known, version, *old);
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

/// The version that a probe was added in says what the probe is; another place there is another revision of it.
Result<void> Placements::refuseAtHome(const ProbeSource& probe, const base::Uuid& version) const {
    const auto& placements = m_store.annotations.view().placements;
    const auto found = placements.find({probe.view.id, version});
    if (found == placements.end() || found->second.kind != store::PlacementDecision::Kind::Placed) return {};
    return Error(ErrorCode::Refused, "the probe was added in this version: edit or remove the probe instead");
}

Result<void> Placements::byHand(const ProbeSource& probe, const base::Uuid& version, const std::string& file,
                                int beforeLine, const std::string& statement, const std::vector<base::Uuid>& alsoFor) {
    HINDCAST_TRY(refuseAtHome(probe, version));
    HINDCAST_ASSIGN(const ProjectPtr old, m_projects.ofVersion(version));
    HINDCAST_ASSIGN(const propagate::Placement here, propagate::placeAt(*old, file, beforeLine, statement));
    if (here.kind != propagate::Placement::Kind::Placed || here.spliced.empty()) {
        return Error(ErrorCode::InvalidArgument, here.reason);
    }
    store::PlacementDecision decision;
    decision.probe = probe.view.id;
    decision.revision = probe.view.revision;
    decision.version = version;
    decision.kind = store::PlacementDecision::Kind::Edit;
    decision.file = file;
    decision.line = beforeLine;
    decision.text = statement;
    decision.indent = indentOf(linesFrom(here.spliced.front().text, here.spliced.front().inserted.front()));
    HINDCAST_TRY(m_store.annotations.putPlacement(decision));

    const propagate::SplicedFile& spliced = here.spliced.front();
    const ProjectPtr with = withText(*old, file, spliced.text);
    HINDCAST_ASSIGN(const std::vector<propagate::Probe> group,
                    statementsIn({file, spliced.text}, {spliced.inserted.front().first, spliced.inserted.back().last}));
    for (const base::Uuid& other : alsoFor) {
        if (other == version || !m_store.trees.has(other) || !refuseAtHome(probe, other)) continue;
        HINDCAST_ASSIGN(const ProjectPtr target, m_projects.ofVersion(other));
        // "The same" is the same place in that version's code, which stands on another line; where that is not sure the
        // version keeps its conflict.
        const auto same = propagate::placeGroup(*with, group, *target);
        if (!same || same->kind != propagate::Placement::Kind::Placed || same->spliced.empty()) continue;
        const propagate::SplicedFile& found = same->spliced.front();
        decision.version = other;
        decision.file = found.file;
        decision.line = found.inserted.front().first;
        decision.text.clear();
        for (const propagate::LineRange& part : found.inserted) decision.text += linesFrom(found.text, part);
        decision.indent = indentOf(decision.text);
        decision.text = dedented(decision.text);
        HINDCAST_TRY(m_store.annotations.putPlacement(decision));
    }
    return {};
}

Result<void> Placements::skip(const ProbeSource& probe, const base::Uuid& version,
                              const std::vector<base::Uuid>& alsoFor) {
    HINDCAST_TRY(refuseAtHome(probe, version));
    store::PlacementDecision decision;
    decision.probe = probe.view.id;
    decision.revision = probe.view.revision;
    decision.version = version;
    decision.kind = store::PlacementDecision::Kind::Skip;
    for (const base::Uuid& other : alsoFor) {
        if (refuseAtHome(probe, other)) decision.sameFor.push_back(other);
    }
    return m_store.annotations.putPlacement(decision);
}

Result<void> Placements::forget(const ProbeSource& probe, const base::Uuid& version) {
    const auto& placements = m_store.annotations.view().placements;
    const auto found = placements.find({probe.view.id, version});
    if (found == placements.end()) return Error(ErrorCode::NothingToDo, "there is no decision for this version");
    HINDCAST_TRY(refuseAtHome(probe, version));
    store::PlacementDecision decision = found->second;
    decision.kind = store::PlacementDecision::Kind::Forget;
    decision.sameFor.clear();
    decision.version = version;
    return m_store.annotations.putPlacement(decision);
}

std::vector<DecisionView> Placements::decisions(const std::string& probe) const {
    using Kind = store::PlacementDecision::Kind;
    std::vector<DecisionView> views;
    for (const auto& [key, decision] : m_store.annotations.view().placements) {
        if (key.first != probe || (decision.kind != Kind::Skip && decision.kind != Kind::Edit)) continue;
        const auto kind = decision.kind == Kind::Skip ? DecisionView::Kind::Skip : DecisionView::Kind::ByHand;
        views.push_back({key.second, kind, decision.file, decision.line, decision.text});
    }
    return views;
}

Result<void> Placements::restore(const ProbeSource& probe, const std::vector<DecisionView>& decisions) {
    for (const DecisionView& view : decisions) {
        if (view.kind == DecisionView::Kind::Skip) {
            HINDCAST_TRY(skip(probe, view.version, {}));
        } else if (view.kind == DecisionView::Kind::ByHand) {
            HINDCAST_TRY(byHand(probe, view.version, view.file, view.line, view.statement, {}));
        } else {
            const Result<void> forgotten = forget(probe, view.version);
            if (!forgotten && forgotten.error().code() != ErrorCode::NothingToDo) return forgotten.error();
        }
    }
    return {};
}

}  // namespace hindcast::workspace

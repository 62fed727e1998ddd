// SPDX-License-Identifier: Apache-2.0
// What the user decided about places.
#include "core/workspace/probes/placements.h"
#include "core/workspace/probes/statement_text.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

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

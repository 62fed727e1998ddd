// SPDX-License-Identifier: Apache-2.0
// What is known of one place.
#include <algorithm>

#include "core/propagate/places/slot_scorer.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;

double& at(SlotFeatures& features, SlotFeature feature) {
    return features[static_cast<std::size_t>(feature)];
}

bool isImport(Kind kind) {
    return kind == Kind::Import || kind == Kind::ImportFrom;
}

bool sameKind(Kind a, Kind b) {
    return a == b || (isImport(a) && isImport(b));
}

}  // namespace

/// Likeness of the heads of two statements, one of each side.
double SlotScorer::likeness(int newStatement, int oldStatement) const {
    const auto newFile = m_new.fileOfStatement(newStatement);
    const auto oldFile = m_old.fileOfStatement(oldStatement);
    return similarity(profileOf(*m_new.file(newFile).tree, m_new.statement(newStatement).head, m_newHashes[newFile]),
                      profileOf(*m_old.file(oldFile).tree, m_old.statement(oldStatement).head, m_oldHashes[oldFile]));
}

void SlotScorer::neighbourFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                                   SlotFeatures& f) const {
    const int size = static_cast<int>(statements.size());
    const int left = position > 0 ? statements[static_cast<std::size_t>(position) - 1] : -1;
    const int right = position < size ? statements[static_cast<std::size_t>(position)] : -1;
    const auto counterpart = [&](int newStatement) {
        return newStatement < 0 ? -1 : m_map.toOld[static_cast<std::size_t>(newStatement)];
    };
    const auto place = [&](int oldStatement) -> int {  // -1: before the probe, 1: after it, 0: elsewhere
        const int here = m_map.toNew[static_cast<std::size_t>(oldStatement)];
        if (here < 0 || m_new.blockOf(here) != m_new.blockOf(m_statement)) return 0;
        return here < m_statement ? -1 : 1;
    };
    const int previous = sibling(-1);
    const int next = sibling(1);
    const bool leftIsPrevious = previous < 0 ? left < 0 && block.own : left >= 0 && counterpart(previous) == left;
    const bool rightIsNext = next < 0 ? right < 0 && block.own : right >= 0 && counterpart(next) == right;
    at(f, SlotFeature::LeftIsPrevious) = leftIsPrevious ? 1 : 0;
    at(f, SlotFeature::RightIsNext) = rightIsNext ? 1 : 0;
    at(f, SlotFeature::BothNeighbours) = leftIsPrevious && rightIsNext ? 1 : 0;
    at(f, SlotFeature::TightLeft) = leftIsPrevious && m_above.lines.empty() && !m_below.lines.empty() ? 1 : 0;
    at(f, SlotFeature::TightRight) = rightIsNext && m_below.lines.empty() && !m_above.lines.empty() ? 1 : 0;
    if (!leftIsPrevious) {
        if (left < 0)
            at(f, SlotFeature::LeftIsStart) = 1;
        else if (left == nearestCounterpart(true))
            at(f, SlotFeature::LeftIsNearest) = 1;
        else if (m_map.toNew[static_cast<std::size_t>(left)] < 0)
            at(f, SlotFeature::LeftIsUnknown) = 1;
        else
            at(f, place(left) > 0 ? SlotFeature::LeftIsLater : SlotFeature::LeftIsElsewhere) = 1;
    }
    if (!rightIsNext) {
        if (right < 0)
            at(f, SlotFeature::RightIsEnd) = 1;
        else if (right == nearestCounterpart(false))
            at(f, SlotFeature::RightIsNearest) = 1;
        else if (m_map.toNew[static_cast<std::size_t>(right)] < 0)
            at(f, SlotFeature::RightIsUnknown) = 1;
        else
            at(f, place(right) < 0 ? SlotFeature::RightIsEarlier : SlotFeature::RightIsElsewhere) = 1;
    }
    const Kind kind = m_new.statement(m_statement).kind;
    at(f, SlotFeature::LeftSameKind) = left >= 0 && sameKind(m_old.statement(left).kind, kind) ? 1 : 0;
    at(f, SlotFeature::RightSameKind) = right >= 0 && sameKind(m_old.statement(right).kind, kind) ? 1 : 0;
}

void SlotScorer::textFeatures(int position, SlotFeatures& f) const {
    const Gap& here = m_paragraphs.gap(position);
    if (sharesComment(here, m_above)) at(f, SlotFeature::CommentAbove) = 1;
    Gap reversed = m_below;
    std::reverse(reversed.lines.begin(), reversed.lines.end());
    while (!reversed.lines.empty() && reversed.lines.back().find_first_not_of(" \t\r\n\f") == std::string_view::npos)
        reversed.lines.pop_back();
    if (sharesComment(here, reversed)) at(f, SlotFeature::CommentBelow) = 1;
    const bool blank = hasBlank(m_above) || hasBlank(m_below);
    at(f, SlotFeature::BlankAgrees) = blank == hasBlank(here) ? 1 : 0;
    at(f, SlotFeature::GapAgrees) = here.lines.size() == m_above.lines.size() + m_below.lines.size() ? 1 : 0;
    at(f, SlotFeature::ParagraphMates) = m_paragraphs.matesAt(position);
    at(f, SlotFeature::SectionComment) = m_paragraphs.sectionAt(position);
}

/// Code that stores or checks parameters one by one mostly does so in their order.
void SlotScorer::parameterFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                                   SlotFeatures& f) const {
    if (block.parameters.size() < 2) return;
    const auto rank = [&](const std::unordered_set<std::string>& reads) {
        int found = -1;
        for (std::size_t i = 0; i < block.parameters.size(); ++i) {
            if (reads.count(block.parameters[i]) == 0 || block.parameters[i] == "self") continue;
            if (found >= 0) return -1;  // it reads several
            found = static_cast<int>(i);
        }
        return found;
    };
    const int own = rank(block.names.reads);
    if (own < 0) return;
    const auto look = [&](int index, bool before) {
        if (index < 0 || index >= static_cast<int>(statements.size())) return;
        const int other = rank(namesOf(m_old, statements[static_cast<std::size_t>(index)]).reads);
        if (other < 0 || other == own) return;
        at(f, SlotFeature::ParameterOrder) += before == (other < own) ? 0.5 : -0.5;
    };
    look(position - 1, true);
    look(position, false);
}

void SlotScorer::flowFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                              SlotFeatures& f) const {
    const auto look = [&](int other, SlotFeature defines, SlotFeature reads, SlotFeature alike) {
        if (m_map.toNew[static_cast<std::size_t>(other)] >= 0) return;
        const StatementNames names = namesOf(m_old, other);
        at(f, defines) = meet(names.writes, block.names.reads) ? 1 : 0;
        at(f, reads) = meet(names.reads, block.names.writes) ? 1 : 0;
        at(f, alike) = likeness(m_statement, other);
    };
    if (position > 0) {
        look(statements[static_cast<std::size_t>(position) - 1], SlotFeature::LeftDefinesRead,
             SlotFeature::LeftReadsWritten, SlotFeature::LeftLikeness);
    }
    if (position < static_cast<int>(statements.size())) {
        look(statements[static_cast<std::size_t>(position)], SlotFeature::RightDefinesRead,
             SlotFeature::RightReadsWritten, SlotFeature::RightLikeness);
    }
}

/// What it reads has to be bound above the slot; what it binds has to be wanted below, not above.
void SlotScorer::bindingFeatures(const CandidateBlock& block, int position, const std::vector<int>& statements,
                                 SlotFeatures& f) const {
    const auto oldFile = m_old.fileOfBlock(block.block);
    const ParsedFile& to = m_old.file(oldFile);
    const auto scope = scopeOfBlock(to, block.block - m_old.blockBase(oldFile));
    if (statements.empty()) return;
    const std::size_t byte = position < static_cast<int>(statements.size())
                                 ? m_old.statement(statements[static_cast<std::size_t>(position)]).begin
                                 : m_old.statement(statements.back()).end;
    const auto begin = [&](std::uint32_t token) { return to.tree->token(token).begin; };
    for (const std::string& name : block.names.reads) {
        const auto id = to.scopes.lookUp(name, scope);
        if (id < 0) continue;
        const auto& binding = to.scopes.binding(id);
        if (binding.scope != scope || binding.definitions.empty() || binding.kind == syntax::BindingKind::Parameter)
            continue;
        if (std::none_of(binding.definitions.begin(), binding.definitions.end(),
                         [&](auto d) { return begin(d) < byte; })) {
            at(f, SlotFeature::ReadsUnbound) = 1;
        }
    }
    // Uses count within the scope's own code: the function around, or the whole file.
    const auto& around = to.tree->node(to.scopes.scope(scope).node);
    for (const std::string& name : block.names.writes) {
        const auto id = to.scopes.lookUp(name, scope);
        if (id < 0) continue;
        const auto& binding = to.scopes.binding(id);
        if (binding.scope != scope && binding.kind != syntax::BindingKind::Unresolved) continue;
        std::size_t bound = std::string::npos;
        for (const auto d : binding.definitions) bound = std::min<std::size_t>(bound, begin(d));
        std::size_t read = std::string::npos;
        for (const auto u : binding.uses) {
            if (begin(u) >= around.begin && begin(u) < around.end &&
                (scope != 0 || to.scopes.scopeAt(*to.tree, begin(u)) == 0))
                read = std::min<std::size_t>(read, begin(u));
        }
        if (read == std::string::npos || bound < read) continue;
        at(f, read < byte ? SlotFeature::WrittenTooLate : SlotFeature::WrittenWanted) = 1;
    }
}

/// The places between the nearest sibling before that stands in the block and the nearest one after.
void SlotScorer::findBracket(CandidateBlock& block, const std::vector<int>& statements) const {
    block.bracketFirst = 0;
    block.bracketLast = static_cast<int>(statements.size());
    bool before = false;
    bool after = false;
    for (const Anchor& anchor : m_anchors) {
        if (anchor.before ? before : after) continue;
        // A sibling that stands deeper now marks the statement that it stands in.
        const auto found = std::upper_bound(statements.begin(), statements.end(), anchor.old);
        if (found == statements.begin() || anchor.old >= m_old.endOf(*(found - 1))) continue;
        const int index = static_cast<int>(found - statements.begin());
        if (anchor.before)
            block.bracketFirst = index;
        else
            block.bracketLast = index - 1;
        (anchor.before ? before : after) = true;
    }
}

void SlotScorer::bracketFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                                 SlotFeatures& f) const {
    if (position >= block.bracketFirst && position <= block.bracketLast) {
        const int places = block.bracketLast - block.bracketFirst + 1;
        at(f, SlotFeature::InBracket) = 1;
        at(f, SlotFeature::Alone) = places == 1 ? 1 : 0;
        at(f, SlotFeature::BracketShare) = 1.0 / places;
    }
    const int size = static_cast<int>(statements.size());
    if (position > 0) at(f, SlotFeature::LeftNear) = nearness(statements[static_cast<std::size_t>(position) - 1], true);
    if (position < size)
        at(f, SlotFeature::RightNear) = nearness(statements[static_cast<std::size_t>(position)], false);
    const auto alike = [&](int offset, int old) {
        const int here = sibling(offset);
        if (here < 0 || m_map.toOld[static_cast<std::size_t>(here)] >= 0 ||
            m_map.toNew[static_cast<std::size_t>(old)] >= 0)
            return 0.0;
        return m_new.statement(here).kind == m_old.statement(old).kind ? likeness(here, old) : 0.0;
    };
    if (position > 0) {
        const int left = statements[static_cast<std::size_t>(position) - 1];
        at(f, SlotFeature::LeftLikePrevious) = alike(-1, left);
        at(f, SlotFeature::LeftLikeNext) = alike(1, left);
    }
    if (position < size) {
        const int right = statements[static_cast<std::size_t>(position)];
        at(f, SlotFeature::RightLikeNext) = alike(1, right);
        at(f, SlotFeature::RightLikePrevious) = alike(-1, right);
    }
}

double SlotScorer::nearness(int oldStatement, bool before) const {
    for (const Anchor& anchor : m_anchors) {
        if (anchor.old == oldStatement && anchor.before == before) return anchor.quality / anchor.distance;
    }
    return 0;
}

void SlotScorer::mentionFeatures(const std::vector<int>& statements, int position, SlotFeatures& f) const {
    if (statements.empty()) return;
    const std::size_t byte = position < static_cast<int>(statements.size())
                                 ? m_old.statement(statements[static_cast<std::size_t>(position)]).begin
                                 : m_old.statement(statements.back()).end;
    const MentionAgreement agreement = m_mentions.at(byte);
    at(f, SlotFeature::MentionBefore) = agreement.before;
    at(f, SlotFeature::MentionAfter) = agreement.after;
    at(f, SlotFeature::SameDefinitions) = agreement.definition;
}

void SlotScorer::combinedFeatures(const std::vector<int>& statements, int position, SlotFeatures& f) const {
    const bool after = at(f, SlotFeature::LeftIsPrevious) > 0;
    const bool before = at(f, SlotFeature::RightIsNext) > 0;
    if (m_own.writes.empty()) {
        at(f, SlotFeature::ObserverAfter) = after ? 1 : 0;
        at(f, SlotFeature::ObserverBefore) = before ? 1 : 0;
    }
    const auto& self = m_new.statement(m_statement);
    if (!isImport(self.kind)) return;
    at(f, SlotFeature::ImportNeighbours) = after || before ? 1 : 0;
    const auto module = [](const Side& side, int statement) {
        const auto& s = side.statement(statement);
        return s.tokens.first + 1 < s.tokens.second ? side.treeOfStatement(statement).tokenText(s.tokens.first + 1)
                                                    : std::string_view();
    };
    const auto own = module(m_new, m_statement);
    const auto ordered = [&](int old, bool below) {
        if (m_old.statement(old).kind != self.kind) return 0.0;
        return (below ? module(m_old, old) <= own : own <= module(m_old, old)) ? 0.5 : -0.5;
    };
    if (position > 0) at(f, SlotFeature::Sorted) += ordered(statements[static_cast<std::size_t>(position) - 1], true);
    if (position < static_cast<int>(statements.size()))
        at(f, SlotFeature::Sorted) += ordered(statements[static_cast<std::size_t>(position)], false);
}

}  // namespace hindcast::propagate

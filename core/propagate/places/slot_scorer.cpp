// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/slot_scorer.h"

#include <algorithm>
#include <cmath>

#include "core/propagate/places/trust.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;
using syntax::Role;

constexpr double kDecay = 0.75;  ///< weight of a sibling by its distance
constexpr int kMaxDistance = 40;
constexpr double kNestedWeight = 0.4;  ///< of a sibling that now stands deeper
constexpr double kOwnBlockWeight = 0.5;
constexpr std::size_t kMaxBlocks = 5;
constexpr std::size_t kWholeBlock = 60;  ///< blocks up to this size are searched whole, others around the siblings
constexpr int kReach = 6;

double& at(SlotFeatures& features, SlotFeature feature) {
    return features[static_cast<std::size_t>(feature)];
}

bool isJump(Kind kind) {
    return kind == Kind::Return || kind == Kind::Raise || kind == Kind::Break || kind == Kind::Continue;
}

/// A string alone: the documentation of the block that it begins.
bool isDocument(const Side& side, int statement) {
    const auto& self = side.statement(statement);
    return self.kind == Kind::ExpressionStatement && self.tokens.second - self.tokens.first == 1 &&
           side.treeOfStatement(statement).token(self.tokens.first).kind == syntax::TokenKind::Literal;
}

/// A string that documents the block has to stay its first statement, `from __future__` imports too.
bool mustStayFirst(const Side& side, int statement) {
    const auto& self = side.statement(statement);
    const auto& tree = side.treeOfStatement(statement);
    if (isDocument(side, statement)) return true;
    return self.kind == Kind::ImportFrom && self.tokens.first + 1 < self.tokens.second &&
           tree.tokenText(self.tokens.first + 1) == "__future__";
}

}  // namespace

SlotScorer::SlotScorer(const Side& newer, const Side& older, const Mapping& mapping, const NameEvidence& names,
                       int statement, bool fresh)
    : m_new(newer),
      m_old(older),
      m_map(mapping),
      m_names(names),
      m_statement(statement),
      m_fresh(fresh),
      m_levels(newer, older, mapping),
      m_siblings(newer.statementsIn(newer.blockOf(statement))),
      m_position(newer.statement(statement).position),
      m_own(namesOf(newer, statement)),
      m_newHashes(Matcher::plainHashes(newer)),
      m_oldHashes(Matcher::plainHashes(older)),
      m_mentions(newer, older, mapping, names, statement),
      m_paragraphs(newer, mapping, statement) {
    const auto file = newer.fileOfStatement(statement);
    m_above = gapBefore(newer.file(file), statement - newer.statementBase(file));
    m_below = gapAfter(newer.file(file), statement - newer.statementBase(file));
    collectAnchors();
}

void SlotScorer::collectAnchors() {
    for (int distance = 1; distance <= kMaxDistance; ++distance) {
        for (const bool before : {true, false}) {
            const int other = sibling(before ? -distance : distance);
            const int old = other < 0 ? -1 : m_map.toOld[static_cast<std::size_t>(other)];
            if (old < 0) continue;
            const double quality = static_cast<double>(m_map.quality[static_cast<std::size_t>(other)]);
            m_anchors.push_back(
                {old, distance, before, std::pow(kDecay, distance - 1) * (0.4 + 0.6 * quality), quality});
        }
    }
}

int SlotScorer::sibling(int offset) const {
    const int index = m_position + offset;
    return index < 0 || index >= static_cast<int>(m_siblings.size()) ? -1 : m_siblings[static_cast<std::size_t>(index)];
}

int SlotScorer::nearestCounterpart(bool before) const {
    for (const Anchor& anchor : m_anchors) {
        if (anchor.before == before) return anchor.old;
    }
    return -1;
}

/// The blocks that anything speaks for.
std::vector<SlotScorer::CandidateBlock> SlotScorer::candidateBlocks() const {
    std::vector<CandidateBlock> out;
    const auto entry = [&](int block) -> CandidateBlock& {
        for (auto& known : out) {
            if (known.block == block) return known;
        }
        out.emplace_back();
        out.back().block = block;
        return out.back();
    };
    for (const Anchor& anchor : m_anchors) {
        entry(m_old.blockOf(anchor.old)).mass += anchor.weight;
        double weight = kNestedWeight * anchor.weight;
        for (int up = m_old.parentOf(anchor.old); up >= 0; up = m_old.parentOf(up), weight *= kNestedWeight)
            entry(m_old.blockOf(up)).mass += weight;
    }
    const int own = m_map.blockToOld[static_cast<std::size_t>(m_new.blockOf(m_statement))];
    if (own >= 0) {
        entry(own).own = true;
        entry(own).mass += kOwnBlockWeight;
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.mass > b.mass; });
    if (out.size() > kMaxBlocks) out.resize(kMaxBlocks);
    double total = 0;
    for (const auto& block : out) total += block.mass;
    for (auto& block : out) {
        block.share = block.mass / std::max(total, 1e-6);
        nameThere(block);
        block.otherLoops = !m_levels.agree(m_statement, block.block);
        block.sameFunction = sameFunction(block.block);
    }
    return out;
}

bool SlotScorer::sameFunction(int block) const {
    const auto around = [](const Side& side, int start) {
        int owner = side.ownerOf(start);
        while (owner >= 0 && side.statement(owner).kind != Kind::Function && side.statement(owner).kind != Kind::Class)
            owner = side.parentOf(owner);
        return owner;
    };
    const int here = around(m_new, m_new.blockOf(m_statement));
    const int there = around(m_old, block);
    return here < 0 ? there < 0 : m_map.toOld[static_cast<std::size_t>(here)] == there;
}

void SlotScorer::nameThere(CandidateBlock& block) const {
    const auto newFile = m_new.fileOfStatement(m_statement);
    const auto oldFile = m_old.fileOfBlock(block.block);
    const ParsedFile& from = m_new.file(newFile);
    const auto scope = scopeOfBlock(m_old.file(oldFile), block.block - m_old.blockBase(oldFile));
    const auto& self = m_new.statement(m_statement);
    int names = 0;
    int missing = 0;
    for (auto t = self.tokens.first; t < self.tokens.second; ++t) {
        const std::string name(from.tree->tokenText(t));
        const bool outer = m_own.reads.count(name) != 0 || m_own.writes.count(name) != 0;
        if (from.scopes.role(t) != Role::Name || !outer) continue;
        const NameAnswer there = m_names.resolve(newFile, from.scopes.bindingOf(t), oldFile, scope);
        const std::string& called = there.found ? there.name : name;
        if (m_own.writes.count(name) != 0) block.names.writes.insert(called);
        if (m_own.reads.count(name) == 0 || from.scopes.defines(t)) continue;
        block.names.reads.insert(called);
        ++names;
        missing += there.found ? 0 : 1;
    }
    block.missing = names > 0 ? static_cast<double>(missing) / names : 0;
}

std::vector<ScoredSlot> SlotScorer::scored() const {
    std::vector<ScoredSlot> out;
    for (auto& block : candidateBlocks()) scoreBlock(block, out);
    if (out.empty()) return byParent();
    double highest = -1e9;
    for (auto& slot : out) {
        slot.confidence = 0;
        for (std::size_t i = 0; i < kSlotFeatureCount; ++i) slot.confidence += kSlotWeights[i] * slot.features[i];
        highest = std::max(highest, slot.confidence);
    }
    double sum = 0;
    for (auto& slot : out) sum += slot.confidence = std::exp(slot.confidence - highest);
    for (auto& slot : out) slot.confidence /= sum;
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
    const Choice choice{out[0].confidence, out.size() > 1 ? out[1].confidence : 0, out.size(), m_fresh};
    const Surroundings around = surroundingsOf(m_new, m_old, m_map, m_statement);
    const double confidence = confidenceOf(trustIn(choice, out.front().features, around), m_fresh);
    for (auto& slot : out) slot.confidence *= confidence / choice.first;
    return out;
}

std::vector<int> SlotScorer::positions(const std::vector<int>& statements) const {
    const int size = static_cast<int>(statements.size());
    std::vector<char> wanted(statements.size() + 1, size <= static_cast<int>(kWholeBlock) ? 1 : 0);
    wanted.front() = wanted.back() = 1;
    for (const Anchor& anchor : m_anchors) {
        if (anchor.distance > 4) continue;
        const auto found = std::upper_bound(statements.begin(), statements.end(), anchor.old);
        const int index = static_cast<int>(found - statements.begin());
        for (int i = std::max(0, index - kReach); i <= std::min(size, index + kReach); ++i)
            wanted[static_cast<std::size_t>(i)] = 1;
    }
    const bool jumps = isJump(m_new.statement(m_statement).kind);
    const bool document = m_position == 0 && isDocument(m_new, m_statement);
    std::vector<int> out;
    for (int i = 0; i <= size; ++i) {
        if (wanted[static_cast<std::size_t>(i)] == 0) continue;
        const int left = i > 0 ? statements[static_cast<std::size_t>(i) - 1] : -1;
        const int right = i < size ? statements[static_cast<std::size_t>(i)] : -1;
        const bool first = right >= 0 && mustStayFirst(m_old, right) && (left < 0 || mustStayFirst(m_old, left));
        if (first && !mustStayFirst(m_new, m_statement)) continue;
        if (document && i > 0) continue;
        // No code is put where it cannot be reached, nor where it would cut off other code.
        if ((left >= 0 && isJump(m_old.statement(left).kind)) || (jumps && right >= 0)) continue;
        out.push_back(i);
    }
    return out;
}

/// For every slot, how well it keeps the order of the siblings: 1 keeps all, -1 breaks all.
std::vector<double> SlotScorer::orderScores(const std::vector<int>& statements) const {
    std::vector<double> steps(statements.size() + 2, 0);
    double total = 0;
    double start = 0;
    for (const Anchor& anchor : m_anchors) {
        const auto found = std::upper_bound(statements.begin(), statements.end(), anchor.old);
        if (found == statements.begin() || anchor.old >= m_old.endOf(*(found - 1))) continue;
        const double weight = *(found - 1) == anchor.old ? anchor.weight : kNestedWeight * anchor.weight;
        const auto index = static_cast<std::size_t>(found - statements.begin());  // the first slot after it
        total += weight;
        start += anchor.before ? -weight : weight;
        steps[index] += anchor.before ? 2 * weight : -2 * weight;
    }
    std::vector<double> scores;
    double score = start;
    for (std::size_t slot = 0; slot <= statements.size(); ++slot) {
        score += steps[slot];
        scores.push_back(total > 0 ? score / total : 0);
    }
    return scores;
}

void SlotScorer::scoreBlock(CandidateBlock& block, std::vector<ScoredSlot>& out) const {
    const auto statements = m_old.statementsIn(block.block);
    const auto file = m_old.fileOfBlock(block.block);
    m_mentions.enter(file, scopeOfBlock(m_old.file(file), block.block - m_old.blockBase(file)));
    m_paragraphs.enter(m_old, block.block);
    block.parameters = parametersAround(m_old, block.block);
    findBracket(block, statements);
    const auto order = orderScores(statements);
    for (const int position : positions(statements)) {
        ScoredSlot slot;
        slot.block = block.block;
        slot.position = position;
        SlotFeatures& f = slot.features;
        at(f, SlotFeature::OrderKept) = order[static_cast<std::size_t>(position)];
        at(f, SlotFeature::OwnBlock) = block.own ? 1 : 0;
        at(f, SlotFeature::SiblingShare) = block.share;
        at(f, SlotFeature::OtherLoops) = block.otherLoops ? 1 : 0;
        at(f, SlotFeature::SameFunction) = block.sameFunction ? 1 : 0;
        at(f, SlotFeature::NamesMissing) = block.missing;
        neighbourFeatures(block, statements, position, f);
        textFeatures(position, f);
        parameterFeatures(block, statements, position, f);
        flowFeatures(block, statements, position, f);
        bindingFeatures(block, position, statements, f);
        bracketFeatures(block, statements, position, f);
        mentionFeatures(statements, position, f);
        combinedFeatures(statements, position, f);
        slot.why = at(f, SlotFeature::BothNeighbours) > 0   ? "between the same two statements"
                   : at(f, SlotFeature::LeftIsPrevious) > 0 ? "after the same statement"
                   : at(f, SlotFeature::RightIsNext) > 0    ? "before the same statement"
                                                            : "where the code around it fits best";
        if (block.otherLoops) slot.why += ", but in other loops";
        out.push_back(std::move(slot));
    }
}

/// Nothing beside the statement is known there: it can only stand where the code around it would.
std::vector<ScoredSlot> SlotScorer::byParent() const {
    const int parent = m_new.parentOf(m_statement);
    if (parent < 0) return {};
    auto slots = SlotScorer(m_new, m_old, m_map, m_names, parent, m_fresh).scored();
    for (ScoredSlot& slot : slots) {
        slot.confidence *= 0.5;
        slot.why = "where the code around it would stand; the old version does not have that code";
    }
    return slots;
}

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/slot_scorer.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/propagate/gap.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;

constexpr double kDecay = 0.75;        ///< weight of a sibling by its distance
constexpr int kMaxDistance = 40;
constexpr double kNestedWeight = 0.4;  ///< of a sibling that now stands deeper
constexpr double kOwnBlockWeight = 0.5;
constexpr std::size_t kMaxSlots = 12;

/// Names that a statement (all of it) reads or binds, by text.
void namesOf(const Side& side, int statement, std::unordered_set<std::string>& reads, std::unordered_set<std::string>& writes) {
    const auto f = side.fileOfStatement(statement);
    const ParsedFile& file = side.file(f);
    const auto& self = side.statement(statement);
    for (auto t = self.tokens.first; t < self.tokens.second; ++t) {
        const auto role = file.scopes.role(t);
        if (role != syntax::Role::Name) continue;
        (file.scopes.defines(t) ? writes : reads).insert(std::string(file.tree->tokenText(t)));
    }
}

bool meet(const std::unordered_set<std::string>& a, const std::unordered_set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& name) { return b.count(name) != 0; });
}

}  // namespace

SlotScorer::SlotScorer(const Side& newer, const Side& older, const Mapping& mapping, int statement)
    : m_new(newer), m_old(older), m_map(mapping), m_statement(statement), m_levels(newer, older, mapping),
      m_siblings(newer.statementsIn(newer.blockOf(statement))), m_position(newer.statement(statement).position) {
    collectAnchors();
}

void SlotScorer::collectAnchors() {
    for (int distance = 1; distance <= kMaxDistance; ++distance) {
        for (const bool before : {true, false}) {
            const int at = before ? m_position - distance : m_position + distance;
            if (at < 0 || at >= static_cast<int>(m_siblings.size())) continue;
            const int sibling = m_siblings[static_cast<std::size_t>(at)];
            const int old = m_map.toOld[static_cast<std::size_t>(sibling)];
            if (old < 0) continue;
            const double quality = static_cast<double>(m_map.quality[static_cast<std::size_t>(sibling)]);
            m_anchors.push_back({old, distance, before, std::pow(kDecay, distance - 1) * (0.4 + 0.6 * quality)});
        }
    }
}

/// The blocks that anything speaks for, with how much.
std::vector<SlotScorer::BlockMass> SlotScorer::blocks() const {
    std::vector<BlockMass> out;
    const auto at = [&](int block) -> BlockMass& {
        for (auto& entry : out) {
            if (entry.block == block) return entry;
        }
        out.push_back({block});
        return out.back();
    };
    for (const Anchor& anchor : m_anchors) {
        at(m_old.blockOf(anchor.old)).mass += anchor.weight;
        const int up = m_old.parentOf(anchor.old);
        if (up >= 0) at(m_old.blockOf(up)).indirect += kNestedWeight * anchor.weight;
    }
    const int own = m_map.blockToOld[static_cast<std::size_t>(m_new.blockOf(m_statement))];
    if (own >= 0) {
        BlockMass& entry = at(own);
        entry.mapped = true;
        entry.mass += kOwnBlockWeight;
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return a.mass + 0.5 * a.indirect > b.mass + 0.5 * b.indirect || (a.mass + 0.5 * a.indirect == b.mass + 0.5 * b.indirect && a.block < b.block);
    });
    return out;
}

std::vector<ScoredSlot> SlotScorer::scored() const {
    std::vector<ScoredSlot> out;
    const auto candidates = blocks();
    double total = 0;
    for (const auto& block : candidates) total += block.mass;
    for (std::size_t i = 0; i < candidates.size() && i < 4; ++i) scoreBlock(candidates[i], std::max(total, 1e-6), out);
    if (out.empty()) scoreByParent(out);
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
    if (out.size() > kMaxSlots) out.resize(kMaxSlots);
    return out;
}

/// For every slot of the block, how well it keeps the order of the siblings: 1 keeps all, -1 breaks all.
std::vector<double> SlotScorer::orderScores(int block) const {
    const auto statements = m_old.statementsIn(block);
    std::vector<double> scores(statements.size() + 1, 0);
    double total = 0;
    for (const Anchor& anchor : m_anchors) {
        int index = -1;
        double weight = anchor.weight;
        for (std::size_t i = 0; i < statements.size(); ++i) {
            if (anchor.old == statements[i]) index = static_cast<int>(i);
            if (anchor.old > statements[i] && anchor.old < m_old.endOf(statements[i])) {
                index = static_cast<int>(i);
                weight *= kNestedWeight;
            }
        }
        if (index < 0) continue;
        total += weight;
        for (int slot = 0; slot < static_cast<int>(scores.size()); ++slot) {
            const bool kept = anchor.before ? slot > index : slot <= index;
            scores[static_cast<std::size_t>(slot)] += kept ? weight : -weight;
        }
    }
    for (double& score : scores) score = total > 0 ? score / total : 0;
    return scores;
}

int SlotScorer::neighbour(bool before) const {
    const int at = before ? m_position - 1 : m_position + 1;
    return at < 0 || at >= static_cast<int>(m_siblings.size()) ? -1 : m_siblings[static_cast<std::size_t>(at)];
}

/// What the code between the possible slots defines and reads: a statement stands after the first definition of what it reads and
/// before the first use of what only it defines.
double SlotScorer::dataFlow(int block, int position, int low, int high) const {
    const auto statements = m_old.statementsIn(block);
    std::unordered_set<std::string> reads;
    std::unordered_set<std::string> writes;
    namesOf(m_new, m_statement, reads, writes);
    double score = 0;
    for (int i = low; i < high; ++i) {
        std::unordered_set<std::string> otherReads;
        std::unordered_set<std::string> otherWrites;
        namesOf(m_old, statements[static_cast<std::size_t>(i)], otherReads, otherWrites);
        const bool before = i < position;
        if (meet(otherWrites, reads)) score += before ? 0.4 : -0.4;
        if (meet(otherReads, writes)) score += before ? -0.8 : 0.8;
    }
    return score;
}

/// Chooses among slots that keep the order equally well.
double SlotScorer::tieScore(int block, int position, int low, int high) const {
    const auto statements = m_old.statementsIn(block);
    const bool ownBlock = m_map.blockToOld[static_cast<std::size_t>(m_new.blockOf(m_statement))] == block;
    double score = dataFlow(block, position, low, high);
    const auto file = m_new.fileOfStatement(m_statement);
    const auto local = m_statement - m_new.statementBase(file);
    const Gap above = gapBefore(m_new.file(file), local);
    const Gap below = gapAfter(m_new.file(file), local);
    const int previous = neighbour(true);
    const int next = neighbour(false);
    const double closeAbove = above.lines.empty() && !below.lines.empty() ? 1.5 : 1.0;
    const double closeBelow = below.lines.empty() && !above.lines.empty() ? 1.5 : 1.0;
    const int old = previous < 0 ? -1 : m_map.toOld[static_cast<std::size_t>(previous)];
    if (previous < 0 ? ownBlock && position == 0 : old >= 0 && position > 0 && statements[static_cast<std::size_t>(position) - 1] == old) {
        score += closeAbove;
    }
    const int oldNext = next < 0 ? -1 : m_map.toOld[static_cast<std::size_t>(next)];
    const auto size = static_cast<int>(statements.size());
    if (next < 0 ? ownBlock && position == size : oldNext >= 0 && position < size && statements[static_cast<std::size_t>(position)] == oldNext) {
        score += closeBelow;
    }
    const auto oldFile = m_old.fileOfBlock(block);
    const Gap here = gapAt(m_old.file(oldFile), {block - m_old.blockBase(oldFile), position});
    if (sharesComment(here, above)) score += 2;
    return score;
}

double SlotScorer::blockConfidence(const BlockMass& block, double totalMass) const {
    const double share = block.mass / totalMass;
    double confidence = 0.5;
    if (block.mapped) {
        const bool anchored = block.mass > kOwnBlockWeight + 1e-9;
        confidence = !anchored ? 0.75 : share >= 0.5 ? 0.98 : 0.7;
    } else {
        confidence = share >= 0.8 ? 0.93 : share >= 0.6 ? 0.8 : 0.5 * share;
    }
    if (!m_levels.agree(m_statement, block.block)) confidence *= 0.5;
    return confidence;
}

void SlotScorer::scoreBlock(const BlockMass& block, double totalMass, std::vector<ScoredSlot>& out) const {
    const auto order = orderScores(block.block);
    const double best = *std::max_element(order.begin(), order.end());
    std::vector<int> slots;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i] >= best - 1e-9) slots.push_back(static_cast<int>(i));
    }
    const double base = blockConfidence(block, totalMass) * (best >= 0.5 || m_anchors.empty() ? 1.0 : 0.75 + 0.5 * best);
    const int low = slots.front();
    const int high = slots.back();
    std::vector<std::pair<double, int>> ranked;
    for (const int slot : slots) ranked.emplace_back(tieScore(block.block, slot, low, high), slot);
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (std::size_t i = 0; i < ranked.size() && i < 4; ++i) {
        const double margin = i == 0 ? (ranked.size() > 1 ? ranked[0].first - ranked[1].first : 9) : ranked[i].first - ranked[0].first;
        const double sure = margin >= 2 ? 0.98 : margin >= 1 ? 0.93 : margin >= 0.5 ? 0.82 : margin >= 0.25 ? 0.7 : margin > -1e-9 ? 0.5 : 0.3;
        ScoredSlot slot;
        slot.block = block.block;
        slot.position = ranked[i].second;
        slot.confidence = base * sure;
        slot.why = slots.size() == 1 ? "between the same neighbours" : "among code that the newest version does not have";
        if (!m_levels.agree(m_statement, block.block)) slot.why += ", but in other loops";
        out.push_back(slot);
    }
}

/// Nothing beside the statement is known there: it can only stand where the code around it would.
void SlotScorer::scoreByParent(std::vector<ScoredSlot>& out) const {
    const int parent = m_new.parentOf(m_statement);
    if (parent < 0 || m_map.toOld[static_cast<std::size_t>(parent)] >= 0) return;
    for (ScoredSlot slot : SlotScorer(m_new, m_old, m_map, parent).scored()) {
        slot.confidence *= 0.5;
        slot.why = "where the code around it would stand; the old version does not have that code";
        out.push_back(slot);
    }
}

}  // namespace hindcast::propagate

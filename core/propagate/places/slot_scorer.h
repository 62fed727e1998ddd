// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"
#include "core/propagate/names/mentions.h"
#include "core/propagate/names/name_evidence.h"
#include "core/propagate/places/loop_levels.h"
#include "core/propagate/places/paragraphs.h"
#include "core/propagate/places/slot_features.h"
#include "core/propagate/places/statement_names.h"
#include "core/propagate/splice/gap.h"

namespace hindcast::propagate {

/// A place in the old side: before the statement at `position` of the block (global number), or at its end.
struct ScoredSlot {
    int block = 0;
    int position = 0;
    double confidence = 0;
    std::string why;
    SlotFeatures features{};
};

/// Scores places for a statement by what stood around it and where that is now: siblings, block, loops, what the code
/// between defines and reads, comments and blank lines.
class SlotScorer {
public:
    /// `fresh`: the statement was written in hindsight.
    SlotScorer(const Side& newer, const Side& older, const Mapping& mapping, const NameEvidence& names, int statement,
               bool fresh);

    /// All places considered, most likely first; the first one's confidence is how far it can be trusted
    /// (trust.h), the others' are less by as much as they are less likely.
    std::vector<ScoredSlot> scored() const;

private:
    struct Anchor {
        int old;       ///< statement of the old side
        int distance;  ///< 1 for the direct neighbour
        bool before;
        double weight;
        double quality;  ///< how equal the two are
    };
    struct CandidateBlock {
        int block = 0;
        double mass = 0;  ///< weight of siblings that stand in it, or deeper, at less weight
        double share = 0;
        double missing = 0;                   ///< share of the names it reads that have no counterpart there
        StatementNames names;                 ///< what it reads and binds, as called there
        std::vector<std::string> parameters;  ///< of the function around
        bool own = false;
        bool otherLoops = false;
        bool sameFunction = false;
        int bracketFirst = 0;  ///< positions between the nearest siblings of both sides
        int bracketLast = 0;
    };

    void collectAnchors();
    std::vector<CandidateBlock> candidateBlocks() const;
    void nameThere(CandidateBlock& block) const;
    bool sameFunction(int block) const;
    void scoreBlock(CandidateBlock& block, std::vector<ScoredSlot>& out) const;
    std::vector<int> positions(const std::vector<int>& statements) const;
    std::vector<double> orderScores(const std::vector<int>& statements) const;
    void neighbourFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                           SlotFeatures& f) const;
    void textFeatures(int position, SlotFeatures& f) const;
    void parameterFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                           SlotFeatures& f) const;
    void flowFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                      SlotFeatures& f) const;
    void bracketFeatures(const CandidateBlock& block, const std::vector<int>& statements, int position,
                         SlotFeatures& f) const;
    void mentionFeatures(const std::vector<int>& statements, int position, SlotFeatures& f) const;
    void combinedFeatures(const std::vector<int>& statements, int position, SlotFeatures& f) const;
    void findBracket(CandidateBlock& block, const std::vector<int>& statements) const;
    double likeness(int newStatement, int oldStatement) const;
    double nearness(int oldStatement, bool before) const;
    void bindingFeatures(const CandidateBlock& block, int position, const std::vector<int>& statements,
                         SlotFeatures& f) const;
    int sibling(int offset) const;
    int nearestCounterpart(bool before) const;
    std::vector<ScoredSlot> byParent() const;

    const Side& m_new;
    const Side& m_old;
    const Mapping& m_map;
    const NameEvidence& m_names;
    int m_statement;
    bool m_fresh;
    LoopLevels m_levels;
    std::vector<int> m_siblings;
    int m_position;
    std::vector<Anchor> m_anchors;
    Gap m_above;
    Gap m_below;
    StatementNames m_own;
    TokenHashes m_newHashes;
    TokenHashes m_oldHashes;
    mutable Mentions m_mentions;  ///< of the block being scored
    mutable Paragraphs m_paragraphs;
};

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/propagate/loop_levels.h"
#include "core/propagate/matcher.h"
#include "core/propagate/side.h"

namespace hindcast::propagate {

/// A place in the old side: before the statement at `position` of the block (global number), or at its end.
struct ScoredSlot {
    int block = 0;
    int position = 0;
    double confidence = 0;
    std::string why;
};

/// Scores places for a statement by what stood around it and where that is now: the siblings before and after it, the block
/// itself, the loops around it, what the code between defines and reads, comments and blank lines.
class SlotScorer {
public:
    SlotScorer(const Side& newer, const Side& older, const Mapping& mapping, int statement);

    /// Best first; at most a dozen.
    std::vector<ScoredSlot> scored() const;

private:
    struct Anchor {
        int old;         ///< statement of the old side
        int distance;    ///< 1 for the direct neighbour
        bool before;
        double weight;
    };
    struct BlockMass {
        int block;
        double mass = 0;       ///< weight of siblings that stand directly in it
        double indirect = 0;   ///< weight of siblings nested deeper in it
        bool mapped = false;   ///< it is the counterpart of the statement's own block
    };

    void collectAnchors();
    std::vector<BlockMass> blocks() const;
    void scoreBlock(const BlockMass& block, double totalMass, std::vector<ScoredSlot>& out) const;
    std::vector<double> orderScores(int block) const;
    double tieScore(int block, int position, int low, int high) const;
    double dataFlow(int block, int position, int low, int high) const;
    double blockConfidence(const BlockMass& block, double totalMass) const;
    int neighbour(bool before) const;
    void scoreByParent(std::vector<ScoredSlot>& out) const;

    const Side& m_new;
    const Side& m_old;
    const Mapping& m_map;
    int m_statement;
    LoopLevels m_levels;
    std::vector<int> m_siblings;
    int m_position;
    std::vector<Anchor> m_anchors;
};

}  // namespace hindcast::propagate

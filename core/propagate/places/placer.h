// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/propagate/match/matcher.h"
#include "core/propagate/names/name_evidence.h"
#include "core/propagate/places/loop_levels.h"
#include "core/propagate/places/slot_scorer.h"
#include "core/propagate/places/surroundings.h"
#include "core/propagate/splice/splice.h"

namespace hindcast::propagate {

/// Where one statement could stand in the old side, best first, and under what names.
struct PlacedSlot {
    std::size_t file = 0;  ///< of the old side
    Slot slot;
    double confidence = 0;
    std::string why;
    std::vector<Replacement> replacements;
    std::vector<std::string> unresolved;
    std::string danglingTaken;  ///< name of the probe for which the old code's only unbound name was taken
    bool alreadyThere = false;
};

/// Finds the place of one statement of the newer side in the old side: matches the two, infers names, scores places.
/// One use per statement; the sides must outlive it.
class Placer {
public:
    /// `group` are all statements that are being carried (global numbers of the newer side); they take no part in the
    /// matching unless an equal statement is in the old side already (`settled`).
    Placer(const Side& newer, const Side& older, const std::vector<int>& group,
           const std::vector<std::pair<int, int>>& filePairs);

    /// Ranked; empty where nothing speaks for any place.
    std::vector<PlacedSlot> slotsFor(int statement) const;

    /// The place directly behind the statement that starts on `line` of a file of the old side: for one that was
    /// written directly behind that one. Empty where none starts there.
    std::vector<PlacedSlot> slotBehind(int statement, std::size_t file, int line) const;

    /// The places with what speaks for each, before names are settled: what the score tool fits weights on.
    std::vector<ScoredSlot> scoredSlots(int statement) const;
    /// What is known of the statement before any place is looked at, likewise.
    Surroundings surroundings(int statement) const { return surroundingsOf(m_new, m_old, m_map, statement); }

private:
    PlacedSlot settle(int statement, PlacedSlot slot) const;
    void resolveNames(int statement, PlacedSlot& slot) const;
    std::vector<std::string> danglingNames(const ParsedFile& old, syntax::ScopeId scope) const;
    bool standsThere(int statement, const PlacedSlot& slot) const;

    const Side& m_new;
    const Side& m_old;
    Mapping m_map;
    bool m_fresh = false;               ///< one of the group logs: it was written in hindsight
    std::vector<NameEvidence> m_names;  ///< one; made after the last matching
};

}  // namespace hindcast::propagate

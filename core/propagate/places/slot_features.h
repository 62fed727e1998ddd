// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

namespace hindcast::propagate {

/// What is known of one place for a statement. Every feature is 0 … 1 or -1 … 1.
enum class SlotFeature : std::size_t {
    LeftIsPrevious,   ///< the statement before the slot is the counterpart of the one before the probe (or both begin
                      ///< the block)
    LeftIsNearest,    ///< … of the nearest one before it that has a counterpart
    LeftIsUnknown,    ///< the statement before the slot has no counterpart in the newest version
    LeftIsLater,      ///< … is the counterpart of one that stands after the probe
    LeftIsElsewhere,  ///< … is the counterpart of some other one
    LeftIsStart,      ///< the slot begins the block, the probe does not
    RightIsNext,
    RightIsNearest,
    RightIsUnknown,
    RightIsEarlier,
    RightIsElsewhere,
    RightIsEnd,
    BothNeighbours,  ///< both direct neighbours are the probe's own
    OrderKept,       ///< siblings on their side, weighed by nearness
    OwnBlock,        ///< the block is the counterpart of the probe's block
    SiblingShare,    ///< share of the siblings that stand in the block
    OtherLoops,      ///< the code there runs in other loops
    SameFunction,    ///< the functions around are counterparts
    CommentAbove,    ///< the comment directly above the probe is found there
    CommentBelow,    ///< the comment directly below the probe is found there
    BlankAgrees,     ///< blank lines around as around the probe
    TightLeft,       ///< the probe is set off from the code after it, not before; and left is its own neighbour
    TightRight,
    ReadsUnbound,     ///< it reads a name that is bound only later there
    WrittenTooLate,   ///< a name that it binds is read in the same scope before the slot, and bound nowhere above that
    WrittenWanted,    ///< a name that it binds is read after the slot, and bound nowhere above
    LeftDefinesRead,  ///< an unknown statement before the slot binds a name that the probe reads
    RightDefinesRead,
    LeftReadsWritten,  ///< an unknown statement before the slot reads a name that the probe binds
    RightReadsWritten,
    LeftSameKind,  ///< statements of the probe's kind stand before, after
    RightSameKind,
    LeftLikeness,  ///< likeness of the probe and an unknown statement before, after
    RightLikeness,
    NamesMissing,  ///< names that have no counterpart there
    InBracket,     ///< between the nearest siblings of both sides that stand in the block
    Alone,         ///< … and there is no other such place
    BracketShare,  ///< … 1 / the number of such places
    LeftNear,      ///< the statement before is the counterpart of one before: 1 / its distance, by how equal they are
    RightNear,
    LeftLikePrevious,  ///< both unknown, but alike: the statements before
    LeftLikeNext,      ///< … the one before the slot and the one after the probe
    RightLikeNext,
    RightLikePrevious,
    MentionBefore,     ///< the last statements before that name its variables are counterparts
    MentionAfter,      ///< the first statements after
    SameDefinitions,   ///< what it reads was bound by the counterparts of the same statements
    GapAgrees,         ///< as many lines without code around as around the probe
    Sorted,            ///< an import among imports: in alphabetical order there
    ObserverAfter,     ///< the probe binds nothing and stands after the counterpart of its left neighbour
    ObserverBefore,    ///< … before that of its right one
    ImportNeighbours,  ///< an import beside the counterpart of one of its neighbours
    ParagraphMates,    ///< beside the counterparts of the statements that no blank line divides it from
    SectionComment,    ///< under the comment that heads its lines; -1: that heads others
    ParameterOrder,    ///< what it and its neighbours read stands in the order of the function's parameters; -1: not
    Count,
};

inline constexpr std::size_t kSlotFeatureCount = static_cast<std::size_t>(SlotFeature::Count);

using SlotFeatures = std::array<double, kSlotFeatureCount>;

/// Weights of the conditional logit model that chooses among places: P(slot) = exp(w·f) / sum over all slots. Fitted on
/// leave-one-out cases of public histories by tests/bench/propagation/fit_weights.py; nothing in them knows any
/// project.
extern const SlotFeatures kSlotWeights;

}  // namespace hindcast::propagate

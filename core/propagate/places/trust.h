// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "core/propagate/places/slot_features.h"
#include "core/propagate/places/surroundings.h"

namespace hindcast::propagate {

/// The features of the first place that tell how far it can be trusted.
inline constexpr std::array kTrusted = {
    SlotFeature::LeftIsNearest,   SlotFeature::RightIsNearest, SlotFeature::BothNeighbours,
    SlotFeature::OrderKept,       SlotFeature::OwnBlock,       SlotFeature::SiblingShare,
    SlotFeature::OtherLoops,      SlotFeature::SameFunction,   SlotFeature::BlankAgrees,
    SlotFeature::LeftDefinesRead, SlotFeature::Alone,          SlotFeature::BracketShare,
    SlotFeature::ObserverBefore,  SlotFeature::ParagraphMates, SlotFeature::SectionComment,
    SlotFeature::ParameterOrder};

/// Those, the surroundings, and: log odds of the first place, of the first against the second, log of the number of
/// places, whether the statement is fresh, 1.
using TrustInputs = std::array<double, kTrusted.size() + static_cast<std::size_t>(Surrounding::Count) + 5>;

/// Weights of a logistic regression, fitted by tests/bench/propagation/fit_weights.py on leave-one-out cases of public
/// histories; nothing in them knows any project.
extern const TrustInputs kTrustWeights;

/// A choice among places, by the probabilities that kSlotWeights gives.
struct Choice {
    double first = 0;
    double second = 0;  ///< 0 where there is one place only
    std::size_t places = 0;
    bool fresh = false;  ///< the statement was written in hindsight: it never stood anywhere else
};

/// How likely the first place is the right one, 0 … 1. Sharper than its probability among the places: code that was
/// moved about between the two versions makes every place doubtful.
[[nodiscard]] double trustIn(const Choice& choice, const SlotFeatures& first, const Surroundings& around);

/// The trust on the scale of kConfidenceBar.
[[nodiscard]] double confidenceOf(double trust, bool fresh);

}  // namespace hindcast::propagate

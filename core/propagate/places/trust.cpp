// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/trust.h"

#include <algorithm>
#include <cmath>

#include "core/propagate/propagate.h"

namespace hindcast::propagate {
namespace {

constexpr double kLimit = 8;  ///< of log odds
constexpr double kLeast = 1e-9;

// On histories that the weights were not fitted on, at most one place in a hundred that was trusted this much was
// wrong. A statement that had been there may have moved by itself; a new one has not.
constexpr double kTrustedWhenFresh = 0.75;
constexpr double kTrustedElse = 0.92;

}  // namespace

double trustIn(const Choice& choice, const SlotFeatures& first, const Surroundings& around) {
    TrustInputs inputs{};
    auto next = inputs.begin();
    for (const SlotFeature feature : kTrusted) *next++ = first[static_cast<std::size_t>(feature)];
    next = std::copy(around.begin(), around.end(), next);
    const double p = std::max(choice.first, kLeast);
    *next++ = std::clamp(std::log(p / std::max(1 - choice.first, kLeast)), -kLimit, kLimit);
    *next++ = std::clamp(std::log(p / std::max(choice.second, kLeast)), -kLimit, kLimit);
    *next++ = std::log(static_cast<double>(std::max<std::size_t>(1, choice.places)));
    *next++ = choice.fresh ? 1 : 0;
    *next = 1;
    double sum = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) sum += kTrustWeights[i] * inputs[i];
    return 1 / (1 + std::exp(-sum));
}

double confidenceOf(double trust, bool fresh) {
    const double trusted = fresh ? kTrustedWhenFresh : kTrustedElse;
    if (trust < trusted) return kConfidenceBar * trust / trusted;
    return kConfidenceBar + (1 - kConfidenceBar) * (trust - trusted) / (1 - trusted);
}

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include "core/propagate/places/trust.h"
#include "core/propagate/propagate.h"

namespace hindcast::propagate {

/// To be raised by whoever changes matching, names or splicing so that answers change; weights count by themselves.
static constexpr std::uint64_t kRules = 2;

std::string placementRevision() {
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ kRules;  // FNV-1a
    const auto add = [&](const auto& weights) {
        for (const double weight : weights) hash = (hash ^ std::bit_cast<std::uint64_t>(weight)) * 0x100000001b3ULL;
    };
    add(kSlotWeights);
    add(kTrustWeights);
    return std::to_string(hash);
}

}  // namespace hindcast::propagate

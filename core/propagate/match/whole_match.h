// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// Two versions matched for their own sake, no statement being carried.
struct WholeMatch {
    Mapping map;
    TokenHashes newHashes;  ///< names of the newer side as the older one calls them
    TokenHashes oldHashes;

    /// Whether a statement of the newer side is that of the older one it is paired with, names taken as the older
    /// side's; of a compound statement its head.
    bool isSame(const Side& newer, const Side& older, int statement) const;
};

WholeMatch matchWhole(const Side& newer, const Side& older);

}  // namespace hindcast::propagate

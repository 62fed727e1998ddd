// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// Which loops a piece of code runs in, outermost first. A function that is called from one place counts as part of
/// that place.
class LoopLevels {
public:
    LoopLevels(const Side& newer, const Side& older, const Mapping& mapping);

    /// Whether code that stood beside `statement` runs in the same loops when it stands in `oldBlock`.
    bool agree(int statement, int oldBlock) const;

private:
    struct Chain {
        std::vector<int> loops;  ///< statements, innermost first
        int function = -1;       ///< where the walk ended
    };
    Chain within(const Side& side, int block) const;
    Chain through(const Side& side, int block) const;
    static int callSite(const Side& side, int function);
    bool sameLoop(int newLoop, int oldLoop) const;

    const Side& m_new;
    const Side& m_old;
    const Mapping& m_map;
};

}  // namespace hindcast::propagate

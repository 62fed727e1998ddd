// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/loop_facts.h"

#include <algorithm>

namespace hindcast::replay {

using base::Result;

Result<LoopFacts> readLoop(const store::Catalog& catalog, const base::Uuid& version, const std::string& loop) {
    LoopFacts facts;
    HINDCAST_ASSIGN(const std::vector<store::LoopRow> loops, catalog.loops(version));
    HINDCAST_ASSIGN(const std::vector<store::IterationRow> iterations, catalog.iterations(version));
    HINDCAST_ASSIGN(const std::vector<store::CaptureRow> captures, catalog.captures(version));
    for (const store::LoopRow& entry : loops) {
        if (entry.at.empty() && entry.loop == loop && entry.occurrence == 0) facts.passes = entry.lastIndex + 1;
    }
    for (const store::IterationRow& iteration : iterations) {
        // The pass in which a run stopped has nothing to compare with.
        if (iteration.loop == loop && iteration.occurrence == 0 && iteration.endedMicros == 0) {
            facts.passes = std::min(facts.passes, iteration.first);
        }
    }
    for (const store::CaptureRow& capture : captures) {
        if (!capture.stored || capture.at.empty() || capture.at.front().loop != loop ||
            capture.at.front().occurrence != 0)
            continue;
        const std::int64_t index = capture.at.front().index;
        if (capture.point == store::CapturePoint::Boundary && capture.at.size() == 1) facts.boundaries.push_back(index);
        if (capture.point == store::CapturePoint::Exit && capture.at.size() == 2)
            facts.exits[capture.at[1].loop].insert(index);
    }
    std::sort(facts.boundaries.begin(), facts.boundaries.end());
    return facts;
}

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/loop_facts.h"

#include <algorithm>

namespace hindcast::replay {

using base::Result;

namespace {

/// Passes of loops directly inside one pass of the outer loop: (outer iteration, loop) → how many.
using InnerPasses = std::map<std::pair<std::int64_t, std::string>, std::int64_t>;

/// Takes up a run of a loop directly inside the outer one.
void addInner(LoopFacts& facts, InnerPasses& inner, const store::LoopRow& entry) {
    const std::int64_t outer = entry.at.front().index;
    inner[{outer, entry.loop}] += entry.passes;
    // Which of several runs is meant by a range of passes, nobody said: then there is none.
    facts.inside[{entry.loop, outer}].passes = entry.occurrence == 0 ? entry.passes : 0;
}

/// Takes up the exit of a loop two levels below the outer one. It counts once there is one for each pass around it.
void addNested(LoopFacts& facts, const store::Coordinates& at, const InnerPasses& passes,
               std::map<std::pair<std::int64_t, std::string>, std::int64_t>& seen) {
    const std::int64_t outer = at.front().index;
    const auto around = passes.find({outer, at[1].loop});
    const std::int64_t stored = ++seen[{outer, at[1].loop + "/" + at[2].loop}];
    if (around != passes.end() && stored >= around->second) facts.exits[at[2].loop].insert(outer);
}

}  // namespace

Result<std::int64_t> countRuns(const store::Catalog& catalog, const base::Uuid& version, const std::string& loop) {
    std::int64_t runs = 0;
    HINDCAST_ASSIGN(const std::vector<store::LoopRow> loops, catalog.loops(version));
    for (const store::LoopRow& entry : loops) {
        if (entry.at.empty() && entry.loop == loop) runs = std::max(runs, entry.occurrence + 1);
    }
    return runs;
}

Result<LoopFacts> readLoop(const store::Catalog& catalog, const base::Uuid& version, const std::string& loop,
                           std::int64_t occurrence) {
    LoopFacts facts;
    HINDCAST_ASSIGN(const std::vector<store::LoopRow> loops, catalog.loops(version));
    HINDCAST_ASSIGN(const std::vector<store::IterationRow> iterations, catalog.iterations(version));
    HINDCAST_ASSIGN(const std::vector<store::CaptureRow> captures, catalog.captures(version));
    InnerPasses inner;
    std::map<std::pair<std::int64_t, std::string>, std::int64_t> nested;
    for (const store::LoopRow& entry : loops) {
        if (entry.at.empty() && entry.loop == loop && entry.occurrence == occurrence)
            facts.passes = entry.lastIndex + 1;
        if (entry.at.size() == 1 && entry.at.front().loop == loop && entry.at.front().occurrence == occurrence)
            addInner(facts, inner, entry);
    }
    for (const store::IterationRow& iteration : iterations) {
        // The pass in which a run stopped has nothing to compare with.
        if (iteration.loop == loop && iteration.occurrence == occurrence && iteration.endedMicros == 0) {
            facts.passes = std::min(facts.passes, iteration.first);
        }
    }
    for (const store::CaptureRow& capture : captures) {
        if (!capture.stored || capture.at.empty() || capture.at.front().loop != loop ||
            capture.at.front().occurrence != occurrence)
            continue;
        const std::int64_t index = capture.at.front().index;
        if (capture.point == store::CapturePoint::Boundary && capture.at.size() == 1) facts.boundaries.push_back(index);
        if (capture.point == store::CapturePoint::Mid && capture.at.size() == 2)
            facts.inside[{capture.at[1].loop, index}].stored.insert(capture.at[1].index);
        if (capture.point == store::CapturePoint::Exit && capture.at.size() == 2)
            facts.exits[capture.at[1].loop].insert(index);
        if (capture.point == store::CapturePoint::Exit && capture.at.size() == 3)
            addNested(facts, capture.at, inner, nested);
    }
    std::erase_if(facts.inside, [](const auto& entry) { return entry.second.passes == 0; });
    std::sort(facts.boundaries.begin(), facts.boundaries.end());
    return facts;
}

}  // namespace hindcast::replay

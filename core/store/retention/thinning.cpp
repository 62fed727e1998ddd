// SPDX-License-Identifier: Apache-2.0
#include "core/store/retention/thinning.h"

#include <algorithm>
#include <set>

namespace hindcast::store {

using format::CapturePoint;
using format::CaptureRecord;

using Entry = std::pair<std::string, std::uint32_t>;

static Entry entryOf(const CaptureRecord& capture) {
    return {capture.coordinates.front().loop, capture.coordinates.front().occurrence};
}

Thinning::Thinning(const std::vector<CaptureRecord>& captures, std::int64_t every)
    : m_every(std::max<std::int64_t>(1, every)) {
    for (const CaptureRecord& capture : captures) {
        if (capture.coordinates.empty() || !capture.tensorsStored) continue;
        const std::int64_t index = capture.coordinates.front().index;
        const auto [last, first] = m_last.emplace(entryOf(capture), index);
        last->second = std::max(last->second, index);
    }
}

bool Thinning::takes(const CaptureRecord& capture) const {
    const bool within = capture.point == CapturePoint::Boundary || capture.point == CapturePoint::Exit ||
                        capture.point == CapturePoint::Mid;
    if (!within || capture.coordinates.empty()) return false;
    const std::int64_t index = capture.coordinates.front().index;
    const auto last = m_last.find(entryOf(capture));
    return index % m_every != 0 && last != m_last.end() && index != last->second;
}

RerunCost rerunCost(const std::vector<CaptureRecord>& captures, const Thinning* thinning) {
    std::map<Entry, std::pair<std::set<std::int64_t>, std::int64_t>> loops;  // stored boundaries, passes
    for (const CaptureRecord& capture : captures) {
        if (capture.point != CapturePoint::Boundary || capture.coordinates.size() != 1) continue;
        auto& [stored, passes] = loops[entryOf(capture)];
        const std::int64_t index = capture.coordinates.front().index;
        if (capture.tensorsStored && (thinning == nullptr || !thinning->takes(capture))) stored.insert(index);
        passes = std::max(passes, index);
    }
    RerunCost cost;
    std::int64_t sum = 0;
    for (const auto& [entry, state] : loops) {
        const auto& [stored, passes] = state;
        for (std::int64_t pass = 0; pass < passes; ++pass) {
            const auto after = stored.upper_bound(pass);
            const std::int64_t distance = after == stored.begin() ? pass : pass - *std::prev(after);
            cost.most = std::max(cost.most, distance);
            sum += distance;
        }
        cost.passes += passes;
    }
    if (cost.passes > 0) cost.average = static_cast<double>(sum) / static_cast<double>(cost.passes);
    return cost;
}

}  // namespace hindcast::store

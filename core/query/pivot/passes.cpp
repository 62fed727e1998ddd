// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/passes.h"

#include <algorithm>
#include <numeric>

namespace hindcast::query {

using base::Result;
using store::ValueSeries;

static ValueSeries seriesAt(const std::string& loop, std::vector<std::int64_t> indices) {
    ValueSeries series;
    series.loops = {loop};
    series.count = indices.size();
    series.index.push_back(std::move(indices));
    series.occurrence.resize(1);
    return series;
}

ValueSeries firstPasses(const std::string& loop, std::int64_t count) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(std::max<std::int64_t>(0, count)));
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    return seriesAt(loop, std::move(indices));
}

/// Adds the passes of a loop in which a version logged something.
static Result<void> addLogged(const VersionReader& reader, const VersionFact& version, const std::string& name,
                              const std::string& loop, std::vector<std::int64_t>& indices) {
    HINDCAST_ASSIGN(const auto found, reader.seriesOf(version, name));
    for (const ValueSeries& series : found) {
        if (series.loops.empty() || series.loops.front() != loop) continue;
        indices.insert(indices.end(), series.index[0].begin(), series.index[0].end());
        std::sort(indices.begin(), indices.end());
        indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
    }
    return {};
}

Result<OuterPasses> outerPasses(const Facts& facts, const VersionReader& reader, const VersionFact& version,
                                const OuterLoop& loop) {
    if (loop.isDense) return OuterPasses{firstPasses(loop.loop, loop.lastIndex + 1), true};
    HINDCAST_ASSIGN(auto indices, facts.keptPasses(version.id, loop.loop));
    const bool areAll = static_cast<std::int64_t>(indices.size()) >= loop.passes;
    if (!areAll) {
        HINDCAST_ASSIGN(const auto names, facts.namesOf(version.id));
        for (const std::string& name : names) HINDCAST_TRY(addLogged(reader, version, name, loop.loop, indices));
    }
    return OuterPasses{seriesAt(loop.loop, std::move(indices)), areAll};
}

}  // namespace hindcast::query

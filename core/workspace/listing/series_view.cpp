// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/listing/series_view.h"

#include <algorithm>
#include <map>

namespace hindcast::workspace {

using base::Result;

namespace {

/// How many passes the loop just inside the outer one had, by outer index, and how many ran before.
class StepAxis {
public:
    StepAxis(const std::vector<store::LoopRow>& loops, const store::ValueSeries& series) {
        if (series.loops.size() < 2) return;
        for (const store::LoopRow& loop : loops) {
            if (loop.at.size() == 1 && loop.at.front().loop == series.loops[0] && loop.loop == series.loops[1]) {
                std::int64_t& passes = m_passes[loop.at.front().index];
                passes = std::max(passes, loop.passes);
            }
        }
        // A long inner loop that is still running, or an index that was compacted away: at least what has values.
        for (std::size_t row = 0; row < series.count; ++row) {
            std::int64_t& passes = m_passes[series.index[0][row]];
            passes = std::max(passes, series.index[1][row] + 1);
        }
        std::int64_t before = 0;
        for (const auto& [outer, passes] : m_passes) {
            m_before[outer] = before;
            before += passes;
        }
    }

    std::int64_t passes(std::int64_t outer) const {
        const auto found = m_passes.find(outer);
        return found == m_passes.end() || found->second < 1 ? 1 : found->second;
    }
    std::int64_t before(std::int64_t outer) const {
        const auto found = m_before.find(outer);
        return found == m_before.end() ? 0 : found->second;
    }

private:
    std::map<std::int64_t, std::int64_t> m_passes;
    std::map<std::int64_t, std::int64_t> m_before;
};

bool isNumber(store::ValueKind kind) {
    return kind == store::ValueKind::Double || kind == store::ValueKind::Int || kind == store::ValueKind::Bool;
}

/// Fraction of the pass at `level` that has gone by where the row stands, from the levels below it.
double fraction(const store::ValueSeries& series, const std::vector<std::int64_t>& sizes, std::size_t level,
                std::size_t row) {
    double part = 0;
    for (std::size_t below = series.loops.size(); below-- > level;) {
        part = (static_cast<double>(series.index[below][row]) + part) /
               static_cast<double>(std::max<std::int64_t>(1, sizes[below]));
    }
    return std::min(part, 1.0);
}

}  // namespace

Fidelity fidelityOf(store::Fidelity fidelity) {
    switch (fidelity) {
        case store::Fidelity::Recorded:
        case store::Fidelity::Exact:
            return Fidelity::Exact;
        case store::Fidelity::ExactLogs:
            return Fidelity::ExactLogs;
        case store::Fidelity::Numeric:
            return Fidelity::Numeric;
        case store::Fidelity::Unverified:
            return Fidelity::Unverified;
        case store::Fidelity::Diverged:
            break;
    }
    return Fidelity::Diverged;
}

Result<Series> readSeries(const StoreHandles& handles, const base::Uuid& version, const std::string& name,
                          bool withDiverged) {
    store::ScanOptions options;
    options.diverged = withDiverged;
    HINDCAST_ASSIGN(const store::ValueScan scan, handles.values.scan(version, name, options));
    Series out;
    out.version = version;
    out.name = name;
    out.hiddenDiverged = scan.hiddenDiverged;
    if (scan.series.empty()) return out;
    const store::ValueSeries& series = scan.series.front();
    out.loops = series.loops;
    HINDCAST_ASSIGN(const std::vector<store::LoopRow> loops, handles.catalog.loops(version));
    const StepAxis axis(loops, series);
    const std::size_t levels = series.loops.size();
    std::vector<std::int64_t> sizes(levels, 1);
    for (std::size_t level = 2; level < levels; ++level) {
        for (std::size_t row = 0; row < series.count; ++row)
            sizes[level] = std::max(sizes[level], series.index[level][row] + 1);
    }
    for (std::size_t row = 0; row < series.count; ++row) {
        if (!isNumber(series.kindAt(row))) continue;
        const std::int64_t outer = levels > 0 ? series.index[0][row] : 0;
        std::int64_t step = outer;
        double x = static_cast<double>(outer);
        if (levels > 1) {
            sizes[1] = axis.passes(outer);
            x += fraction(series, sizes, 1, row);
            step = axis.before(outer) + series.index[1][row];
        }
        out.outer.push_back(static_cast<double>(outer));
        out.x.push_back(x);
        out.innermost.push_back(levels > 2 ? static_cast<std::int64_t>(row) : step);
        out.values.push_back(series.numbers[row]);
        out.sources.push_back(series.replayAt(row) < 0 ? Source::Recorded : Source::Replayed);
        out.fidelities.push_back(fidelityOf(series.fidelityAt(row)));
    }
    return out;
}

}  // namespace hindcast::workspace

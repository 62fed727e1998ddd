// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/row_resolution.h"

#include <algorithm>
#include <numeric>

#include "core/store/columns/value_block.h"

namespace hindcast::store {

using base::Result;

Result<ReplayFacts> loadReplayFacts(const Catalog& catalog, const base::Uuid& version,
                                    const std::vector<base::Uuid>& replays) {
    ReplayFacts facts;
    if (replays.empty()) return facts;
    std::map<base::Uuid, std::int32_t> places;
    for (const base::Uuid& replay : replays) {
        HINDCAST_ASSIGN(std::optional<ReplayRow> row, catalog.replay(replay));
        places[replay] = static_cast<std::int32_t>(facts.replays.size());
        facts.replays.push_back(row ? *std::move(row) : ReplayRow{});
    }
    HINDCAST_ASSIGN(const std::vector<FidelityRow> rows, catalog.fidelity(version));
    for (const FidelityRow& row : rows)
        if (const auto place = places.find(row.replay); place != places.end())
            facts.grades[{place->second, row.loop, row.occurrence, row.index}] = row.grade;
    return facts;
}

namespace {

/// Rows come in long stretches of one iteration: the last answer is kept.
class Grader {
public:
    Grader(const ValueSeries& series, const ReplayFacts& facts) : m_series(series), m_facts(facts) {}

    Fidelity gradeOf(std::size_t row) {
        const std::int32_t replay = m_series.replayAt(row);
        if (replay < 0) return Fidelity::Recorded;
        const bool inLoop = !m_series.loops.empty();
        const std::int64_t occurrence = inLoop ? m_series.occurrenceAt(0, row) : 0;
        const std::int64_t index = inLoop ? m_series.index[0][row] : 0;
        if (replay != m_replay || occurrence != m_occurrence || index != m_index) {
            m_replay = replay;
            m_occurrence = occurrence;
            m_index = index;
            m_grade = lookUp();
        }
        return m_grade;
    }

private:
    Fidelity lookUp() const {
        if (!m_series.loops.empty()) {
            const auto own = m_facts.grades.find({m_replay, m_series.loops[0], m_occurrence, m_index});
            if (own != m_facts.grades.end()) return own->second;
            // Other loops before or after the replayed one belong to the prefix or suffix as a whole.
            if (m_facts.replays[static_cast<std::size_t>(m_replay)].loop == m_series.loops[0])
                return Fidelity::Unverified;
        }
        const auto whole = std::find_if(m_facts.grades.begin(), m_facts.grades.end(), [this](const auto& entry) {
            return std::get<0>(entry.first) == m_replay && std::get<1>(entry.first).empty();
        });
        return whole == m_facts.grades.end() ? Fidelity::Unverified : whole->second;
    }

    const ValueSeries& m_series;
    const ReplayFacts& m_facts;
    std::int32_t m_replay = -2;
    std::int64_t m_occurrence = 0;
    std::int64_t m_index = 0;
    Fidelity m_grade = Fidelity::Recorded;
};

bool isSuperseded(const ValueSeries& series, const ReplayFacts& facts, std::size_t row) {
    const std::int32_t replay = series.replayAt(row);
    if (replay < 0) return false;
    const ReplayRow& source = facts.replays[static_cast<std::size_t>(replay)];
    if (source.superseded) return true;
    const std::int32_t probe = series.probeAt(row);
    return probe >= 0 && static_cast<std::size_t>(probe) < source.probes.size() &&
           source.probes[static_cast<std::size_t>(probe)].superseded;
}

class RowOrder {
public:
    RowOrder(const ValueSeries& series, const ReplayFacts& facts) : m_series(series), m_facts(facts) {}

    /// -1, 0, 1 by coordinates, ordinal and thread.
    int compare(std::size_t a, std::size_t b) const {
        for (std::size_t level = 0; level < m_series.loops.size(); ++level) {
            if (const int order = compared(m_series.occurrenceAt(level, a), m_series.occurrenceAt(level, b));
                order != 0)
                return order;
            if (const int order = compared(m_series.index[level][a], m_series.index[level][b]); order != 0)
                return order;
        }
        if (const int order = compared(m_series.ordinalAt(a), m_series.ordinalAt(b)); order != 0) return order;
        return m_series.thread.empty() ? 0 : compared(m_series.thread[a], m_series.thread[b]);
    }

    /// Rows of one coordinate: the one to show first.
    bool preferred(std::size_t a, std::size_t b) const {
        const std::int32_t left = m_series.replayAt(a), right = m_series.replayAt(b);
        if ((left < 0) != (right < 0)) return left < 0;
        if (left < 0) return a < b;
        const bool divergedLeft = m_series.fidelityAt(a) == Fidelity::Diverged,
                   divergedRight = m_series.fidelityAt(b) == Fidelity::Diverged;
        if (divergedLeft != divergedRight) return divergedRight;
        const base::Uuid& newerLeft = m_facts.replays[static_cast<std::size_t>(left)].uuid;
        const base::Uuid& newerRight = m_facts.replays[static_cast<std::size_t>(right)].uuid;
        return newerLeft != newerRight ? newerLeft > newerRight : a < b;
    }

private:
    template <class T>
    static int compared(T a, T b) {
        return a < b ? -1 : (b < a ? 1 : 0);
    }
    const ValueSeries& m_series;
    const ReplayFacts& m_facts;
};

}  // namespace

std::int64_t resolveRows(ValueSeries& series, bool inOrder, const ReplayFacts& facts, const ScanOptions& options) {
    std::int64_t hidden = 0;
    const bool ranged = !series.loops.empty() && (options.firstOuter != std::numeric_limits<std::int64_t>::min() ||
                                                  options.lastOuter != std::numeric_limits<std::int64_t>::max());
    if (!series.replay.empty() || ranged) {
        std::vector<std::uint32_t> kept;
        kept.reserve(series.count);
        if (!series.replay.empty()) series.fidelity.resize(series.count, Fidelity::Recorded);
        Grader grader(series, facts);
        for (std::uint32_t row = 0; row < series.count; ++row) {
            if (ranged && (series.index[0][row] < options.firstOuter || series.index[0][row] > options.lastOuter))
                continue;
            if (!series.replay.empty()) {
                series.fidelity[row] = grader.gradeOf(row);
                if (!options.superseded && isSuperseded(series, facts, row)) continue;
                if (!options.diverged && series.fidelity[row] == Fidelity::Diverged) {
                    ++hidden;
                    continue;
                }
            }
            kept.push_back(row);
        }
        if (kept.size() != series.count) series = selectRows(series, kept);
    }
    // Leaving rows out disturbs no order.
    if (inOrder || areInOrder(series, 0, series.count)) return hidden;
    const RowOrder order(series, facts);
    std::vector<std::uint32_t> rows(series.count);
    std::iota(rows.begin(), rows.end(), 0U);
    std::stable_sort(rows.begin(), rows.end(), [&order](std::uint32_t a, std::uint32_t b) {
        const int place = order.compare(a, b);
        return place != 0 ? place < 0 : order.preferred(a, b);
    });
    if (!options.everySource)
        rows.erase(std::unique(rows.begin(), rows.end(),
                               [&order](std::uint32_t a, std::uint32_t b) { return order.compare(a, b) == 0; }),
                   rows.end());
    series = selectRows(series, rows);
    return hidden;
}

}  // namespace hindcast::store

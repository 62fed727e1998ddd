// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/listing/versions_view.h"

#include <algorithm>
#include <set>

namespace hindcast::workspace {

using base::Result;

namespace {

VersionState stateOf(store::RunState state) {
    switch (state) {
        case store::RunState::Recording:
            return VersionState::Recording;
        case store::RunState::Complete:
            return VersionState::Complete;
        case store::RunState::Incomplete:
            return VersionState::Incomplete;
        case store::RunState::Crashed:
            break;
    }
    return VersionState::Crashed;
}

std::string reasonOf(const store::VersionRow& row) {
    if (!row.reason.empty()) return row.reason;
    if (!row.exception.empty()) return row.exception;
    return row.state == store::RunState::Crashed ? "the process ended without closing the version" : "";
}

bool isNumber(store::ValueKind kind) {
    return kind == store::ValueKind::Double || kind == store::ValueKind::Int || kind == store::ValueKind::Bool;
}

/// The outermost loop of a run: the one entered first.
const store::LoopRow* outerOf(const std::vector<store::LoopRow>& loops) {
    const store::LoopRow* outer = nullptr;
    for (const store::LoopRow& loop : loops) {
        if (loop.at.empty() && (!outer || loop.passes > outer->passes)) outer = &loop;
    }
    return outer;
}

using Hindsight = CellView::Hindsight;

void raise(CellView& cell, Hindsight hindsight) {
    if (static_cast<int>(hindsight) > static_cast<int>(cell.hindsight)) cell.hindsight = hindsight;
}

}  // namespace

/// Knows these versions afterwards: all in one go where none is known, else those that are missing.
Result<void> VersionsView::learn(const std::vector<store::VersionRow>& rows) {
    if (m_known.empty() && rows.size() > 1) {
        HINDCAST_ASSIGN(auto all, m_store.catalog.overviews());
        for (auto& [version, overview] : all) HINDCAST_TRY(learn(version, std::move(overview)));
    }
    for (const store::VersionRow& row : rows) {
        if (m_known.contains(row.uuid)) continue;
        HINDCAST_ASSIGN(auto one, m_store.catalog.overviews(row.uuid));
        HINDCAST_TRY(learn(row.uuid, std::move(one[row.uuid])));
    }
    return {};
}

Result<void> VersionsView::learn(const base::Uuid& version, store::VersionOverview overview) {
    Known known;
    for (const store::NameRow& name : overview.names) {
        if (!name.numeric) continue;
        std::optional<double> last = name.last;
        // The index knows the last number that was recorded, unless it is NaN; which replayed one counts is for the
        // reader.
        if (name.replayed > 0 || !last) {
            HINDCAST_ASSIGN(last, lastReplayed(version, name, overview.outerIterations));
        }
        if (last) known.lastValues[name.name] = *last;
    }
    known.overview = std::move(overview);
    m_known[version] = std::move(known);
    return {};
}

Result<std::optional<double>> VersionsView::lastReplayed(const base::Uuid& version, const store::NameRow& name,
                                                         std::int64_t outerIterations) const {
    store::ScanOptions tail;
    tail.firstOuter = std::max<std::int64_t>(0, outerIterations - 2);
    HINDCAST_ASSIGN(store::ValueScan scan, m_store.values.scan(version, name.name, tail));
    if (scan.series.empty() || scan.series.front().count == 0) {
        // Not logged near the end: early stopping of that name, or a replay of the first iterations only.
        HINDCAST_ASSIGN(scan, m_store.values.scan(version, name.name));
    }
    if (scan.series.empty()) return std::optional<double>();
    const store::ValueSeries& series = scan.series.front();
    for (std::size_t row = series.count; row-- > 0;) {
        if (isNumber(series.kindAt(row))) return std::optional(series.numbers[row]);
    }
    return std::optional<double>();
}

Result<std::vector<VersionView>> VersionsView::versions() {
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store.catalog.versions());
    HINDCAST_TRY(learn(rows));
    std::vector<VersionView> views;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        const Known& known = m_known.at(row->uuid);
        VersionView view;
        view.uuid = row->uuid;
        view.number = row->number.value_or(0);
        view.state = stateOf(row->state);
        view.startedMicros = row->startedMicros;
        view.endedMicros = row->endedMicros;
        view.script = row->script;
        view.arguments = known.overview.arguments;
        view.tags = row->tags;
        view.note = row->note;
        view.pinned = row->pinned;
        view.baseline = row->baseline;
        view.gitHead = row->gitHead;
        view.gitBranch = row->gitBranch;
        view.gitDirty = row->gitDirty;
        view.outerLoop = known.overview.outerLoop;
        view.outerIterations = known.overview.outerIterations;
        view.captures = row->captures;
        view.storedBytes = row->storedBytes;
        view.job = row->job;
        view.rank = row->rank;
        view.worldSize = row->worldSize;
        view.reason = reasonOf(*row);
        view.imported = row->imported;
        view.lastValues = known.lastValues;
        views.push_back(std::move(view));
    }
    return views;
}

Result<std::vector<NameView>> VersionsView::names() {
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store.catalog.versions());
    HINDCAST_TRY(learn(rows));
    std::map<std::string, NameView> names;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        for (const store::NameRow& name : m_known.at(row->uuid).overview.names) {
            // Newest version first: its level counts.
            NameView& view = names[name.name];
            if (view.name.empty()) view.loops = name.loops;
            view.name = name.name;
            ++view.versions;
            view.numeric = view.numeric && name.numeric;
            view.replayed = view.replayed || name.replayed > 0;
        }
    }
    std::vector<NameView> views;
    for (auto& [name, view] : names) views.push_back(std::move(view));
    return views;
}

Result<std::vector<CellView>> VersionsView::cells(const base::Uuid& version) const {
    HINDCAST_ASSIGN(const std::vector<store::LoopRow> loops, m_store.catalog.loops(version));
    const store::LoopRow* outer = outerOf(loops);
    if (!outer) return std::vector<CellView>{};
    const auto count =
        static_cast<std::size_t>(std::max<std::int64_t>(0, std::max(outer->lastIndex + 1, outer->passes)));
    std::vector<CellView> cells(count);
    const auto cellAt = [&](std::int64_t index) -> CellView* {
        return index >= 0 && static_cast<std::size_t>(index) < count ? &cells[static_cast<std::size_t>(index)]
                                                                     : nullptr;
    };
    HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, m_store.catalog.version(version));
    HINDCAST_ASSIGN(const std::vector<store::IterationRow> iterations, m_store.catalog.iterations(version));
    const bool failed = row && (row->state == store::RunState::Crashed || !row->exception.empty());
    for (const store::IterationRow& iteration : iterations) {
        if (iteration.loop != outer->loop) continue;
        for (std::int64_t index = iteration.first; index <= iteration.last; ++index) {
            CellView* cell = cellAt(index);
            if (!cell) break;
            cell->logged = row && row->values > 0;
            if (iteration.endedMicros == 0 && failed) cell->failed = true;
        }
    }
    HINDCAST_ASSIGN(const std::vector<store::CaptureRow> captures, m_store.catalog.captures(version));
    for (const store::CaptureRow& capture : captures) {
        if (!capture.stored || capture.at.empty() || capture.at.front().loop != outer->loop) continue;
        if (CellView* cell = cellAt(capture.at.front().index)) cell->captured = true;
    }
    HINDCAST_ASSIGN(const std::vector<store::ReplayRow> replays, m_store.catalog.replays(version));
    std::map<base::Uuid, const store::ReplayRow*> live;
    for (const store::ReplayRow& replay : replays) {
        if (replay.superseded) continue;
        live[replay.uuid] = &replay;
        if (replay.state != store::RunState::Recording) continue;
        for (std::int64_t index = replay.first; index <= replay.last; ++index) {
            if (CellView* cell = cellAt(index)) raise(*cell, Hindsight::Running);
        }
    }
    HINDCAST_ASSIGN(const std::vector<store::FidelityRow> verdicts, m_store.catalog.fidelity(version));
    for (const store::FidelityRow& verdict : verdicts) {
        CellView* cell = live.contains(verdict.replay) && verdict.loop == outer->loop ? cellAt(verdict.index) : nullptr;
        if (!cell) continue;
        const bool running = cell->hindsight == Hindsight::Running;
        if (running) cell->hindsight = Hindsight::None;
        raise(*cell, verdict.grade == store::Fidelity::Diverged     ? Hindsight::Diverged
                     : verdict.grade == store::Fidelity::Unverified ? Hindsight::Unverified
                                                                    : Hindsight::Replayed);
    }
    return cells;
}

}  // namespace hindcast::workspace

// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/replays/plan_row.h"

#include <algorithm>
#include <set>

namespace hindcast::workspace {

namespace {

ReplayMode replayMode(replay::Mode mode) {
    switch (mode) {
        case replay::Mode::Prefix:
            return ReplayMode::Prefix;
        case replay::Mode::Pre:
            return ReplayMode::Pre;
        case replay::Mode::Shallow:
            return ReplayMode::Shallow;
        case replay::Mode::Deep:
            return ReplayMode::Deep;
        case replay::Mode::Mid:
            return ReplayMode::Mid;
        case replay::Mode::Suffix:
            return ReplayMode::Suffix;
        case replay::Mode::Beginning:
            break;
    }
    return ReplayMode::Beginning;
}

/// The job that says most about a version: the deepest.
const replay::Job& mainJob(const replay::VersionWork& work) {
    return *std::max_element(work.jobs.begin(), work.jobs.end(), [](const replay::Job& a, const replay::Job& b) {
        return a.time.seconds < b.time.seconds;
    });
}

/// What keeps a conflict from being placed, as the end of a sentence.
std::string doubt(const PlacementView& view) {
    if (view.candidates.empty() || !view.unresolvedNames.empty()) return ": " + view.reason;
    return "; the best guess is not sure enough: " + view.reason;
}

/// Why nothing runs where no probe could be placed.
void explainUnplaced(PlanRow& row) {
    const auto has = [&](PlacementKind kind) {
        return std::any_of(row.placements.begin(), row.placements.end(),
                           [kind](const PlacementView& view) { return view.kind == kind; });
    };
    if (has(PlacementKind::Conflict)) {
        row.reasonKey = "conflict";
        for (const PlacementView& view : row.placements) {
            if (view.kind == PlacementKind::Conflict) row.reason = "needs your decision where it stands" + doubt(view);
        }
    } else if (has(PlacementKind::AlreadyThere)) {
        row.reasonKey = "recorded";
        row.reason = "recorded by the run itself";
    } else {
        row.reasonKey = "skipped";
        row.reason = "skipped by you";
    }
}

}  // namespace

Estimate estimateOf(const replay::Duration& duration, double factor) {
    return {duration.seconds * factor, duration.plusMinus * factor};
}

void fillRow(PlanRow& row, const replay::VersionWork& work, double speed) {
    row.willRun = !work.jobs.empty();
    row.diskBytes = work.diskBytes;
    row.gpu = work.process.gpu;
    if (!row.willRun) {
        row.reason = work.reason;
        row.reasonKey = work.reasonKey;
        row.reasonArguments = work.reasonArgs;
        if (work.reasonKey == "nothing-placed") explainUnplaced(row);
        return;
    }
    const replay::Job& main = mainJob(work);
    row.mode = replayMode(main.mode);
    row.reason = main.reason;
    row.reasonKey = main.reasonKey;
    row.reasonArguments = main.reasonArgs;
    row.loop = main.loop;
    row.captures = main.captures;
    replay::Duration time;
    std::set<std::int64_t> iterations;
    for (const replay::Job& job : work.jobs) {
        time += job.time;
        iterations.insert(job.iterations.begin(), job.iterations.end());
    }
    row.iterations.assign(iterations.begin(), iterations.end());
    row.time = estimateOf(time, 1 / speed);
}

}  // namespace hindcast::workspace

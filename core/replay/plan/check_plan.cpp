// SPDX-License-Identifier: Apache-2.0
// The plan of `hindcast check`: one iteration that the run recorded, once more.
#include <algorithm>
#include <optional>

#include "core/replay/plan/loop_facts.h"
#include "core/replay/plan/planner.h"

namespace hindcast::replay {

using base::Result;

namespace {

/// The outermost loop in which the run spent most of its time.
std::optional<std::string> mainLoop(const std::vector<store::LoopTotals>& totals) {
    const store::LoopTotals* longest = nullptr;
    for (const store::LoopTotals& total : totals) {
        if (total.path.size() == 1 && (longest == nullptr || total.seconds > longest->seconds)) longest = &total;
    }
    return longest != nullptr ? std::optional(longest->path.front()) : std::nullopt;
}

/// The whole iteration nearest to the middle among those with stored tensors.
std::optional<std::int64_t> middle(const LoopFacts& facts, const std::vector<std::int64_t>& usable) {
    std::optional<std::int64_t> best;
    const auto distance = [&](std::int64_t index) { return std::abs(2 * index - (facts.passes - 1)); };
    for (const std::int64_t index : usable) {
        if (index < facts.passes && (!best || distance(index) < distance(*best))) best = index;
    }
    return best;
}

void none(VersionWork& work, std::string key, std::string reason) {
    work.reasonKey = std::move(key);
    work.reason = std::move(reason);
}

/// The job, absent with the reason set where there is nothing to replay.
std::optional<Job> checkJob(VersionWork& work, Mode mode, const std::string& loop, const LoopFacts& facts) {
    Job job;
    job.mode = mode;
    job.loop = loop;
    job.reason = "a check";
    job.reasonKey = "check";
    job.captures = facts.boundaries;
    if (mode == Mode::Shallow) {
        if (facts.exits.empty()) {
            none(work, "no-exit-capture", "these iterations have no stored state from the end of the inner loop");
            return std::nullopt;
        }
        job.captures.clear();
        for (const std::int64_t index : facts.exits.begin()->second) {
            const auto has = [&](const auto& exit) { return exit.second.contains(index); };
            if (std::all_of(facts.exits.begin(), facts.exits.end(), has)) job.captures.push_back(index);
        }
        for (const auto& [inner, indices] : facts.exits) job.innerLoops.push_back(inner);
    }
    const auto index = middle(facts, job.captures);
    if (!index) {
        none(work, "no-iterations", "no whole iteration of '" + loop + "' begins with stored tensors");
        return std::nullopt;
    }
    job.iterations = {*index};
    return job;
}

}  // namespace

Result<WorkPlan> Planner::planCheck(const base::Uuid& version, int number, Mode mode) {
    WorkPlan plan;
    VersionWork work;
    work.version = version;
    work.number = number;
    HINDCAST_TRY(readProcess(work, false));
    HINDCAST_ASSIGN(const std::vector<store::LoopTotals> totals, m_catalog.loopTotals(version));
    const auto loop = mainLoop(totals);
    if (work.reasonKey.empty() && !loop) none(work, "no-iterations", "the run has no loop that could be replayed");
    if (work.reasonKey.empty()) {
        HINDCAST_ASSIGN(const LoopFacts facts, readLoop(m_catalog, version, *loop));
        if (auto job = checkJob(work, mode, *loop, facts)) {
            HINDCAST_ASSIGN(const Estimator estimator, Estimator::learn(m_catalog));
            HINDCAST_ASSIGN(work.timings, readTimings(m_catalog, version, *loop));
            job->time = estimator.unit(work.timings, mode, job->iterations, job->captures);
            job->readySeconds = estimator.ready(work.timings).seconds;
            plan.total = job->time;
            work.jobs.push_back(std::move(*job));
        }
    }
    plan.versions.push_back(std::move(work));
    return plan;
}

}  // namespace hindcast::replay

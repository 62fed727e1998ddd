// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/unit_queue.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace hindcast::replay {

namespace {

/// Python alone takes this long to start.
constexpr double kLeastReadySeconds = 0.1;
/// A unit should work at least this many times longer than it takes to get ready.
constexpr double kWorthRatio = 3;
constexpr std::size_t kMostUnitsPerJob = 16;

/// Seconds of work in a job besides getting ready.
double workSeconds(const Job& job) {
    return std::max(0.0, job.time.seconds - job.readySeconds);
}

std::size_t unitsFor(const Job& job, double workersPerJob) {
    if (job.iterations.size() < 2 || job.mode == Mode::Beginning) return 1;
    const double ready = std::max(job.readySeconds, kLeastReadySeconds);
    const double worthwhile = workSeconds(job) / (kWorthRatio * ready);
    // With idle workers a split pays as soon as it saves more than it costs.
    const double toKeepBusy = workSeconds(job) > ready ? workersPerJob : 1;
    const double units = std::max(std::floor(worthwhile), std::ceil(toKeepBusy));
    return std::clamp<std::size_t>(static_cast<std::size_t>(units), 1,
                                   std::min(kMostUnitsPerJob, job.iterations.size()));
}

bool startsCheaply(const Job& job, std::int64_t iteration) {
    return job.mode == Mode::Pre || job.mode == Mode::Shallow ||
           std::binary_search(job.captures.begin(), job.captures.end(), iteration);
}

double secondsOf(const PendingUnit& unit, const Job& job) {
    const double share = static_cast<double>(unit.iterations.size()) / static_cast<double>(job.iterations.size());
    return job.readySeconds + share * workSeconds(job);
}

std::vector<PendingUnit> splitJob(std::size_t version, std::size_t index, const Job& job, double workersPerJob) {
    std::vector<PendingUnit> units;
    if (job.iterations.empty()) return {{version, index, job.mode, {}, 0, job.time.seconds, 0}};
    const std::size_t wanted = unitsFor(job, workersPerJob);
    const std::size_t target = (job.iterations.size() + wanted - 1) / wanted;
    for (const std::int64_t iteration : job.iterations) {
        const bool full = !units.empty() && units.back().iterations.size() >= target;
        const bool needsNew = units.empty() || job.mode == Mode::Mid ||
                              (full && startsCheaply(job, iteration) && job.mode != Mode::Beginning);
        if (needsNew) units.push_back({version, index, job.mode, {}, 0, 0, 0});
        units.back().iterations.push_back(iteration);
    }
    for (PendingUnit& unit : units) unit.seconds = secondsOf(unit, job);
    return units;
}

/// The parts of a unit before, in and behind the view, those of them that are worth a start of their own.
std::vector<PendingUnit> partAround(const View& view, const PendingUnit& unit, const Job& job) {
    const auto seconds = [&](auto from, auto to) {
        return workSeconds(job) * static_cast<double>(to - from) / static_cast<double>(job.iterations.size());
    };
    const auto begin = unit.iterations.begin();
    const auto end = unit.iterations.end();
    const double ready = std::max(job.readySeconds, kLeastReadySeconds);
    auto from = std::lower_bound(begin, end, view.first);
    auto to = std::upper_bound(from, end, view.last);
    if (from == to) return {unit};
    if (seconds(begin, from) < ready || !startsCheaply(job, *from)) from = begin;
    if (to != end && (seconds(to, end) < ready || !startsCheaply(job, *to))) to = end;
    std::vector<PendingUnit> parts;
    for (const auto& [first, last] : {std::pair(from, to), std::pair(begin, from), std::pair(to, end)}) {
        if (first == last) continue;
        PendingUnit& part = parts.emplace_back(unit);
        part.iterations.assign(first, last);
        part.seconds = secondsOf(part, job);
    }
    return parts;
}

bool isSeen(const View& view, const PendingUnit& unit, const WorkPlan& plan) {
    if (!view.versions.empty() && !view.versions.contains(plan.versions[unit.version].version)) return false;
    const auto from = std::lower_bound(unit.iterations.begin(), unit.iterations.end(), view.first);
    return from != unit.iterations.end() && *from <= view.last;
}

}  // namespace

std::vector<PendingUnit> splitJobs(const WorkPlan& plan) {
    std::size_t jobs = 0;
    for (const VersionWork& work : plan.versions) jobs += work.jobs.size();
    const double workersPerJob = jobs == 0 ? 1 : static_cast<double>(plan.workers) / static_cast<double>(jobs);
    std::vector<PendingUnit> units;
    for (std::size_t version = 0; version < plan.versions.size(); ++version) {
        const VersionWork& work = plan.versions[version];
        for (std::size_t job = 0; job < work.jobs.size(); ++job) {
            for (PendingUnit& unit : splitJob(version, job, work.jobs[job], workersPerJob))
                units.push_back(std::move(unit));
        }
    }
    return units;
}

std::vector<std::size_t> coarseToFine(std::size_t count) {
    std::vector<std::size_t> order;
    if (count == 0) return order;
    std::vector<bool> taken(count, false);
    const auto take = [&](std::size_t at) {
        if (!taken[at]) order.push_back(at);
        taken[at] = true;
    };
    take(0);
    take(count - 1);
    for (std::size_t parts = 2; order.size() < count; parts *= 2) {
        for (std::size_t part = 1; part < parts; ++part) take(part * (count - 1) / parts);
        if (parts >= count) {
            for (std::size_t at = 0; at < count; ++at) take(at);
        }
    }
    return order;
}

UnitQueue::UnitQueue(std::vector<PendingUnit> units) {
    std::map<std::size_t, std::vector<PendingUnit>> byVersion;
    for (PendingUnit& unit : units) byVersion[unit.version].push_back(std::move(unit));
    std::vector<std::vector<PendingUnit>> lists;
    for (auto& [version, list] : byVersion) {
        std::vector<PendingUnit> ordered;
        for (const std::size_t at : coarseToFine(list.size())) ordered.push_back(std::move(list[at]));
        lists.push_back(std::move(ordered));
    }
    const std::vector<std::size_t> versions = coarseToFine(lists.size());
    for (std::size_t round = 0, added = 1; added > 0; ++round) {
        added = 0;
        for (const std::size_t version : versions) {
            if (round >= lists[version].size()) continue;
            m_units.push_back(std::move(lists[version][round]));
            ++added;
        }
    }
}

void UnitQueue::show(const View& view, const WorkPlan& plan) {
    std::vector<PendingUnit> seen;
    std::vector<PendingUnit> others;
    for (const PendingUnit& unit : m_units) {
        const Job& job = plan.versions[unit.version].jobs[unit.job];
        // A unit of the ladder begins where it has to.
        const bool whole = unit.mode != job.mode || unit.latest || unit.mode == Mode::Beginning;
        const bool inView = isSeen(view, unit, plan);
        for (PendingUnit& part : inView && !whole ? partAround(view, unit, job) : std::vector<PendingUnit>{unit})
            (isSeen(view, part, plan) ? seen : others).push_back(std::move(part));
    }
    m_units.assign(std::make_move_iterator(seen.begin()), std::make_move_iterator(seen.end()));
    m_units.insert(m_units.end(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
}

std::optional<PendingUnit> UnitQueue::take() {
    if (m_units.empty()) return std::nullopt;
    PendingUnit unit = std::move(m_units.front());
    m_units.pop_front();
    return unit;
}

std::vector<PendingUnit> UnitQueue::removeVersion(std::size_t version) {
    std::vector<PendingUnit> removed;
    for (auto at = m_units.begin(); at != m_units.end();) {
        if (at->version == version) {
            removed.push_back(std::move(*at));
            at = m_units.erase(at);
        } else {
            ++at;
        }
    }
    return removed;
}

std::vector<PendingUnit> UnitQueue::removeAll() {
    std::vector<PendingUnit> removed(std::make_move_iterator(m_units.begin()), std::make_move_iterator(m_units.end()));
    m_units.clear();
    return removed;
}

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/resources/options.h"

#include <algorithm>

#include "core/replay/schedule/unit_queue.h"

namespace hindcast::replay {

namespace {

/// More workers have to save at least this share of the time, or they are no other choice.
constexpr double kWorthShare = 0.02;

/// How far the estimates are off together: the learned factors err alike for all units.
double relativeError(const WorkPlan& plan) {
    double seconds = 0;
    double plusMinus = 0;
    for (const VersionWork& work : plan.versions) {
        for (const Job& job : work.jobs) {
            seconds += job.time.seconds;
            plusMinus += job.time.plusMinus;
        }
    }
    return seconds > 0 ? plusMinus / seconds : 0;
}

struct Run {
    double wallSeconds = 0;
    double busySeconds = 0;
};

/// The plan's units in their order, each taken by the worker that is free first.
Run simulate(WorkPlan plan, int workers) {
    plan.workers = workers;
    std::vector<double> freeAt(static_cast<std::size_t>(workers), 0.0);
    Run run;
    UnitQueue queue(splitJobs(plan));
    while (const auto unit = queue.take()) {
        const auto first = std::min_element(freeAt.begin(), freeAt.end());
        *first += unit->seconds;
        run.busySeconds += unit->seconds;
    }
    run.wallSeconds = *std::max_element(freeAt.begin(), freeAt.end());
    return run;
}

int mostWorkers(const WorkPlan& plan, const Resource& resource) {
    if (resource.workers > 0) return resource.workers;
    switch (resource.kind) {
        case ResourceKind::Local:
            return std::max(1, plan.fittingWorkers);
        case ResourceKind::Ssh:
            return kSshWorkers;
        case ResourceKind::Slurm:
            break;
    }
    return kSlurmWorkers;
}

std::vector<ReplayOption> optionsOf(const WorkPlan& plan, const Resource& resource, double error) {
    std::vector<ReplayOption> options;
    const int most = mostWorkers(plan, resource);
    for (int workers = 1;; workers = std::min(2 * workers, most)) {
        const Run run = simulate(plan, workers);
        ReplayOption option{resource.name,  resource.device,      workers, {}, 0, 0, true, false,
                            resource.speed, resource.speedReplays};
        option.time.seconds = run.wallSeconds / resource.speed;
        option.time.plusMinus = option.time.seconds * error;
        option.price = run.busySeconds / resource.speed / 3600 * resource.pricePerHour;
        option.pricePlusMinus = option.price * error;
        const bool saves = options.empty() || option.time.seconds < options.back().time.seconds * (1 - kWorthShare);
        if (saves) options.push_back(option);
        if (workers == most) return options;
    }
}

bool isBeaten(const ReplayOption& option, const ReplayOption& by) {
    const bool noWorse = by.time.seconds <= option.time.seconds && by.price <= option.price;
    return noWorse && (by.time.seconds < option.time.seconds || by.price < option.price);
}

void suggest(std::vector<ReplayOption>& options, const Limits& limits) {
    if (options.empty() || !(limits.deadlineSeconds || limits.budget)) return;
    const auto fits = [](const ReplayOption& option) { return option.keepsLimits; };
    const auto first = std::stable_partition(options.begin(), options.end(), fits);
    const auto dearer = [](const ReplayOption& a, const ReplayOption& b) { return a.price < b.price; };
    const auto slower = [](const ReplayOption& a, const ReplayOption& b) { return a.time.seconds < b.time.seconds; };
    const bool any = first != options.begin();
    const auto end = any ? first : options.end();
    // Where nothing keeps the limits: the one that comes nearest to the deadline, else to the budget.
    const bool byPrice = any == limits.deadlineSeconds.has_value();
    (byPrice ? std::min_element(options.begin(), end, dearer) : std::min_element(options.begin(), end, slower))
        ->isSuggested = true;
}

}  // namespace

std::vector<ReplayOption> replayOptions(const WorkPlan& plan, const std::vector<Resource>& resources,
                                        const Limits& limits) {
    const bool any = std::any_of(plan.versions.begin(), plan.versions.end(),
                                 [](const VersionWork& work) { return !work.jobs.empty(); });
    std::vector<ReplayOption> all;
    if (!any) return all;
    const double error = relativeError(plan);
    for (const Resource& resource : resources) {
        for (ReplayOption& option : optionsOf(plan, resource, error)) all.push_back(std::move(option));
    }
    std::vector<ReplayOption> kept;
    for (const ReplayOption& option : all) {
        const bool beaten =
            std::any_of(all.begin(), all.end(), [&](const ReplayOption& other) { return isBeaten(option, other); });
        if (!beaten) kept.push_back(option);
    }
    for (ReplayOption& option : kept) {
        const bool inTime =
            !limits.deadlineSeconds || option.time.seconds + option.time.plusMinus <= *limits.deadlineSeconds;
        const bool affordable = !limits.budget || option.price + option.pricePlusMinus <= *limits.budget;
        option.keepsLimits = inTime && affordable;
    }
    suggest(kept, limits);
    std::stable_sort(kept.begin(), kept.end(),
                     [](const ReplayOption& a, const ReplayOption& b) { return a.time.seconds < b.time.seconds; });
    return kept;
}

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/unit_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace hindcast::replay {
namespace {

WorkPlan planOf(std::size_t versions, std::int64_t iterations, double secondsEach, int workers,
                std::vector<std::int64_t> captures) {
    WorkPlan plan;
    plan.workers = workers;
    for (std::size_t at = 0; at < versions; ++at) {
        VersionWork work;
        work.number = static_cast<int>(at) + 1;
        Job job;
        job.mode = Mode::Deep;
        job.loop = "epoch";
        job.probes = {0};
        for (std::int64_t index = 0; index < iterations; ++index) job.iterations.push_back(index);
        job.captures = captures;
        job.readySeconds = 4;
        job.time.seconds = 4 + secondsEach * static_cast<double>(iterations);
        work.jobs.push_back(job);
        plan.versions.push_back(work);
    }
    return plan;
}

std::vector<std::int64_t> everyIterationOf(const std::vector<PendingUnit>& units, std::size_t version) {
    std::vector<std::int64_t> all;
    for (const PendingUnit& unit : units) {
        if (unit.version == version) all.insert(all.end(), unit.iterations.begin(), unit.iterations.end());
    }
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::int64_t> upTo(std::int64_t count) {
    std::vector<std::int64_t> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

TEST(CoarseToFine, TakesBothEndsFirstAndEverythingOnce) {
    EXPECT_EQ(coarseToFine(0), std::vector<std::size_t>{});
    EXPECT_EQ(coarseToFine(1), std::vector<std::size_t>{0});
    EXPECT_EQ(coarseToFine(5), (std::vector<std::size_t>{0, 4, 2, 1, 3}));
    for (std::size_t count = 1; count < 70; ++count) {
        std::vector<std::size_t> order = coarseToFine(count);
        EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), count);
        EXPECT_EQ(order.size(), count);
    }
}

TEST(SplitJobs, ShortIterationsStayTogetherBecauseTheStartCostsMore) {
    const auto units = splitJobs(planOf(3, 10, 0.1, 2, upTo(10)));
    EXPECT_EQ(units.size(), 3u);
    for (std::size_t version = 0; version < 3; ++version) EXPECT_EQ(everyIterationOf(units, version), upTo(10));
}

TEST(SplitJobs, OneVersionIsSplitForSeveralWorkersWhereItPays) {
    const auto units = splitJobs(planOf(1, 8, 5, 2, upTo(8)));
    EXPECT_GE(units.size(), 2u);
    EXPECT_EQ(everyIterationOf(units, 0), upTo(8));
}

TEST(SplitJobs, UnitsBeginOnlyAtCaptures) {
    const auto units = splitJobs(planOf(1, 12, 60, 4, {0, 5}));
    for (const PendingUnit& unit : units) {
        EXPECT_TRUE(unit.iterations.front() == 0 || unit.iterations.front() == 5) << unit.iterations.front();
    }
    EXPECT_EQ(everyIterationOf(units, 0), upTo(12));
}

TEST(SplitJobs, IterationsWithGapsStayInOneUnitWhileTheStartCostsMore) {
    WorkPlan plan = planOf(1, 4, 1, 1, upTo(20));
    plan.versions[0].jobs[0].iterations = {2, 3, 9, 10};
    const auto units = splitJobs(plan);
    ASSERT_EQ(units.size(), 1u);
    EXPECT_EQ(units[0].iterations, (std::vector<std::int64_t>{2, 3, 9, 10}));
    EXPECT_DOUBLE_EQ(units[0].seconds, 8);
}

TEST(UnitQueue, WhatIsInViewGoesFirst) {
    const WorkPlan plan = planOf(3, 40, 30, 8, upTo(40));
    UnitQueue queue(splitJobs(plan));
    queue.show({10, 12, {}}, plan);
    std::vector<PendingUnit> first;
    while (queue.units().front().iterations.front() >= 10 && queue.units().front().iterations.back() <= 12) {
        first.push_back(*queue.take());
        EXPECT_DOUBLE_EQ(first.back().seconds, 4 + 30 * static_cast<double>(first.back().iterations.size()));
    }
    const std::vector<PendingUnit> others = queue.removeAll();
    for (std::size_t version = 0; version < 3; ++version) {
        EXPECT_EQ(everyIterationOf(first, version), (std::vector<std::int64_t>{10, 11, 12}));
        EXPECT_EQ(everyIterationOf(others, version).size(), 37u);
    }
}

TEST(UnitQueue, VersionsInViewGoBeforeOthers) {
    WorkPlan plan = planOf(3, 4, 1, 1, upTo(4));
    for (VersionWork& work : plan.versions) work.version = base::Uuid::make();
    UnitQueue queue(splitJobs(plan));
    queue.show({0, 3, {plan.versions[1].version}}, plan);
    EXPECT_EQ(queue.take()->version, 1u);
    EXPECT_EQ(queue.size(), 2u);
}

TEST(UnitQueue, AUnitIsNotPartedForLessThanAStartCostsNorWhereNoStateIsStored) {
    for (const auto& [plan, view] : {std::pair(planOf(1, 10, 0.3, 1, upTo(10)), View{4, 5, {}}),
                                     std::pair(planOf(1, 10, 60, 1, {0}), View{4, 5, {}}),
                                     std::pair(planOf(1, 10, 60, 1, upTo(10)), View{20, 30, {}})}) {
        UnitQueue queue(splitJobs(plan));
        const std::size_t before = queue.size();
        queue.show(view, plan);
        EXPECT_EQ(queue.size(), before);
        EXPECT_EQ(everyIterationOf(queue.removeAll(), 0), upTo(10));
    }
}

TEST(UnitQueue, AUnitThatClimbedBeginsWhereItHasTo) {
    const WorkPlan plan = planOf(1, 10, 60, 1, upTo(10));
    UnitQueue queue(std::vector<PendingUnit>{});
    queue.pushFront({0, 0, Mode::Beginning, upTo(10), 0, 600, 1});
    PendingUnit deep{0, 0, Mode::Deep, upTo(10), 0, 600, 1};
    deep.latest = 2;
    queue.pushFront(deep);
    queue.show({4, 5, {}}, plan);
    EXPECT_EQ(queue.size(), 2u);
}

TEST(UnitQueue, StartsOneUnitOfEveryVersionBeforeASecondOfAny) {
    UnitQueue queue(splitJobs(planOf(4, 40, 30, 8, upTo(40))));
    std::set<std::size_t> seen;
    for (int taken = 0; taken < 4; ++taken) seen.insert(queue.take()->version);
    EXPECT_EQ(seen.size(), 4u);
}

TEST(UnitQueue, EscalationsGoFirstAndAVersionCanBeDropped) {
    UnitQueue queue(splitJobs(planOf(2, 4, 1, 1, upTo(4))));
    queue.pushFront({1, 0, Mode::Beginning, {2}, 0, 1, 1});
    EXPECT_EQ(queue.units().front().mode, Mode::Beginning);
    EXPECT_EQ(queue.removeVersion(1).size(), 2u);
    EXPECT_EQ(queue.take()->version, 0u);
    EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/resources/options.h"

#include <gtest/gtest.h>

namespace hindcast::replay {
namespace {

/// `versions` versions of one unit each, `seconds` long.
WorkPlan planOf(int versions, double seconds) {
    WorkPlan plan;
    plan.fittingWorkers = 2;
    for (int at = 0; at < versions; ++at) {
        VersionWork work;
        Job job;
        job.mode = Mode::Beginning;  // never split
        job.iterations = {0, 1};
        job.time = {seconds, seconds / 10};
        work.jobs.push_back(job);
        plan.versions.push_back(work);
    }
    return plan;
}

Resource cluster(const std::string& name, int workers, double price, double speed) {
    Resource resource;
    resource.name = name;
    resource.kind = ResourceKind::Slurm;
    resource.workers = workers;
    resource.pricePerHour = price;
    resource.speed = speed;
    return resource;
}

const ReplayOption* suggested(const std::vector<ReplayOption>& options) {
    for (const ReplayOption& option : options) {
        if (option.isSuggested) return &option;
    }
    return nullptr;
}

TEST(Options, TradeTimeForMoney) {
    const auto options =
        replayOptions(planOf(8, 100), {Resource{}, cluster("cpu", 8, 0.1, 1), cluster("gpu", 4, 3.6, 10)}, {});
    ASSERT_GE(options.size(), 3u);
    for (std::size_t at = 1; at < options.size(); ++at) {
        EXPECT_LT(options[at - 1].time.seconds, options[at].time.seconds);
        EXPECT_GT(options[at - 1].price, options[at].price) << "slower has to be cheaper";
    }
    EXPECT_EQ(options.front().resource, "gpu");
    EXPECT_EQ(options.front().workers, 4);
    EXPECT_NEAR(options.front().time.seconds, 8 * 100 / 10.0 / 4, 5);
    EXPECT_GT(options.front().time.plusMinus, 0);
    EXPECT_EQ(options.back().resource, "local");
    EXPECT_EQ(options.back().price, 0);
    EXPECT_EQ(suggested(options), nullptr);
}

TEST(Options, ADeadlineSuggestsTheCheapestInTime) {
    const std::vector<Resource> resources{Resource{}, cluster("cpu", 8, 0.1, 1), cluster("gpu", 4, 3.6, 10)};
    const auto options = replayOptions(planOf(8, 100), resources, {150.0, std::nullopt});
    const ReplayOption* best = suggested(options);
    ASSERT_NE(best, nullptr);
    EXPECT_EQ(best->resource, "cpu");
    EXPECT_TRUE(best->keepsLimits);
    EXPECT_LE(best->time.seconds + best->time.plusMinus, 150);
}

TEST(Options, ABudgetSuggestsTheFastestThatItPaysFor) {
    const std::vector<Resource> resources{Resource{}, cluster("cpu", 8, 0.1, 1), cluster("gpu", 4, 3.6, 10)};
    const ReplayOption* best = nullptr;
    const auto rich = replayOptions(planOf(8, 100), resources, {std::nullopt, 10.0});
    ASSERT_NE(best = suggested(rich), nullptr);
    EXPECT_EQ(best->resource, "gpu");
    const auto poor = replayOptions(planOf(8, 100), resources, {std::nullopt, 0.0});
    ASSERT_NE(best = suggested(poor), nullptr);
    EXPECT_EQ(best->resource, "local");
}

TEST(Options, WhereNothingKeepsTheDeadlineTheFastestIsNamedAndMarked) {
    const auto options = replayOptions(planOf(8, 100), {Resource{}, cluster("gpu", 4, 3.6, 10)}, {1.0, std::nullopt});
    const ReplayOption* best = suggested(options);
    ASSERT_NE(best, nullptr);
    EXPECT_EQ(best->resource, "gpu");
    EXPECT_FALSE(best->keepsLimits);
}

TEST(Options, NothingToRunIsNoChoice) {
    EXPECT_TRUE(replayOptions(WorkPlan{}, {Resource{}}, {}).empty());
}

}  // namespace
}  // namespace hindcast::replay

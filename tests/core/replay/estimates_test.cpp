// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/estimates.h"

#include <gtest/gtest.h>

#include "core/store/project.h"
#include "tests/core/replay/temporary_folder.h"

namespace hindcast::replay {
namespace {

RecordedTimings timings() {
    RecordedTimings recorded;
    recorded.prefix = 2;
    recorded.suffix = 1;
    for (std::int64_t index = 0; index < 10; ++index) {
        recorded.iteration[index] = 10;
        recorded.inner[index] = 9;
        recorded.beforeInner[index] = 0.5;
    }
    return recorded;
}

class Estimates : public testing::Test {
protected:
    TemporaryFolder m_folder;
    Estimator untaught() {
        const auto project = store::Project::create(m_folder.path() / "project");
        EXPECT_TRUE(project);
        const auto catalog = store::Catalog::open(*project);
        EXPECT_TRUE(catalog);
        auto estimator = Estimator::learn(*catalog);
        EXPECT_TRUE(estimator);
        return *estimator;
    }
};

TEST_F(Estimates, AShallowReplayIsCheaperThanADeepOneByTheInnerLoop) {
    const Estimator estimator = untaught();
    const std::vector<std::int64_t> all{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const Duration shallow = estimator.unit(timings(), Mode::Shallow, all, all);
    const Duration deep = estimator.unit(timings(), Mode::Deep, all, all);
    EXPECT_NEAR(deep.seconds - shallow.seconds, 90, 1);
    EXPECT_GT(shallow.plusMinus, 0);
}

TEST_F(Estimates, IterationsFromTheNearestCaptureOnCount) {
    const Estimator estimator = untaught();
    const Duration near = estimator.unit(timings(), Mode::Deep, {7}, {7});
    const Duration far = estimator.unit(timings(), Mode::Deep, {7}, {4});
    EXPECT_NEAR(far.seconds - near.seconds, 30, 1e-6);
    const Duration beginning = estimator.unit(timings(), Mode::Beginning, {7}, {7});
    EXPECT_NEAR(beginning.seconds - near.seconds, 70, 1);
}

TEST_F(Estimates, ARangeFromOneCaptureRunsEachIterationOnce) {
    const Estimator estimator = untaught();
    const Duration range = estimator.unit(timings(), Mode::Deep, {4, 5, 6}, {4});
    const Duration one = estimator.unit(timings(), Mode::Deep, {4}, {4});
    EXPECT_NEAR(range.seconds - one.seconds, 20, 1e-6);
}

TEST_F(Estimates, PrefixCostsNoIteration) {
    const Estimator estimator = untaught();
    EXPECT_LT(estimator.unit(timings(), Mode::Prefix, {}, {}).seconds, 6);
    EXPECT_GT(estimator.unit(timings(), Mode::Prefix, {}, {}).seconds, 2);
}

}  // namespace
}  // namespace hindcast::replay

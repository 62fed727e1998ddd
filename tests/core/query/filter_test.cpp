// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/filter.h"

#include <gmock/gmock.h>

#include "core/query/pivot/pivot.h"
#include "tests/core/query/sample_runs.h"

namespace hindcast::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FilterTest : public QueryTest {
protected:
    Filter filter(const std::string& text, const std::vector<std::string>& probed = {"grad_norm"}) {
        return must(Filter::parse(project(), text, probed));
    }
    std::vector<std::int64_t> passes(const base::Uuid& version, const std::string& text, std::int64_t count = 4) {
        return must(filter(text).matchingOuterIterations(version, "epoch", count));
    }
};

TEST_F(FilterTest, choosesVersionsByArguments) {
    const base::Uuid low = recordRun(0.01, 2, 1);
    const base::Uuid high = recordRun(0.5, 2, 1);
    ingest();
    const Filter filter = this->filter("lr > 0.1");
    EXPECT_FALSE(must(filter.mayMatchVersion(low)));
    EXPECT_TRUE(must(filter.mayMatchVersion(high)));
    EXPECT_THAT(filter.names(), ElementsAre("lr"));
    EXPECT_THAT(must(filter.matchingOuterIterations(low, "epoch", 2)), IsEmpty());
    EXPECT_THAT(must(filter.matchingOuterIterations(high, "epoch", 2)), ElementsAre(0, 1));
}

TEST_F(FilterTest, choosesIterationsByLoopArgumentAndRecordedValue) {
    const base::Uuid version = recordRun(0.1, 4, 2);
    ingest();
    EXPECT_THAT(passes(version, "epoch >= 2"), ElementsAre(2, 3));
    EXPECT_THAT(passes(version, "lr > 0.05 and epoch between 1 and 2"), ElementsAre(1, 2));
    EXPECT_THAT(passes(version, "val_acc > 0.65"), ElementsAre(2, 3));
    // Any step of the epoch.
    EXPECT_THAT(passes(version, "loss = 12.1"), ElementsAre(2));
    EXPECT_THAT(passes(version, ""), ElementsAre(0, 1, 2, 3));
    EXPECT_FALSE(must(filter("epoch >= 4").mayMatchVersion(version)));
    EXPECT_TRUE(must(filter("epoch >= 3").mayMatchVersion(version)));
}

TEST_F(FilterTest, whatTheReplayWillProduceIsUnknown) {
    const base::Uuid version = recordRun(0.1, 4, 1);
    ingest();
    EXPECT_THAT(passes(version, "grad_norm > 10"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(passes(version, "grad_norm > 10 and epoch < 2"), ElementsAre(0, 1));
    EXPECT_THAT(passes(version, "grad_norm > 10 or epoch < 2"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(passes(version, "grad_norm > 10 and val_acc > 0.75"), ElementsAre(3));
    // Inner passes are not known before they run.
    EXPECT_THAT(passes(version, "epoch = 1 and step = 7"), ElementsAre(1));
}

TEST_F(FilterTest, whatWasReplayedBeforeIsKnown) {
    const base::Uuid version = recordRun(0.1, 4, 1);
    replayRun(version, "grad_norm", 0, 2, "exact");  // 0, 10, 20
    ingest();
    EXPECT_THAT(passes(version, "grad_norm > 15"), ElementsAre(2, 3));
}

TEST_F(FilterTest, aNameThatNobodyWillProduceHereStaysMissing) {
    recordRun(0.1, 2, 1);
    const base::Uuid without = recordRun(0.2, 2, 1, false);
    ingest();
    EXPECT_THAT(passes(without, "val_acc > 0.5", 2), IsEmpty());
    EXPECT_THAT(must(filter("val_acc > 0.5", {"val_acc"}).matchingOuterIterations(without, "epoch", 2)),
                ElementsAre(0, 1));
}

TEST_F(FilterTest, runsWhatFilteringAfterReplayingEverythingWouldShow) {
    const base::Uuid version = recordRun(0.1, 6, 2);
    ingest();
    const std::vector<std::string> filters{"epoch > 2 and grad_norm >= 40", "grad_norm < 25 or val_acc > 0.95",
                                           "not (grad_norm > 20)", "loss > 13.05 and grad_norm is not null",
                                           "grad_norm in (0, 30)"};
    std::vector<std::vector<std::int64_t>> planned;
    for (const std::string& text : filters) planned.push_back(passes(version, text, 6));
    replayRun(version, "grad_norm", 0, 5, "exact");
    ingest();
    for (std::size_t i = 0; i < filters.size(); ++i) {
        const Rows rows = must(pivot(project(), {.names = {"grad_norm"}, .where = filters[i]}));
        EXPECT_GT(rows.count, 0U) << filters[i];
        for (std::size_t row = 0; row < rows.count; ++row)
            EXPECT_THAT(planned[i], testing::Contains(rows.columns[1].integerAt(row))) << filters[i];
    }
    EXPECT_THAT(planned[0], ElementsAre(3, 4, 5));
    EXPECT_THAT(planned[3], ElementsAre(3, 4, 5));
}

TEST_F(FilterTest, passesOfAnInnerLoopAreRuledOutByTheirNumberAlone) {
    const base::Uuid version = recordRun(0.1, 4, 3);
    ingest();
    const auto inner = [&](const std::string& text) {
        return must(filter(text).matchingInnerPasses(version, "step", 3));
    };
    EXPECT_THAT(inner("epoch = 1 and step >= 1"), ElementsAre(1, 2));
    EXPECT_THAT(inner("step = 2 and lr < 0.5"), ElementsAre(2));
    EXPECT_THAT(inner("step = 2 and lr > 0.5"), IsEmpty());
    // In some epoch the other side holds, so every step is wanted.
    EXPECT_THAT(inner("val_acc > 0.75 or step = 2"), ElementsAre(0, 1, 2));
    EXPECT_THAT(inner("step.label = 'x' or step = 2"), ElementsAre(0, 1, 2));
}

TEST_F(FilterTest, seesTheStoreAsItIsWhenAsked) {
    const base::Uuid first = recordRun(0.1, 2, 1);
    ingest();
    const Filter filter = this->filter("grad_norm > 15 or lr > 0.5");
    EXPECT_THAT(must(filter.matchingOuterIterations(first, "epoch", 2)), ElementsAre(0, 1));
    const base::Uuid second = recordRun(0.9, 2, 1);
    EXPECT_EQ(filter.mayMatchVersion(second).error().code(), base::ErrorCode::NotFound);
    replayRun(first, "grad_norm", 0, 1, "exact");
    ingest();
    EXPECT_TRUE(must(filter.mayMatchVersion(second)));
    EXPECT_THAT(must(filter.matchingOuterIterations(first, "epoch", 2)), IsEmpty());
}

TEST_F(FilterTest, anIndexOfAnySizeIsOnePass) {
    const base::Uuid version = base::Uuid::make();
    RunWriter run(project(), version);
    run.enter("step");
    constexpr std::int64_t kApart = 1'000'000'000'000;
    for (std::int64_t pass = 0; pass < 5000; ++pass) {
        run.events().nextAt(pass * kApart, 1'700'000'000'000'000 + pass);
        if (pass % 2 == 1) run.number("loss", static_cast<double>(pass));
    }
    run.leave();
    run.end();
    ingest();
    EXPECT_TRUE(must(filter("step = 4097000000000000").mayMatchVersion(version)));
    EXPECT_FALSE(must(filter("step = 4097000000000001").mayMatchVersion(version)));
    EXPECT_TRUE(must(filter("step = 2000000000000").mayMatchVersion(version)));
    EXPECT_THAT(must(filter("loss >= 4997").matchingOuterIterations(version, "step", 4999 * kApart + 1)),
                ElementsAre(4997 * kApart, 4999 * kApart));
    EXPECT_EQ(must(pivot(project(), {.names = {"loss"}, .where = "step > 4990000000000000"})).count, 5U);
}

TEST_F(FilterTest, saysWhatIsWrong) {
    recordRun(0.1, 1, 1);
    ingest();
    const auto unknown = Filter::parse(project(), "vall_acc > 1");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_THAT(unknown.error().text(), HasSubstr("no such name: vall_acc; did you mean val_acc?"));
    EXPECT_FALSE(Filter::parse(project(), "lr >"));
    EXPECT_FALSE(Filter::parse(project(), "grad_norm > 1"));
    EXPECT_TRUE(Filter::parse(project(), "grad_norm > 1", {"grad_norm"}));
}

}  // namespace
}  // namespace hindcast::query

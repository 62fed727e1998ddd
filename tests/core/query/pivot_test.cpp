// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/pivot.h"

#include <gmock/gmock.h>

#include "core/store/annotations/annotations.h"
#include "core/store/source/snapshot.h"
#include "tests/core/query/sample_runs.h"

namespace hindcast::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class PivotTest : public QueryTest {
protected:
    std::vector<std::string> table(const PivotRequest& request) { return lines(must(pivot(project(), request))); }
};

TEST_F(PivotTest, showsNamesOfAllVersionsWithArgumentsInEveryRow) {
    recordRun(0.1, 2, 2);
    recordRun(0.2, 1, 1);
    ingest();
    EXPECT_THAT(table({.names = {"lr", "loss", "val_acc"}}),
                ElementsAre("version,epoch,step,lr,loss,val_acc", "1,0,0,0.1,10.0,0.5", "1,0,1,0.1,10.1,0.5",
                            "1,1,0,0.1,11.0,0.6", "1,1,1,0.1,11.1,0.6", "2,0,0,0.2,20.0,0.5"));
}

TEST_F(PivotTest, theDeepestAskedNameIsTheLevel) {
    recordRun(0.1, 2, 3);
    ingest();
    EXPECT_THAT(table({.names = {"val_acc", "size"}}),
                ElementsAre("version,epoch,val_acc,size", "1,0,0.5,1002", "1,1,0.6,1002"));
    EXPECT_THAT(table({.names = {"lr", "size"}}), ElementsAre("version,lr,size", "1,0.1,1002"));
    EXPECT_THAT(table({}), ElementsAre("version,lr,size", "1,0.1,1002"));
}

TEST_F(PivotTest, aVersionThatDidNotLogANameShowsItMissing) {
    recordRun(0.1, 1, 1);
    recordRun(0.2, 2, 1, false);
    ingest();
    EXPECT_THAT(table({.names = {"lr", "val_acc"}}), ElementsAre("version,epoch,lr,val_acc", "1,0,0.1,0.5", "2,,0.2,"));
}

TEST_F(PivotTest, keepsNanInfinitiesAndIntegersAsTheyWere) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch")
        .next()
        .number("x", std::nan(""))
        .next()
        .number("x", INFINITY)
        .next()
        .integer("x", INT64_MAX)
        .next()
        .text("x", "a");
    run.next().leave();
    run.end();
    ingest();
    EXPECT_THAT(table({.names = {"x"}}),
                ElementsAre("version,epoch,x", "1,0,nan", "1,1,inf", "1,2,9223372036854775807", "1,3,a"));
}

TEST_F(PivotTest, showsRecordedBeforeReplayedAndMarksBoth) {
    const base::Uuid version = recordRun(0.1, 3, 1);
    replayRun(version, "grad_norm", 1, 2, "exact");
    replayRun(version, "val_acc", 0, 2, "exact");
    ingest();
    EXPECT_THAT(
        table({.names = {"val_acc", "grad_norm"}, .provenance = true}),
        ElementsAre(
            "version,epoch,val_acc,val_acc.source,val_acc.fidelity,grad_norm,grad_norm.source,grad_norm.fidelity",
            "1,0,0.5,recorded,recorded,,,", "1,1,0.6,recorded,recorded,10.0,replayed,exact",
            "1,2,0.7,recorded,recorded,20.0,replayed,exact"));
}

TEST_F(PivotTest, leavesDivergedValuesOutUnlessAskedFor) {
    const base::Uuid version = recordRun(0.1, 2, 1);
    replayRun(version, "grad_norm", 0, 1, "diverged");
    ingest();
    EXPECT_THAT(table({.names = {"val_acc", "grad_norm"}}),
                ElementsAre("version,epoch,val_acc,grad_norm", "1,0,0.5,", "1,1,0.6,"));
    EXPECT_THAT(table({.names = {"grad_norm"}, .provenance = true, .diverged = true}),
                ElementsAre("version,epoch,grad_norm,grad_norm.source,grad_norm.fidelity", "1,0,0.0,replayed,diverged",
                            "1,1,10.0,replayed,diverged"));
}

TEST_F(PivotTest, aFilterReadsNamesThatWereNotAskedFor) {
    recordRun(0.1, 3, 2);
    recordRun(0.2, 3, 2);
    ingest();
    EXPECT_THAT(table({.names = {"val_acc"}, .where = "lr > 0.15 and epoch >= 1"}),
                ElementsAre("version,epoch,val_acc", "2,1,0.6", "2,2,0.7"));
    // An epoch stays when one of its steps fits.
    EXPECT_THAT(table({.names = {"val_acc"}, .where = "loss = 11.1"}), ElementsAre("version,epoch,val_acc", "1,1,0.6"));
    // A version stays when one of its epochs fits.
    EXPECT_THAT(table({.names = {"lr"}, .where = "epoch = 2 and lr < 0.15"}), ElementsAre("version,lr", "1,0.1"));
    EXPECT_THAT(table({.names = {"loss"}, .where = "val_acc > 0.65 and version = 1"}),
                ElementsAre("version,epoch,step,loss", "1,2,0,12.0", "1,2,1,12.1"));
}

TEST_F(PivotTest, aFilterThatNothingFitsLeavesTheHeader) {
    recordRun(0.1, 1, 1);
    ingest();
    EXPECT_THAT(table({.names = {"val_acc"}, .where = "lr > 5"}), ElementsAre("version,epoch,val_acc"));
}

TEST_F(PivotTest, takesChosenVersionsInTheirOrder) {
    const base::Uuid first = recordRun(0.1, 1, 1);
    recordRun(0.2, 1, 1);
    const base::Uuid third = recordRun(0.3, 1, 1);
    ingest();
    EXPECT_THAT(table({.names = {"lr"}, .versions = std::vector{third, first}}),
                ElementsAre("version,lr", "3,0.3", "1,0.1"));
}

TEST_F(PivotTest, anUnknownNameIsAnErrorThatNamesCloseOnes) {
    recordRun(0.1, 1, 1);
    ingest();
    const auto rows = pivot(project(), {.names = {"val_ac"}});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_THAT(rows.error().text(), HasSubstr("did you mean val_acc?"));
}

TEST_F(PivotTest, anEmptyStoreHasNoNamesAndNoRows) {
    ingest();
    EXPECT_THAT(table({}), ElementsAre("version"));
    EXPECT_FALSE(pivot(project(), {.names = {"loss"}}));
}

TEST_F(PivotTest, saysWhereAReplayCouldProduceAMissingValue) {
    const base::Uuid version = recordRun(0.1, 1, 1);
    ASSERT_DONE(store::recordSnapshot(project(), version));
    ASSERT_DONE(must(store::Annotations::open(project()))
                    .putProbe({.id = "22222222-2222-7222-8222-222222222222",
                               .name = "grad_norm",
                               .file = "train.py",
                               .line = 1,
                               .text = "hc.log('grad_norm', x)",
                               .expression = {}}));
    ingest();
    EXPECT_THAT(table({.names = {"val_acc", "grad_norm"}, .provenance = true}),
                ElementsAre(HasSubstr("grad_norm.source"), "1,0,0.5,recorded,recorded,,replayable,"));
}

}  // namespace
}  // namespace hindcast::query

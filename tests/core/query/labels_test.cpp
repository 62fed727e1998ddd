// SPDX-License-Identifier: Apache-2.0
// What passes were, where that is not their number: columns, filters and SQL.
#include <gmock/gmock.h>

#include "core/query/engine.h"
#include "core/query/filter/filter.h"
#include "core/query/pivot/pivot.h"
#include "tests/core/query/sample_runs.h"

namespace hindcast::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class LabelsTest : public QueryTest {
protected:
    RunWriter& pass(RunWriter& run, const std::string& label) {
        run.next().events().label(label);
        return run;
    }

    /// Folds a and b, in each the optimizers sgd and adam, in each the rates 10 and 20.
    base::Uuid recordFolds() {
        const base::Uuid uuid = base::Uuid::make();
        RunWriter run(project(), uuid);
        run.enter("fold");
        for (const std::string fold : {"a", "b"}) {
            pass(run, fold).enter("optimizer");
            for (const std::string optimizer : {"sgd", "adam"}) {
                pass(run, optimizer).enter("rate");
                for (const std::string rate : {"10", "20"})
                    pass(run, rate).number("loss", std::stod(rate) + (optimizer == "adam" ? 0.5 : 0));
                run.leave().number("best", optimizer == "adam" ? 2 : 1);
            }
            run.leave();
        }
        run.leave();
        run.end();
        return uuid;
    }

    std::vector<std::string> table(const PivotRequest& request) { return lines(must(pivot(project(), request))); }
    std::vector<std::string> sql(const std::string& text) {
        return lines(must(must(Engine::open(project())).query(text)));
    }
};

TEST_F(LabelsTest, standBehindTheirLoopsWhenAskedFor) {
    recordFolds();
    ingest();
    EXPECT_THAT(table({.names = {"best", "loss"}, .where = "fold = 1", .labels = true}),
                ElementsAre("version,fold,fold.label,optimizer,optimizer.label,rate,rate.label,best,loss",
                            "1,1,b,0,sgd,0,10,1.0,10.0", "1,1,b,0,sgd,1,20,1.0,20.0", "1,1,b,1,adam,0,10,2.0,10.5",
                            "1,1,b,1,adam,1,20,2.0,20.5"));
    EXPECT_THAT(table({.names = {"best"}, .where = "fold = 0"}),
                ElementsAre("version,fold,optimizer,best", "1,0,0,1.0", "1,0,1,2.0"));
}

TEST_F(LabelsTest, areNoNamesAndNoValues) {
    recordFolds();
    ingest();
    EXPECT_THAT(sql("select name, recorded from names order by name"),
                ElementsAre("name,recorded", "best,4", "loss,8"));
    EXPECT_THAT(sql("select count(*) n from logs"), ElementsAre("n", "12"));
    EXPECT_THAT(sql("select count(*) n from all_logs"), ElementsAre("n", "12"));
    EXPECT_THAT(sql("select \"values\" n from versions"), ElementsAre("n", "12"));
}

TEST_F(LabelsTest, areHiddenColumnsInSql) {
    recordFolds();
    ingest();
    EXPECT_THAT(sql("select * from pivot('best') where \"optimizer.label\" = 'adam'"),
                ElementsAre("version,fold,optimizer,best", "1,0,1,2.0", "1,1,1,2.0"));
    EXPECT_THAT(
        sql("select \"optimizer.label\" o, avg(loss) m from pivot('loss') where \"rate.label\" > 15 group by 1"),
        ElementsAre("o,m", "adam,20.5", "sgd,20.0"));
    EXPECT_THAT(sql("select \"fold.label\" f, \"best.source\" s, optimizer from pivot('best') where version = 1 and "
                    "fold = 1 and optimizer = 0"),
                ElementsAre("f,s,optimizer", "b,recorded,0"));
    EXPECT_THAT(sql("select \"rate.label\" r, value, thread from logs where name = 'loss' and \"fold.label\" = 'b' "
                    "and \"optimizer.label\" = 'sgd'"),
                ElementsAre("r,value,thread", "10,10.0,0", "20,20.0,0"));
    EXPECT_THAT(sql("select \"rate.label\" r from logs where name = 'best' and fold = 0"), ElementsAre("r", "", ""));
}

TEST_F(LabelsTest, decideInFilters) {
    const base::Uuid version = recordFolds();
    const base::Uuid plain = recordRun(0.1, 2, 1);
    ingest();
    EXPECT_THAT(
        table({.names = {"loss"}, .where = "optimizer.label = 'adam' and rate.label = 20 and fold.label <> 'a'"}),
        ElementsAre(HasSubstr("loss"), "1,1,1,1,,,20.5"));
    const Filter outer = must(Filter::parse(project(), "fold.label = 'b'", {"grad"}));
    EXPECT_THAT(must(outer.matchingOuterIterations(version, "fold", 2)), ElementsAre(1));
    EXPECT_FALSE(must(outer.mayMatchVersion(plain)));
    // What an inner pass will be is not known before it runs.
    const Filter inner = must(Filter::parse(project(), "rate.label = 20 and fold.label = 'a' and grad > 0", {"grad"}));
    EXPECT_THAT(must(inner.matchingOuterIterations(version, "fold", 2)), ElementsAre(0));
    EXPECT_FALSE(Filter::parse(project(), "loss.label = 1"));
}

TEST_F(LabelsTest, thatSayTheIndexAreNotKeptAndTextsThatLookLikeNumbersStayTexts) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch");
    for (const std::string label : {"0", "01", "-5", "-0", "99999999999999999999", ""}) pass(run, label).number("x", 1);
    run.leave();
    run.end();
    ingest();
    const Rows rows = must(pivot(project(), {.names = {"x"}, .labels = true}));
    const Column& labels = rows.columns[2];
    EXPECT_EQ(labels.name(), "epoch.label");
    EXPECT_EQ(labels.kindAt(0), CellKind::Missing);
    EXPECT_EQ(labels.textAt(1), "01");
    EXPECT_EQ(labels.integerAt(2), -5);
    EXPECT_EQ(labels.textAt(3), "-0");
    EXPECT_EQ(labels.textAt(4), "99999999999999999999");
    EXPECT_EQ(labels.textAt(5), "");
}

TEST_F(LabelsTest, ofALoopThatIsFollowedLiveAreThoseOfTheWholeRun) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("file");
    for (int i = 0; i < 6; ++i) {
        pass(run, "f" + std::to_string(i)).enter("line");
        pass(run, "l" + std::to_string(i)).number("length", i).leave();
        run.flush();
        ingest();
    }
    EXPECT_THAT(table({.names = {"length"}, .where = "file >= 4", .labels = true}),
                ElementsAre("version,file,file.label,line,line.label,length", "1,4,f4,0,l4,4.0", "1,5,f5,0,l5,5.0"));
}

}  // namespace
}  // namespace hindcast::query

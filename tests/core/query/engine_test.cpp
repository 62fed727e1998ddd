// SPDX-License-Identifier: Apache-2.0
#include "core/query/engine.h"

#include <gmock/gmock.h>

#include <thread>

#include "core/store/annotations/annotations.h"
#include "core/store/source/snapshot.h"
#include "tests/core/query/sample_runs.h"

namespace hindcast::query {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EngineTest : public QueryTest {
protected:
    std::vector<std::string> table(const std::string& sql) {
        return lines(must(must(Engine::open(project())).query(sql)));
    }
    base::Error failure(const std::string& sql) {
        auto rows = must(Engine::open(project())).query(sql);
        if (rows) throw std::runtime_error("no error: " + sql);
        return rows.error();
    }
};

TEST_F(EngineTest, versionsHaveTheirArgumentsAsColumns) {
    recordRun(0.1, 1, 1);
    recordRun(0.2, 1, 1);
    ingest();
    EXPECT_THAT(table("select number, status, lr, script from versions where lr > 0.15"),
                ElementsAre("number,status,lr,script", "2,complete,0.2,train.py"));
}

TEST_F(EngineTest, logsAreOneRowAValue) {
    recordRun(0.1, 2, 2);
    ingest();
    EXPECT_THAT(table("select version, name, epoch, step, value, source, fidelity, coordinates from logs where name = "
                      "'loss' and epoch = 1"),
                ElementsAre("version,name,epoch,step,value,source,fidelity,coordinates",
                            "1,loss,1,0,11.0,recorded,recorded,\"[[\"\"epoch\"\",0,1],[\"\"step\"\",0,0]]\"",
                            "1,loss,1,1,11.1,recorded,recorded,\"[[\"\"epoch\"\",0,1],[\"\"step\"\",0,1]]\""));
    EXPECT_THAT(table("select count(*) n, count(distinct name) m from logs"), ElementsAre("n,m", "7,3"));
}

TEST_F(EngineTest, allLogsHaveWhatLogsLeaveOut) {
    const base::Uuid version = recordRun(0.1, 2, 1);
    replayRun(version, "val_acc", 0, 1, "diverged");
    ingest();
    EXPECT_THAT(table("select source, fidelity, count(*) n from logs where name = 'val_acc' group by 1, 2"),
                ElementsAre("source,fidelity,n", "recorded,recorded,2"));
    EXPECT_THAT(
        table("select source, fidelity, count(*) n from all_logs where name = 'val_acc' group by 1, 2 order by 1"),
        ElementsAre("source,fidelity,n", "recorded,recorded,2", "replayed,diverged,2"));
}

TEST_F(EngineTest, pivotIsATableInFrom) {
    recordRun(0.1, 2, 2);
    recordRun(0.2, 2, 1);
    ingest();
    EXPECT_THAT(table("select * from pivot('lr', 'loss', 'val_acc') where epoch > 0"),
                ElementsAre("version,epoch,step,lr,loss,val_acc", "1,1,0,0.1,11.0,0.6", "1,1,1,0.1,11.1,0.6",
                            "2,1,0,0.2,21.0,0.6"));
    EXPECT_THAT(table("select p.version, max(p.loss) m from pivot('loss') as p join versions v on v.number = p.version "
                      "where v.lr < 0.15 group by 1"),
                ElementsAre("version,m", "1,11.1"));
    EXPECT_THAT(table("select pivot.epoch from pivot('val_acc') where version = 2"), ElementsAre("epoch", "0", "1"));
    EXPECT_THAT(
        table("select \"val_acc.source\" s, \"val_acc.kind\" k from pivot('val_acc') where version = 1 and epoch = 0"),
        ElementsAre("s,k", "recorded,float"));
}

TEST_F(EngineTest, nanIsNullToSqlAndItselfInTheResult) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch").next().number("x", std::nan("")).next().number("x", INFINITY).next().number("x", 1);
    run.leave();
    run.end();
    ingest();
    EXPECT_THAT(table("select x from pivot('x')"), ElementsAre("x", "nan", "inf", "1.0"));
    EXPECT_THAT(table("select epoch from pivot('x') where x is null"), ElementsAre("epoch", "0"));
    EXPECT_THAT(table("select value, kind from logs"), ElementsAre("value,kind", "nan,nan", "inf,inf", "1.0,float"));
    EXPECT_THAT(table("select count(x) n, max(x) m from pivot('x')"), ElementsAre("n,m", "2,inf"));
}

TEST_F(EngineTest, theOtherTablesAnswer) {
    const base::Uuid version = recordRun(0.1, 3, 2);
    replayRun(version, "grad_norm", 0, 1, "exact");
    ingest();
    EXPECT_THAT(table("select loop, passes, how from loops where outer_index is null"),
                ElementsAre("loop,passes,how", "epoch,3,exhausted"));
    EXPECT_THAT(table("select \"index\", seconds > 0 s from iterations"), ElementsAre("index,s", "0,1", "1,1", "2,1"));
    EXPECT_THAT(table("select version, mode, first, last, status from replays"),
                ElementsAre("version,mode,first,last,status", "1,deep,0,1,complete"));
    EXPECT_THAT(table("select \"index\", grade from fidelity"), ElementsAre("index,grade", "0,exact", "1,exact"));
    for (const std::string name :
         {"arguments", "names", "loop_totals", "captures", "probes", "placements", "replay_probes"}) {
        EXPECT_GE(table("select * from " + name).size(), 1U) << name;
    }
}

TEST_F(EngineTest, nothingCanBeWrittenAttachedOrLoaded) {
    recordRun(0.1, 1, 1);
    ingest();
    const std::string outside = (m_folder / "outside.db").string();
    for (const std::string& sql : std::vector<std::string>{
             "delete from main.names", "drop table main.versions", "create table x(a)", "create temp table x(a)",
             "update sources set state = 'x'", "insert into logs values (1)", "attach '" + outside + "' as o",
             "pragma journal_mode = delete", "vacuum into '" + outside + "'", "select load_extension('x')", "begin",
             "reindex", "select * from main.sources", "select * from sqlite_master"}) {
        const base::Error error = failure(sql);
        EXPECT_TRUE(error.code() == base::ErrorCode::Refused || error.code() == base::ErrorCode::InvalidArgument)
            << sql << ": " << error.text();
    }
    EXPECT_FALSE(std::filesystem::exists(outside));
    EXPECT_THAT(table("select count(*) n from names"), ElementsAre("n", "3"));
}

TEST_F(EngineTest, aBadQueryGetsSqlitesMessageAndThePosition) {
    recordRun(0.1, 1, 1);
    ingest();
    EXPECT_THAT(failure("selec 1").text(), HasSubstr("near \"selec\": syntax error (column 1)"));
    EXPECT_THAT(failure("select *\nfrom pivot('loss', 'val_acc') where absent = 1").text(),
                HasSubstr("no such column: absent (line 2, column 37)"));
    EXPECT_THAT(failure("select * from version").text(), HasSubstr("no such table: version; did you mean versions"));
    EXPECT_THAT(failure("select * from pivot('los')").text(), HasSubstr("did you mean loss"));
    EXPECT_THAT(failure("select * from pivot(loss)").text(), HasSubstr("names in quotes"));
    EXPECT_THAT(failure("select 1; select 2").text(), HasSubstr("One statement at a time"));
    EXPECT_THAT(failure("  -- nothing").text(), HasSubstr("empty"));
    EXPECT_THAT(table("select 1 as one;"), ElementsAre("one", "1"));
}

TEST_F(EngineTest, thePlaceOfAMistakeIsAlsoGivenInBytes) {
    recordRun(0.1, 1, 1);
    ingest();
    Engine engine = must(Engine::open(project()));
    EXPECT_FALSE(engine.query("select '損失',\n  absent from versions"));
    EXPECT_EQ(engine.errorAt(), std::optional<std::size_t>(19));
    EXPECT_FALSE(engine.query("select 1 from pivot('los')"));
    EXPECT_EQ(engine.errorAt(), std::optional<std::size_t>(14));
    EXPECT_FALSE(engine.check("select 1; select 2"));
    EXPECT_EQ(engine.errorAt(), std::optional<std::size_t>(10));
    EXPECT_TRUE(engine.check("select 1"));
    EXPECT_FALSE(engine.errorAt());
}

TEST_F(EngineTest, aLimitCutsTheResultAndSaysSo) {
    Engine engine = must(Engine::open(project()));
    const std::string sql =
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 100) select i, -i from n";
    const Rows cut = must(engine.query(sql, {.cells = 20}));
    EXPECT_EQ(cut.count, 10U);
    EXPECT_TRUE(cut.isCut);
    const Rows all = must(engine.query(sql, {.cells = 200}));
    EXPECT_EQ(all.count, 100U);
    EXPECT_FALSE(all.isCut);
    EXPECT_EQ(engine.rowsSoFar(), 100U);
    EXPECT_THAT(failure("select randomblob(1000000000)").text(), HasSubstr("too big"));
}

TEST_F(EngineTest, aMissingValueThatAReplayWouldGiveIsToldApart) {
    const base::Uuid version = recordRun(0.2, 2, 1);
    ASSERT_TRUE(store::recordSnapshot(project(), version));
    ASSERT_TRUE(must(store::Annotations::open(project()))
                    .putProbe({.id = "22222222-2222-7222-8222-222222222222",
                               .name = "grad_norm",
                               .file = "train.py",
                               .line = 1,
                               .text = "hc.log('grad_norm', x)",
                               .expression = {}}));
    replayRun(version, "grad_norm", 0, 0, "exact");
    ingest();
    const Rows rows =
        must(must(Engine::open(project())).query("select grad_norm, nullif(1, 1) from pivot('val_acc', 'grad_norm')"));
    ASSERT_EQ(rows.count, 2U);
    EXPECT_EQ(rows.columns[0].kindAt(0), CellKind::Double);
    EXPECT_EQ(rows.columns[0].kindAt(1), CellKind::Replayable);
    EXPECT_TRUE(rows.columns[0].isMissing(1));
    EXPECT_EQ(rows.columns[0].type(), ColumnType::Float64);
    EXPECT_EQ(rows.columns[1].kindAt(1), CellKind::Missing);
    EXPECT_THAT(lines(rows), ElementsAre(HasSubstr("grad_norm"), "0.0,", ","));
}

TEST_F(EngineTest, aRunawayQueryCanBeCancelled) {
    ingest();
    Engine engine = must(Engine::open(project()));
    std::atomic<bool> done = false;
    // Cancelling before the query runs does nothing, so it is asked until it has worked.
    std::thread canceller([&] {
        while (!done) engine.cancel();
    });
    const auto rows =
        engine.query("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n");
    done = true;
    canceller.join();
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code(), base::ErrorCode::Cancelled);
    EXPECT_TRUE(engine.query("select 1"));
}

TEST_F(EngineTest, whatIsRecordedMeanwhileIsInTheNextQuery) {
    recordRun(0.1, 1, 1);
    ingest();
    Engine engine = must(Engine::open(project()));
    EXPECT_THAT(lines(must(engine.query("select count(*) n from versions"))), ElementsAre("n", "1"));
    RunWriter run(project(), base::Uuid::make());
    run.argument("momentum", 0.9);
    run.end();
    ingest();
    EXPECT_THAT(lines(must(engine.query("select number, momentum from versions where momentum > 0"))),
                ElementsAre("number,momentum", "2,0.9"));
}

TEST_F(EngineTest, hostileNamesAreNames) {
    RunWriter run(project(), base::Uuid::make());
    const std::vector<std::string> names{"select",  "a\"b", "it's", "損失", "Loss", "loss", "; drop table versions",
                                         "version", "epoch"};
    run.enter("epoch").next();
    for (const std::string& name : names) run.number(name, 1);
    run.leave();
    run.end();
    ingest();
    EXPECT_THAT(
        table("select * from pivot('select', 'a\"b', 'it''s', '損失', 'Loss', 'loss', '; drop table versions', "
              "'version', 'epoch')"),
        ElementsAre(
            "version,epoch,select,\"a\"\"b\",it's,損失,Loss,loss',; drop table versions,version.value,epoch.value",
            "1,0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0"));
}

TEST_F(EngineTest, anIndexThatWasNeverFilledReadsAsEmpty) {
    EXPECT_THAT(table("select number from versions"), ElementsAre("number"));
    EXPECT_THAT(table("select count(*) n from logs"), ElementsAre("n", "0"));
}

}  // namespace
}  // namespace hindcast::query

// SPDX-License-Identifier: Apache-2.0
// Values of replays in the index: which of several is shown, and how it was proven.
#include "core/base/file.h"
#include "core/store/annotations/annotations.h"
#include "tests/core/store/ingest_fixture.h"

namespace hindcast::store {
namespace {

using ReplayedValuesTest = IngestTest;

TEST_F(ReplayedValuesTest, AReplaySeenBeforeItsFirstFileIsTakenInOnceThatIsThere) {
    const base::Uuid version = recordVersion(3, 1);
    Ingester ingester = must(Ingester::open(project()));
    must(ingester.ingestOnce());
    const base::Uuid replay = base::Uuid::make();
    must(base::makeFolder(project().replayFolder(replay)));
    // Long ago, so that the folder of all replays is not looked through again for being fresh.
    std::filesystem::last_write_time(project().replays(),
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    must(ingester.ingestOnce());
    RunWriter run(project(), replay, replayOf(version, "norm"));
    run.enter("epoch").next().number("norm", 1, 0);
    run.leave();
    run.end();
    const CatalogChanges changes = must(ingester.ingestOnce());
    EXPECT_EQ(changes.replays, std::vector<base::Uuid>{replay});
    EXPECT_EQ(scan(version, "norm").series.size(), 1U);
}

TEST_F(ReplayedValuesTest, ShowsReplayedValuesWithTheirFidelityAndHidesDivergedOnes) {
    const base::Uuid version = recordVersion(3, 2);
    replayValues(version, "grad", 10, "exact");
    replayValues(version, "other", 20, "diverged");
    replayValues(version, "third", 30, "");
    ingest();
    const ValueScan grad = scan(version, "grad");
    ASSERT_EQ(grad.series.at(0).count, 3U);
    EXPECT_EQ(grad.series[0].fidelityAt(2), Fidelity::Exact);
    EXPECT_EQ(grad.series[0].replayAt(0), 0);
    EXPECT_EQ(grad.series[0].probeAt(0), 0);
    EXPECT_EQ(grad.replays.at(0).probes.at(0).name, "grad");
    const ValueScan other = scan(version, "other");
    EXPECT_TRUE(other.series.empty());
    EXPECT_EQ(other.hiddenDiverged, 3);
    ScanOptions all;
    all.diverged = true;
    EXPECT_EQ(scan(version, "other", all).series.at(0).fidelityAt(0), Fidelity::Diverged);
    EXPECT_EQ(scan(version, "third").series.at(0).fidelityAt(0), Fidelity::Unverified);
}

TEST_F(ReplayedValuesTest, PrefersTheRecordedValueAndThenTheNewestThatDidNotDiverge) {
    const base::Uuid version = recordVersion(2, 2);  // records acc for epochs 0 and 1
    replayValues(version, "acc", 100, "exact", 3);   // and replays 0 to 2
    replayValues(version, "grad", 10, "exact");
    replayValues(version, "grad", 20, "exact");
    replayValues(version, "grad", 30, "diverged");
    ingest();
    const ValueSeries acc = scan(version, "acc").series.at(0);
    EXPECT_EQ(acc.numbers, (std::vector<double>{0, 1, 102}));
    EXPECT_EQ(acc.replayAt(1), -1);
    EXPECT_EQ(acc.fidelityAt(1), Fidelity::Recorded);
    EXPECT_GE(acc.replayAt(2), 0);
    EXPECT_EQ(scan(version, "grad").series.at(0).numbers, (std::vector<double>{20, 21, 22}));
    ScanOptions every;
    every.everySource = every.diverged = true;
    EXPECT_EQ(scan(version, "grad", every).series.at(0).count, 9U);
}

TEST_F(ReplayedValuesTest, HidesValuesOfARevisionThatWasChanged) {
    const base::Uuid version = recordVersion(3, 2);
    replayValues(version, "grad", 10, "exact", 3, 1);
    const base::Uuid second = replayValues(version, "norm", 20, "exact", 3, 2);
    Annotations notes = must(Annotations::open(project()));
    Probe probe{"p", 1, "grad", "statement", "train.py", 3, "hc.log('grad', g)", "", false};
    must(notes.putProbe(probe));
    ingest();
    EXPECT_EQ(scan(version, "grad").series.at(0).count, 3U);
    Probe changed = probe;
    changed.revision = 2;
    changed.name = "norm";
    must(notes.putProbe(changed));
    const CatalogChanges hidden = ingest();
    EXPECT_NE(std::find(hidden.series.begin(), hidden.series.end(), std::make_pair(version, std::string("grad"))),
              hidden.series.end());
    EXPECT_TRUE(scan(version, "grad").series.empty());
    EXPECT_EQ(scan(version, "norm").series.at(0).count, 3U);
    ScanOptions all;
    all.superseded = true;
    EXPECT_EQ(scan(version, "grad", all).series.at(0).count, 3U);
    // Undone: revision 3 asks for what revision 1 asked.
    probe.revision = 3;
    must(notes.putProbe(probe));
    ingest();
    EXPECT_EQ(scan(version, "grad").series.at(0).count, 3U);
    EXPECT_TRUE(scan(version, "norm").series.empty());
    must(notes.supersede({second}));
    ingest();
    EXPECT_TRUE(must(catalog().replay(second))->superseded);
}

TEST_F(ReplayedValuesTest, TellsFidelityThatArrivesAfterTheValues) {
    const base::Uuid version = recordVersion(3, 2);
    RunWriter run(project(), base::Uuid::make(), replayOf(version, "grad"));
    Ingester ingester = must(Ingester::open(project()));
    run.enter("epoch").next().number("grad", 1, 0).flush();
    ASSERT_DONE(ingester.ingestOnce());
    EXPECT_EQ(scan(version, "grad").series.at(0).fidelityAt(0), Fidelity::Unverified);
    run.fidelity("epoch", 0, "exact");
    const CatalogChanges changes = must(ingester.ingestOnce());
    ASSERT_EQ(changes.series.size(), 1U);
    EXPECT_EQ(changes.series[0], std::make_pair(version, std::string("grad")));
    EXPECT_EQ(scan(version, "grad").series.at(0).fidelityAt(0), Fidelity::Exact);
}

}  // namespace
}  // namespace hindcast::store

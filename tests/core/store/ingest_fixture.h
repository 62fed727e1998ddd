// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/store/catalog/ingester.h"
#include "core/store/columns/value_reader.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {

/// A store whose versions and replays are written here and taken into its index.
class IngestTest : public StoreTest {
protected:
    /// A finished version: `epochs` passes with `steps` values of "loss" each and one "acc".
    base::Uuid recordVersion(int epochs, int steps) {
        RunWriter run(project(), base::Uuid::make());
        run.argument("lr", 0.01).enter("epoch");
        for (int epoch = 0; epoch < epochs; ++epoch) {
            run.next().enter("step");
            for (int step = 0; step < steps; ++step) run.next().number("loss", lossAt(epoch, step));
            run.leave().number("acc", epoch);
            if (epoch % 3 == 0) run.flush();
        }
        run.leave().flush();
        run.end();
        return run.uuid();
    }
    static double lossAt(int epoch, int step) { return 1.0 / (1 + epoch * 100 + step); }

    CatalogChanges ingest() { return must(must(Ingester::open(project())).ingestOnce()); }
    Catalog catalog() { return must(Catalog::open(project())); }
    ValueScan scan(const base::Uuid& version, const std::string& name, const ScanOptions& options = {}) {
        return must(must(ValueReader::open(project())).scan(version, name, options));
    }
    static format::ReplayInfo replayOf(const base::Uuid& version, const std::string& name,
                                       const std::string& probe = "p", int revision = 1) {
        format::ReplayInfo replay;
        replay.version = version.text();
        replay.mode = "deep";
        replay.loop = "epoch";
        replay.first = 0;
        replay.last = 2;
        replay.probes = {{probe, revision, name, "memo", "hc.log('" + name + "', g)"}};
        return replay;
    }
    base::Uuid replayValues(const base::Uuid& version, const std::string& name, double value, const std::string& grade,
                            int epochs = 3, int revision = 1) {
        RunWriter run(project(), base::Uuid::make(), replayOf(version, name, "p", revision));
        run.enter("epoch");
        for (int epoch = 0; epoch < epochs; ++epoch) {
            run.next().number(name, value + epoch, 0).flush();
            if (!grade.empty()) run.fidelity("epoch", epoch, grade);
        }
        run.leave();
        run.end();
        return run.uuid();
    }
};

}  // namespace hindcast::store

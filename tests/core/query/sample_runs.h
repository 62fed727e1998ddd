// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "core/query/rows/row_formats.h"
#include "core/query/rows/rows.h"
#include "core/store/catalog/ingester.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::query {

using store::must;
using store::RunWriter;

/// A store with versions written as recorders write them, taken into the index.
class QueryTest : public store::StoreTest {
protected:
    /// Epochs of steps: loss in every step, val_acc after each epoch, lr as argument, size outside every loop.
    base::Uuid recordRun(double lr, int epochs, int steps, bool withAccuracy = true) {
        const base::Uuid uuid = base::Uuid::make();
        RunWriter run(project(), uuid);
        run.argument("lr", lr);
        run.integer("size", 1000 + epochs);
        run.enter("epoch");
        for (int epoch = 0; epoch < epochs; ++epoch) {
            run.next().enter("step");
            for (int step = 0; step < steps; ++step) run.next().number("loss", lr * 100 + epoch + step / 10.0);
            run.leave();
            if (withAccuracy) run.number("val_acc", 0.5 + epoch / 10.0);
        }
        run.leave();
        run.end();
        return uuid;
    }

    /// A replay that gives `name` a value after each of the passes first…last of the epoch loop.
    base::Uuid replayRun(const base::Uuid& version, const std::string& name, int first, int last,
                         const std::string& grade) {
        const base::Uuid uuid = base::Uuid::make();
        format::ReplayInfo info;
        info.version = version.text();
        info.mode = "deep";
        info.loop = "epoch";
        info.first = first;
        info.last = last;
        info.probes.push_back(
            {"11111111-1111-7111-8111-111111111111", 1, name, "memo" + uuid.text(), "hc.log('" + name + "', x)"});
        RunWriter run(project(), uuid, info);
        run.enter("epoch");
        for (int epoch = 0; epoch <= last; ++epoch) {
            run.next();
            if (epoch >= first) run.number(name, epoch * 10, 0);
        }
        run.leave();
        for (int epoch = first; epoch <= last; ++epoch) run.fidelity("epoch", epoch, grade);
        run.end();
        return uuid;
    }

    void ingest() { must(must(store::Ingester::open(project())).ingestOnce()); }

    /// The table as CSV lines, header first.
    static std::vector<std::string> lines(const Rows& rows) {
        std::string text;
        writeRows(rows, RowFormat::Csv, [&](std::string_view piece) {
            text += piece;
            return true;
        });
        std::vector<std::string> out;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) out.push_back(line);
        return out;
    }
};

}  // namespace hindcast::query

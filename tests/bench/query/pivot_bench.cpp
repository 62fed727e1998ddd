// SPDX-License-Identifier: Apache-2.0
// The pivot and scans over synthetic histories of the sizes that the performance table names.
//
//     pivot_bench            stores are made below TMPDIR and removed again; needs about 250 MB there

#include <cstdio>
#include <string>
#include <vector>

#include "core/query/engine.h"
#include "core/query/pivot/pivot.h"
#include "core/store/catalog/ingester.h"
#include "core/store/columns/value_reader.h"
#include "tests/bench/support/folder.h"
#include "tests/bench/support/measure.h"
#include "tests/bench/support/synthetic_history.h"

namespace hindcast::bench {
namespace {

/// A store of equal versions, gone with this object.
class History {
public:
    History(int versions, const SyntheticRun& run) : m_project(must(store::Project::create(m_folder.path()))) {
        for (int i = 0; i < versions; ++i) m_versions.push_back(writeSyntheticVersion(m_project, i, run));
        auto ingester = must(store::Ingester::open(m_project));
        must(ingester.ingestOnce());
    }
    const store::Project& project() const { return m_project; }
    const std::vector<base::Uuid>& versions() const { return m_versions; }

private:
    TemporaryFolder m_folder;
    store::Project m_project;
    std::vector<base::Uuid> m_versions;
};

double medianSeconds(int rounds, const std::function<void()>& call) {
    std::vector<Contestant> one{{"", call}};
    compete(one, rounds);
    return one.front().seconds;
}

void pivotRow(const History& history, std::vector<std::string> names, const std::string& reach, const std::string& peer,
              int rounds) {
    query::PivotRequest request;
    request.names = std::move(names);
    std::size_t rows = 0;
    const double seconds = medianSeconds(rounds, [&] { rows = must(query::pivot(history.project(), request)).count; });
    printRow(
        text("pivot of %zu names over %zu rows, %zu versions", request.names.size(), rows, history.versions().size()),
        reach, peer, text("%.0f ms CPU, %.1f M rows/s", seconds * 1e3, static_cast<double>(rows) / seconds * 1e-6));
}

void sqlRow(const History& history, const std::string& statement) {
    auto engine = must(query::Engine::open(history.project()));
    std::size_t rows = 0;
    const double seconds = medianSeconds(5, [&] { rows = must(engine.query(statement)).count; });
    printRow("`" + statement + "`", "", "", text("%.0f ms CPU, %zu rows out", seconds * 1e3, rows));
}

void scanRow(const History& history, const std::string& name) {
    const auto reader = must(store::ValueReader::open(history.project()));
    std::size_t values = 0;
    double sum = 0;
    const double seconds = medianSeconds(9, [&] {
        values = 0;
        for (const base::Uuid& version : history.versions()) {
            const store::ValueScan scan = must(reader.scan(version, name));
            for (const store::ValueSeries& series : scan.series) {
                values += series.count;
                sum += series.numbers.back();
            }
        }
    });
    printRow(
        text("full scan of `%s`, %zu values with their places", name.c_str(), values), "200 M values/s", "",
        text("%.0f M values/s%s", static_cast<double>(values) / seconds * 1e-6, sum == 0 ? " (nothing read)" : ""));
}

}  // namespace
}  // namespace hindcast::bench

int main() {
    using namespace hindcast::bench;
    {
        const History history(100, {10, 201, 0});
        pivotRow(history, {"loss", "lr", "acc", "val_loss"}, "50 ms", "FlorDB 3,450 ms", 9);
        sqlRow(history, "select count(*), avg(loss) from pivot('loss', 'acc') where epoch = 3");
        sqlRow(history, "select version, max(value) from logs where name = 'acc' group by version");
    }
    {
        const History history(100, {10, 1000, 0});
        pivotRow(history, {"loss", "lr", "acc"}, "", "FlorDB 7,700 ms and 706 MiB", 5);
    }
    {
        const History history(10, {10, 100000, 0});
        scanRow(history, "loss");
        scanRow(history, "lr");
        pivotRow(history, {"loss", "lr", "acc"}, "1,000 ms", "", 3);
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// What a long history costs: a synthetic store grows to each of the given numbers of versions, and at each the same
// things are done.
//
//     growth_bench FOLDER [VERSIONS…]        (default 100 1000; 10,000 take 2 GB and some minutes; a store that is
//     there grows)

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "core/query/pivot/pivot.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/columns/value_reader.h"
#include "core/workspace/workspace.h"
#include "tests/bench/support/folder.h"
#include "tests/bench/support/measure.h"
#include "tests/bench/support/synthetic_history.h"

namespace hindcast::bench {
namespace {

/// CPU and wall milliseconds of one call; the median by CPU of `times`.
std::string cost(int times, const std::function<void()>& call) {
    std::vector<std::pair<double, double>> spent;
    for (int i = 0; i < times; ++i) {
        const double wall = wallSeconds();
        const double cpu = threadSeconds();
        call();
        spent.emplace_back(threadSeconds() - cpu, wallSeconds() - wall);
    }
    std::sort(spent.begin(), spent.end());
    const auto [cpu, wall] = spent[spent.size() / 2];
    return text("%.2f ms (wall %.2f)", cpu * 1e3, wall * 1e3);
}

class GrowthBench {
public:
    explicit GrowthBench(const std::filesystem::path& folder) : m_project(must(store::Project::create(folder))) {
        auto ingester = must(store::Ingester::open(m_project));
        must(ingester.ingestOnce());
        for (const store::VersionRow& row : must(must(store::Catalog::open(m_project)).versions()))
            m_versions.push_back(row.uuid);
    }

    void measureAt(std::size_t count) {
        grow(count);
        const std::string at = text("%zu versions", m_versions.size());
        const auto row = [&at](const char* what, const std::string& measured) {
            printRow(at + ": " + what, "", "", measured);
        };
        row("open, nothing new", cost(5, [this] { must(workspace::Workspace::open(m_project.root())); }));
        auto open = must(workspace::Workspace::open(m_project.root()));
        row("first list with last values", cost(1, [&] { must(open->versions()); }));
        row("list again", cost(5, [&] { must(open->versions()); }));
        row("refresh, nothing new", cost(51, [&] { must(open->refresh()); }));
        row("refresh, one new version of 10,010 values", cost(5, [&] {
                m_versions.push_back(writeSyntheticVersion(m_project, static_cast<int>(m_versions.size())));
                must(open->refresh());
            }));
        follow(row, *open);
        row("a number to its version", cost(11, [&] { must(open->resolveVersions("v57")); }));
        row("all names", cost(5, [&] { must(open->names()); }));
        row("one series of 4,980 values",
            cost(11, [&] { must(open->series(m_versions[m_versions.size() / 2], "loss")); }));
        pivots(row);
    }

private:
    void grow(std::size_t count) {
        const std::size_t before = m_versions.size();
        if (before >= count) return;
        const SyntheticRun run;
        while (m_versions.size() < count)
            m_versions.push_back(writeSyntheticVersion(m_project, static_cast<int>(m_versions.size()), run));
        auto ingester = must(store::Ingester::open(m_project));
        const double begin = threadSeconds();
        must(ingester.ingestOnce());
        const double seconds = threadSeconds() - begin;
        const auto added = static_cast<double>(count - before);
        printRow(text("%zu versions: ingest of %.0f new ones", count, added), "", "",
                 text("%.2f ms a version, %.1f M values/s", seconds / added * 1e3,
                      added * static_cast<double>(run.values()) / seconds * 1e-6));
    }

    /// A version stays open meanwhile and is crashed afterwards.
    template <class Row>
    void follow(const Row& row, workspace::Workspace& open) {
        RunningVersion running(m_project, static_cast<int>(m_versions.size()));
        running.log(1);
        must(open.refresh());
        row("refresh, 1,000 more values of a running version", cost(11, [&] {
                running.log(1000);
                must(open.refresh());
            }));
    }

    template <class Row>
    void pivots(const Row& row) {
        query::PivotRequest some;
        some.names = {"loss", "lr"};
        const std::size_t first = m_versions.size() / 2;
        some.versions.emplace(m_versions.begin() + static_cast<std::ptrdiff_t>(first),
                              m_versions.begin() + static_cast<std::ptrdiff_t>(first + 10));
        row("dataframe of 2 names of 10 versions (49,800 rows)", cost(5, [&] { must(query::pivot(m_project, some)); }));
        query::PivotRequest all;
        all.names = {"acc", "val_loss"};
        row("dataframe of 2 names an epoch of all versions", cost(3, [&] { must(query::pivot(m_project, all)); }));
        row("dataframe of the arguments of all versions", cost(3, [&] { must(query::pivot(m_project, {})); }));
    }

    store::Project m_project;
    std::vector<base::Uuid> m_versions;
};

}  // namespace
}  // namespace hindcast::bench

int main(int count, char** arguments) {
    if (count < 2) {
        std::fprintf(stderr, "growth_bench FOLDER [VERSIONS…]\n");
        return 2;
    }
    hindcast::bench::GrowthBench bench(arguments[1]);
    std::vector<std::size_t> sizes;
    for (int i = 2; i < count; ++i) sizes.push_back(std::strtoul(arguments[i], nullptr, 10));
    if (sizes.empty()) sizes = {100, 1000};
    for (const std::size_t size : sizes) bench.measureAt(size);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory %ld MiB\n", usage.ru_maxrss / 1024);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Random histories: the pivot equals its definition spelled out, and what a filter leaves to replay is enough.
#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <random>
#include <set>

#include "core/query/engine.h"
#include "core/query/filter/filter.h"
#include "core/query/pivot/pivot.h"
#include "tests/core/query/sample_runs.h"

namespace hindcast::query {
namespace {

using Path = std::vector<std::string>;
using Pass = std::vector<int>;

/// One logged value.
struct Entry {
    Path path;
    Pass pass;
    std::string name;
    int value = 0;
};

/// A row on its way: where it stands, and what is known of each name.
struct SlowRow {
    Path path;
    Pass pass;
    std::map<std::string, int> cells;
};

/// The rows of one nesting: a pass has as many as a name has values there; a name with one value has it in all of them.
std::vector<SlowRow> rowsOfNesting(const std::vector<Entry>& entries, const Path& path) {
    std::map<Pass, std::map<std::string, std::vector<int>>> passes;
    for (const Entry& entry : entries) {
        if (entry.path == path) passes[entry.pass][entry.name].push_back(entry.value);
    }
    std::vector<SlowRow> rows;
    for (const auto& [pass, names] : passes) {
        std::size_t most = 0;
        for (const auto& [name, values] : names) most = std::max(most, values.size());
        for (std::size_t row = 0; row < most; ++row) {
            SlowRow made{path, pass, {}};
            for (const auto& [name, values] : names) {
                if (values.size() == 1) made.cells[name] = values.front();
                if (values.size() > row) made.cells[name] = values[row];
            }
            rows.push_back(made);
        }
    }
    return rows;
}

bool encloses(const SlowRow& outer, const SlowRow& inner) {
    return outer.path.size() < inner.path.size() &&
           std::equal(outer.path.begin(), outer.path.end(), inner.path.begin()) &&
           std::equal(outer.pass.begin(), outer.pass.end(), inner.pass.begin());
}

/// Gives the rows what enclosing ones know and they do not; rows that keep something to themselves stay.
std::vector<SlowRow> slowPivot(const std::vector<Entry>& entries) {
    std::map<std::size_t, std::set<Path>, std::greater<>> byDepth;
    for (const Entry& entry : entries) byDepth[entry.path.size()].insert(entry.path);
    std::vector<SlowRow> done;
    for (const auto& [depth, paths] : byDepth) {
        std::vector<SlowRow> added;
        for (const Path& path : paths) {
            const std::vector<SlowRow> outer = rowsOfNesting(entries, path);
            for (std::size_t i = 0; i < outer.size(); ++i) {
                // Of several rows of a pass the last is what the rows below it see.
                const bool last = i + 1 == outer.size() || outer[i + 1].pass != outer[i].pass;
                std::set<std::string> unseen;
                for (const auto& [name, value] : outer[i].cells) unseen.insert(name);
                for (SlowRow& row : done) {
                    if (!last || !encloses(outer[i], row)) continue;
                    for (const auto& [name, value] : outer[i].cells) {
                        if (row.cells.emplace(name, value).second) unseen.erase(name);
                    }
                }
                if (!unseen.empty()) added.push_back(outer[i]);
            }
        }
        done.insert(done.end(), added.begin(), added.end());
    }
    return done;
}

class RandomRunsTest : public QueryTest {
protected:
    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }

    /// Logs some of the names, some of them several times.
    void logSome(RunWriter& run, const Path& path, const Pass& pass, std::vector<Entry>& entries) {
        for (const std::string& name : kNames) {
            const std::size_t level = path.empty() ? 0 : path.back() == "epoch" ? 1 : path.back() == "step" ? 2 : 3;
            if (!m_levels[name].contains(level) || below(4) == 0) continue;
            for (int times = below(8) == 0 ? 2 : 1; times > 0; --times) {
                const int value = below(1000);
                run.integer(name, value);
                entries.push_back({path, pass, name, value});
            }
        }
    }

    /// epoch ( step* batch* )*, with values before, inside and behind.
    std::vector<Entry> recordRandomRun(const base::Uuid& uuid) {
        std::vector<Entry> entries;
        RunWriter run(project(), uuid);
        run.argument("lr", below(5));
        run.enter("epoch");
        for (int epoch = 0, epochs = below(4); epoch < epochs; ++epoch) {
            run.next();
            for (const std::string& inner : {std::string("step"), std::string("batch")}) {
                run.enter(inner);
                for (int pass = 0, passes = below(3); pass < passes; ++pass) {
                    run.next();
                    logSome(run, {"epoch", inner}, {epoch, pass}, entries);
                }
                run.leave();
            }
            logSome(run, {"epoch"}, {epoch}, entries);
        }
        run.leave();
        logSome(run, {}, {}, entries);
        run.end();
        return entries;
    }

    static std::string cellOf(const SlowRow& row, const std::string& loop) {
        const auto at = std::find(row.path.begin(), row.path.end(), loop);
        return at == row.path.end() ? "" : std::to_string(row.pass[static_cast<std::size_t>(at - row.path.begin())]);
    }

    const std::vector<std::string> kNames{"a", "b", "c", "d"};
    std::mt19937 m_random{20261124};
    std::map<std::string, std::set<std::size_t>> m_levels;  ///< 0 run, 1 epoch, 2 step, 3 batch
};

TEST_F(RandomRunsTest, thePivotEqualsItsDefinition) {
    constexpr int kRuns = 150;
    std::vector<std::vector<Entry>> runs;
    for (int i = 0; i < kRuns; ++i) {
        for (const std::string& name : kNames) {
            m_levels[name] = {static_cast<std::size_t>(below(4))};
            if (below(3) == 0) m_levels[name].insert(static_cast<std::size_t>(below(4)));
        }
        runs.push_back(recordRandomRun(base::Uuid::make()));
    }
    ingest();
    std::vector<std::string> shown = lines(must(pivot(project(), {.names = kNames})));
    ASSERT_EQ(shown.front(), "version,epoch,step,batch,a,b,c,d");
    std::multiset<std::string> wanted;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const SlowRow& row : slowPivot(runs[i])) {
            std::string line = std::to_string(i + 1);
            for (const std::string loop : {"epoch", "step", "batch"}) line += "," + cellOf(row, loop);
            for (const std::string& name : kNames) {
                const auto cell = row.cells.find(name);
                line += "," + (cell == row.cells.end() ? "" : std::to_string(cell->second));
            }
            wanted.insert(line);
        }
    }
    EXPECT_EQ(std::multiset<std::string>(shown.begin() + 1, shown.end()), wanted);
    // SQL reads the same rows.
    const Rows sql = must(must(Engine::open(project())).query("select * from pivot('a', 'b', 'c', 'd')"));
    EXPECT_EQ(lines(sql), shown);
}

/// An expression over everything that a row may have; `grad` is what the replay gives.
std::string randomFilter(std::mt19937& random, int depth) {
    const auto below = [&random](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    if (depth > 0 && below(3) != 0) {
        const std::string left = randomFilter(random, depth - 1);
        const std::string right = randomFilter(random, depth - 1);
        switch (below(4)) {
            case 0:
                return "(" + left + " and " + right + ")";
            case 1:
                return "(" + left + " or " + right + ")";
            case 2:
                return "not (" + left + ")";
            default:
                return "case when " + left + " then " + right + " else " + left + " end";
        }
    }
    const std::vector<std::string> operands{"epoch", "step", "lr * 100", "val_acc * 10", "grad", "loss", "version"};
    const std::string operand = operands[static_cast<std::size_t>(below(static_cast<int>(operands.size())))];
    switch (below(5)) {
        case 0:
            return operand + " is null";
        case 1:
            return "coalesce(" + operand + ", 3) > " + std::to_string(below(20));
        case 2:
            return operand + " in (1, 3, 10, 11)";
        default:
            return operand + (below(2) == 0 ? " < " : " >= ") + std::to_string(below(30));
    }
}

TEST_F(RandomRunsTest, whatAFilterLeavesToReplayGivesTheAnswerOfReplayingEverything) {
    constexpr int kEpochs = 4;
    int fewer = 0;
    for (int round = 0; round < 40; ++round) {
        const std::string filter = randomFilter(m_random, 2);
        const std::vector<base::Uuid> versions{base::Uuid::make(), base::Uuid::make()};
        std::vector<std::vector<std::string>> answers;
        std::vector<std::vector<std::int64_t>> planned(versions.size());
        for (const bool all : {false, true}) {
            m_project.emplace(must(store::Project::create(m_folder / ((all ? "all" : "few") + std::to_string(round)))));
            for (std::size_t i = 0; i < versions.size(); ++i) {
                RunWriter run(project(), versions[i]);
                run.argument("lr", i == 0 ? 0.1 : 0.02).enter("epoch");
                for (int epoch = 0; epoch < kEpochs; ++epoch) {
                    run.next().enter("step");
                    for (int step = 0; step < 2; ++step) run.next().number("loss", epoch + 3 * step);
                    run.leave();
                    if (epoch != 2) run.number("val_acc", 0.5 + epoch);
                }
                run.leave();
                run.end();
            }
            ingest();
            for (std::size_t i = 0; i < versions.size(); ++i) {
                if (!all)
                    planned[i] = must(must(Filter::parse(project(), filter, {"grad"}))
                                          .matchingOuterIterations(versions[i], "epoch", kEpochs));
                for (int epoch = 0; epoch < kEpochs; ++epoch) {
                    const bool runs = all || std::find(planned[i].begin(), planned[i].end(), epoch) != planned[i].end();
                    if (runs) replayRun(versions[i], "grad", epoch, epoch, "exact");
                    fewer += runs ? 0 : 1;
                }
            }
            ingest();
            // A name that nothing was replayed of is known from its probe only.
            if (must(Engine::open(project())).query("select 1 from pivot('grad')"))
                answers.push_back(lines(must(pivot(project(), {.names = {"grad"}, .where = filter}))));
            else
                answers.push_back({"version,epoch,grad"});
        }
        EXPECT_EQ(answers[0], answers[1]) << filter;
    }
    EXPECT_GT(fewer, 40);
}

}  // namespace
}  // namespace hindcast::query

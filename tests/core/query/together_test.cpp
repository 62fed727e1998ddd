// SPDX-License-Identifier: Apache-2.0
// Recorders, an ingester and readers at once; names by the thousand.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "core/query/engine.h"
#include "core/query/filter/filter.h"
#include "core/query/pivot/pivot.h"
#include "tests/core/query/sample_runs.h"

namespace hindcast::query {
namespace {

using testing::ElementsAre;

class TogetherTest : public QueryTest {
protected:
    static constexpr int kPasses = 200;

    /// A run whose pass i logs x = i, and then, in the same frame, y = 2 i.
    void recordSlowly(const base::Uuid& uuid) {
        RunWriter run(project(), uuid);
        run.enter("epoch");
        for (int pass = 0; pass < kPasses; ++pass) {
            run.next().integer("x", pass).integer("y", 2 * pass).flush();
            m_written.fetch_add(1);
            // As slow as those who look: five passes a look.
            while (m_looks < pass / 5 && !m_failed) std::this_thread::yield();
        }
        run.leave();
        run.end();
        m_running.fetch_sub(1);
    }

    std::atomic<int> m_running{0};
    std::atomic<int> m_written{0};
    std::atomic<int> m_looks{0};
    std::atomic<bool> m_failed{false};
};

/// Rows of one version: each pass from 0 on with both values, as far as it was taken in.
void expectAPrefix(const Rows& rows, std::map<std::int64_t, std::int64_t>& seen) {
    ASSERT_EQ(rows.columns.size(), 4U);
    std::map<std::int64_t, std::int64_t> passes;
    for (std::size_t row = 0; row < rows.count; ++row) {
        std::int64_t& next = passes[rows.columns[0].integerAt(row)];
        ASSERT_EQ(rows.columns[1].integerAt(row), next);
        ASSERT_EQ(rows.columns[2].integerAt(row), next);
        ++next;
    }
    for (const auto& [version, count] : passes) {
        ASSERT_GE(count, seen[version]);
        seen[version] = count;
    }
}

TEST_F(TogetherTest, readersSeeAGrowingPrefixOfEveryRunThatIsBeingRecorded) {
    std::vector<std::thread> threads;
    m_running = 3;
    for (int i = 0; i < 3; ++i) threads.emplace_back([this] { recordSlowly(base::Uuid::make()); });
    std::atomic<bool> done = false;
    // The names are known before readers ask for them.
    while (m_written < 3) std::this_thread::yield();
    ingest();
    threads.emplace_back([&] {
        auto ingester = must(store::Ingester::open(project()));
        while (m_running > 0) must(ingester.ingestOnce());
        must(ingester.ingestOnce());
        done = true;
    });
    for (int reader = 0; reader < 2; ++reader) {
        threads.emplace_back([&, reader] {
            auto engine = must(Engine::open(project()));
            std::map<std::int64_t, std::int64_t> seen;
            for (bool last = false; !last;) {
                last = done;
                const Rows rows = reader == 0 ? must(pivot(project(), {.names = {"x", "y"}}))
                                              : must(engine.query("select version, epoch, x, y from pivot('x', 'y') "
                                                                  "order by version, epoch"));
                expectAPrefix(rows, seen);
                ++m_looks;
                if (testing::Test::HasFatalFailure()) {
                    m_failed = true;
                    return;
                }
            }
            for (const auto& [version, count] : seen) EXPECT_EQ(count, kPasses) << "version " << version;
            EXPECT_EQ(seen.size(), 3U);
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_GE(m_looks, kPasses / 5);
}

TEST_F(TogetherTest, tenThousandNamesAreNames) {
    constexpr int kNames = 10000;
    const auto nameOf = [](int i) { return "layer." + std::to_string(i) + "/weight \"norm\""; };
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch");
    for (int epoch = 0; epoch < 2; ++epoch) {
        run.next();
        for (int i = 0; i < kNames; ++i) run.integer(nameOf(i), i + epoch);
    }
    run.leave();
    run.end();
    ingest();
    EXPECT_THAT(lines(must(pivot(project(), {.names = {nameOf(4321), nameOf(9999)}}))),
                ElementsAre(testing::_, "1,0,4321,9999", "1,1,4322,10000"));
    EXPECT_THAT(lines(must(pivot(project(), {.names = {nameOf(7)},
                                             .where = "\""
                                                      "layer.8/weight \"\"norm\"\""
                                                      "\" = 9"}))),
                ElementsAre(testing::_, "1,1,8"));
    Engine engine = must(Engine::open(project()));
    EXPECT_THAT(lines(must(engine.query("select count(distinct name) n, sum(value) s from logs where epoch = 1"))),
                ElementsAre("n,s", "10000,50005000"));
    EXPECT_THAT(lines(must(engine.query("select epoch, value from logs where name = 'layer.77/weight \"norm\"'"))),
                ElementsAre("epoch,value", "0,77", "1,78"));
    // All of them side by side, which SQLite's tables could not hold.
    std::vector<std::string> all;
    for (int i = 0; i < kNames; ++i) all.push_back(nameOf(i));
    const Rows wide = must(pivot(project(), {.names = all}));
    EXPECT_EQ(wide.columns.size(), static_cast<std::size_t>(kNames + 2));
    EXPECT_EQ(wide.columns.back().integerAt(1), kNames);
    std::string sql = "select * from pivot('" + nameOf(0) + "'";
    for (int i = 1; i < kNames; ++i) sql += ",'" + nameOf(i) + "'";
    const auto tooWide = engine.query(sql + ")");
    ASSERT_FALSE(tooWide);
    EXPECT_THAT(tooWide.error().text(), testing::HasSubstr("too many columns"));
}

}  // namespace
}  // namespace hindcast::query

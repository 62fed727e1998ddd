// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/rows/rows.h"
#include "core/store/project.h"

namespace hindcast::query {

/// What a query may give; 0 = no limit.
struct QueryLimits {
    std::size_t cells = 0;  ///< rows times columns; what is more is left out (Rows::isCut)
};

/// Read-only SQL over a store. Tables: `versions` (a column for each argument), `arguments`, `names`, `logs` (one value
/// for each coordinate), `all_logs` (every stored one, diverged and superseded too), `loops`, `loop_totals`,
/// `iterations`, `captures`, `probes`, `placements`, `replays`, `replay_probes`, `fidelity`; and `pivot('lr', 'loss')`
/// in FROM, which is what pivot() returns, with the hidden columns "loss.source", "loss.fidelity" and "loss.kind".
///
/// The rest is SQLite: it has no NaN, so NaN compares, sorts and counts as NULL (`kind` says 'nan'); a NaN, a None or a
/// boolean that reaches the result from a table as it is, unsorted, is what it was; a missing value of a pivot that a
/// replay would give is Replayable.
/// Each query sees what is committed when it starts; values of a run that is being recorded may be newer, those of one
/// version in one pivot are of one moment. One object per thread; cancel() from any.
class Engine {
public:
    static base::Result<Engine> open(const store::Project& project);
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    ~Engine();

    /// One SELECT (or WITH … SELECT, VALUES, EXPLAIN). InvalidArgument: SQLite's message and the position in `sql`.
    /// Refused: it would write, attach, set a pragma or load code. Cancelled after cancel().
    base::Result<Rows> query(const std::string& sql, const QueryLimits& limits = {});
    /// Where the last query was found to be wrong: bytes into its text. Absent where SQLite does not say.
    std::optional<std::size_t> errorAt() const;
    /// Says what is wrong with a query as query() would, without running it.
    base::Result<void> check(const std::string& sql);

    /// Names of the tables, as of the last query or check.
    std::vector<std::string> tables() const;

    /// Ends the query that runs now, within milliseconds; without one, does nothing to the next.
    void cancel();
    /// Rows that the query which runs now has given. Any thread.
    std::size_t rowsSoFar() const;

private:
    struct Impl;
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::query

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/query/rows/rows.h"
#include "core/store/project.h"

namespace hindcast::query {

/// Read-only SQL over a store. Tables: `versions` (a column for each argument), `arguments`, `names`, `logs` (one value
/// for each coordinate), `all_logs` (every stored one, diverged and superseded too), `loops`, `loop_totals`,
/// `iterations`, `captures`, `probes`, `placements`, `replays`, `replay_probes`, `fidelity`; and `pivot('lr', 'loss')`
/// in FROM, which is what pivot() returns, with the hidden columns "loss.source", "loss.fidelity" and "loss.kind".
///
/// The rest is SQLite: it has no NaN, so NaN compares, sorts and counts as NULL (`kind` says 'nan'); a NaN, a None or a
/// boolean that reaches the result from a table as it is, unsorted, is what it was.
/// Each query sees what is committed when it starts. One object per thread; cancel() from any.
class Engine {
public:
    static base::Result<Engine> open(const store::Project& project);
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    ~Engine();

    /// One SELECT (or WITH … SELECT, VALUES, EXPLAIN). InvalidArgument: SQLite's message and the position in `sql`.
    /// Refused: it would write, attach, set a pragma or load code. Cancelled after cancel().
    base::Result<Rows> query(const std::string& sql);

    /// Ends the query that runs now, within milliseconds; without one, does nothing to the next.
    void cancel();

private:
    struct Impl;
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::query

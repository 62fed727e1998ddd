// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::query {

/// A where-expression: an SQL expression over `version` (the number), arguments, logged names and loop names, as in
/// "lr > 0.01 and epoch >= 5"; LOOP.label is what a pass was where that is not its number. The same expression filters
/// the pivot's rows and decides what a replay runs.
///
/// Three-valued: a value that the replay is going to produce is unknown until it is there, so a row may match while the
/// expression is not known to be false. Everything else is known: a name that a version neither logged nor is going to
/// be replayed for stays missing, and a row counts only where the expression is true. Hence what is replayed under a
/// filter is what filtering after replaying everything would show. NaN compares as missing.
///
/// Reads the store as it is at each call. One object per thread.
class Filter {
public:
    /// Parses and checks against the names that the store knows now. `probed`: names that are going to be replayed;
    /// they need not be in the store. InvalidArgument: a syntax error (SQLite's own message and the position), a name
    /// that neither the store nor `probed` has (names close ones), or an expression that does more than compute (a
    /// subquery, an aggregate). An empty expression is a filter that always matches.
    static base::Result<Filter> parse(const store::Project& project, const std::string& expression,
                                      const std::vector<std::string>& probed = {});
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;
    ~Filter();

    const std::string& text() const;
    bool empty() const;  ///< always matches
    /// Logged names, arguments and probed names that the expression reads, each once.
    const std::vector<std::string>& names() const;
    /// Loops that the expression reads.
    const std::vector<std::string>& loops() const;

    /// Whether the version, or any pass of its outermost loops, may match. Cost: a scan of the names that are read.
    base::Result<bool> mayMatchVersion(const base::Uuid& version) const;

    /// Passes 0…count-1 of the outermost loop `loop` that may match, ascending: those where the expression is not known
    /// to be false for the pass, or for any row below it. A loop that the version entered several times counts once per
    /// index.
    base::Result<std::vector<std::int64_t>> matchingOuterIterations(const base::Uuid& version, const std::string& loop,
                                                                    std::int64_t count) const;

    /// Passes 0…count-1 of a loop inside others that may match in some pass of those, ascending: only the arguments and
    /// this loop's index are known.
    base::Result<std::vector<std::int64_t>> matchingInnerPasses(const base::Uuid& version, const std::string& loop,
                                                                std::int64_t count) const;

private:
    struct Impl;
    explicit Filter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::query

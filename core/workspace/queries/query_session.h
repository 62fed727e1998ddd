// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/rows/rows.h"

namespace hindcast::workspace {

/// What a query can name, for completion.
struct SqlVocabulary {
    struct Table {
        std::string name;
        std::vector<std::string> columns;
    };
    std::vector<Table> tables;
    std::vector<std::string> names;      ///< logged, and those that probes would log
    std::vector<std::string> arguments;  ///< columns of `versions`, and names for pivot()
    std::vector<std::string> loops;
};

/// Read-only SQL over one project, beside its Workspace: queries may take long, and have a thread of their own. One
/// thread, except where said. Errors are sentences for the user.
class QuerySession {
public:
    static base::Result<std::unique_ptr<QuerySession>> open(const std::filesystem::path& project);
    ~QuerySession();

    /// At most `mostCells` rows times columns (0: all); `isCut` says when there are more.
    base::Result<query::Rows> run(const std::string& sql, std::size_t mostCells);
    /// Where the last query is wrong: bytes into its text.
    std::optional<std::size_t> errorAt() const;
    void cancel();                  ///< any thread, returns at once
    std::size_t rowsSoFar() const;  ///< any thread

    base::Result<SqlVocabulary> vocabulary();
    /// Runs the query without a limit and writes all of it as CSV; the file is there whole or not at all.
    base::Result<std::size_t> writeCsv(const std::string& sql, const std::filesystem::path& file);

private:
    struct Impl;
    explicit QuerySession(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::workspace

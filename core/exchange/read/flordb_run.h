// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"

/// Internal to this folder: FlorDB's records, wherever they lie, put together to runs.
namespace hindcast::exchange {

/// One pass around a record, as FlorDB names it.
struct FlordbPass {
    std::string loop;
    std::optional<std::int64_t> iteration;
    std::optional<std::string> value;
    std::int64_t id = 0;  ///< FlorDB's own number of the pass (version 3), 0 without one
};

struct FlordbRecord {
    std::string project, time, script;
    std::vector<FlordbPass> context;  ///< outermost first
    bool countsFromOne = false;       ///< of flor.loop in version 3
    std::string name;
    format::Value value;
    std::int64_t type = 1;
};

/// The passes around a record, outermost first: version 3 nests them in `p_ctx`, version 4 lists them.
base::Result<std::vector<FlordbPass>> flordbContext(const nlohmann::json& context);

/// A record as JSON. Absent when it is none.
base::Result<std::optional<FlordbRecord>> flordbRecord(const nlohmann::json& record);

/// Collects records of any number of runs in their order and makes the runs.
class FlordbRuns {
public:
    explicit FlordbRuns(std::string source) : m_source(std::move(source)) {}

    void add(FlordbRecord record);
    bool empty() const { return m_runs.empty(); }
    /// Whether a run of this time is among them.
    bool has(const std::string& time) const;
    /// Facts that a git commit tells of the run that was added last.
    struct Commit {
        std::string hash;
        std::vector<std::pair<std::string, std::string>> arguments;
    };
    void describe(const Commit& commit);
    base::Result<void> give(const RunSink& sink);

private:
    struct Run {
        std::vector<FlordbRecord> records;
        Commit commit;
    };
    using Key = std::tuple<std::string, std::string, std::string>;  ///< time, project, script

    base::Result<ImportedRun> make(const Key& key, const Run& run) const;

    std::string m_source;
    std::map<Key, Run> m_runs;
    Run* m_last = nullptr;
};

}  // namespace hindcast::exchange

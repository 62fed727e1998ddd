// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/exchange/imported_run.h"

namespace hindcast::exchange {

/// When a version was in use.
struct Deployment {
    base::Uuid version;
    std::string label;  ///< "v7"
    std::int64_t fromMicros = 0;
    std::int64_t toMicros = std::numeric_limits<std::int64_t>::max();  ///< not part of it
};

/// Reads "FROM..TO" (times as timeOf reads them; TO may be empty: until now). InvalidArgument otherwise.
base::Result<Deployment> deploymentOf(std::string_view interval);

/// Gives measurements of production to the versions that were deployed when they were taken: value of the loop
/// `second` at the whole seconds since the deployment began, with the time as the pass's label. What no deployment
/// covers is counted and left out.
class DeployedRuns {
public:
    DeployedRuns(std::string kind, std::string source, std::vector<Deployment> deployments);

    base::Result<void> log(std::int64_t micros, std::string_view name, format::Value value);
    /// What a source held that is no measurement.
    void leaveOut(const std::string& what, std::int64_t count);
    base::Result<void> give(const RunSink& sink);

private:
    std::vector<Deployment> m_deployments;
    std::vector<ImportedRun> m_runs;  ///< one each
    std::int64_t m_outside = 0;
};

}  // namespace hindcast::exchange

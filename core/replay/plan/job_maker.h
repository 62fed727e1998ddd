// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/replay/plan/decide.h"
#include "core/replay/plan/estimates.h"
#include "core/replay/plan/work.h"
#include "core/store/catalog/catalog.h"

namespace hindcast::replay {

/// Everything about one version that its jobs are made from.
struct JobInput {
    base::Uuid version;
    const std::vector<AskedProbe>* asked = nullptr;
    const std::vector<PlacedProbe>* placed = nullptr;
    const std::map<std::string, std::string>* originals = nullptr;  ///< files that the probes change
    std::vector<ProbeDecision> decisions;                           ///< ProbeDecision::probe as in PlacedProbe::probe
    std::optional<Mode> forceMode;
    std::optional<std::pair<std::int64_t, std::int64_t>> range;
    std::int64_t stride = 1;         ///< counted from the first iteration of the range
    bool onlyCaptured = false;       ///< iterations that begin (shallow: whose inner loop ended) with a stored state
    std::optional<StepRange> steps;  ///< of each iteration only these passes of an inner loop
    /// Passes 0…count-1 of the loop that may match the filter; absent: all.
    std::function<base::Result<std::vector<std::int64_t>>(const std::string& loop, std::int64_t passes)> matching;
    /// Of passes 0…count-1 of an inner loop those that may match, from the first to the last; absent: all.
    std::function<base::Result<std::optional<StepRange>>(const std::string& inner, std::int64_t passes)> matchingSteps;
};

struct JobsOfVersion {
    std::vector<Job> jobs;  ///< without times
    std::string whyNone;  ///< when there are none: "replayed-before", "no-iterations", "filtered-out", "none-captured"
};

/// Splits what one version has to produce into jobs: outside the loop one a mode, inside it one for each set of
/// iterations that needs the same mode. What was answered before is left out.
base::Result<JobsOfVersion> makeJobs(const store::Catalog& catalog, const JobInput& input);

}  // namespace hindcast::replay

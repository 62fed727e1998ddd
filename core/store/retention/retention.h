// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What to keep. Versions that are tagged, pinned, a baseline or behind an alias are kept whole by every rule, and so
/// is what is being recorded or replayed.
struct RetentionRules {
    std::optional<std::int64_t> keepNewest;   ///< older versions are removed
    std::optional<std::int64_t> keepSeconds;  ///< versions that ended longer ago are removed; with both, either keeps
    std::optional<std::int64_t> thinSeconds;  ///< versions that ended longer ago keep the tensors of some passes only
    std::int64_t every = 5;                   ///< of those: every how many passes of an outermost loop, and the last

    bool any() const { return keepNewest || keepSeconds || thinSeconds; }
};

/// Rules as they are stored in annotations/ ("retention") and back; fields that are absent stay unset.
std::string rulesText(const RetentionRules& rules);
base::Result<RetentionRules> parseRules(const std::string& json);

/// What thinning does to one version. Its values all stay, and so do digests, random states and small state.
struct ThinnedVersion {
    base::Uuid version;
    std::int64_t captures = 0;    ///< that lose their tensors
    std::int64_t kept = 0;        ///< that keep them
    std::int64_t bytes = 0;       ///< at most; what other versions share stays
    std::int64_t passes = 0;      ///< of outermost loops
    std::int64_t mostBefore = 0;  ///< passes to run again for a value of the worst placed pass, until now
    std::int64_t mostAfter = 0;   ///< and then
    double averageAfter = 0;      ///< over all passes
    double secondsOfPass = 0;     ///< as recorded; 0 when unknown
};

struct RetentionPlan {
    std::vector<base::Uuid> removed;  ///< oldest first: values, source and all
    std::int64_t removedBytes = 0;    ///< of their folders and replays
    std::vector<ThinnedVersion> thinned;
    std::vector<std::pair<base::Uuid, std::string>> spared;  ///< that a rule would have taken, and what keeps them
};

/// What the rules do to the store as it is now. Changes nothing.
base::Result<RetentionPlan> planRetention(const Project& project, const RetentionRules& rules, std::int64_t nowMicros);

struct RetentionReport {
    std::int64_t removed = 0;
    std::int64_t thinned = 0;
    std::int64_t freedBytes = 0;
    std::vector<std::string> remarks;
};

/// Does what the plan says. Takes the lease; works beside recorders, replays and readers.
base::Result<RetentionReport> applyRetention(const Project& project, const RetentionRules& rules,
                                             const RetentionPlan& plan);

}  // namespace hindcast::store

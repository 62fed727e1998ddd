// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What a redaction took away, or would.
struct RedactionReport {
    std::vector<base::Uuid> versions;  ///< that held the name
    std::int64_t values = 0;           ///< of versions and of replays
    std::int64_t arguments = 0;        ///< places in run.json: forced arguments and words of the command line
    std::vector<std::pair<base::Uuid, std::string>> skipped;  ///< left as they are, and why
    std::vector<std::string> remarks;                         ///< what is not done yet, and why
};

/// Removes a logged name or an argument for good from versions and their replays: its values from the journals, the
/// argument from run.json (the words of the command line that give it read "[redacted]"), and both from the index. One
/// line in annotations/ stays. All other values, loops and captures stay as they were, to the bit. Not searched:
/// captured state, stored source, printed output. With `pretend` it only counts. The caller holds the lease.
base::Result<RedactionReport> redactName(const Project& project, const std::string& name,
                                         const std::vector<base::Uuid>& versions, bool pretend);

}  // namespace hindcast::store

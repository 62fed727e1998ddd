// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What nothing needs in code.git.
struct SourceGarbage {
    std::int64_t snapshots = 0;  ///< of versions that are gone
    std::int64_t objects = 0;
    std::int64_t bytes = 0;
};

/// Removes the snapshots of versions without a folder, and every object that no snapshot holds. Snapshots that are
/// being taken meanwhile wait. A snapshot younger than an hour stays although its version has no folder, unless the
/// version is in `removed`: its folder may be on its way. With `pretend` it only counts. Damaged when a snapshot cannot
/// be read: what it holds is not known then, and nothing is removed.
base::Result<SourceGarbage> collectSources(const Project& project, bool pretend,
                                           const std::set<base::Uuid>& removed = {});

/// Bytes of code.git that each version's snapshot alone holds, what several hold, and what none does.
struct SourceUsage {
    std::map<base::Uuid, std::int64_t> own;
    std::int64_t shared = 0;
    std::int64_t unused = 0;
    std::int64_t others = 0;  ///< files that are no objects
};
base::Result<SourceUsage> measureSources(const Project& project);

}  // namespace hindcast::store

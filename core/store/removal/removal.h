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

/// What a removal took away, or would.
struct RemovalReport {
    std::vector<base::Uuid> versions;
    std::int64_t replays = 0;
    std::int64_t folderBytes = 0;      ///< of the versions and their replays
    std::int64_t sharedBytes = 0;      ///< of packs and sources that nothing else needed
    std::vector<std::string> remarks;  ///< what could not be freed yet, and why
};

/// Removes versions for good: folders, replays, packed chunks and source objects that no other version needs, aliases,
/// and their rows and columns of the index. One line in annotations/ stays, and the numbers are never used again. With
/// `pretend` it only counts. Refused, before anything is touched, when one of them is being recorded or replayed. After
/// a crash in the middle a version is there or gone; `hindcast gc` frees the rest. The caller holds the lease.
base::Result<RemovalReport> removeVersions(const Project& project, const std::vector<base::Uuid>& versions,
                                           const std::string& verb, bool pretend);

/// Takes folders out of versions/ or replays/ by a rename each, and then deletes them. Returns their bytes.
base::Result<std::int64_t> removeFolders(const Project& project, const std::vector<fs::path>& folders);

}  // namespace hindcast::store

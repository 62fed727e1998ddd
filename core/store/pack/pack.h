// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What packing did.
struct PackReport {
    std::int64_t versions = 0;      ///< that were packed now
    std::int64_t copied = 0;        ///< chunks written to packs
    std::int64_t shared = 0;        ///< chunks that stood in a pack already, of whichever version
    std::int64_t writtenBytes = 0;  ///< to packs
    std::int64_t freedBytes = 0;    ///< of the versions' own segments
    std::vector<std::pair<base::Uuid, std::string>> skipped;  ///< not finished or damaged, and why
};

/// Moves the tensors of finished versions to packs/, where equal chunks of all versions are stored once. Versions that
/// record, crashed or do not verify stay as they are. Takes the lease; works beside recorders, replays and readers.
/// `onVersion` is told each version before it is packed; returning false stops after the last (Cancelled).
base::Result<PackReport> packVersions(const Project& project, const std::vector<base::Uuid>& versions,
                                      const std::function<bool(const base::Uuid&)>& onVersion = {});

/// What is in packs and no longer needed.
struct PackGarbage {
    std::int64_t bytes = 0;   ///< that go back to the file system
    std::int64_t chunks = 0;  ///< that no capture needs
    std::int64_t packs = 0;   ///< files that are rewritten or removed
};

/// Removes chunks that no capture of any version needs: packs with such chunks are emptied into new ones and removed.
/// With `pretend` it only counts. The caller holds the lease. Damaged when a version cannot be read whole: what it
/// needs is not known then, and nothing is removed.
base::Result<PackGarbage> collectPacks(const Project& project, bool pretend);

}  // namespace hindcast::store

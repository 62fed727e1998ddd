// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

/// A bundle is a tar file of a store that holds the chosen versions and nothing else: `.hindcast/FORMAT` first, then
/// versions, replays, packs with the chunks they need, their source and what people noted of them. FORMAT.md reads it.
namespace hindcast::store {

struct BundleReport {
    std::vector<base::Uuid> versions;  ///< exported, or imported now
    std::int64_t replays = 0;
    std::int64_t bytes = 0;                ///< of the bundle file
    std::vector<base::Uuid> knownAlready;  ///< import: versions that were here
};

/// Writes the versions with their replays to `file`, which must not exist. Shares the lease; the store is not changed.
/// Refused for what is being recorded.
base::Result<BundleReport> exportBundle(const Project& project, const std::vector<base::Uuid>& versions,
                                        const fs::path& file);

/// Whether a path names a bundle.
bool isBundle(const fs::path& file);

/// Unpacks a bundle into the user's cache, once, and gives the project folder there. The bundle itself is only read;
/// replays made on it stay in the cache. Damaged when it does not unpack.
base::Result<fs::path> openBundle(const fs::path& file);

/// Takes the versions and replays of a bundle into the project. UUIDs stay, so that what is here already is left out;
/// versions get new numbers. Everything is verified before anything is added. Takes the lease.
base::Result<BundleReport> importBundle(const Project& project, const fs::path& file);

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What one version takes on disk, in bytes. What several versions share is not in it.
struct VersionUsage {
    base::Uuid version;
    std::int64_t values = 0;   ///< logged values and loops in its journal
    std::int64_t state = 0;    ///< manifests and small state of its captures
    std::int64_t tensors = 0;  ///< chunks in its own segments
    std::int64_t packed = 0;   ///< chunks in packs that only this version needs
    std::int64_t source = 0;   ///< source objects that only this version holds
    std::int64_t replays = 0;  ///< folders of its replays
    std::int64_t others = 0;   ///< run.json, notes and the rest of its folder
    std::int64_t total() const { return values + state + tensors + packed + source + replays + others; }
};

/// What the chunks of one tensor, by its key in the captures, take: each chunk counted once, for the first key that
/// names it.
struct TensorUsage {
    std::int64_t stored = 0;  ///< bytes on disk
    std::int64_t raw = 0;     ///< bytes of all captures of it, as they were in memory
};

struct Usage {
    std::vector<VersionUsage> versions;          ///< oldest first
    std::map<std::string, TensorUsage> tensors;  ///< by key, "model/0.weight"
    std::int64_t sharedPacked = 0;               ///< chunks in packs that several versions need
    std::int64_t unusedPacked = 0;               ///< the rest of the packs: `hindcast gc` frees it
    std::int64_t sharedSource = 0;
    std::int64_t unusedSource = 0;
    std::int64_t index = 0;   ///< catalog.db and columns/, wherever they are
    std::int64_t others = 0;  ///< annotations, scratch and all else
    std::int64_t total() const;
};

/// Measures the versions in the order given and the store as a whole. Changes nothing. Cost: reads every journal, the
/// heads of stored chunks and the folders of the snapshots.
base::Result<Usage> measureUsage(const Project& project);

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::store {

/// One kind of garbage.
struct Garbage {
    std::string kind;  ///< "scratch", "leftovers", "replays", "tensors", "sources", "index"
    std::string what;  ///< in words
    std::int64_t count = 0;
    std::int64_t bytes = 0;
};

struct CollectReport {
    std::vector<Garbage> kinds;        ///< each kind once, in this order, also when there was none
    std::vector<std::string> remarks;  ///< what had to stay, and why
    std::int64_t bytes() const;
};

/// Frees what nothing needs any more: abandoned scratch folders, what crashes left in finished folders, replays that
/// are superseded, packed chunks and source objects of versions that are gone, old index files. Nothing that is
/// recorded, replayed or read meanwhile is touched. With `pretend` nothing is changed. Takes the lease. Cost: reads
/// every journal and the heads of stored chunks.
base::Result<CollectReport> collectGarbage(const Project& project, bool pretend);

}  // namespace hindcast::store

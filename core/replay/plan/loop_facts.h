// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/store/catalog/catalog.h"

namespace hindcast::replay {

/// What the store has of one run of an outer loop.
struct LoopFacts {
    std::int64_t passes = 0;               ///< whole ones
    std::vector<std::int64_t> boundaries;  ///< with tensors
    /// Inner loop → outer iterations in which every run of it has a stored EXIT.
    std::map<std::string, std::set<std::int64_t>> exits;
    /// A loop directly inside the outer one that was run once in an iteration: its passes there, and before which of
    /// them its state was stored.
    struct Inside {
        std::int64_t passes = 0;
        std::set<std::int64_t> stored;
    };
    std::map<std::pair<std::string, std::int64_t>, Inside> inside;  ///< by loop and outer iteration
};

base::Result<LoopFacts> readLoop(const store::Catalog& catalog, const base::Uuid& version, const std::string& loop,
                                 std::int64_t occurrence = 0);

/// How often an outermost loop was begun, in a version.
base::Result<std::int64_t> countRuns(const store::Catalog& catalog, const base::Uuid& version, const std::string& loop);

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::store {

/// One thing that is wrong in a store.
struct Damage {
    std::string path;    ///< relative to the store
    std::string what;    ///< what does not verify, with its place
    std::string costs;   ///< what is lost by it
    std::string remedy;  ///< what repair() does about it, "" when nothing can be done
};

struct FsckReport {
    std::vector<Damage> damages;
    std::int64_t versions = 0;
    std::int64_t replays = 0;
    std::int64_t frames = 0;
    std::int64_t captures = 0;
    std::int64_t chunks = 0;
    std::int64_t objects = 0;  ///< of code.git
    std::int64_t annotations = 0;
    std::int64_t bytes = 0;  ///< read and verified
};

/// Verifies every frame, chunk, reference, source object, run.json, annotation and column block; changes nothing. A
/// torn tail of a crashed or running version is not damage. Cost: reads the whole store. `onFolder` is told each folder
/// as it begins; returning false stops (Cancelled).
base::Result<FsckReport> fsck(const Project& project,
                              const std::function<bool(const std::string& folder)>& onFolder = {});

}  // namespace hindcast::store

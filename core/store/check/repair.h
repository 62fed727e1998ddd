// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/check/fsck.h"
#include "core/store/project.h"

namespace hindcast::store {

/// One thing that repair did.
struct RepairStep {
    std::string path;  ///< relative to the store
    std::string done;
};

struct RepairReport {
    FsckReport before;
    std::vector<RepairStep> steps;
    std::vector<Damage> left;  ///< damages that are still there
    std::string keptIn;        ///< folder with all that was replaced, relative to the store; "" when nothing was
};

/// Salvages what is whole, so that a store verifies, reads and replays again: journals, annotation files and source
/// packs get their whole frames in order; captures whose chunks cannot be read keep their digests and the values around
/// them; lost source objects are taken from the user's files or repository where these still hold them; the index is
/// built anew. Nothing is deleted: what is replaced goes to `.hindcast/damaged/`. What is being recorded is left
/// alone. Refused for a read-only store, Busy while another command changes the store. Cost: reads the store twice,
/// damaged files are held in memory.
base::Result<RepairReport> repair(const Project& project);

}  // namespace hindcast::store

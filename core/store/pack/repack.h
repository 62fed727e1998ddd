// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/format/capture.h"
#include "core/store/catalog/ingester.h"
#include "core/store/pack/chunk_mover.h"
#include "core/store/project.h"

/// Internal to core/store: the one way in which tensors of a finished version change their place or go away.
namespace hindcast::store {

/// Whether nobody writes to this folder of a version or replay: sealed, or crashed. Fails when the folder cannot be
/// read.
base::Result<bool> isAtRest(const fs::path& folder);

/// What a repack does to one version.
struct RepackPlan {
    /// Places whose chunks must be moved into packs.
    std::function<bool(format::ChunkPlace)> moves;
    /// Captures that give up their stored tensors (digests and small state stay). Empty: none.
    std::function<bool(const format::CaptureRecord&)> thins;
};

struct RepackOutcome {
    bool changed = false;
    std::int64_t copied = 0;      ///< chunks copied into packs
    std::int64_t shared = 0;      ///< chunks that an equal one in a pack stands for now
    std::int64_t thinned = 0;     ///< captures that gave up their tensors
    std::int64_t freedBytes = 0;  ///< of segments that were removed
};

/// Copies what has to move, syncs it, writes the journal anew with the new places, and only then removes segments that
/// nothing names any more: after a crash at any step the version is whole, and what is too much is garbage for gc. The
/// caller holds the lease. Busy when the version records; Damaged when something of it does not verify: then nothing
/// changed.
base::Result<RepackOutcome> repackVersion(const Project& project, const base::Uuid& version, const RepackPlan& plan,
                                          PackWriter& target, Ingester& ingester);

/// Removes the segments of a folder at rest that no capture names, and what a crashed rewrite left. Returns the bytes.
base::Result<std::int64_t> removeUnusedSegments(const fs::path& folder, const fs::path& packs);

/// The segments of a folder that captures need, bases included. Fails where the journal is damaged in the middle: what
/// it named is not known then.
base::Result<std::set<std::uint64_t>> usedSegments(const fs::path& folder, const fs::path& packs);

}  // namespace hindcast::store

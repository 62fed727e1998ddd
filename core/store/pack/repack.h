// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/format/journal/frame.h"
#include "core/format/tensors/capture.h"
#include "core/store/catalog/ingester.h"
#include "core/store/pack/chunk_mover.h"
#include "core/store/project.h"

/// Internal to core/store: the one way in which tensors of a finished version change their place or go away.
namespace hindcast::store {

/// Whether nobody writes to this folder of a version or replay: sealed, or crashed. Fails when the folder cannot be
/// read.
base::Result<bool> isAtRest(const fs::path& folder);

/// What a repack does to one version or replay.
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
/// caller holds the lease. Busy while it is being written; Damaged when something of it does not verify: then nothing
/// changed.
base::Result<RepackOutcome> repackRun(const Project& project, const fs::path& folder, const RepackPlan& plan,
                                      PackWriter& target, Ingester& ingester);

/// The payload of a CAPTURE frame with its chunks where `mover` puts them; absent when all stay, and for other frames.
base::Result<std::optional<base::Bytes>> repointCapture(const format::Frame& frame, ChunkMover& mover);

/// Files of a version or replay at rest that nothing needs: segments that no capture names, not even as a base, and
/// what a crashed rewrite left. Damaged where the journal is damaged in the middle: what it named is not known then.
base::Result<std::vector<fs::path>> unusedFiles(const fs::path& folder, const fs::path& packs);

}  // namespace hindcast::store

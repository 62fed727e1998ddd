// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/repack.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/journal_rewrite.h"
#include "core/format/version_state.h"
#include "core/store/pack/capture_walk.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using format::CaptureRecord;
using format::ChunkPlace;
using format::TensorRecord;
using format::TensorState;

Result<bool> isAtRest(const fs::path& folder) {
    HINDCAST_ASSIGN(const format::VersionStatus status, format::readVersionStatus(folder, base::wallClockMicros()));
    return status.state != format::VersionState::Recording;
}

static void thin(CaptureRecord& capture) {
    capture.tensorsStored = false;
    for (TensorRecord& tensor : capture.tensors) {
        if (tensor.state != TensorState::Stored) continue;
        tensor.state = TensorState::DigestOnly;
        tensor.chunks.clear();
    }
}

/// The payload of a CAPTURE frame after the repack; absent when it stays.
static Result<std::optional<base::Bytes>> repacked(const format::Frame& frame, const RepackPlan& plan,
                                                   ChunkMover& mover, RepackOutcome& outcome) {
    if (frame.kind != format::FrameKind::Capture) return std::optional<base::Bytes>();
    HINDCAST_ASSIGN(CaptureRecord capture, format::decodeCapture(frame.payload));
    bool changed = false;
    if (plan.thins && capture.tensorsStored && plan.thins(capture)) {
        thin(capture);
        ++outcome.thinned;
        changed = true;
    }
    for (TensorRecord& tensor : capture.tensors) {
        for (ChunkPlace& place : tensor.chunks) {
            HINDCAST_ASSIGN(const ChunkPlace now, mover.move(place));
            changed = changed || now != place;
            place = now;
        }
    }
    return changed ? std::optional(format::encodeCapture(capture)) : std::optional<base::Bytes>();
}

Result<RepackOutcome> repackVersion(const Project& project, const base::Uuid& version, const RepackPlan& plan,
                                    PackWriter& target, Ingester& ingester) {
    const fs::path folder = project.versionFolder(version);
    HINDCAST_ASSIGN(const bool atRest, isAtRest(folder));
    if (!atRest) return Error(ErrorCode::Busy, "version " + version.text() + " is being recorded");
    RepackOutcome outcome;
    ChunkMover mover(folder / "segments", project.packs(), target, plan.moves);
    HINDCAST_ASSIGN(format::JournalRewrite rewrite,
                    format::JournalRewrite::prepare(folder / "journal", [&](const format::Frame& frame) {
                        return repacked(frame, plan, mover, outcome);
                    }));
    outcome.changed = rewrite.changed();
    outcome.copied = mover.copied();
    outcome.shared = mover.shared();
    const auto replace = [&]() -> Result<void> {
        if (outcome.changed) {
            HINDCAST_TRY(target.sync());
            HINDCAST_TRY(rewrite.commit());
        }
        HINDCAST_ASSIGN(outcome.freedBytes, removeUnusedSegments(folder, project.packs()));
        return {};
    };
    HINDCAST_TRY(ingester.replaceJournals({version}, Ingester::Rewritten::Captures, replace));
    return outcome;
}

Result<std::set<std::uint64_t>> usedSegments(const fs::path& folder, const fs::path& packs) {
    std::set<std::uint64_t> used;
    format::ChunkReader reader(folder / "segments", packs);
    HINDCAST_TRY(forEachStoredChunk(folder, reader, [&used](ChunkPlace place, const format::ChunkHeader&) {
        if ((place.segment & format::kPackBit) == 0) used.insert(place.segment);
    }));
    return used;
}

Result<std::int64_t> removeUnusedSegments(const fs::path& folder, const fs::path& packs) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(folder / "segments"));
    std::int64_t freed = 0;
    std::set<std::uint64_t> used;
    if (!names.empty()) {
        HINDCAST_ASSIGN(used, usedSegments(folder, packs));
    }
    for (const std::string& name : names) {
        const auto number = format::segmentNumber(name);
        if (!number || used.contains(*number)) continue;
        HINDCAST_ASSIGN(const std::int64_t bytes, removeFile(folder / "segments" / name));
        freed += bytes;
    }
    HINDCAST_ASSIGN(const auto beside, base::listFolder(folder));
    for (const std::string& name : beside) {
        if (!name.starts_with(format::kRewritePrefix)) continue;
        HINDCAST_ASSIGN(const std::int64_t bytes, removeFile(folder / name));
        freed += bytes;
    }
    return freed;
}

}  // namespace hindcast::store

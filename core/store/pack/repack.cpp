// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/repack.h"

#include <set>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/journal/journal_rewrite.h"
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

/// Puts the chunks of a capture where `mover` wants them; false when all stay.
static Result<bool> repoint(CaptureRecord& capture, ChunkMover& mover) {
    bool changed = false;
    for (TensorRecord& tensor : capture.tensors) {
        for (ChunkPlace& place : tensor.chunks) {
            HINDCAST_ASSIGN(const ChunkPlace now, mover.move(place));
            changed = changed || now != place;
            place = now;
        }
    }
    return changed;
}

Result<std::optional<base::Bytes>> repointCapture(const format::Frame& frame, ChunkMover& mover) {
    if (frame.kind != format::FrameKind::Capture) return std::optional<base::Bytes>();
    HINDCAST_ASSIGN(CaptureRecord capture, format::decodeCapture(frame.payload));
    HINDCAST_ASSIGN(const bool changed, repoint(capture, mover));
    return changed ? std::optional(format::encodeCapture(capture)) : std::optional<base::Bytes>();
}

/// The same, thinned where the plan says so.
static Result<std::optional<base::Bytes>> repacked(const format::Frame& frame, const RepackPlan& plan,
                                                   ChunkMover& mover, RepackOutcome& outcome) {
    if (frame.kind != format::FrameKind::Capture || !plan.thins) return repointCapture(frame, mover);
    HINDCAST_ASSIGN(CaptureRecord capture, format::decodeCapture(frame.payload));
    const bool thins = capture.tensorsStored && plan.thins(capture);
    if (thins) thin(capture);
    outcome.thinned += thins ? 1 : 0;
    HINDCAST_ASSIGN(const bool moved, repoint(capture, mover));
    return thins || moved ? std::optional(format::encodeCapture(capture)) : std::optional<base::Bytes>();
}

Result<RepackOutcome> repackRun(const Project& project, const fs::path& folder, const RepackPlan& plan,
                                PackWriter& target, Ingester& ingester) {
    const auto run = base::Uuid::parse(folder.filename().string());
    if (!run) return Error(ErrorCode::InvalidArgument, folder.string() + " is no version or replay");
    HINDCAST_ASSIGN(const bool atRest, isAtRest(folder));
    if (!atRest) return Error(ErrorCode::Busy, folder.string() + " is being written");
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
        HINDCAST_ASSIGN(const auto unused, unusedFiles(folder, project.packs()));
        for (const fs::path& path : unused) {
            HINDCAST_ASSIGN(const std::int64_t bytes, removeFile(path));
            outcome.freedBytes += bytes;
        }
        return {};
    };
    HINDCAST_TRY(ingester.replaceJournals({*run}, Ingester::Rewritten::Captures, replace));
    return outcome;
}

Result<std::vector<fs::path>> unusedFiles(const fs::path& folder, const fs::path& packs) {
    std::vector<fs::path> unused;
    HINDCAST_ASSIGN(const auto beside, base::listFolder(folder));
    for (const std::string& name : beside)
        if (name.starts_with(format::kRewritePrefix)) unused.push_back(folder / name);
    HINDCAST_ASSIGN(const auto names, base::listFolder(folder / "segments"));
    if (names.empty()) return unused;
    std::set<std::uint64_t> used;
    format::ChunkReader reader(folder / "segments", packs);
    HINDCAST_TRY(forEachStoredChunk(folder, reader, [&used](ChunkPlace place, const format::ChunkHeader&) {
        if ((place.segment & format::kPackBit) == 0) used.insert(place.segment);
    }));
    for (const std::string& name : names) {
        const auto number = format::segmentNumber(name);
        if (number && !used.contains(*number)) unused.push_back(folder / "segments" / name);
    }
    return unused;
}

}  // namespace hindcast::store

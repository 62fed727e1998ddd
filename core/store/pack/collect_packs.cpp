// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/base/file.h"
#include "core/store/pack/capture_walk.h"
#include "core/store/pack/pack.h"
#include "core/store/pack/pack_scan.h"
#include "core/store/pack/repack.h"

namespace hindcast::store {

using base::Result;
using format::ChunkPlace;
using format::kPackBit;

namespace {

/// What versions and replays need of packs.
struct Needs {
    std::set<ChunkPlace> chunks;
    std::map<fs::path, std::set<std::uint64_t>> packsOf;  ///< by folder: numbers of the packs it reads from
};

Result<void> addNeeds(const Project& project, const fs::path& folder, Needs& needs) {
    format::ChunkReader reader(folder / "segments", project.packs());
    std::set<ChunkPlace> own;
    const auto note = [&](ChunkPlace place, const format::ChunkHeader&) {
        if ((place.segment & kPackBit) == 0) return;
        needs.chunks.insert(place);
        needs.packsOf[folder].insert(place.segment & (kPackBit - 1));
    };
    const auto look = [&](const format::CaptureRecord& capture) -> Result<void> {
        for (const format::TensorRecord& tensor : capture.tensors)
            for (const ChunkPlace& place : tensor.chunks)
                // A recorder never refers to packs, so a version without such places costs no look at its chunks.
                if ((place.segment & kPackBit) != 0) HINDCAST_TRY(visitChain(reader, place, own, note));
        return {};
    };
    return forEachCapture(folder, look);
}

Result<Needs> findNeeds(const Project& project) {
    Needs needs;
    for (const fs::path& parent : {project.versions(), project.replays()}) {
        HINDCAST_ASSIGN(const auto names, base::listFolder(parent));
        for (const std::string& name : names) {
            std::error_code ignored;
            if (base::Uuid::parse(name) && fs::exists(parent / name / "journal", ignored))
                HINDCAST_TRY(addNeeds(project, parent / name, needs));
        }
    }
    return needs;
}

/// Packs that hold something nobody needs.
Result<std::set<std::uint64_t>> packsToEmpty(const Project& project, const Needs& needs, PackGarbage& garbage) {
    std::set<std::uint64_t> out;
    HINDCAST_ASSIGN(const auto numbers, packNumbers(project.packs()));
    for (const std::uint64_t number : numbers) {
        const fs::path path = project.packs() / format::segmentFileName(number);
        HINDCAST_ASSIGN(const auto heads, scanHeads(path));
        std::error_code ignored;
        std::int64_t unused = static_cast<std::int64_t>(fs::file_size(path, ignored));
        const std::int64_t chunksBefore = garbage.chunks;
        bool anyNeeded = false;
        for (const auto& [offset, header] : heads) {
            if (needs.chunks.contains({number | kPackBit, offset})) {
                unused -= static_cast<std::int64_t>(format::kChunkHeaderBytes + header.storedBytes);
                anyNeeded = true;
            } else {
                ++garbage.chunks;
            }
        }
        // What a crash cut off at the end is garbage too; a file with a head and nothing else is not worth a word.
        const bool headOnly = unused == static_cast<std::int64_t>(format::kSegmentHeaderBytes);
        if (garbage.chunks == chunksBefore && anyNeeded && headOnly) continue;
        out.insert(number);
        garbage.bytes += unused;
        ++garbage.packs;
    }
    return out;
}

}  // namespace

Result<PackGarbage> collectPacks(const Project& project, bool pretend) {
    PackGarbage garbage;
    HINDCAST_ASSIGN(const auto numbers, packNumbers(project.packs()));
    if (numbers.empty()) return garbage;
    HINDCAST_ASSIGN(const Needs needs, findNeeds(project));
    HINDCAST_ASSIGN(const std::set<std::uint64_t> emptied, packsToEmpty(project, needs, garbage));
    if (pretend || emptied.empty()) return garbage;
    HINDCAST_ASSIGN(PackWriter writer, PackWriter::open(project.packs(), emptied));
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    const auto moves = [&emptied](ChunkPlace place) {
        return (place.segment & kPackBit) != 0 && emptied.contains(place.segment & (kPackBit - 1));
    };
    for (const auto& [folder, packs] : needs.packsOf) {
        const bool affected =
            std::any_of(packs.begin(), packs.end(), [&](auto pack) { return emptied.contains(pack); });
        if (affected) HINDCAST_TRY(repackRun(project, folder, {moves, {}}, writer, ingester));
    }
    for (const std::uint64_t number : emptied)
        HINDCAST_TRY(removeFile(project.packs() / format::segmentFileName(number)));
    HINDCAST_TRY(base::syncFolder(project.packs()));
    return garbage;
}

}  // namespace hindcast::store

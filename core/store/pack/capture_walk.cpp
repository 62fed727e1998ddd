// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/capture_walk.h"

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using format::CaptureRecord;
using format::ChunkHeader;
using format::ChunkPlace;
using format::FrameBatch;

Result<void> forEachCapture(const fs::path& folder, const std::function<Result<void>(const CaptureRecord&)>& visit) {
    HINDCAST_ASSIGN(const auto reader, format::JournalReader::open(folder / "journal", format::JournalType::Journal));
    std::uint64_t offset = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const FrameBatch batch, reader.readFrom(offset, std::size_t{8} << 20));
        for (const format::Frame& frame : batch.frames) {
            if (frame.kind != format::FrameKind::Capture) continue;
            HINDCAST_ASSIGN(const CaptureRecord capture, format::decodeCapture(frame.payload));
            HINDCAST_TRY(visit(capture));
        }
        offset = batch.next;
        if (batch.stop == FrameBatch::Stop::More) continue;
        if (batch.stop != FrameBatch::Stop::Torn) return {};
        HINDCAST_ASSIGN(const auto further, reader.findFrameFrom(offset + 1));
        if (!further) return {};
        return Error(ErrorCode::Damaged,
                     (folder / "journal").string() + " is damaged in the middle: run `hindcast fsck --repair` first");
    }
}

Result<void> visitChain(format::ChunkReader& reader, ChunkPlace place, std::set<ChunkPlace>& seen,
                        const std::function<void(ChunkPlace, const ChunkHeader&)>& visit) {
    // A chain that does not end is damage, which reading it tells; here every place counts once, so the walk ends.
    while (seen.insert(place).second) {
        HINDCAST_ASSIGN(const ChunkHeader header, reader.header(place));
        visit(place, header);
        if (header.transform != format::Transform::Difference) return {};
        place = header.base;
    }
    return {};
}

Result<void> forEachStoredChunk(const fs::path& folder, format::ChunkReader& reader,
                                const std::function<void(ChunkPlace, const ChunkHeader&)>& visit) {
    std::set<ChunkPlace> seen;
    return forEachCapture(folder, [&](const CaptureRecord& capture) -> Result<void> {
        for (const format::TensorRecord& tensor : capture.tensors)
            for (const ChunkPlace& place : tensor.chunks) HINDCAST_TRY(visitChain(reader, place, seen, visit));
        return {};
    });
}

Result<std::int64_t> removeFile(const fs::path& path) {
    std::error_code code;
    const auto bytes = fs::file_size(path, code);
    if (code == std::errc::no_such_file_or_directory) return 0;
    fs::remove(path, code);
    if (code) return Error::fromErrno(code.value(), "cannot remove " + path.string());
    return static_cast<std::int64_t>(bytes);
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/bundle/run_copy.h"

#include "core/base/file.h"
#include "core/format/journal/journal_rewrite.h"
#include "core/store/pack/chunk_mover.h"
#include "core/store/pack/repack.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

static Result<void> copyFile(const fs::path& from, const fs::path& to) {
    HINDCAST_ASSIGN(const File source, File::open(from, File::Mode::Read));
    HINDCAST_ASSIGN(File target, File::open(to, File::Mode::CreateNew));
    base::Bytes buffer;
    for (std::uint64_t offset = 0;;) {
        HINDCAST_ASSIGN(const std::size_t got, source.readInto(offset, buffer, std::size_t{4} << 20));
        if (got == 0) break;
        HINDCAST_TRY(target.write(base::BytesView(buffer).first(got)));
        offset += got;
    }
    HINDCAST_TRY(target.sync());
    return target.close();
}

Result<void> copyRun(const Project& from, const fs::path& folder, const fs::path& target, PackWriter& packs) {
    HINDCAST_ASSIGN(const bool atRest, isAtRest(folder));
    if (!atRest) return Error(ErrorCode::Refused, folder.string() + " is being written: wait for its end");
    HINDCAST_TRY(base::makeFolder(target / "segments"));
    for (const char* name : {"run.json", "journal", "source.pack", "output.txt"}) {
        std::error_code ignored;
        if (fs::exists(folder / name, ignored)) HINDCAST_TRY(copyFile(folder / name, target / name));
    }
    ChunkMover mover(folder / "segments", from.packs(), packs, [](format::ChunkPlace) { return true; });
    const auto repoint = [&mover](const format::Frame& frame) { return repointCapture(frame, mover); };
    HINDCAST_ASSIGN(format::JournalRewrite rewrite, format::JournalRewrite::prepare(target / "journal", repoint));
    if (rewrite.changed()) HINDCAST_TRY(rewrite.commit());
    return base::syncFolder(target);
}

}  // namespace hindcast::store

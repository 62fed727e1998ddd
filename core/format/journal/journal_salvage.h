// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/format/journal/frame.h"

namespace hindcast::format {

/// What becomes of a damaged journal, annotation file or source pack.
struct SalvagePlan {
    JournalHeader header;  ///< of the new file
    /// May change a frame's payload; false leaves the frame out. May be empty.
    std::function<bool(Frame& frame)> keep;
    /// Content of a NOTE frame that tells of the repair; stands before END, else last. "" for none.
    std::string note;
    /// Source packs are sealed whatever is left of them; a journal only when its last frame is END.
    bool alwaysSealed = false;
};

struct Salvaged {
    std::uint64_t frames = 0;  ///< taken over
    std::uint64_t lost = 0;    ///< stretches of bytes between frames, or at the end, that are no frame
};

/// Writes every whole frame of `damaged` to `fresh` (which must not exist), numbered from 0, with its kind, stamp and
/// payload, and syncs it. The damaged file is only read. Behind damage it goes on at the next frame with a right
/// checksum whose number can be that of a frame there: bytes inside of a torn payload that look like a frame are not
/// taken for one. Cost: the file in memory.
base::Result<Salvaged> salvageFrames(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                                     const SalvagePlan& plan);

}  // namespace hindcast::format

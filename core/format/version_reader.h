// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/format/journal/journal_reader.h"
#include "core/format/tensors/capture.h"
#include "core/format/tensors/segment.h"

namespace hindcast::format {

/// One version or replay, read from its folder: what is in the journal, capture by capture and block by block. Works
/// while a recorder still writes (refresh() sees what is new) and after a crash (everything before the tear). One
/// thread at a time.
class VersionReader {
public:
    static base::Result<VersionReader> open(const std::filesystem::path& folder);

    /// Reads on from where the last call stopped. Cost: one pass over the new part of the journal.
    base::Result<void> refresh();

    /// What a capture is, without its tensors and meta.
    struct CaptureEntry {
        CapturePoint point = CapturePoint::Boundary;
        LeaveReason how = LeaveReason::Exhausted;
        Coordinates coordinates;
        std::uint64_t passes = 0;
        bool tensorsStored = false;
        std::int64_t stamp = 0;
        std::uint64_t offset = 0;  ///< of the frame
    };
    const std::vector<CaptureEntry>& captures() const { return m_captures; }
    base::Result<CaptureRecord> capture(std::size_t number) const;

    /// All of a stored tensor into `out`, verified. Where housekeeping moved its chunks since the journal was opened,
    /// the journal is read anew.
    base::Result<void> readTensor(const TensorRecord& tensor, std::span<std::byte> out);

    /// Payloads of all frames of one kind, in order.
    base::Result<std::vector<base::Bytes>> payloads(FrameKind kind) const;

    const std::filesystem::path& folder() const { return m_folder; }
    const JournalReader& journal() const { return m_journal; }

private:
    VersionReader(std::filesystem::path folder, JournalReader journal);
    base::Result<bool> reopen();
    base::Result<TensorRecord> relocated(const TensorRecord& tensor) const;

    struct Place {
        FrameKind kind;
        std::uint64_t offset;
    };
    std::filesystem::path m_folder;
    JournalReader m_journal;
    ChunkReader m_chunks;
    std::uint64_t m_next = JournalReader::start();
    std::vector<Place> m_frames;  ///< all but heartbeats
    std::vector<CaptureEntry> m_captures;
};

}  // namespace hindcast::format

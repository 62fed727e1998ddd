// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/base/file.h"
#include "core/format/journal/frame.h"

namespace hindcast::format {

/// Appends frames to a journal, an annotation file or a source pack. Holds flock(LOCK_EX) on the file while it lives.
/// Every append is one write(); a frame that fails half-way is cut off again, so that what follows stays readable.
/// One thread at a time.
class JournalWriter {
public:
    /// Creates the file (Io when it exists), takes the lock, writes the header.
    static base::Result<JournalWriter> create(const std::filesystem::path& path, const JournalHeader& header);

    /// Creates it or continues it: what is behind its last whole frame is cut off. Busy when another process writes it,
    /// Damaged when its header is not that of `header.type` or frames go on behind unreadable bytes. A sealed file is
    /// refused. For annotations.
    static base::Result<JournalWriter> openOrCreate(const std::filesystem::path& path, const JournalHeader& header);

    /// Stamps the frame with the wall clock. Cost: one write() of the frame.
    base::Result<void> append(FrameKind kind, base::BytesView payload);
    /// Writes the seal. Nothing may be appended after it.
    base::Result<void> seal();
    base::Result<void> sync();
    base::Result<void> close();

    std::uint64_t frames() const { return m_sequence; }
    std::uint64_t size() const { return m_size; }
    int descriptor() const { return m_file.descriptor(); }

private:
    JournalWriter(base::File file, std::uint64_t size, std::uint32_t sequence)
        : m_file(std::move(file)), m_size(size), m_sequence(sequence) {}
    base::Result<void> write(base::BytesView bytes);

    base::File m_file;
    std::uint64_t m_size;
    std::uint32_t m_sequence;
    base::Bytes m_scratch;
};

}  // namespace hindcast::format

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/base/file.h"
#include "core/format/journal/frame.h"

namespace hindcast::format {

/// Whole frames from one place of a journal on.
struct FrameBatch {
    std::vector<Frame> frames;
    std::uint64_t next = 0;  ///< pass to the next readFrom
    enum class Stop {
        More,    ///< the byte limit was reached; there is more to read now
        End,     ///< the file ends here, after a whole frame: a writer may go on
        Torn,    ///< bytes follow that are no whole frame: a writer in the middle of one, a crash, or damage
        Sealed,  ///< the seal was read; nothing follows
    } stop = Stop::End;
    std::uint64_t sealedFrames = 0;  ///< of the seal
};

/// Reads the frames of a journal, annotation file or source pack, also while a writer appends (no lock is taken).
/// One thread at a time.
class JournalReader {
public:
    static base::Result<JournalReader> open(const std::filesystem::path& path, JournalType type);

    const JournalHeader& header() const { return m_header; }
    /// Where the first frame is.
    static constexpr std::uint64_t start() { return kFileHeaderBytes; }

    /// Whole frames from `offset` (start() or an earlier `next`) on, about `limitBytes` at most but at least one frame
    /// if there is one. Fails only when the file cannot be read: damage is Stop::Torn.
    base::Result<FrameBatch> readFrom(std::uint64_t offset, std::size_t limitBytes = std::size_t{64} << 20) const;

    /// All frames from the start to the seal, the end or the tear.
    base::Result<FrameBatch> readAll() const;

    /// The one frame at `offset`, which an earlier read reported. Damaged when it is not there.
    base::Result<Frame> readFrameAt(std::uint64_t offset) const;

    /// Where whole frames go on at or after `offset`, behind damage. Absent when none follow.
    base::Result<std::optional<std::uint64_t>> findFrameFrom(std::uint64_t offset) const;

    /// The last whole frame, found from the end of the file without reading all of it, and whether a right seal follows
    /// it.
    struct Tail {
        std::optional<Frame> last;
        bool sealed = false;
    };
    base::Result<Tail> readTail() const;

    base::Result<std::uint64_t> size() const { return m_file.size(); }
    /// Whether both read one file: a journal that was rewritten has the path of the old one.
    bool isSameFile(const JournalReader& other) const { return m_file.isSameFile(other.m_file); }

private:
    JournalReader(base::File file, JournalHeader header) : m_file(std::move(file)), m_header(header) {}

    base::File m_file;
    JournalHeader m_header;
};

}  // namespace hindcast::format

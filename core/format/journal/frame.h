// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/uuid.h"

// Frames and file headers: FORMAT.md section 3. Pure functions over bytes; files are journal_writer.h and
// journal_reader.h.

namespace hindcast::format {

enum class FrameKind : std::uint16_t {
    Events = 1,
    Capture = 2,
    Note = 3,
    Heartbeat = 4,
    Fidelity = 5,
    End = 6,
    Annotation = 7,
    File = 8,
};

/// Which framed file this is; the 8 bytes it starts with.
enum class JournalType { Journal, Annotations, SourcePack };

inline constexpr std::size_t kFileHeaderBytes = 40;
inline constexpr std::size_t kFrameHeaderBytes = 32;
inline constexpr std::size_t kSealBytes = 16;
inline constexpr std::size_t kMaxPayloadBytes = std::size_t{1} << 30;
inline constexpr std::uint16_t kFormatMajor = 1;

/// The 40 bytes at the start of a journal.
struct JournalHeader {
    JournalType type = JournalType::Journal;
    base::Uuid uuid;
    std::int64_t started = 0;  ///< micros since 1970
};
base::Bytes encodeJournalHeader(const JournalHeader& header);
/// NewerFormat for a larger major, Damaged for anything else that is not a header of this type.
base::Result<JournalHeader> decodeJournalHeader(base::BytesView bytes, JournalType type);

/// One frame with its payload as the writer handed it over (decompressed).
struct Frame {
    FrameKind kind = FrameKind::Heartbeat;  ///< may hold a number this program does not know; skip those
    std::uint32_t sequence = 0;
    std::int64_t stamp = 0;         ///< micros since 1970
    std::uint64_t offset = 0;       ///< of the frame in its file
    std::uint64_t storedBytes = 0;  ///< with its header: the next frame begins at offset + storedBytes
    base::Bytes payload;
};

/// Appends one frame. Payloads of NOTE, CAPTURE, FIDELITY and others that zstd shortens are stored compressed when
/// `compress`.
base::Result<void> encodeFrame(const Frame& frame, bool compress, base::Bytes& out);

enum class FrameParse {
    Whole,    ///< `frame` is filled
    Short,    ///< the bytes end before the frame does: read more, or this is the torn tail
    Damaged,  ///< magic, checksum, length, reserved bits or compression are wrong
};
/// Parses the frame at the start of `bytes`, whose place in the file is `offset`. `need` gets the bytes that a Short
/// frame needs in all.
FrameParse parseFrame(base::BytesView bytes, std::uint64_t offset, Frame& frame, std::size_t& need);

/// Position of the first whole, right frame at or after `from`: for salvage behind damage. Absent when there is none.
std::optional<std::size_t> findFrame(base::BytesView bytes, std::size_t from);

base::Bytes encodeSeal(std::uint64_t frames);
/// The number of frames when `bytes` is exactly a seal.
std::optional<std::uint64_t> decodeSeal(base::BytesView bytes);

}  // namespace hindcast::format

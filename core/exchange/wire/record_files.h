// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/file.h"

/// Files of framed records as other trackers write them. Both readers give what is whole: a record that fails its
/// checksum is left out, what cannot be read on from ends the file, and problem() says so in a sentence.
namespace hindcast::exchange {

/// A window that moves forward over a file; nothing larger than a record is ever held.
class ForwardFile {
public:
    static base::Result<ForwardFile> open(const std::filesystem::path& path);

    /// The next `count` bytes, valid until the next call; absent (and nothing is taken) when the file has fewer.
    base::Result<std::optional<base::BytesView>> take(std::size_t count);
    std::uint64_t position() const { return m_position; }
    std::uint64_t left() const { return m_size - m_position; }

private:
    ForwardFile(base::File file, std::uint64_t size) : m_file(std::move(file)), m_size(size) {}

    base::File m_file;
    std::uint64_t m_size;  ///< when it was opened: what a live writer appends later is for the next import
    std::uint64_t m_position = 0;
    base::Bytes m_window;
    std::uint64_t m_windowAt = 0;
    std::size_t m_windowBytes = 0;
};

/// TFRecord: u64 length, masked CRC-32C of it, that many bytes, masked CRC-32C of them.
class TfRecordReader {
public:
    static base::Result<TfRecordReader> open(const std::filesystem::path& path);

    /// The next record, valid until the next call; absent at the end.
    base::Result<std::optional<base::BytesView>> next();
    /// What was wrong with the file, "" when nothing was. `cutOff`: it may just still be being written.
    const std::string& problem() const { return m_problem; }
    bool isCutOff() const { return m_cutOff; }

private:
    explicit TfRecordReader(ForwardFile file) : m_file(std::move(file)) {}
    std::optional<base::BytesView> stop(const std::string& problem, bool cutOff);

    ForwardFile m_file;
    base::Bytes m_record;
    std::string m_problem;
    bool m_cutOff = false;
    bool m_ended = false;
    std::int64_t m_damaged = 0;
};

/// One such record, for a writer.
base::Bytes tfRecord(base::BytesView record);

/// A W&B transaction log: LevelDB's log format (blocks of 32 KiB, records in pieces) behind a header of 7 bytes, with
/// the CRC-32 of IEEE.
class WandbLogReader {
public:
    /// InvalidArgument when it is no such file.
    static base::Result<WandbLogReader> open(const std::filesystem::path& path);

    base::Result<std::optional<base::BytesView>> next();
    const std::string& problem() const { return m_problem; }
    bool isCutOff() const { return m_cutOff; }

private:
    enum class Piece : std::uint8_t { Full = 1, First = 2, Middle = 3, Last = 4 };

    explicit WandbLogReader(ForwardFile file) : m_file(std::move(file)) {}
    base::Result<bool> takePiece(Piece& piece);
    base::Result<bool> skipBlock();

    ForwardFile m_file;
    base::Bytes m_record;
    base::BytesView m_piece;
    bool m_pieceIsRight = true;
    std::string m_problem;
    bool m_cutOff = false;
    std::int64_t m_damaged = 0;
};

}  // namespace hindcast::exchange

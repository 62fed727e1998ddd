// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "core/exchange/wire/crc32.h"
#include "core/exchange/wire/record_files.h"

namespace hindcast::exchange {

using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
constexpr std::size_t kHeadBytes = 7;
constexpr std::uint64_t kBlockBytes = 32768;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;
}  // namespace

Result<WandbLogReader> WandbLogReader::open(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(ForwardFile file, ForwardFile::open(path));
    HINDCAST_ASSIGN(const auto head, file.take(kHeadBytes));
    constexpr std::uint16_t kMagic = 0xBEE1;
    const bool right = head && base::textOf(head->first(4)) == ":W&B" &&
                       base::ByteReader(head->subspan(4)).get<std::uint16_t>() == kMagic;
    if (!right) return Error(ErrorCode::InvalidArgument, path.string() + " is no run file of Weights & Biases");
    return WandbLogReader(std::move(file));
}

/// Moves to where the next block begins; false when the file ends before.
Result<bool> WandbLogReader::skipBlock() {
    const std::uint64_t rest = (kBlockBytes - m_file.position() % kBlockBytes) % kBlockBytes;
    HINDCAST_ASSIGN(const auto skipped, m_file.take(static_cast<std::size_t>(rest)));
    return skipped.has_value();
}

/// The next piece into m_piece; false at the end of what is whole.
Result<bool> WandbLogReader::takePiece(Piece& piece) {
    if (kBlockBytes - m_file.position() % kBlockBytes < kHeadBytes) {
        HINDCAST_ASSIGN(const bool more, skipBlock());
        if (!more) return false;
    }
    if (m_file.left() == 0) return false;
    HINDCAST_ASSIGN(const auto head, m_file.take(kHeadBytes));
    if (!head) {
        m_cutOff = true;
        return false;
    }
    base::ByteReader reader(*head);
    const auto checksum = reader.get<std::uint32_t>();
    const auto length = reader.get<std::uint16_t>();
    const std::array<std::byte, 1> type{(*head)[6]};
    HINDCAST_ASSIGN(const auto body, m_file.take(length));
    if (!body) {
        m_cutOff = true;
        return false;
    }
    m_piece = *body;
    piece = static_cast<Piece>(type[0]);
    const bool known = piece >= Piece::Full && piece <= Piece::Last;
    m_pieceIsRight = known && checksum == crc32(type, m_piece);
    return true;
}

Result<std::optional<BytesView>> WandbLogReader::next() {
    m_record.clear();
    bool open = false;
    for (Piece piece{};;) {
        HINDCAST_ASSIGN(const bool more, takePiece(piece));
        if (!more) break;
        if (!m_pieceIsRight) {
            // The length may be wrong as well: the next block begins with a piece for sure.
            ++m_damaged;
            m_problem = std::to_string(m_damaged) + (m_damaged == 1 ? " block is" : " blocks are") +
                        " damaged (checksum) and left out";
            open = false;
            HINDCAST_ASSIGN(const bool again, skipBlock());
            if (!again) break;
            continue;
        }
        if (piece == Piece::Full || piece == Piece::First) m_record.clear();
        // What continues a record whose beginning was damaged.
        if (piece != Piece::Full && piece != Piece::First && !open) continue;
        if (m_record.size() + m_piece.size() > kMostBytes)
            return Error(ErrorCode::Damaged, "a record of more than a gigabyte");
        m_record.insert(m_record.end(), m_piece.begin(), m_piece.end());
        open = true;
        if (piece == Piece::Full || piece == Piece::Last) return std::optional(BytesView(m_record));
    }
    if (open || m_cutOff) {
        m_cutOff = true;
        if (m_problem.empty()) m_problem = "the last record is cut off";
    }
    return std::optional<BytesView>();
}

}  // namespace hindcast::exchange

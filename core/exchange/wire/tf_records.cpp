// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/wire/crc32.h"
#include "core/exchange/wire/record_files.h"

namespace hindcast::exchange {

using base::Bytes;
using base::BytesView;
using base::Result;

namespace {
constexpr std::size_t kHeadBytes = 12;
constexpr std::size_t kTailBytes = 4;
/// Larger ones exist in no tracker's files; a length field that says so is damage.
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
}  // namespace

Result<TfRecordReader> TfRecordReader::open(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(ForwardFile file, ForwardFile::open(path));
    return TfRecordReader(std::move(file));
}

std::optional<BytesView> TfRecordReader::stop(const std::string& problem, bool cutOff) {
    m_ended = true;
    m_problem = problem;
    m_cutOff = cutOff;
    return std::nullopt;
}

Result<std::optional<BytesView>> TfRecordReader::next() {
    while (!m_ended) {
        if (m_file.left() == 0) break;
        const std::string where = " at byte " + std::to_string(m_file.position());
        HINDCAST_ASSIGN(const auto head, m_file.take(kHeadBytes));
        if (!head) return stop("the last record is cut off" + where, true);
        base::ByteReader reader(*head);
        const auto length = reader.get<std::uint64_t>();
        if (reader.get<std::uint32_t>() != maskedCrc32c(head->first(8)))
            return stop("what follows the record" + where + " is damaged (checksum of its length)", false);
        if (length > kMostBytes || length > m_file.left())
            return stop("the record" + where + " says it has " + std::to_string(length) + " bytes, the file has " +
                            std::to_string(m_file.left()) + " more",
                        true);
        HINDCAST_ASSIGN(const auto body, m_file.take(static_cast<std::size_t>(length)));
        if (!body) return stop("the last record is cut off" + where, true);
        m_record.assign(body->begin(), body->end());
        HINDCAST_ASSIGN(const auto tail, m_file.take(kTailBytes));
        if (!tail) return stop("the last record is cut off" + where, true);
        if (base::ByteReader(*tail).get<std::uint32_t>() == maskedCrc32c(m_record))
            return std::optional(BytesView(m_record));
        ++m_damaged;
        m_problem = std::to_string(m_damaged) + (m_damaged == 1 ? " record fails its" : " records fail their") +
                    " checksum and " + (m_damaged == 1 ? "is" : "are") + " left out";
    }
    return std::optional<BytesView>();
}

Bytes tfRecord(BytesView record) {
    base::ByteWriter out;
    out.put(static_cast<std::uint64_t>(record.size()));
    out.put(maskedCrc32c(out.view()));
    out.putBytes(record);
    out.put(maskedCrc32c(record));
    return out.take();
}

}  // namespace hindcast::exchange

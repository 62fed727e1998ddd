// SPDX-License-Identifier: Apache-2.0
#include "core/format/version_reader.h"

namespace hindcast::format {

using base::Error;
using base::ErrorCode;
using base::Result;

VersionReader::VersionReader(std::filesystem::path folder, JournalReader journal)
    : m_folder(std::move(folder)),
      m_journal(std::move(journal)),
      m_chunks(m_folder / "segments", m_folder.parent_path().parent_path() / "packs") {}

Result<VersionReader> VersionReader::open(const std::filesystem::path& folder) {
    const std::filesystem::path absolute = std::filesystem::absolute(folder).lexically_normal();
    const std::filesystem::path clean = absolute.has_filename() ? absolute : absolute.parent_path();
    HINDCAST_ASSIGN(JournalReader journal, JournalReader::open(clean / "journal", JournalType::Journal));
    if (journal.header().uuid.text() != clean.filename().string()) {
        return Error(ErrorCode::Damaged,
                     (clean / "journal").string() + " belongs to version " + journal.header().uuid.text());
    }
    VersionReader reader(clean, std::move(journal));
    HINDCAST_TRY(reader.refresh());
    return reader;
}

Result<void> VersionReader::refresh() {
    for (;;) {
        HINDCAST_ASSIGN(const FrameBatch batch, m_journal.readFrom(m_next));
        for (const Frame& frame : batch.frames) {
            if (frame.kind == FrameKind::Heartbeat) continue;
            m_frames.push_back({frame.kind, frame.offset});
            if (frame.kind != FrameKind::Capture) continue;
            HINDCAST_ASSIGN(CaptureRecord record, decodeCapture(frame.payload));
            m_captures.push_back({record.point, record.how, std::move(record.coordinates), record.passes,
                                  record.tensorsStored, record.stamp, frame.offset});
        }
        m_next = batch.next;
        if (batch.stop != FrameBatch::Stop::More) return {};
    }
}

Result<CaptureRecord> VersionReader::capture(std::size_t number) const {
    if (number >= m_captures.size()) return Error(ErrorCode::NotFound, "there is no capture " + std::to_string(number));
    HINDCAST_ASSIGN(const Frame frame, m_journal.readFrameAt(m_captures[number].offset));
    return decodeCapture(frame.payload);
}

Result<std::vector<base::Bytes>> VersionReader::payloads(FrameKind kind) const {
    std::vector<base::Bytes> payloads;
    for (const Place& place : m_frames) {
        if (place.kind != kind) continue;
        HINDCAST_ASSIGN(Frame frame, m_journal.readFrameAt(place.offset));
        payloads.push_back(std::move(frame.payload));
    }
    return payloads;
}

}  // namespace hindcast::format

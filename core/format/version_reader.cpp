// SPDX-License-Identifier: Apache-2.0
#include "core/format/version_reader.h"

namespace hindcast::format {

using base::Error;
using base::ErrorCode;
using base::Result;

static std::filesystem::path packsOf(const std::filesystem::path& folder) {
    return folder.parent_path().parent_path() / "packs";
}

VersionReader::VersionReader(std::filesystem::path folder, JournalReader journal)
    : m_folder(std::move(folder)), m_journal(std::move(journal)), m_chunks(m_folder / "segments", packsOf(m_folder)) {}

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

/// Opens the journal that stands there now; false when it is the one that is open already.
Result<bool> VersionReader::reopen() {
    HINDCAST_ASSIGN(JournalReader fresh, JournalReader::open(m_folder / "journal", JournalType::Journal));
    if (fresh.isSameFile(m_journal)) return false;
    m_journal = std::move(fresh);
    m_chunks = ChunkReader(m_folder / "segments", packsOf(m_folder));
    m_next = JournalReader::start();
    m_frames.clear();
    m_captures.clear();
    HINDCAST_TRY(refresh());
    return true;
}

/// The same tensor where the journal says it is now.
Result<TensorRecord> VersionReader::relocated(const TensorRecord& tensor) const {
    for (std::size_t number = 0; number < m_captures.size(); ++number) {
        HINDCAST_ASSIGN(CaptureRecord record, capture(number));
        for (TensorRecord& candidate : record.tensors) {
            if (candidate.key == tensor.key && candidate.digest == tensor.digest &&
                candidate.rawBytes == tensor.rawBytes && candidate.state == TensorState::Stored)
                return std::move(candidate);
        }
    }
    return Error(ErrorCode::NotFound, "tensor " + tensor.key + " is no longer stored");
}

Result<void> VersionReader::readTensor(const TensorRecord& tensor, std::span<std::byte> out) {
    auto done = m_chunks.readTensor(tensor, out);
    if (done || tensor.state != TensorState::Stored) return done;
    const auto moved = reopen();
    if (!moved || !*moved) return done;
    HINDCAST_ASSIGN(const TensorRecord now, relocated(tensor));
    return m_chunks.readTensor(now, out);
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

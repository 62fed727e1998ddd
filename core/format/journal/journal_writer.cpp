// SPDX-License-Identifier: Apache-2.0
#include "core/format/journal/journal_writer.h"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "core/base/clock.h"
#include "core/format/journal/journal_reader.h"

namespace hindcast::format {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

/// A reader that asks whether the file is locked holds a shared lock for an instant, so one refusal proves nothing.
static Result<void> lock(File& file) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        HINDCAST_ASSIGN(const bool locked, file.tryLock());
        if (locked) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return Error(ErrorCode::Busy, file.path().string() + " is being written by another process");
}

Result<JournalWriter> JournalWriter::create(const std::filesystem::path& path, const JournalHeader& header) {
    HINDCAST_ASSIGN(File file, File::open(path, File::Mode::CreateNew));
    HINDCAST_TRY(lock(file));
    HINDCAST_TRY(file.write(encodeJournalHeader(header)));
    return JournalWriter(std::move(file), kFileHeaderBytes, 0);
}

Result<JournalWriter> JournalWriter::openOrCreate(const std::filesystem::path& path, const JournalHeader& header) {
    HINDCAST_ASSIGN(File file, File::open(path, File::Mode::Append));
    HINDCAST_TRY(lock(file));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    if (size < kFileHeaderBytes) {
        HINDCAST_TRY(file.truncate(0));
        HINDCAST_TRY(file.write(encodeJournalHeader(header)));
        return JournalWriter(std::move(file), kFileHeaderBytes, 0);
    }
    HINDCAST_ASSIGN(const JournalReader reader, JournalReader::open(path, header.type));
    std::uint64_t end = JournalReader::start();
    std::uint32_t sequence = 0;
    for (;;) {
        HINDCAST_ASSIGN(const FrameBatch batch, reader.readFrom(end));
        end = batch.next;
        if (!batch.frames.empty()) sequence = batch.frames.back().sequence + 1;
        if (batch.stop == FrameBatch::Stop::Sealed) return Error(ErrorCode::Refused, path.string() + " is sealed");
        if (batch.stop != FrameBatch::Stop::More) break;
    }
    // A torn tail is cut off; what stands behind damage must not go with it.
    HINDCAST_ASSIGN(const auto further, reader.findFrameFrom(end));
    if (further)
        return Error(ErrorCode::Damaged,
                     path.string() + " is damaged in the middle: `hindcast fsck --repair` salvages what is whole");
    HINDCAST_TRY(file.truncate(end));
    return JournalWriter(std::move(file), end, sequence);
}

Result<void> JournalWriter::write(base::BytesView bytes) {
    auto written = m_file.write(bytes);
    if (!written) {
        // Best effort: the first error is the one to report, and a reader stops at the torn frame anyway. The file
        // position has moved past the cut, so it is set back too.
        if (m_file.truncate(m_size)) ::lseek(m_file.descriptor(), static_cast<off_t>(m_size), SEEK_SET);
        return written;
    }
    m_size += bytes.size();
    return {};
}

Result<void> JournalWriter::append(FrameKind kind, base::BytesView payload) {
    Frame frame;
    frame.kind = kind;
    frame.sequence = m_sequence;
    frame.stamp = base::wallClockMicros();
    frame.payload.assign(payload.begin(), payload.end());
    m_scratch.clear();
    HINDCAST_TRY(encodeFrame(frame, kind != FrameKind::Events, m_scratch));
    HINDCAST_TRY(write(m_scratch));
    ++m_sequence;
    return {};
}

Result<void> JournalWriter::seal() {
    return write(encodeSeal(m_sequence));
}
Result<void> JournalWriter::sync() {
    return m_file.sync();
}
Result<void> JournalWriter::close() {
    return m_file.close();
}

}  // namespace hindcast::format

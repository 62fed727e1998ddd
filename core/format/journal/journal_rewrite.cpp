// SPDX-License-Identifier: Apache-2.0
#include "core/format/journal/journal_rewrite.h"

#include <unistd.h>

#include "core/format/journal/journal_reader.h"

namespace hindcast::format {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

JournalRewrite::JournalRewrite(JournalRewrite&& other) noexcept
    : m_old(std::move(other.m_old)),
      m_journal(std::move(other.m_journal)),
      m_fresh(std::exchange(other.m_fresh, {})),
      m_changed(other.m_changed) {}

JournalRewrite::~JournalRewrite() {
    if (!m_fresh.empty()) ::unlink(m_fresh.c_str());
}

Result<JournalRewrite> JournalRewrite::prepare(const std::filesystem::path& journal, const Change& change) {
    HINDCAST_ASSIGN(File old, File::open(journal, File::Mode::Read));
    HINDCAST_ASSIGN(const bool locked, old.tryLock());
    if (!locked) return Error(ErrorCode::Busy, journal.string() + " is in use by another process");
    JournalRewrite rewrite(std::move(old), journal,
                           journal.parent_path() / (std::string(kRewritePrefix) + std::to_string(::getpid())));
    HINDCAST_TRY(rewrite.copy(change));
    return rewrite;
}

static Result<bool> changePayload(Frame& frame, const JournalRewrite::Change& change) {
    HINDCAST_ASSIGN(auto payload, change(frame));
    if (!payload) return false;
    frame.payload = *std::move(payload);
    return true;
}

Result<void> JournalRewrite::copy(const Change& change) {
    HINDCAST_ASSIGN(const JournalReader reader, JournalReader::open(m_journal, JournalType::Journal));
    ::unlink(m_fresh.c_str());  // of a process that had this number and crashed
    HINDCAST_ASSIGN(File fresh, File::open(m_fresh, File::Mode::CreateNew));
    HINDCAST_TRY(fresh.write(encodeJournalHeader(reader.header())));
    std::uint64_t offset = JournalReader::start();
    std::uint64_t frames = 0;
    base::Bytes out;
    for (;;) {
        HINDCAST_ASSIGN(FrameBatch batch, reader.readFrom(offset, std::size_t{8} << 20));
        out.clear();
        for (Frame& frame : batch.frames) {
            if (frame.sequence != frames++) return Error(ErrorCode::Damaged, m_journal.string() + " lacks frames");
            HINDCAST_ASSIGN(const bool changed, changePayload(frame, change));
            m_changed = m_changed || changed;
            HINDCAST_TRY(encodeFrame(frame, frame.kind != FrameKind::Events, out));
        }
        HINDCAST_TRY(fresh.write(out));
        offset = batch.next;
        if (batch.stop == FrameBatch::Stop::More) continue;
        if (batch.stop == FrameBatch::Stop::Sealed) HINDCAST_TRY(fresh.write(encodeSeal(frames)));
        if (batch.stop == FrameBatch::Stop::Torn) {
            HINDCAST_ASSIGN(const auto further, reader.findFrameFrom(offset + 1));
            if (further)
                return Error(ErrorCode::Damaged,
                             m_journal.string() + " is damaged in the middle: run `hindcast fsck --repair` first");
        }
        break;
    }
    HINDCAST_TRY(fresh.sync());
    return fresh.close();
}

Result<void> JournalRewrite::commit() {
    const std::filesystem::path fresh = std::exchange(m_fresh, {});
    if (::rename(fresh.c_str(), m_journal.c_str()) != 0) {
        const int number = errno;
        ::unlink(fresh.c_str());
        return Error::fromErrno(number, "cannot rename to " + m_journal.string());
    }
    return base::syncFolder(m_journal.parent_path());
}

}  // namespace hindcast::format

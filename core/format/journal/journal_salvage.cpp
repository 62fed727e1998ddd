// SPDX-License-Identifier: Apache-2.0
#include "core/format/journal/journal_salvage.h"

#include "core/base/file.h"

namespace hindcast::format {

using base::Bytes;
using base::BytesView;
using base::File;
using base::Result;

namespace {

/// Walks the whole frames of a file in memory, over damage.
class FrameWalk {
public:
    explicit FrameWalk(BytesView bytes) : m_bytes(bytes), m_at(std::min(bytes.size(), kFileHeaderBytes)) {}

    bool next(Frame& frame) {
        std::size_t from = m_at;
        while (const auto found = findFrame(m_bytes, from)) {
            std::size_t need = 0;
            parseFrame(m_bytes.subspan(*found), *found, frame, need);
            if (canStandHere(frame, *found - m_at)) {
                if (*found != m_at || frame.sequence != m_sequence) ++m_lost;
                m_at = *found + frame.storedBytes;
                m_sequence = std::uint64_t{frame.sequence} + 1;
                return true;
            }
            from = *found + 1;
        }
        return false;
    }
    /// What follows the last frame.
    BytesView rest() const { return m_bytes.subspan(m_at); }
    std::uint64_t sequence() const { return m_sequence; }
    std::uint64_t lost() const { return m_lost; }

private:
    /// A stretch of `gap` bytes has room for so many frames and no more.
    bool canStandHere(const Frame& frame, std::size_t gap) const {
        return frame.sequence >= m_sequence && (gap == 0 || frame.sequence <= m_sequence + gap / kFrameHeaderBytes);
    }

    BytesView m_bytes;
    std::size_t m_at;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_lost = 0;
};

/// Numbers the frames anew as it writes them.
class FrameSink {
public:
    static Result<FrameSink> create(const std::filesystem::path& path, const JournalHeader& header) {
        HINDCAST_ASSIGN(File file, File::open(path, File::Mode::CreateNew));
        HINDCAST_TRY(file.write(encodeJournalHeader(header)));
        return FrameSink(std::move(file));
    }
    Result<void> add(Frame& frame) {
        frame.sequence = m_frames++;
        m_scratch.clear();
        HINDCAST_TRY(encodeFrame(frame, frame.kind != FrameKind::Events, m_scratch));
        return m_file.write(m_scratch);
    }
    Result<void> note(const std::string& text, std::int64_t stamp) {
        if (text.empty()) return {};
        Frame frame;
        frame.kind = FrameKind::Note;
        frame.stamp = stamp;
        frame.payload.assign(base::bytesOf(text).begin(), base::bytesOf(text).end());
        return add(frame);
    }
    Result<void> finish(bool sealed) {
        if (sealed) HINDCAST_TRY(m_file.write(encodeSeal(m_frames)));
        HINDCAST_TRY(m_file.sync());
        return m_file.close();
    }

private:
    explicit FrameSink(File file) : m_file(std::move(file)) {}

    File m_file;
    Bytes m_scratch;
    std::uint32_t m_frames = 0;
};

}  // namespace

Result<Salvaged> salvageFrames(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                               const SalvagePlan& plan) {
    HINDCAST_ASSIGN(const Bytes bytes, base::readFile(damaged, std::uint64_t{1} << 40));
    HINDCAST_ASSIGN(FrameSink sink, FrameSink::create(fresh, plan.header));
    FrameWalk walk(bytes);
    Salvaged salvaged;
    Frame frame;
    std::int64_t stamp = plan.header.started;
    bool noted = false;
    bool ended = false;
    while (walk.next(frame)) {
        if (plan.keep && !plan.keep(frame)) continue;
        ended = frame.kind == FrameKind::End;
        // With the stamp of its neighbour: a fresh one would look like a writer's that lives.
        if (ended && !noted) HINDCAST_TRY(sink.note(plan.note, frame.stamp));
        noted = noted || ended;
        stamp = frame.stamp;
        HINDCAST_TRY(sink.add(frame));
        ++salvaged.frames;
    }
    if (!noted) HINDCAST_TRY(sink.note(plan.note, stamp));
    const auto seal = decodeSeal(walk.rest());
    salvaged.lost = walk.lost() + (walk.rest().empty() || seal == walk.sequence() ? 0 : 1);
    HINDCAST_TRY(sink.finish(ended || plan.alwaysSealed));
    return salvaged;
}

}  // namespace hindcast::format

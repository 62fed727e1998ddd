// SPDX-License-Identifier: Apache-2.0
#include "core/format/journal/journal_reader.h"

#include <algorithm>

namespace hindcast::format {

using base::Bytes;
using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

namespace {
constexpr std::size_t kWindowBytes = std::size_t{1} << 20;
constexpr std::size_t kTailWindowBytes = std::size_t{64} << 10;
constexpr std::string_view kFrameMagic = "HCFR";

/// A part of the file in memory that grows on demand.
class Window {
public:
    Window(const File& file, std::uint64_t start) : m_file(file), m_start(start) {}

    /// Bytes from `offset` (not before the start) on; at least `count` unless the file ends first.
    Result<BytesView> from(std::uint64_t offset, std::size_t count) {
        const std::uint64_t end = m_start + m_bytes.size();
        if (offset + count > end) {
            HINDCAST_ASSIGN(m_bytes, m_file.readAt(offset, std::max(count, kWindowBytes)));
            m_start = offset;
        }
        return BytesView(m_bytes).subspan(static_cast<std::size_t>(offset - m_start));
    }

private:
    const File& m_file;
    std::uint64_t m_start;
    Bytes m_bytes;
};
}  // namespace

Result<JournalReader> JournalReader::open(const std::filesystem::path& path, JournalType type) {
    HINDCAST_ASSIGN(File file, File::open(path, File::Mode::Read));
    HINDCAST_ASSIGN(const Bytes bytes, file.readAt(0, kFileHeaderBytes));
    auto header = decodeJournalHeader(bytes, type);
    if (!header) return std::move(header).error().in(path.string());
    return JournalReader(std::move(file), *header);
}

/// What follows the last whole frame of a batch: nothing, the seal, or something torn.
static FrameBatch::Stop stopAt(BytesView rest, const FrameBatch& batch, std::uint64_t& sealedFrames) {
    if (rest.empty()) return FrameBatch::Stop::End;
    const auto seal = decodeSeal(rest);
    if (!seal) return FrameBatch::Stop::Torn;
    // A seal that counts other frames than were read is damage; an empty batch has nothing to compare with.
    if (!batch.frames.empty() && *seal != std::uint64_t{batch.frames.back().sequence} + 1)
        return FrameBatch::Stop::Torn;
    sealedFrames = *seal;
    return FrameBatch::Stop::Sealed;
}

Result<FrameBatch> JournalReader::readFrom(std::uint64_t offset, std::size_t limitBytes) const {
    FrameBatch batch;
    batch.next = offset;
    Window window(m_file, offset);
    for (;;) {
        if (batch.next - offset >= limitBytes) {
            batch.stop = FrameBatch::Stop::More;
            return batch;
        }
        HINDCAST_ASSIGN(BytesView bytes, window.from(batch.next, kFrameHeaderBytes));
        Frame frame;
        std::size_t need = 0;
        FrameParse parse = parseFrame(bytes, batch.next, frame, need);
        if (parse == FrameParse::Short && need > bytes.size()) {
            HINDCAST_ASSIGN(bytes, window.from(batch.next, need));
            parse = parseFrame(bytes, batch.next, frame, need);
        }
        const bool follows = batch.frames.empty() || frame.sequence == batch.frames.back().sequence + 1;
        if (parse != FrameParse::Whole || !follows) {
            batch.stop = stopAt(bytes, batch, batch.sealedFrames);
            return batch;
        }
        batch.next += frame.storedBytes;
        batch.frames.push_back(std::move(frame));
    }
}

Result<FrameBatch> JournalReader::readAll() const {
    return readFrom(start(), SIZE_MAX);
}

Result<Frame> JournalReader::readFrameAt(std::uint64_t offset) const {
    HINDCAST_ASSIGN(FrameBatch batch, readFrom(offset, 1));
    if (batch.frames.empty()) {
        return Error(ErrorCode::Damaged,
                     m_file.path().string() + " has no whole record at byte " + std::to_string(offset));
    }
    return std::move(batch.frames.front());
}

Result<std::optional<std::uint64_t>> JournalReader::findFrameFrom(std::uint64_t offset) const {
    HINDCAST_ASSIGN(const std::uint64_t size, m_file.size());
    if (offset >= size) return std::optional<std::uint64_t>();
    HINDCAST_ASSIGN(const Bytes bytes, m_file.readAt(offset, static_cast<std::size_t>(size - offset)));
    const auto at = findFrame(bytes, 0);
    if (!at) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(offset + *at);
}

/// The last whole frame in `bytes`, which end where the file ends.
static std::optional<Frame> lastFrame(BytesView bytes, std::uint64_t offset) {
    const std::string_view text = base::textOf(bytes);
    Frame frame;
    for (std::size_t at = text.rfind(kFrameMagic); at != std::string_view::npos;
         at = at == 0 ? std::string_view::npos : text.rfind(kFrameMagic, at - 1)) {
        std::size_t need = 0;
        if (parseFrame(bytes.subspan(at), offset + at, frame, need) == FrameParse::Whole) return frame;
    }
    return std::nullopt;
}

Result<JournalReader::Tail> JournalReader::readTail() const {
    HINDCAST_ASSIGN(const std::uint64_t size, m_file.size());
    Tail tail;
    for (std::uint64_t span = kTailWindowBytes;; span *= 16) {
        const std::uint64_t offset = size > start() + span ? size - span : start();
        if (offset >= size) return tail;
        HINDCAST_ASSIGN(const Bytes bytes, m_file.readAt(offset, static_cast<std::size_t>(size - offset)));
        tail.last = lastFrame(bytes, offset);
        if (tail.last || offset == start()) {
            const std::uint64_t end = tail.last ? tail.last->offset + tail.last->storedBytes : start();
            const BytesView rest =
                BytesView(bytes).subspan(std::min(bytes.size(), static_cast<std::size_t>(end - offset)));
            const auto seal = decodeSeal(rest);
            tail.sealed = seal && *seal == (tail.last ? std::uint64_t{tail.last->sequence} + 1 : 0);
            return tail;
        }
    }
}

}  // namespace hindcast::format

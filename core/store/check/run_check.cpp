// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/capture.h"
#include "core/format/event_cursor.h"
#include "core/format/journal_reader.h"
#include "core/format/run_info.h"
#include "core/format/segment.h"
#include "core/format/version_state.h"
#include "core/store/catalog/catalog_rows.h"
#include "core/store/check/damage_finder.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t kMostNamed = 8;

/// "boundary epoch=3".
std::string nameOf(const format::CaptureRecord& capture) {
    std::string text(capturePointName(static_cast<CapturePoint>(capture.point)));
    for (const format::LoopLevel& level : capture.coordinates)
        text += " " + level.loop + "=" + std::to_string(level.index);
    return text;
}

std::string listOf(const std::set<std::string>& captures) {
    std::string text = std::to_string(captures.size()) + (captures.size() == 1 ? " capture: " : " captures: ");
    std::size_t named = 0;
    for (const std::string& capture : captures) {
        if (named == kMostNamed) return text + ", …";
        text += (named++ == 0 ? "" : ", ") + capture;
    }
    return text;
}

/// One version or replay.
class RunCheck {
public:
    RunCheck(DamageList& list, const fs::path& folder, bool isReplay)
        : m_list(list), m_folder(folder), m_isReplay(isReplay), m_chunks(folder / "segments", list.project().packs()) {}

    Result<void> run();

private:
    void checkRunInfo();
    Result<void> checkJournal();
    Result<bool> checkTear(const format::JournalReader& reader, std::uint64_t& offset);
    void checkFrame(const format::Frame& frame);
    void checkCapture(const format::Frame& frame);
    void checkSegments();
    void reportLost();

    DamageList& m_list;
    const fs::path& m_folder;
    bool m_isReplay;
    format::ChunkReader m_chunks;
    std::map<format::ChunkPlace, std::string> m_verdicts;  ///< "" = right
    struct Loss {
        std::string what;
        std::set<std::string> captures;
    };
    std::map<std::uint64_t, Loss> m_lost;  ///< by segment
    std::uint32_t m_expected = 0;
    bool m_ended = false;
};

Result<void> RunCheck::run() {
    checkRunInfo();
    HINDCAST_TRY(checkJournal());
    checkSegments();
    reportLost();
    return {};
}

void RunCheck::checkRunInfo() {
    const auto text = base::readTextFile(m_folder / "run.json");
    const auto run = text ? format::parseRunInfo(*text) : Result<format::RunInfo>(text.error());
    const char* costs = m_isReplay ? "which version and probes it replayed: its values cannot be attributed"
                                   : "script, arguments and environment of the version: it cannot be replayed";
    std::error_code ignored;
    if (!run) {
        // A run.json that is only being made has no journal beside it.
        if (run.error().code() != ErrorCode::NotFound || fs::exists(m_folder / "journal", ignored))
            m_list.add(m_folder / "run.json", run.error().text(), costs);
    } else if (run->uuid != m_folder.filename().string()) {
        m_list.add(m_folder / "run.json", "it belongs to " + run->uuid, costs);
    }
}

Result<void> RunCheck::checkJournal() {
    const fs::path path = m_folder / "journal";
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        const auto status = format::readVersionStatus(m_folder, base::wallClockMicros());
        if (status && status->state == format::VersionState::Crashed)
            m_list.add(path, "it is missing",
                       "all values and captures, unless the run ended before it began to record");
        return {};
    }
    const auto reader = format::JournalReader::open(path, format::JournalType::Journal);
    if (!reader) {
        m_list.add(path, reader.error().text(), "all values and captures");
        return {};
    }
    std::uint64_t offset = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, reader->readFrom(offset));
        for (const format::Frame& frame : batch.frames) {
            checkFrame(frame);
            m_list.report().bytes += static_cast<std::int64_t>(frame.storedBytes);
        }
        offset = batch.next;
        if (batch.stop == format::FrameBatch::Stop::More) continue;
        if (batch.stop != format::FrameBatch::Stop::Torn) break;
        HINDCAST_ASSIGN(const bool further, checkTear(*reader, offset));
        if (!further) break;
    }
    return {};
}

/// Tells a torn tail, which a crash leaves, from damage. True when frames go on behind it.
Result<bool> RunCheck::checkTear(const format::JournalReader& reader, std::uint64_t& offset) {
    const fs::path path = m_folder / "journal";
    HINDCAST_ASSIGN(const auto further, reader.findFrameFrom(offset + 1));
    const std::string place = "bytes from " + std::to_string(offset) + " on are no frame";
    if (further) {
        m_list.add(path, place + " (frames go on at " + std::to_string(*further) + ")",
                   "the values and captures of that stretch, and what follows it until it is repaired");
        offset = *further;
        ++m_expected;
        return true;
    }
    if (m_ended) {
        m_list.add(path, place + ", where the seal should be", "nothing but the seal: the run shows as crashed");
        return false;
    }
    HINDCAST_ASSIGN(const std::uint64_t size, reader.size());
    if (size < offset + format::kSealBytes) return false;
    HINDCAST_ASSIGN(const base::File file, base::File::open(path, base::File::Mode::Read));
    HINDCAST_ASSIGN(const base::Bytes tail, file.readAt(size - format::kSealBytes, format::kSealBytes));
    // A seal after unreadable bytes: the run was complete, so this is no crash's tear.
    if (format::decodeSeal(tail))
        m_list.add(path, place + " although the journal is sealed",
                   "the last values or captures, and how the run ended");
    return false;
}

void RunCheck::checkFrame(const format::Frame& frame) {
    ++m_list.report().frames;
    const fs::path path = m_folder / "journal";
    const std::string place = "the frame at byte " + std::to_string(frame.offset);
    if (frame.sequence != m_expected)
        m_list.add(
            path, place + " has number " + std::to_string(frame.sequence) + " instead of " + std::to_string(m_expected),
            "the values and captures of the frames between");
    m_expected = frame.sequence + 1;
    switch (frame.kind) {
        case format::FrameKind::Events: {
            auto cursor = format::EventCursor::open(frame.payload);
            while (cursor && cursor->next()) {
            }
            const auto outcome = cursor ? cursor->finish() : Result<void>(cursor.error());
            if (!outcome) m_list.add(path, place + ": " + outcome.error().text(), "values of that stretch");
            return;
        }
        case format::FrameKind::Capture:
            return checkCapture(frame);
        case format::FrameKind::End:
            m_ended = true;
            [[fallthrough]];
        case format::FrameKind::Note:
        case format::FrameKind::Fidelity:
            if (!nlohmann::json::accept(base::textOf(frame.payload)))
                m_list.add(path, place + " is no JSON", "what it noted");
            return;
        default:
            return;
    }
}

void RunCheck::checkCapture(const format::Frame& frame) {
    const auto capture = format::decodeCapture(frame.payload);
    if (!capture) {
        m_list.add(m_folder / "journal",
                   "the frame at byte " + std::to_string(frame.offset) + ": " + capture.error().text(), "one capture");
        return;
    }
    ++m_list.report().captures;
    base::Bytes raw;
    for (const format::TensorRecord& tensor : capture->tensors) {
        std::uint64_t left = tensor.rawBytes;
        for (const format::ChunkPlace& place : tensor.chunks) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, format::kChunkBytes));
            left -= size;
            auto known = m_verdicts.find(place);
            if (known == m_verdicts.end()) {
                raw.resize(size);
                const auto read = m_chunks.readVerified(place, raw);
                ++m_list.report().chunks;
                m_list.report().bytes += static_cast<std::int64_t>(size);
                known = m_verdicts.emplace(place, read ? "" : read.error().text()).first;
            }
            if (known->second.empty()) continue;
            Loss& loss = m_lost[place.segment];
            if (loss.what.empty()) loss.what = known->second;
            loss.captures.insert(nameOf(*capture));
        }
    }
}

/// Chunks that no capture names may be a killed recorder's; a record that does not verify is damage all the same.
void RunCheck::checkSegments() {
    const auto names = base::listFolder(m_folder / "segments");
    if (!names) return;
    for (const std::string& name : *names) {
        const auto number = format::segmentNumber(name);
        if (!number || m_lost.contains(*number)) continue;
        const fs::path path = m_folder / "segments" / name;
        const auto scan = format::scanSegment(path);
        if (!scan) {
            m_list.add(path, scan.error().text(), "nothing that a capture refers to");
            continue;
        }
        for (const auto& entry : scan->entries)
            if (!entry.intact)
                m_list.add(path, "the chunk at byte " + std::to_string(entry.offset) + " does not verify",
                           "nothing that a capture refers to");
    }
}

void RunCheck::reportLost() {
    for (const auto& [segment, loss] : m_lost) {
        const bool packed = (segment & format::kPackBit) != 0;
        const fs::path folder = packed ? m_list.project().packs() : m_folder / "segments";
        const fs::path path = folder / format::segmentFileName(segment & ~format::kPackBit);
        std::error_code ignored;
        const std::string what = fs::exists(path, ignored) ? loss.what : std::string("it is missing");
        m_list.add(
            path, what,
            listOf(loss.captures) + " of " + (m_isReplay ? "replay " : "version ") + m_folder.filename().string());
    }
}

}  // namespace

Result<void> checkRun(DamageList& list, const fs::path& folder, bool isReplay) {
    return RunCheck(list, folder, isReplay).run();
}

}  // namespace hindcast::store

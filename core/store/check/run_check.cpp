// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/events/event_cursor.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/run_info.h"
#include "core/format/version_state.h"
#include "core/store/check/capture_check.h"
#include "core/store/check/damage_finder.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr const char* kJoined = "the frames that are whole are put together again, the old journal is kept aside";

/// "epoch=3 step=17", "" outside every loop.
std::string placeOf(const format::EventCursor& cursor) {
    std::string text;
    for (const format::EventCursor::Level& level : cursor.stack())
        text += (text.empty() ? "" : " ") + std::string(level.loop) + "=" + std::to_string(level.index);
    return text;
}

/// One version or replay.
class RunCheck {
public:
    RunCheck(DamageList& list, const fs::path& folder, bool isReplay)
        : m_list(list),
          m_folder(folder),
          m_isReplay(isReplay),
          m_name(isReplay ? "replay " + folder.filename().string() : list.nameOf(folder.filename().string())),
          m_captures(list, folder, m_name) {}

    Result<RunDamage> run();

private:
    void checkState();
    void checkRunInfo();
    Result<void> checkJournal();
    Result<void> checkFrames(const format::JournalReader& reader);
    Result<bool> checkTear(const format::JournalReader& reader, std::uint64_t& offset);
    void checkFrame(const format::Frame& frame);
    void checkEvents(const format::Frame& frame, const std::string& where);
    void checkCapture(const format::Frame& frame, const std::string& where);
    void checkSourcePack();
    void addFrames(std::string what, std::string costs);
    void reportGap(const std::string& goesOnAt);

    /// Damage in the journal whose cost is known when the next values tell where they are.
    struct Gap {
        std::string what;
        std::string after;
    };
    DamageList& m_list;
    const fs::path& m_folder;
    bool m_isReplay;
    std::string m_name;
    CaptureCheck m_captures;
    RunDamage m_damage;
    std::optional<Gap> m_gap;
    std::string m_place;  ///< where the last values were logged
    std::uint32_t m_expected = 0;
    bool m_ended = false;
};

Result<RunDamage> RunCheck::run() {
    checkState();
    checkRunInfo();
    HINDCAST_TRY(checkJournal());
    m_captures.finish(m_damage);
    checkSourcePack();
    return std::move(m_damage);
}

void RunCheck::checkState() {
    const auto status = format::readVersionStatus(m_folder, base::wallClockMicros());
    m_damage.recording = status && status->state == format::VersionState::Recording;
}

void RunCheck::checkRunInfo() {
    const auto text = base::readTextFile(m_folder / "run.json");
    const auto run = text ? format::parseRunInfo(*text) : Result<format::RunInfo>(text.error());
    const std::string costs =
        m_isReplay ? "which version and probes it replayed: its values cannot be attributed"
                   : "script, arguments and environment of " + m_name + ": its values stay, it cannot be replayed";
    const char* remedy = m_isReplay ? "the replay is put aside: replaying again gives the same values"
                                    : "a run.json with what the journal and the snapshot know";
    std::error_code ignored;
    std::string what;
    // A run.json that is only being made has no journal beside it.
    if (!run && (run.error().code() != ErrorCode::NotFound || fs::exists(m_folder / "journal", ignored)))
        what = run.error().text();
    else if (run && run->uuid != m_folder.filename().string())
        what = "it belongs to " + run->uuid;
    else if (run && (run->kind == "replay") != m_isReplay)
        what = "it is that of a " + run->kind;
    if (what.empty()) return;
    m_damage.runInfo = true;
    m_list.add(m_folder / "run.json", what, costs, remedy);
}

Result<void> RunCheck::checkJournal() {
    const fs::path path = m_folder / "journal";
    std::error_code absent;
    const auto size = fs::file_size(path, absent);
    if (absent || size < format::kFileHeaderBytes) {
        // A run may have ended before it began to record; then nothing else is there either.
        const auto segments = base::listFolder(m_folder / "segments");
        if (!m_damage.recording && segments && !segments->empty())
            m_list.add(path, absent ? "it is missing" : "it ends before its first frame",
                       "all values and captures of " + m_name, "");
        return {};
    }
    const auto reader = format::JournalReader::open(path, format::JournalType::Journal);
    if (reader && reader->header().uuid.text() == m_folder.filename().string()) return checkFrames(*reader);
    m_damage.header = true;
    m_list.add(path, reader ? "it belongs to " + reader->header().uuid.text() : reader.error().text(),
               "all values and captures of " + m_name + ", until it is repaired", kJoined);
    return {};
}

Result<void> RunCheck::checkFrames(const format::JournalReader& reader) {
    std::uint64_t offset = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, reader.readFrom(offset));
        for (const format::Frame& frame : batch.frames) {
            checkFrame(frame);
            m_list.report().bytes += static_cast<std::int64_t>(frame.storedBytes);
        }
        offset = batch.next;
        if (batch.stop == format::FrameBatch::Stop::More) continue;
        if (batch.stop != format::FrameBatch::Stop::Torn) break;
        HINDCAST_ASSIGN(const bool further, checkTear(reader, offset));
        if (!further) break;
    }
    reportGap("the end");
    return {};
}

/// Tells a torn tail, which a crash leaves, from damage. True when frames go on behind it.
Result<bool> RunCheck::checkTear(const format::JournalReader& reader, std::uint64_t& offset) {
    HINDCAST_ASSIGN(const auto further, reader.findFrameFrom(offset));
    const std::string place = "bytes from " + std::to_string(offset) + " on are no frame";
    if (further && *further == offset) return true;  // whole, and out of sequence: the next batch says so
    if (further) {
        reportGap(m_place);
        m_gap = {place + " (frames go on at " + std::to_string(*further) + ")", m_place};
        offset = *further;
        return true;
    }
    HINDCAST_ASSIGN(const std::uint64_t size, reader.size());
    if (size < offset + format::kSealBytes) return false;  // at most a torn seal
    if (m_ended) {
        addFrames(place + ", where the seal should be", "nothing but the seal: the run shows as crashed");
        return false;
    }
    HINDCAST_ASSIGN(const base::File file, base::File::open(m_folder / "journal", base::File::Mode::Read));
    HINDCAST_ASSIGN(const base::Bytes tail, file.readAt(size - format::kSealBytes, format::kSealBytes));
    // A seal after unreadable bytes: the run was complete, so this is no crash's tear.
    if (format::decodeSeal(tail))
        addFrames(place + " although the journal is sealed", "the last values or captures of " + m_name + " behind " +
                                                                 (m_place.empty() ? "its start" : m_place) +
                                                                 ", and how the run ended");
    return false;
}

void RunCheck::addFrames(std::string what, std::string costs) {
    m_damage.frames = true;
    m_list.add(m_folder / "journal", std::move(what), std::move(costs), kJoined);
}

void RunCheck::reportGap(const std::string& goesOnAt) {
    if (!m_gap) return;
    addFrames(m_gap->what, "the values and captures of " + m_name + " between " +
                               (m_gap->after.empty() ? "the start" : m_gap->after) + " and " +
                               (goesOnAt.empty() ? "the next value outside the loops" : goesOnAt) +
                               " that stood there, and all that follow until it is repaired");
    m_gap.reset();
}

void RunCheck::checkFrame(const format::Frame& frame) {
    ++m_list.report().frames;
    const std::string where = "the frame at byte " + std::to_string(frame.offset);
    if (frame.sequence != m_expected && !m_gap)
        m_gap = {where + " has number " + std::to_string(frame.sequence) + " instead of " + std::to_string(m_expected),
                 m_place};
    m_expected = frame.sequence + 1;
    switch (frame.kind) {
        case format::FrameKind::Events:
            return checkEvents(frame, where);
        case format::FrameKind::Capture:
            return checkCapture(frame, where);
        case format::FrameKind::End:
            m_ended = true;
            [[fallthrough]];
        case format::FrameKind::Note:
        case format::FrameKind::Fidelity:
            if (!nlohmann::json::accept(base::textOf(frame.payload)))
                m_list.add(m_folder / "journal", where + " is no JSON", "what it noted", "");
            return;
        default:
            return;
    }
}

void RunCheck::checkEvents(const format::Frame& frame, const std::string& where) {
    auto cursor = format::EventCursor::open(frame.payload);
    bool first = true;
    while (cursor && cursor->next()) {
        if (first) reportGap(placeOf(*cursor));
        first = false;
    }
    if (cursor) m_place = placeOf(*cursor);
    const auto outcome = cursor ? cursor->finish() : Result<void>(cursor.error());
    if (!outcome)
        m_list.add(m_folder / "journal", where + ": " + outcome.error().text(),
                   "the values of " + m_name + " in it, behind " + m_place, "");
}

void RunCheck::checkCapture(const format::Frame& frame, const std::string& where) {
    const auto capture = format::decodeCapture(frame.payload);
    if (capture) return m_captures.add(*capture);
    addFrames(where + ": " + capture.error().text(), "one capture of " + m_name);
}

/// A pack that a killed writer did not finish has no seal; of a run that ended it has one.
void RunCheck::checkSourcePack() {
    const fs::path path = m_folder / "source.pack";
    std::error_code absent;
    const auto size = fs::file_size(path, absent);
    if (absent || size < format::kFileHeaderBytes) return;
    const auto reader = format::JournalReader::open(path, format::JournalType::SourcePack);
    std::string what = reader ? "" : reader.error().text();
    if (reader && reader->header().uuid.text() != m_folder.filename().string())
        what = "it belongs to " + reader->header().uuid.text();
    const auto batch = reader ? reader->readAll() : Result<format::FrameBatch>(reader.error());
    if (batch && batch->stop != format::FrameBatch::Stop::Sealed) {
        const auto further = reader->findFrameFrom(batch->next + 1);
        if (m_ended || (further && further->has_value()))
            what = "bytes from " + std::to_string(batch->next) + " on are no file";
    }
    if (what.empty()) return;
    m_damage.sourcePack = true;
    m_list.add(path, what, "source files of " + m_name + ": until it is repaired it has no source",
               "the files that are whole are put together again, the old pack is kept aside");
}

}  // namespace

Result<RunDamage> checkRun(DamageList& list, const fs::path& folder, bool isReplay) {
    return RunCheck(list, folder, isReplay).run();
}

}  // namespace hindcast::store

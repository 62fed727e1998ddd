// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/journal_ingest.h"

#include <sys/stat.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/format/tensors/capture.h"
#include "core/format/version_state.h"
#include "core/store/catalog/catalog_rows.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

constexpr std::int64_t kAskStateEvery = 1'000'000;

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json parseObject(const base::Bytes& payload) {
    json object = json::parse(base::textOf(payload), nullptr, false);
    return object.is_object() ? object : json::object();
}

std::string textIn(const json& object, const char* key) {
    const auto it = object.find(key);
    return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t numberIn(const json& object, const char* key) {
    const auto it = object.find(key);
    return it != object.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}

std::uint64_t journalSize(const fs::path& folder) {
    std::error_code absent;
    const auto size = fs::file_size(folder / "journal", absent);
    return absent ? 0 : size;
}

std::string coordinatesText(const format::Coordinates& coordinates) {
    json levels = json::array();
    for (const format::LoopLevel& level : coordinates) levels.push_back({level.loop, level.occurrence, level.index});
    return dump(levels);
}

}  // namespace

std::string journalIdentity(const fs::path& folder, bool finished) {
    struct stat info {};
    if (::stat((folder / "journal").c_str(), &info) != 0) return {};
    // While it grows its time changes; once it is finished the time tells more than a number that is used again.
    if (!finished) return "i" + std::to_string(info.st_ino);
    return "t" + std::to_string(std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec);
}

JournalIngest::JournalIngest(const Project& project, CatalogWriter& catalog, const SourceRow& row)
    : m_project(project), m_catalog(catalog), m_row(row), m_events(catalog, row.id, row.version, row.isReplay) {}

fs::path JournalIngest::folder() const {
    return m_row.isReplay ? m_project.replayFolder(m_row.uuid) : m_project.versionFolder(m_row.uuid);
}

void JournalIngest::reload(const SourceRow& row) {
    m_row = row;
    m_events.forget();
    m_sizeSeen = 0;
}

bool JournalIngest::mayHaveNews(std::int64_t nowMicros) const {
    if (m_row.finished) return false;
    if (journalSize(folder()) != m_sizeSeen) return true;
    return m_row.state == "recording" && nowMicros - m_stateAsked > kAskStateEvery;
}

Result<bool> JournalIngest::advance(std::size_t limitBytes, std::int64_t nowMicros) {
    m_sizeSeen = journalSize(folder());
    m_captures = 0;
    m_values = 0;
    if (!m_reader) {
        auto opened = format::JournalReader::open(folder() / "journal", format::JournalType::Journal);
        // Not made yet, or its head is damaged: fsck says which; there is nothing to take in.
        if (!opened) {
            HINDCAST_TRY(updateState(nowMicros, false));
            return false;
        }
        m_reader.emplace(*std::move(opened));
    }
    const std::uint64_t from = std::max<std::uint64_t>(m_row.position, format::JournalReader::start());
    HINDCAST_ASSIGN(const format::FrameBatch batch, m_reader->readFrom(from, limitBytes));
    ColumnWriter columns(m_project, m_catalog, m_row.version, m_row.versionUuid);
    for (const format::Frame& frame : batch.frames) HINDCAST_TRY(take(frame, columns));
    HINDCAST_TRY(m_events.flush(columns));
    const bool sealed = batch.stop == format::FrameBatch::Stop::Sealed;
    if (!batch.frames.empty() || sealed) {
        if (sealed) HINDCAST_TRY(columns.compact());
        HINDCAST_TRY(savePosition(batch.next, static_cast<std::int64_t>(batch.frames.size()), sealed));
    }
    if (m_captures > 0 || sealed) HINDCAST_TRY(countStoredBytes());
    HINDCAST_TRY(updateState(nowMicros, sealed));
    return batch.stop == format::FrameBatch::Stop::More;
}

Result<void> JournalIngest::retakeCaptures() {
    HINDCAST_ASSIGN(const auto reader, format::JournalReader::open(folder() / "journal", format::JournalType::Journal));
    HINDCAST_ASSIGN(Statement * remove, m_catalog.prepare("DELETE FROM captures WHERE version = ?"));
    if (!m_row.isReplay) HINDCAST_TRY(remove->bind(m_row.version).run());  // of replays there are none
    std::uint64_t position = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, reader.readFrom(position));
        for (const format::Frame& frame : batch.frames)
            if (frame.kind == format::FrameKind::Capture) HINDCAST_TRY(takeCapture(frame));
        position = batch.next;
        if (batch.stop != format::FrameBatch::Stop::More) break;
    }
    m_captures = 0;  // the row counts them already
    m_values = 0;
    m_sizeSeen = journalSize(folder());
    HINDCAST_TRY(savePosition(position, 0, m_row.finished));
    return countStoredBytes();
}

Result<void> JournalIngest::take(const format::Frame& frame, ColumnWriter& columns) {
    switch (frame.kind) {
        case format::FrameKind::Events: {
            const std::int64_t before = m_events.values();
            auto taken = m_events.take(frame.payload, columns);
            m_values += m_events.values() - before;
            // The frame's checksum was right and its content is not: what it held before the fault stays, fsck names
            // it.
            if (!taken && taken.error().code() != ErrorCode::Damaged) return taken;
            return {};
        }
        case format::FrameKind::Capture:
            return takeCapture(frame);
        case format::FrameKind::Note:
            return takeNote(frame);
        case format::FrameKind::Fidelity:
            return takeFidelity(frame);
        case format::FrameKind::End:
            return takeEnd(frame);
        default:
            return {};
    }
}

Result<void> JournalIngest::takeCapture(const format::Frame& frame) {
    const auto capture = format::decodeCapture(frame.payload);
    if (!capture || m_row.isReplay) return {};
    std::int64_t bytes = 0;
    for (const format::TensorRecord& tensor : capture->tensors) bytes += static_cast<std::int64_t>(tensor.rawBytes);
    const bool inLoop = !capture->coordinates.empty();
    const format::LoopLevel outer = inLoop ? capture->coordinates.front() : format::LoopLevel{};
    HINDCAST_ASSIGN(Statement * insert,
                    m_catalog.prepare("INSERT OR REPLACE INTO captures VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(m_row.version).bind(frame.sequence).bind(capturePointName(static_cast<CapturePoint>(capture->point)));
    insert->bind(outer.loop).bind(outer.occurrence).bind(outer.index).bind(coordinatesText(capture->coordinates));
    insert->bind(static_cast<std::int64_t>(capture->passes)).bind(capture->tensorsStored).bind(bytes);
    insert->bind(static_cast<std::int64_t>(capture->tensors.size()))
        .bind(capture->stamp)
        .bind(static_cast<std::int64_t>(frame.offset));
    HINDCAST_TRY(insert->run());
    ++m_captures;
    return {};
}

Result<void> JournalIngest::takeFidelity(const format::Frame& frame) {
    if (!m_row.isReplay) return {};
    const json object = parseObject(frame.payload);
    HINDCAST_ASSIGN(Statement * insert,
                    m_catalog.prepare("INSERT OR REPLACE INTO fidelity VALUES(?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(m_row.id)
        .bind(textIn(object, "loop"))
        .bind(numberIn(object, "occurrence"))
        .bind(numberIn(object, "index"));
    HINDCAST_TRY(insert->bind(textIn(object, "mode")).bind(textIn(object, "grade")).bind(dump(object)).run());
    HINDCAST_TRY(m_catalog.touchReplayed(m_row.id));
    return m_catalog.touchSource(m_row.version);
}

Result<void> JournalIngest::takeNote(const format::Frame& frame) {
    const json object = parseObject(frame.payload);
    HINDCAST_ASSIGN(Statement * insert, m_catalog.prepare("INSERT OR REPLACE INTO notes VALUES(?, ?, ?, ?, ?)"));
    return insert->bind(m_row.id)
        .bind(frame.sequence)
        .bind(textIn(object, "note"))
        .bind(frame.stamp)
        .bind(dump(object))
        .run();
}

Result<void> JournalIngest::takeEnd(const format::Frame& frame) {
    const json object = parseObject(frame.payload);
    m_endStamp = frame.stamp;
    HINDCAST_ASSIGN(
        Statement * update,
        m_catalog.prepare("UPDATE sources SET reason = ?, exception = ?, exit = ?, ended = ? WHERE id = ?"));
    update->bind(textIn(object, "reason")).bind(textIn(object, "exception")).bind(textIn(object, "exit"));
    return update->bind(frame.stamp).bind(m_row.id).run();
}

Result<void> JournalIngest::savePosition(std::uint64_t position, std::int64_t frames, bool sealed) {
    HINDCAST_ASSIGN(
        Statement * update,
        m_catalog.prepare(
            "UPDATE sources SET position = ?, sequence = sequence + ?, finished = ?, \"values\" = \"values\" + ?, "
            "captures = captures + ?, journal = ? WHERE id = ?"));
    m_row.position = position;
    m_row.finished = sealed;
    m_row.journal = journalIdentity(folder(), sealed);
    update->bind(static_cast<std::int64_t>(position))
        .bind(frames)
        .bind(sealed)
        .bind(m_values)
        .bind(m_captures)
        .bind(m_row.journal)
        .bind(m_row.id);
    HINDCAST_TRY(update->run());
    return m_catalog.touchSource(m_row.id);
}

Result<void> JournalIngest::countStoredBytes() {
    std::uint64_t bytes = m_sizeSeen;
    std::error_code code;
    for (fs::directory_iterator it(folder() / "segments", code), end; !code && it != end; it.increment(code)) {
        std::error_code gone;
        const auto size = it->file_size(gone);
        if (!gone) bytes += size;
    }
    HINDCAST_ASSIGN(Statement * update, m_catalog.prepare("UPDATE sources SET stored_bytes = ? WHERE id = ?"));
    return update->bind(static_cast<std::int64_t>(bytes)).bind(m_row.id).run();
}

Result<void> JournalIngest::updateState(std::int64_t nowMicros, bool sealed) {
    m_stateAsked = nowMicros;
    const auto status = format::readVersionStatus(folder(), nowMicros);
    // One that is sealed is not asked again: without an answer it would show as recording for ever.
    if (!status) return sealed ? Result<void>(status.error()) : Result<void>();
    // The seal may have been written since the journal was read: the state waits until its values are in.
    std::string state(format::versionStateName(status->state));
    if (status->sealed && !sealed) state = m_row.state;
    if (state == m_row.state) return {};
    m_row.state = state;
    const std::int64_t ended = state == "recording" ? 0 : (m_endStamp != 0 ? m_endStamp : status->lastMicros);
    HINDCAST_ASSIGN(Statement * update, m_catalog.prepare("UPDATE sources SET state = ?, ended = ? WHERE id = ?"));
    HINDCAST_TRY(update->bind(state).bind(ended).bind(m_row.id).run());
    return m_catalog.touchSource(m_row.id);
}

}  // namespace hindcast::store

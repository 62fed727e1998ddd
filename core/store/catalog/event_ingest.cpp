// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/event_ingest.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>

#include "core/store/catalog/catalog_schema.h"

namespace hindcast::store {

using base::Result;
using format::EventCursor;

namespace {

constexpr std::int64_t kPassesInFull = 4096;

const char* leaveName(format::LeaveReason reason) {
    switch (reason) {
        case format::LeaveReason::Exhausted:
            return "exhausted";
        case format::LeaveReason::Break:
            return "break";
        case format::LeaveReason::Return:
            return "return";
        case format::LeaveReason::Exception:
            return "exception";
    }
    return "exhausted";
}

/// As Python writes it: shortest text that reads back to the same bits, a whole number with ".0".
std::string textOfDouble(double value) {
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text(buffer.data(), end);
    if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
    return text;
}

/// The number that a text is, when it is written as Python writes whole numbers.
std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [to, problem] = std::from_chars(text.data(), end, number);
    const bool padded = text.size() > 1 && (text[0] == '0' || text.starts_with("-0"));
    if (problem != std::errc() || to != end || padded || text == "-0") return std::nullopt;
    return number;
}

void appendLevels(ValueSeries& rows, std::span<const EventCursor::Level> stack) {
    for (std::size_t level = 0; level < stack.size(); ++level)
        appendLevel(rows, level, stack[level].occurrence, stack[level].index);
}

}  // namespace

bool isSampledPass(std::int64_t pass) {
    if (pass < kPassesInFull) return true;
    const auto span = std::bit_floor(static_cast<std::uint64_t>(pass / kPassesInFull)) * 2;
    return static_cast<std::uint64_t>(pass) % span == 0;
}

void EventIngest::forget() {
    m_threads.clear();
    m_series.clear();
    m_targets.clear();
    m_totals.clear();
    m_values = 0;
}

Result<void> EventIngest::take(base::BytesView payload, ColumnWriter& columns) {
    HINDCAST_ASSIGN(EventCursor cursor, EventCursor::open(payload));
    const std::uint16_t number = cursor.thread();
    Thread& thread = m_threads[number];
    m_targets.clear();
    bool first = true;
    while (cursor.next()) {
        if (first) HINDCAST_TRY(adoptStack(cursor, thread));
        first = false;
        switch (cursor.kind()) {
            case EventCursor::Kind::Enter:
                HINDCAST_TRY(enter(cursor, thread, number));
                break;
            case EventCursor::Kind::Pass:
                HINDCAST_TRY(pass(cursor, thread, number));
                break;
            case EventCursor::Kind::Label:
                HINDCAST_TRY(label(cursor, thread, columns));
                break;
            case EventCursor::Kind::Leave:
                HINDCAST_TRY(leave(cursor, thread, number));
                break;
            case EventCursor::Kind::Logged:
                HINDCAST_TRY(value(cursor, thread, columns));
                break;
        }
    }
    return cursor.finish();
}

/// A block starts with its loop stack: loops that are not known here were entered before this program began to follow.
Result<void> EventIngest::adoptStack(const EventCursor& cursor, Thread& thread) {
    // The cursor stands after the first event, which may have changed the stack by one level.
    std::size_t depth = cursor.stack().size();
    if (cursor.kind() == EventCursor::Kind::Enter) --depth;
    std::vector<EventCursor::Level> levels(cursor.stack().begin(),
                                           cursor.stack().begin() + static_cast<std::ptrdiff_t>(depth));
    if (cursor.kind() == EventCursor::Kind::Leave) levels.push_back(cursor.leftLevel());
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const bool same = i < thread.stack.size() && thread.stack[i].loop == levels[i].loop &&
                          thread.stack[i].occurrence == levels[i].occurrence;
        if (same) continue;
        thread.stack.resize(i);
        OpenLoop open{std::string(levels[i].loop), levels[i].occurrence, 0,
                      levels[i].index + 1,         levels[i].index,      false};
        thread.stack.push_back(std::move(open));
        HINDCAST_TRY(updatePath(thread));
        if (!m_isReplay && i == 0) HINDCAST_TRY(loadPasses(thread.stack[0], thread.path, cursor.thread()));
    }
    thread.stack.resize(levels.size());
    return updatePath(thread);
}

Result<void> EventIngest::updatePath(Thread& thread) {
    std::vector<std::string> loops;
    for (const OpenLoop& open : thread.stack) loops.push_back(open.loop);
    HINDCAST_ASSIGN(thread.path, m_catalog.pathId(loops));
    return {};
}

/// Continues the count of an outermost loop where an earlier ingest left it.
Result<void> EventIngest::loadPasses(OpenLoop& open, std::int64_t path, std::uint16_t number) {
    HINDCAST_ASSIGN(
        Statement * select,
        m_catalog.prepare(
            "SELECT passes, entered, last_index FROM loops WHERE version = ? AND thread = ? AND path = ? AND "
            "outer_index = -1 AND occurrence = ?"));
    HINDCAST_ASSIGN(const bool found,
                    select->bind(m_version).bind(std::uint32_t{number}).bind(path).bind(open.occurrence).step());
    if (found) {
        // The pass that is open is already counted when its row was saved with the same index.
        open.passes = select->integer(0);
        open.entered = select->integer(1);
        if (select->integer(2) != open.index) ++open.passes;
    }
    select->reset();
    return {};
}

/// Entries of outermost loops, and of loops directly inside one while its passes are few enough to be kept one by one.
bool EventIngest::keepsRows(const Thread& thread, std::size_t depth) const {
    return !m_isReplay && (depth == 0 || (depth == 1 && thread.stack[0].passes <= kPassesInFull));
}

Result<void> EventIngest::enter(const EventCursor& cursor, Thread& thread, std::uint16_t number) {
    const EventCursor::Level& level = cursor.stack().back();
    thread.stack.push_back({std::string(level.loop), level.occurrence, cursor.micros(), 0, -1, false});
    HINDCAST_TRY(updatePath(thread));
    const std::size_t depth = thread.stack.size() - 1;
    return keepsRows(thread, depth) ? saveLoop(thread, number, depth, 0, "") : Result<void>();
}

Result<void> EventIngest::saveLoop(const Thread& thread, std::uint16_t number, std::size_t depth, std::int64_t left,
                                   const char* how) {
    const OpenLoop& open = thread.stack[depth];
    std::int64_t path = thread.path;
    if (depth + 1 != thread.stack.size()) {
        std::vector<std::string> loops;
        for (std::size_t i = 0; i <= depth; ++i) loops.push_back(thread.stack[i].loop);
        HINDCAST_ASSIGN(path, m_catalog.pathId(loops));
    }
    HINDCAST_ASSIGN(
        Statement * upsert,
        m_catalog.prepare(
            "INSERT INTO loops VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO UPDATE SET "
            "\"left\" = ?8, passes = ?9, last_index = ?10, how = ?11"));
    upsert->bind(m_version).bind(std::uint32_t{number}).bind(path);
    if (depth == 0)
        upsert->bind(-1).bind(-1);
    else
        upsert->bind(thread.stack[0].occurrence).bind(thread.stack[0].index);
    return upsert->bind(open.occurrence)
        .bind(open.entered)
        .bind(left)
        .bind(open.passes)
        .bind(open.index)
        .bind(how)
        .run();
}

Result<void> EventIngest::pass(const EventCursor& cursor, Thread& thread, std::uint16_t number) {
    OpenLoop& open = thread.stack.back();
    open.index = cursor.stack().back().index;
    const std::int64_t passNumber = open.passes++;
    open.changed = true;
    if (m_isReplay || thread.stack.size() != 1 || !isSampledPass(passNumber)) return {};
    HINDCAST_ASSIGN(Statement * insert,
                    m_catalog.prepare("INSERT OR IGNORE INTO iterations VALUES(?, ?, ?, ?, ?, ?, NULL)"));
    return insert->bind(m_version)
        .bind(std::uint32_t{number})
        .bind(thread.path)
        .bind(open.occurrence)
        .bind(open.index)
        .bind(cursor.micros())
        .run();
}

/// A replay's passes are those of its version, which has their labels.
Result<void> EventIngest::label(const EventCursor& cursor, const Thread& thread, ColumnWriter& columns) {
    const std::string_view text = cursor.labelText();
    const std::optional<std::int64_t> number = wholeNumber(text);
    const auto stack = cursor.stack();
    if (m_isReplay || number == stack.back().index) return {};
    Series& series = seriesAt(kPassLabels, thread);
    appendLevels(series.rows, stack);
    const RowPlace place{0, cursor.thread(), -1};
    if (number) {
        appendInteger(series.rows, *number, place);
    } else {
        appendText(series.rows, ValueKind::Text, text, place);
    }
    HINDCAST_TRY(writeWhenFull(series, columns));
    if (thread.stack.size() != 1) return {};
    const OpenLoop& open = thread.stack.back();
    HINDCAST_ASSIGN(
        Statement * update,
        m_catalog.prepare("UPDATE iterations SET label = ? WHERE version = ? AND thread = ? AND path = ? AND "
                          "occurrence = ? AND \"index\" = ?"));
    update->bind(text)
        .bind(m_version)
        .bind(std::uint32_t{cursor.thread()})
        .bind(thread.path)
        .bind(open.occurrence)
        .bind(open.index);
    return update->run();
}

Result<void> EventIngest::leave(const EventCursor& cursor, Thread& thread, std::uint16_t number) {
    const std::size_t depth = thread.stack.size() - 1;
    const OpenLoop& open = thread.stack.back();
    if (!m_isReplay) {
        Totals& totals = m_totals[thread.path];
        ++totals.entries;
        totals.passes += open.passes;
        if (open.entered > 0) {
            totals.micros += std::max<std::int64_t>(0, cursor.micros() - open.entered);
            totals.timedPasses += open.passes;
        }
    }
    if (keepsRows(thread, depth))
        HINDCAST_TRY(saveLoop(thread, number, depth, cursor.micros(), leaveName(cursor.leaveReason())));
    thread.stack.pop_back();
    return updatePath(thread);
}

Result<EventIngest::Series*> EventIngest::seriesFor(const EventCursor& cursor, const Thread& thread) {
    if (cursor.nameIndex() >= m_targets.size()) m_targets.resize(cursor.nameIndex() + 1);
    Target& target = m_targets[cursor.nameIndex()];
    if (target.path == thread.path) return target.series;
    HINDCAST_ASSIGN(const std::int64_t name, m_catalog.nameId(std::string(cursor.name())));
    target = {thread.path, &seriesAt(name, thread)};
    return target.series;
}

EventIngest::Series& EventIngest::seriesAt(std::int64_t name, const Thread& thread) {
    const auto [at, isNew] = m_series.try_emplace({name, thread.path});
    Series& series = at->second;
    if (isNew) {
        series.key = {name, thread.path, m_isReplay ? m_source : 0};
        for (const OpenLoop& open : thread.stack) series.rows.loops.push_back(open.loop);
        series.rows.index.resize(thread.stack.size());
        series.rows.occurrence.resize(thread.stack.size());
    }
    return series;
}

Result<void> EventIngest::writeWhenFull(Series& series, ColumnWriter& columns) {
    ValueSeries& rows = series.rows;
    if (rows.count < kRowsPerBlock) return {};
    HINDCAST_TRY(columns.add(series.key, rows));
    ValueSeries empty;
    empty.loops = rows.loops;
    empty.index.resize(rows.loops.size());
    empty.occurrence.resize(rows.loops.size());
    rows = std::move(empty);
    return {};
}

Result<void> EventIngest::value(const EventCursor& cursor, const Thread& thread, ColumnWriter& columns) {
    if (cursor.isArgument()) return argument(cursor);
    HINDCAST_ASSIGN(Series * series, seriesFor(cursor, thread));
    ValueSeries& rows = series->rows;
    appendLevels(rows, cursor.stack());
    const RowPlace place{cursor.ordinal(), cursor.thread(), cursor.probe()};
    switch (cursor.type()) {
        case EventCursor::ValueType::Number:
            appendDouble(rows, cursor.number(), place);
            break;
        case EventCursor::ValueType::Integer:
            appendInteger(rows, cursor.integer(), place);
            break;
        case EventCursor::ValueType::Bool:
            appendBool(rows, cursor.boolean(), place);
            break;
        case EventCursor::ValueType::None:
            appendText(rows, ValueKind::None, {}, place);
            break;
        case EventCursor::ValueType::Text:
            appendText(rows, ValueKind::Text, cursor.text(), place);
            break;
        case EventCursor::ValueType::BigInteger:
            appendText(rows, ValueKind::BigInt, cursor.text(), place);
            break;
        case EventCursor::ValueType::Rich:
            appendText(rows, ValueKind::Rich, cursor.text(), place);
            break;
    }
    ++m_values;
    return writeWhenFull(*series, columns);
}

/// The first value of an argument counts: a script that asks twice gets the same answer.
Result<void> EventIngest::argument(const EventCursor& cursor) {
    if (m_isReplay) return {};
    HINDCAST_ASSIGN(
        Statement * insert,
        m_catalog.prepare("INSERT OR IGNORE INTO arguments(version, name, type, value, text, position) "
                          "VALUES(?1, ?2, ?3, ?4, ?5, (SELECT count(*) FROM arguments WHERE version = ?1))"));
    insert->bind(m_version).bind(cursor.name());
    switch (cursor.type()) {
        case EventCursor::ValueType::Number: {
            const std::string text = textOfDouble(cursor.number());
            return insert->bind("float").bind(cursor.number()).bind(text).run();
        }
        case EventCursor::ValueType::Integer:
            return insert->bind("int").bind(cursor.integer()).bind(std::to_string(cursor.integer())).run();
        case EventCursor::ValueType::Bool:
            return insert->bind("bool").bind(cursor.boolean()).bind(cursor.boolean() ? "True" : "False").run();
        case EventCursor::ValueType::None:
            return insert->bind("none").bindNull().bind("None").run();
        case EventCursor::ValueType::Text:
            return insert->bind("text").bind(cursor.text()).bind(cursor.text()).run();
        case EventCursor::ValueType::BigInteger:
            return insert->bind("int").bind(cursor.text()).bind(cursor.text()).run();
        case EventCursor::ValueType::Rich:
            return insert->bind("rich").bindNull().bind("").run();
    }
    return {};
}

Result<void> EventIngest::flush(ColumnWriter& columns) {
    for (auto& [place, series] : m_series) HINDCAST_TRY(columns.add(series.key, series.rows));
    m_series.clear();
    m_targets.clear();
    m_values = 0;
    for (const auto& [path, totals] : m_totals) {
        HINDCAST_ASSIGN(
            Statement * upsert,
            m_catalog.prepare("INSERT INTO loop_totals VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET "
                              "entries = entries + ?3, passes = passes + ?4, micros = micros + ?5, timed_passes = "
                              "timed_passes + ?6"));
        upsert->bind(m_version)
            .bind(path)
            .bind(totals.entries)
            .bind(totals.passes)
            .bind(totals.micros)
            .bind(totals.timedPasses);
        HINDCAST_TRY(upsert->run());
    }
    m_totals.clear();
    for (auto& [number, thread] : m_threads) {
        for (std::size_t depth = 0; depth < thread.stack.size() && depth < 2; ++depth) {
            if (!thread.stack[depth].changed || !keepsRows(thread, depth)) continue;
            HINDCAST_TRY(saveLoop(thread, number, depth, 0, ""));
            thread.stack[depth].changed = false;
        }
    }
    return {};
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/columns/column_writer.h"

#include <algorithm>
#include <set>

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

fs::path columnFilePath(const Project& project, const base::Uuid& version, std::int64_t generation) {
    return project.columns() / (version.text() + "." + std::to_string(generation));
}

/// A number that no column file ever had: a file that was removed is never made again under its name.
static Result<std::int64_t> newGeneration(CatalogWriter& catalog) {
    HINDCAST_ASSIGN(Statement * update, catalog.prepare("UPDATE meta SET value = value + 1 WHERE key = 'generation'"));
    HINDCAST_TRY(update->run());
    HINDCAST_ASSIGN(Statement * select, catalog.prepare("SELECT value FROM meta WHERE key = 'generation'"));
    HINDCAST_TRY(select->step());
    const std::int64_t generation = select->integer(0);
    select->reset();
    return generation;
}

Result<void> ColumnWriter::openFile() {
    if (m_file) return {};
    HINDCAST_ASSIGN(Statement * select,
                    m_catalog.prepare("SELECT generation, size, garbage FROM column_files WHERE version = ?"));
    HINDCAST_ASSIGN(const bool found, select->bind(m_versionId).step());
    if (found) {
        m_generation = select->integer(0);
        m_size = static_cast<std::uint64_t>(select->integer(1));
        m_garbage = static_cast<std::uint64_t>(select->integer(2));
        select->reset();
    } else {
        HINDCAST_ASSIGN(m_generation, newGeneration(m_catalog));
    }
    HINDCAST_ASSIGN(base::File file,
                    base::File::open(columnFilePath(m_project, m_version, m_generation), base::File::Mode::Append));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    if (size < m_size)
        return Error(ErrorCode::Damaged,
                     file.path().string() + " is shorter than the catalog says; `hindcast reindex` repairs it");
    if (size > m_size) HINDCAST_TRY(file.truncate(m_size));
    m_file.emplace(std::move(file));
    return {};
}

/// The newest blocks of a series while each is not much larger than what follows it: sizes stay geometric, so each row
/// is rewritten a logarithmic number of times.
Result<std::vector<ColumnWriter::Block>> ColumnWriter::tailToMerge(const SeriesKey& key, std::int64_t adding) {
    HINDCAST_ASSIGN(Statement * select,
                    m_catalog.prepare("SELECT id, offset, bytes, count FROM blocks WHERE version = ? AND name = ? AND "
                                      "path = ? AND source = ? ORDER BY id DESC"));
    select->bind(m_versionId).bind(key.name).bind(key.path).bind(key.source);
    std::vector<Block> tail;
    std::int64_t rows = adding;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select->step());
        if (!more) break;
        const Block block{select->integer(0), static_cast<std::uint64_t>(select->integer(1)),
                          static_cast<std::size_t>(select->integer(2)), select->integer(3)};
        if (block.count > 2 * rows || block.count + rows > static_cast<std::int64_t>(kRowsPerBlock)) break;
        rows += block.count;
        tail.push_back(block);
    }
    select->reset();
    std::reverse(tail.begin(), tail.end());
    return tail;
}

Result<void> ColumnWriter::readInto(const Block& block, ValueSeries& rows) {
    base::Bytes bytes(block.bytes);
    HINDCAST_TRY(m_file->readExactlyAt(block.offset, bytes));
    HINDCAST_TRY(appendBlock(bytes, rows));
    return {};
}

/// The newest row that is a number.
static std::optional<double> lastNumber(const ValueSeries& rows) {
    for (std::size_t row = rows.count; row-- > 0;) {
        const ValueKind kind = rows.kindAt(row);
        if (kind == ValueKind::Double || kind == ValueKind::Int || kind == ValueKind::Bool) return rows.numbers[row];
    }
    return std::nullopt;
}

Result<void> ColumnWriter::add(const SeriesKey& key, const ValueSeries& rows) {
    if (rows.count == 0) return {};
    HINDCAST_TRY(openFile());
    const BlockSummary added = summarize(rows);
    HINDCAST_ASSIGN(const std::vector<Block> tail, tailToMerge(key, added.count));
    if (tail.empty()) {
        HINDCAST_TRY(writeBlock(key, rows));
    } else {
        ValueSeries merged;
        merged.loops = rows.loops;
        for (const Block& block : tail) {
            HINDCAST_TRY(readInto(block, merged));
            HINDCAST_ASSIGN(Statement * remove, m_catalog.prepare("DELETE FROM blocks WHERE id = ?"));
            HINDCAST_TRY(remove->bind(block.id).run());
            m_garbage += block.bytes;
        }
        HINDCAST_TRY(appendBlock(encodeBlock(rows), merged));
        HINDCAST_TRY(writeBlock(key, merged));
    }
    HINDCAST_TRY(countRows(key, added, lastNumber(rows)));
    HINDCAST_TRY(m_catalog.touchSeries(m_versionId, key.name, key.path));
    return saveFile();
}

Result<void> ColumnWriter::writeBlock(const SeriesKey& key, const ValueSeries& rows) {
    const base::Bytes bytes = encodeBlock(rows);
    const BlockSummary summary = summarize(rows);
    HINDCAST_TRY(m_file->write(bytes));
    HINDCAST_ASSIGN(
        Statement * insert,
        m_catalog.prepare("INSERT INTO blocks(version, name, path, source, generation, offset, bytes, count, "
                          "first_outer, last_outer, numbers, smallest, largest) "
                          "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(m_versionId)
        .bind(key.name)
        .bind(key.path)
        .bind(key.source)
        .bind(m_generation)
        .bind(static_cast<std::int64_t>(m_size));
    insert->bind(static_cast<std::int64_t>(bytes.size()))
        .bind(summary.count)
        .bind(summary.firstOuter)
        .bind(summary.lastOuter);
    insert->bind(summary.numbers);
    if (summary.numbers > 0)
        insert->bind(summary.smallest).bind(summary.largest);
    else
        insert->bindNull().bindNull();
    HINDCAST_TRY(insert->run());
    m_size += bytes.size();
    return {};
}

Result<void> ColumnWriter::countRows(const SeriesKey& key, const BlockSummary& added, std::optional<double> last) {
    HINDCAST_ASSIGN(
        Statement * upsert,
        m_catalog.prepare(
            "INSERT INTO series(version, name, path, recorded, replayed, kinds, last) VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
            "?7) ON CONFLICT DO UPDATE SET recorded = recorded + ?4, replayed = replayed + ?5, kinds = kinds | ?6, "
            "last = CASE WHEN ?8 THEN ?7 ELSE last END"));
    const bool isRecorded = key.source == 0;
    const std::int64_t recorded = isRecorded ? added.count : 0;
    upsert->bind(m_versionId).bind(key.name).bind(key.path).bind(recorded).bind(added.count - recorded);
    upsert->bind(static_cast<std::int64_t>(added.kinds));
    if (isRecorded && last)
        upsert->bind(*last);
    else
        upsert->bindNull();
    return upsert->bind(isRecorded && last.has_value()).run();
}

Result<void> ColumnWriter::saveFile() {
    HINDCAST_ASSIGN(Statement * upsert,
                    m_catalog.prepare("INSERT INTO column_files VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET "
                                      "generation = ?2, size = ?3, garbage = ?4"));
    return upsert->bind(m_versionId)
        .bind(m_generation)
        .bind(static_cast<std::int64_t>(m_size))
        .bind(static_cast<std::int64_t>(m_garbage))
        .run();
}

Result<void> ColumnWriter::compact() {
    constexpr std::uint64_t kSmallestWorthIt = 64 << 10;
    HINDCAST_ASSIGN(Statement * file, m_catalog.prepare("SELECT size, garbage FROM column_files WHERE version = ?"));
    HINDCAST_ASSIGN(const bool found, file->bind(m_versionId).step());
    const bool worthIt = found && static_cast<std::uint64_t>(file->integer(1)) > kSmallestWorthIt &&
                         2 * file->integer(1) > file->integer(0);
    file->reset();
    if (!worthIt) return {};
    HINDCAST_TRY(openFile());
    const base::File old = std::move(*m_file);
    m_file.reset();
    HINDCAST_ASSIGN(m_generation, newGeneration(m_catalog));
    HINDCAST_ASSIGN(base::File fresh,
                    base::File::open(columnFilePath(m_project, m_version, m_generation), base::File::Mode::CreateNew));
    m_file.emplace(std::move(fresh));
    m_size = 0;
    m_garbage = 0;
    // By series, so that a scan reads one stretch of the file.
    HINDCAST_ASSIGN(
        Statement * select,
        m_catalog.prepare("SELECT id, offset, bytes FROM blocks WHERE version = ? ORDER BY name, path, source, id"));
    select->bind(m_versionId);
    std::vector<Block> blocks;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select->step());
        if (!more) break;
        blocks.push_back({select->integer(0), static_cast<std::uint64_t>(select->integer(1)),
                          static_cast<std::size_t>(select->integer(2)), 0});
    }
    for (const Block& block : blocks) {
        base::Bytes bytes(block.bytes);
        HINDCAST_TRY(old.readExactlyAt(block.offset, bytes));
        HINDCAST_TRY(m_file->write(bytes));
        HINDCAST_ASSIGN(Statement * update,
                        m_catalog.prepare("UPDATE blocks SET generation = ?, offset = ? WHERE id = ?"));
        HINDCAST_TRY(update->bind(m_generation).bind(static_cast<std::int64_t>(m_size)).bind(block.id).run());
        m_size += block.bytes;
    }
    return saveFile();
}

Result<void> dropOldFiles(const Project& project, CatalogWriter& catalog) {
    HINDCAST_ASSIGN(
        Statement * select,
        catalog.prepare("SELECT s.uuid, c.generation FROM column_files c JOIN sources s ON s.id = c.version"));
    std::set<std::string> wanted;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select->step());
        if (!more) break;
        wanted.insert(select->text(0) + "." + std::to_string(select->integer(1)));
    }
    HINDCAST_ASSIGN(const auto names, base::listFolder(project.columns()));
    for (const std::string& name : names) {
        if (wanted.contains(name)) continue;
        std::error_code ignored;
        fs::remove(project.columns() / name, ignored);
    }
    return {};
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/catalog_writer.h"

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/store/catalog/catalog_schema.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

Result<void> CatalogWriter::discard(const Project& project) {
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code code;
        fs::remove(project.catalogFile().string() + suffix, code);
        if (code) return Error::fromErrno(code.value(), "cannot remove " + project.catalogFile().string());
    }
    return base::removeTree(project.columns());
}

Result<CatalogWriter> CatalogWriter::open(const Project& project) {
    HINDCAST_TRY(base::makeFolder(project.columns()));
    constexpr int kTries = 2;
    for (int attempt = 1;; ++attempt) {
        auto database = Database::open(project.catalogFile(), Database::Mode::Write);
        if (database) {
            CatalogWriter writer(*std::move(database));
            // What is removed from the store for good must not stay in free pages.
            HINDCAST_TRY(writer.execute("PRAGMA secure_delete=ON"));
            auto made = writer.makeSchema();
            if (made) return writer;
            if (made.error().code() != ErrorCode::Damaged || attempt == kTries) return std::move(made).error();
        } else if (database.error().code() != ErrorCode::Damaged || attempt == kTries) {
            return std::move(database).error();
        }
        HINDCAST_TRY(discard(project));
        HINDCAST_TRY(base::makeFolder(project.columns()));
    }
}

/// Finds the schema of this program, or makes it; another one's is Damaged, so that the index is built anew.
Result<void> CatalogWriter::makeSchema() {
    HINDCAST_TRY(m_database.execute("BEGIN IMMEDIATE"));
    const auto act = [this]() -> Result<void> {
        HINDCAST_ASSIGN(Statement tables, m_database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'meta'"));
        HINDCAST_TRY(tables.step());
        const bool fresh = tables.integer(0) == 0;
        tables.reset();
        if (fresh) {
            HINDCAST_TRY(m_database.execute(kCatalogSql));
            HINDCAST_ASSIGN(Statement insert, m_database.prepare("INSERT INTO meta VALUES('schema', ?), ('tick', 0), "
                                                                 "('removed', 0), ('generation', 0), ('lease', 0)"));
            return insert.bind(kCatalogSchema).run();
        }
        HINDCAST_ASSIGN(Statement schema, m_database.prepare("SELECT value FROM meta WHERE key = 'schema'"));
        HINDCAST_ASSIGN(const bool found, schema.step());
        if (!found || schema.integer(0) != kCatalogSchema)
            return Error(ErrorCode::Damaged, "the catalog has another schema");
        return {};
    };
    if (auto done = act(); !done) {
        rollback();
        return std::move(done).error();
    }
    return m_database.execute("COMMIT");
}

Result<void> CatalogWriter::begin(int waitMs) {
    m_database.setWait(waitMs);
    HINDCAST_TRY(m_database.execute("BEGIN IMMEDIATE"));
    m_open = true;
    m_touched = false;
    HINDCAST_ASSIGN(const std::int64_t tick, committedTick());
    m_tick = tick + 1;
    // Another process may have dropped names since.
    if (m_namesTick != tick) {
        m_names.clear();
        m_paths.clear();
    }
    return {};
}

Result<std::int64_t> CatalogWriter::commit() {
    if (m_touched) {
        HINDCAST_ASSIGN(Statement * update, prepare("UPDATE meta SET value = ? WHERE key = 'tick'"));
        HINDCAST_TRY(update->bind(m_tick).run());
    }
    HINDCAST_TRY(m_database.execute("COMMIT"));
    m_open = false;
    m_namesTick = m_touched ? m_tick : m_tick - 1;
    return m_namesTick;
}

void CatalogWriter::rollback() {
    for (auto& [sql, statement] : m_statements) statement.reset();
    // Ids that were handed out inside the transaction are gone with it. A failing ROLLBACK means that SQLite did it
    // already.
    (void)m_database.execute("ROLLBACK");
    m_names.clear();
    m_paths.clear();
    m_open = false;
}

Result<std::int64_t> CatalogWriter::committedTick() {
    HINDCAST_ASSIGN(Statement * select, prepare("SELECT value FROM meta WHERE key = 'tick'"));
    HINDCAST_ASSIGN(const bool found, select->step());
    const std::int64_t tick = found ? select->integer(0) : 0;
    select->reset();
    return tick;
}

Result<std::int64_t> CatalogWriter::leaseSeen() {
    HINDCAST_ASSIGN(Statement * select, prepare("SELECT value FROM meta WHERE key = 'lease'"));
    HINDCAST_ASSIGN(const bool found, select->step());
    const std::int64_t seen = found ? select->integer(0) : 0;
    select->reset();
    return seen;
}

Result<void> CatalogWriter::noteLease(std::int64_t generation) {
    HINDCAST_ASSIGN(Statement * update, prepare("UPDATE meta SET value = ? WHERE key = 'lease'"));
    return update->bind(generation).run();
}

Result<Statement*> CatalogWriter::prepare(const char* sql) {
    const auto known = m_statements.find(sql);
    if (known != m_statements.end()) {
        known->second.reset();
        return &known->second;
    }
    HINDCAST_ASSIGN(Statement statement, m_database.prepare(sql));
    return &m_statements.emplace(sql, std::move(statement)).first->second;
}

Result<std::int64_t> CatalogWriter::nameId(const std::string& name) {
    if (const auto known = m_names.find(name); known != m_names.end()) return known->second;
    HINDCAST_ASSIGN(Statement * insert, prepare("INSERT INTO names(name) VALUES(?) ON CONFLICT(name) DO NOTHING"));
    HINDCAST_TRY(insert->bind(name).run());
    HINDCAST_ASSIGN(Statement * select, prepare("SELECT id FROM names WHERE name = ?"));
    HINDCAST_TRY(select->bind(name).step());
    const std::int64_t id = select->integer(0);
    select->reset();
    return m_names[name] = id;
}

Result<std::int64_t> CatalogWriter::pathId(const std::vector<std::string>& loops) {
    const std::string text = pathText(loops);
    if (const auto known = m_paths.find(text); known != m_paths.end()) return known->second;
    HINDCAST_ASSIGN(Statement * insert,
                    prepare("INSERT INTO paths(depth, loops) VALUES(?, ?) ON CONFLICT(loops) DO NOTHING"));
    HINDCAST_TRY(insert->bind(static_cast<std::int64_t>(loops.size())).bind(text).run());
    HINDCAST_ASSIGN(Statement * select, prepare("SELECT id FROM paths WHERE loops = ?"));
    HINDCAST_TRY(select->bind(text).step());
    const std::int64_t id = select->integer(0);
    select->reset();
    return m_paths[text] = id;
}

Result<void> CatalogWriter::touchSource(std::int64_t source) {
    m_touched = true;
    HINDCAST_ASSIGN(Statement * update, prepare("UPDATE sources SET tick = ? WHERE id = ?"));
    return update->bind(m_tick).bind(source).run();
}

Result<void> CatalogWriter::touchSeries(std::int64_t version, std::int64_t name, std::int64_t path) {
    m_touched = true;
    HINDCAST_ASSIGN(Statement * update,
                    prepare("UPDATE series SET tick = ? WHERE version = ? AND name = ? AND path = ?"));
    return update->bind(m_tick).bind(version).bind(name).bind(path).run();
}

Result<void> CatalogWriter::touchReplayed(std::int64_t replay) {
    m_touched = true;
    HINDCAST_ASSIGN(
        Statement * update,
        prepare("UPDATE series SET tick = ?1 WHERE version = (SELECT version FROM sources WHERE id = ?2) AND "
                "name IN (SELECT name FROM blocks WHERE version = series.version AND source = ?2)"));
    return update->bind(m_tick).bind(replay).run();
}

Result<void> CatalogWriter::dropUnusedNames() {
    HINDCAST_TRY(noteRemoval());
    m_names.clear();
    m_paths.clear();
    return m_database.execute(
        "DELETE FROM names WHERE id NOT IN (SELECT name FROM series UNION SELECT name FROM blocks);"
        "DELETE FROM paths WHERE id NOT IN (SELECT path FROM series UNION SELECT path FROM blocks UNION SELECT path "
        "FROM "
        "loops UNION SELECT path FROM loop_totals UNION SELECT path FROM iterations)");
}

Result<void> CatalogWriter::noteRemoval() {
    m_touched = true;
    HINDCAST_ASSIGN(Statement * update, prepare("UPDATE meta SET value = ? WHERE key = 'removed'"));
    return update->bind(m_tick).run();
}

Result<void> CatalogWriter::clear() {
    HINDCAST_TRY(noteRemoval());
    m_names.clear();
    m_paths.clear();
    return m_database.execute(
        "DELETE FROM sources; DELETE FROM versions; DELETE FROM tags; DELETE FROM aliases; DELETE FROM arguments; "
        "DELETE FROM names;"
        "DELETE FROM paths; DELETE FROM series; DELETE FROM blocks; DELETE FROM column_files; DELETE FROM loops; "
        "DELETE FROM loop_totals;"
        "DELETE FROM iterations; DELETE FROM captures; DELETE FROM replays; DELETE FROM replay_probes; DELETE FROM "
        "fidelity;"
        "DELETE FROM notes; DELETE FROM probes; DELETE FROM placements;");
}

Result<Database> openCatalogForReading(const Project& project) {
    { HINDCAST_ASSIGN(const CatalogWriter made, CatalogWriter::open(project)); }
    return Database::open(project.catalogFile(), Database::Mode::Read);
}

std::string pathText(const std::vector<std::string>& loops) {
    return json(loops).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::vector<std::string> pathOf(const std::string& text) {
    std::vector<std::string> loops;
    const json array = json::parse(text, nullptr, false);
    if (!array.is_array()) return loops;
    for (const json& loop : array)
        if (loop.is_string()) loops.push_back(loop.get<std::string>());
    return loops;
}

}  // namespace hindcast::store

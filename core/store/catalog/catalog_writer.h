// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/store/catalog/database.h"
#include "core/store/project.h"

/// Internal to this folder: the writing side of catalog.db.
namespace hindcast::store {

/// A connection that writes, with its prepared statements and interned names. Everything is written between begin() and
/// commit(); after a failure call rollback(). One thread.
class CatalogWriter {
public:
    /// Opens catalog.db, makes it when it is absent, makes it anew when its schema is another or SQLite calls it
    /// damaged.
    static base::Result<CatalogWriter> open(const Project& project);
    /// Removes catalog.db and columns/, for when they are too damaged to be cleared.
    static base::Result<void> discard(const Project& project);

    /// Takes the write lock; Busy after `waitMs`.
    base::Result<void> begin(int waitMs);
    /// Returns the tick of the catalog as it is now.
    base::Result<std::int64_t> commit();
    void rollback();
    bool isOpen() const { return m_open; }

    /// The tick of this transaction; rows that readers should notice carry it.
    std::int64_t tick() const { return m_tick; }
    /// The tick of the last commit, of any process.
    base::Result<std::int64_t> committedTick();

    /// The statement for a literal (kept by its address), ready to be bound.
    base::Result<Statement*> prepare(const char* sql);
    base::Result<void> execute(const char* sql) { return m_database.execute(sql); }
    std::int64_t lastId() const { return m_database.lastId(); }

    base::Result<std::int64_t> nameId(const std::string& name);
    base::Result<std::int64_t> pathId(const std::vector<std::string>& loops);

    base::Result<void> touchSource(std::int64_t source);
    base::Result<void> touchSeries(std::int64_t version, std::int64_t name, std::int64_t path);
    /// Marks every series that has values of this replay.
    base::Result<void> touchReplayed(std::int64_t replay);

    /// Names and loop paths that no row refers to any more.
    base::Result<void> dropUnusedNames();

    /// Readers learn that rows went away.
    base::Result<void> noteRemoval();

    /// Number of the last housekeeping (see Lease::generation) whose changes are all taken in.
    base::Result<std::int64_t> leaseSeen();
    base::Result<void> noteLease(std::int64_t generation);

    /// Empties every table but keeps the tick going, so that live readers see that all has changed.
    base::Result<void> clear();

private:
    CatalogWriter(Database database) : m_database(std::move(database)) {}
    base::Result<void> makeSchema();

    Database m_database;
    std::unordered_map<const char*, Statement> m_statements;
    std::unordered_map<std::string, std::int64_t> m_names;
    std::unordered_map<std::string, std::int64_t> m_paths;
    std::int64_t m_tick = 0;
    std::int64_t m_namesTick = -1;  ///< of the state that the interned names are known from
    bool m_open = false;
    bool m_touched = false;
};

/// Opens catalog.db for reading, making it when it is not there.
base::Result<Database> openCatalogForReading(const Project& project);

/// A loop path as the `paths` table has it: ["epoch","step"], and back.
std::string pathText(const std::vector<std::string>& loops);
std::vector<std::string> pathOf(const std::string& text);

}  // namespace hindcast::store

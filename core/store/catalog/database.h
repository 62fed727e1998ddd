// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hindcast::store {

/// A prepared statement. Use: bind in order, step until false, reset. A failure of any call is latched and returned by
/// step().
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    Statement& bind(std::int64_t value);
    Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(std::uint32_t value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(bool value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(double value);
    /// The text is copied.
    Statement& bind(std::string_view value);
    Statement& bind(const char* value) { return bind(std::string_view(value)); }
    Statement& bind(const std::string& value) { return bind(std::string_view(value)); }
    Statement& bindNull();

    /// Moves to the next row; false after the last, when the statement is ready to be bound again.
    base::Result<bool> step();
    /// Runs a statement without rows.
    base::Result<void> run();
    /// Gives up rows that were not read; bindings begin anew.
    void reset();

    std::int64_t integer(int column) const;
    double number(int column) const;
    std::string text(int column) const;
    bool isNull(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* handle) : m_handle(handle) {}

    sqlite3_stmt* m_handle = nullptr;
    int m_bound = 0;
    int m_failure = 0;
};

/// One connection to catalog.db, or to a file of other programs; every SQLite call of this folder goes through here.
/// One thread at a time.
class Database {
public:
    enum class Mode {
        Read,
        Write,
        ReadForeign,  ///< a file of another program, its pages as they are; what its schema calls is not trusted
        WriteForeign  ///< a new file for other programs: no log beside it, no checksums. Made without syncing
    };
    /// Write creates the file (0600) in WAL mode and takes no lock yet. Read of an absent file is NotFound.
    static base::Result<Database> open(const std::filesystem::path& path, Mode mode);
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;
    ~Database();

    base::Result<void> execute(const char* sql);
    base::Result<Statement> prepare(std::string_view sql) const;
    /// How long to wait for another process's lock.
    void setWait(int milliseconds);
    std::int64_t lastId() const;

private:
    explicit Database(sqlite3* handle) : m_handle(handle) {}
    sqlite3* m_handle = nullptr;
};

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/database.h"

#include <sqlite3.h>

#include <chrono>
#include <thread>
#include <utility>

#include "core/base/file.h"
#include "core/store/catalog/page_checksums.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

static Error failure(sqlite3* handle, int code) {
    const std::string text =
        std::string("catalog: ") + (handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Error(ErrorCode::Busy, text);
        case SQLITE_FULL:
            return Error(ErrorCode::DiskFull, text);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Error(ErrorCode::Damaged, text + "; `hindcast reindex` builds it again");
        case SQLITE_CANTOPEN:
            return Error(ErrorCode::NotFound, text);
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return Error(ErrorCode::Refused, text);
        case SQLITE_INTERRUPT:
            return Error(ErrorCode::Cancelled, text);
        default:
            return Error(ErrorCode::Io, text);
    }
}

Statement::Statement(Statement&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr)), m_bound(other.m_bound), m_failure(other.m_failure) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(m_handle, other.m_handle);
    std::swap(m_bound, other.m_bound);
    std::swap(m_failure, other.m_failure);
    return *this;
}

Statement::~Statement() {
    sqlite3_finalize(m_handle);
}

static void latch(int& failure, int code) {
    if (code != SQLITE_OK && failure == 0) failure = code;
}

Statement& Statement::bind(std::int64_t value) {
    latch(m_failure, sqlite3_bind_int64(m_handle, ++m_bound, value));
    return *this;
}

Statement& Statement::bind(double value) {
    latch(m_failure, sqlite3_bind_double(m_handle, ++m_bound, value));
    return *this;
}

Statement& Statement::bind(std::string_view value) {
    // An empty view may have a null pointer, which SQLite would store as NULL.
    const char* text = value.empty() ? "" : value.data();
    latch(m_failure, sqlite3_bind_text64(m_handle, ++m_bound, text, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bindNull() {
    latch(m_failure, sqlite3_bind_null(m_handle, ++m_bound));
    return *this;
}

Result<bool> Statement::step() {
    if (m_failure != 0) {
        const int code = std::exchange(m_failure, 0);
        reset();
        return failure(nullptr, code);
    }
    const int code = sqlite3_step(m_handle);
    if (code == SQLITE_ROW) return true;
    sqlite3* connection = sqlite3_db_handle(m_handle);
    if (code == SQLITE_DONE) {
        reset();
        return false;
    }
    Error error = failure(connection, code);
    reset();
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        HINDCAST_ASSIGN(const bool more, step());
        if (!more) return {};
    }
}

void Statement::reset() {
    sqlite3_reset(m_handle);
    m_bound = 0;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(m_handle, column);
}
double Statement::number(int column) const {
    return sqlite3_column_double(m_handle, column);
}
bool Statement::isNull(int column) const {
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

std::string Statement::text(int column) const {
    const unsigned char* text = sqlite3_column_text(m_handle, column);
    if (text == nullptr) return {};
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(sqlite3_column_bytes(m_handle, column))};
}

Database::Database(Database&& other) noexcept : m_handle(std::exchange(other.m_handle, nullptr)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(m_handle, other.m_handle);
    return *this;
}

Database::~Database() {
    sqlite3_close_v2(m_handle);
}

/// Makes the file with the rights of its folder; SQLite gives its -wal and -shm files the same. One that is there is
/// not touched: closing any descriptor of a file ends all locks that this process has on it, those of its other
/// connections too, and another process would then take the log away from under them.
static Result<void> make(const std::filesystem::path& path) {
    std::error_code unknown;
    if (std::filesystem::exists(path, unknown)) return {};
    const auto made = base::File::open(path, base::File::Mode::CreateNew);
    if (made || std::filesystem::exists(path, unknown)) return {};
    return made.error();
}

/// SQLite does not wait by itself where the mode of the log is set: programs that make one catalog at once meet here.
static Result<void> useLog(Database& database) {
    constexpr int kTries = 500;
    for (int attempt = 1;; ++attempt) {
        auto done = database.execute("PRAGMA journal_mode=WAL");
        if (done || done.error().code() != ErrorCode::Busy || attempt == kTries) return done;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

/// Not through the layer that checks pages: other programs' pages have no checksums.
static Result<sqlite3*> openForeign(const std::filesystem::path& path, bool write) {
    const int flags = SQLITE_OPEN_NOMUTEX | (write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    if (code == SQLITE_OK) return handle;
    const std::string text = path.string() + ": " + (handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
    sqlite3_close_v2(handle);
    return Error(ErrorCode::NotFound, text);
}

static const char* foreignPragmas(bool write) {
    return write ? "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"
                 : "PRAGMA query_only=1; PRAGMA trusted_schema=0; PRAGMA cell_size_check=1; PRAGMA mmap_size=0";
}

Result<Database> Database::open(const std::filesystem::path& path, Mode mode) {
    if (mode == Mode::ReadForeign || mode == Mode::WriteForeign) {
        const bool write = mode == Mode::WriteForeign;
        HINDCAST_ASSIGN(sqlite3* const opened, openForeign(path, write));
        Database database(opened);
        database.setWait(10'000);
        HINDCAST_TRY(database.execute(foreignPragmas(write)));
        return database;
    }
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (mode == Mode::Write ? SQLITE_OPEN_CREATE : 0);
    sqlite3* handle = nullptr;
    if (mode == Mode::Write) {
        HINDCAST_TRY(base::makeFolder(path.parent_path()));
        HINDCAST_TRY(make(path));
    }
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, checksummedPages());
    Database database(handle);
    if (code != SQLITE_OK) return failure(handle, code);
    database.setWait(10'000);
    if (mode == Mode::Read) {
        HINDCAST_TRY(database.execute("PRAGMA query_only=1"));
        return database;
    }
    reserveChecksums(handle);
    HINDCAST_TRY(useLog(database));
    // The index can be rebuilt: NORMAL keeps it consistent without a sync per commit.
    HINDCAST_TRY(
        database.execute("PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=2000; PRAGMA cache_size=-16000"));
    return database;
}

Result<void> Database::execute(const char* sql) {
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failure(m_handle, code);
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) return failure(m_handle, code);
    return Statement(statement);
}

void Database::setWait(int milliseconds) {
    sqlite3_busy_timeout(m_handle, milliseconds);
}
std::int64_t Database::lastId() const {
    return sqlite3_last_insert_rowid(m_handle);
}

}  // namespace hindcast::store

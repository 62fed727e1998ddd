// SPDX-License-Identifier: Apache-2.0
#include "core/query/engine.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "core/query/facts.h"
#include "core/query/logs_table.h"
#include "core/query/pivot/pivot_calls.h"
#include "core/query/pivot/pivot_table.h"
#include "core/query/sql_text.h"
#include "core/query/sqlite_owners.h"
#include "core/query/views.h"
#include "core/query/virtual_table.h"
#include "core/store/catalog/catalog_schema.h"
#include "core/store/catalog/page_checksums.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr int kStepsBetweenChecks = 10'000;
/// One text or blob that a query makes: what a result can hold is bounded, what an expression builds is too.
constexpr int kMostBytesInACell = 256 << 20;

}  // namespace

struct Engine::Impl {
    explicit Impl(store::Project of) : project(std::move(of)) {}

    store::Project project;
    std::optional<Facts> facts;
    std::int64_t tick = -1;  ///< the catalog's when the tables were made
    std::set<std::string> tables;
    std::map<std::vector<std::string>, std::string> pivots;  ///< by asked names
    std::atomic<bool> running = false;
    std::atomic<bool> cancelled = false;
    std::atomic<std::size_t> rowsSoFar = 0;
    std::optional<std::size_t> errorAt;
    bool trusted = true;  ///< statements of our own
    std::string refusal;
    TableFailure failure = std::make_shared<std::optional<Error>>();
    // Last: closing it uses what stands above.
    Connection connection;

    static int authorize(void* self, int action, const char* first, const char* second, const char* database,
                         const char* view);
    Result<void> connect();
    Result<void> execute(const std::string& sql);
    Result<void> makeTables();
    Result<void> refresh();
    Result<void> createModules();
    Result<std::string> pivotTable(const std::vector<std::string>& names);
    Error failed(const std::string& sql, const PivotCalls& calls);
    Result<PivotCalls> prepare(const std::string& sql, Statement& statement);
    Result<Rows> run(const std::string& sql, const QueryLimits& limits);
    Result<Rows> collect(sqlite3_stmt* statement, const std::string& sql, const PivotCalls& calls,
                         const QueryLimits& limits);
};

int Engine::Impl::authorize(void* self, int action, const char* first, const char* second, const char* database,
                            const char* view) {
    auto* impl = static_cast<Impl*>(self);
    if (impl->trusted) return SQLITE_OK;
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_RECURSIVE:
            return SQLITE_OK;
        case SQLITE_READ: {
            // The catalog's own tables are read through the views only: their layout may change. (Without a column:
            // a view's table of which no column is needed.)
            const bool direct =
                database != nullptr && std::string_view(database) == "main" && view == nullptr && *second != '\0';
            if (!direct) return SQLITE_OK;
            impl->refusal = std::string("there is no table ") + first;
            return SQLITE_DENY;
        }
        case SQLITE_FUNCTION:
            if (folded(second) != "load_extension") return SQLITE_OK;
            impl->refusal = "code cannot be loaded";
            return SQLITE_DENY;
        case SQLITE_ATTACH:
        case SQLITE_DETACH:
            impl->refusal = "files cannot be attached";
            return SQLITE_DENY;
        case SQLITE_PRAGMA:
            impl->refusal = "pragmas cannot be used";
            return SQLITE_DENY;
        default:
            impl->refusal = "queries only read";
            return SQLITE_DENY;
    }
}

Result<void> Engine::Impl::execute(const std::string& sql) {
    trusted = true;
    const int code = sqlite3_exec(connection.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return {};
    if (failure->has_value()) {
        Error error = **failure;
        failure->reset();
        return error;
    }
    return Error(ErrorCode::Internal,
                 std::string("The tables for queries cannot be made: ") + sqlite3_errmsg(connection.get()));
}

Result<void> Engine::Impl::connect() {
    // Not read-only: reading beside a writer needs SQLite's shared memory file. The authorizer lets nothing be written.
    const std::string file = project.catalogFile();
    const bool there = std::filesystem::exists(file);
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (there ? 0 : SQLITE_OPEN_MEMORY | SQLITE_OPEN_CREATE);
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(there ? file.c_str() : ":memory:", &opened, flags, store::checksummedPages());
    connection.reset(opened);
    if (code != SQLITE_OK)
        return Error(ErrorCode::Io, std::string("The catalog cannot be opened: ") + sqlite3_errmsg(opened));
    sqlite3_busy_timeout(opened, 10'000);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(opened, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, kMostBytesInACell);
    sqlite3_set_authorizer(opened, authorize, this);
    sqlite3_progress_handler(
        opened, kStepsBetweenChecks, [](void* self) { return static_cast<Impl*>(self)->cancelled.load() ? 1 : 0; },
        this);
    if (!there) HINDCAST_TRY(execute(store::kCatalogSql));
    HINDCAST_TRY(execute("PRAGMA temp_store = MEMORY"));
    return createModules();
}

Result<void> Engine::Impl::createModules() {
    const auto logs = [this](bool everySource) {
        return [this, everySource](const std::vector<std::string>&) {
            return makeLogsTable(project, *facts, everySource);
        };
    };
    HINDCAST_TRY(registerTables(connection.get(), "hindcast_logs", logs(false), failure));
    HINDCAST_TRY(registerTables(connection.get(), "hindcast_all_logs", logs(true), failure));
    return registerTables(
        connection.get(), "hindcast_pivot",
        [this](const std::vector<std::string>& arguments) -> Result<std::unique_ptr<VirtualTable>> {
            // The one argument is the table's name, by which its names are found: names need no quoting this way.
            for (const auto& [names, table] : pivots) {
                if (table == arguments.front()) return makePivotTable(project, *facts, names);
            }
            return Error(ErrorCode::Internal, "A pivot was asked for that is not known");
        },
        failure);
}

Result<void> Engine::Impl::makeTables() {
    HINDCAST_ASSIGN(facts, Facts::open(project));
    HINDCAST_ASSIGN(const auto arguments, facts->argumentNames());
    for (const auto& [name, select] : catalogViews(arguments)) {
        HINDCAST_TRY(execute("CREATE TEMP VIEW " + name + " AS " + select));
        tables.insert(name);
    }
    for (const char* name : {"logs", "all_logs"}) {
        HINDCAST_TRY(execute(std::string("CREATE VIRTUAL TABLE temp.") + name + " USING hindcast_" + name));
        tables.insert(name);
    }
    return {};
}

/// New names, loops and arguments become columns: the tables are made again when the catalog has changed.
Result<void> Engine::Impl::refresh() {
    HINDCAST_ASSIGN(const Facts now, Facts::open(project));
    HINDCAST_ASSIGN(const std::int64_t newest, now.tick());
    if (newest == tick) return {};
    // Everything anew, the connection too: the catalog may have been built again under another file.
    connection.reset();
    tables.clear();
    pivots.clear();
    HINDCAST_TRY(connect());
    HINDCAST_TRY(makeTables());
    tick = newest;
    return {};
}

Result<std::string> Engine::Impl::pivotTable(const std::vector<std::string>& names) {
    const auto known = pivots.find(names);
    if (known != pivots.end()) return known->second;
    const std::string table = "pivot_" + std::to_string(pivots.size() + 1);
    pivots[names] = table;
    const Result<void> made = execute("CREATE VIRTUAL TABLE temp." + table + " USING hindcast_pivot(" + table + ")");
    if (!made) {
        pivots.erase(names);
        return made.error();
    }
    return table;
}

Error Engine::Impl::failed(const std::string& sql, const PivotCalls& calls) {
    if (cancelled) return Error(ErrorCode::Cancelled, "The query was cancelled");
    if (failure->has_value()) {
        Error error = **failure;
        failure->reset();
        return error;
    }
    if (!refusal.empty()) return Error(ErrorCode::Refused, "The query is not allowed: " + refusal);
    const std::string message = sqlite3_errmsg(connection.get());
    const int code = sqlite3_errcode(connection.get()) & 0xFF;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        return Error(ErrorCode::Damaged,
                     "The catalog is damaged (" + message + "); `hindcast reindex` builds it again");
    }
    const int offset = sqlite3_error_offset(connection.get());
    std::string text = message;
    constexpr std::string_view kNoTable = "no such table: ";
    if (message.starts_with(kNoTable))
        text += suggestion(message.substr(kNoTable.size()), {tables.begin(), tables.end()});
    if (offset >= 0) {
        errorAt = calls.original(static_cast<std::size_t>(offset));
        text += " (" + placeOf(sql, *errorAt) + ")";
    }
    return Error(ErrorCode::InvalidArgument, text);
}

Result<Rows> Engine::Impl::collect(sqlite3_stmt* statement, const std::string& sql, const PivotCalls& calls,
                                   const QueryLimits& limits) {
    Rows rows;
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) rows.columns.emplace_back(sqlite3_column_name(statement, i));
    const std::size_t most = limits.cells / static_cast<std::size_t>(std::max(1, columns));
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        rows.isCut = limits.cells > 0 && rows.count >= most;
        if (rows.isCut) return rows;
        for (int i = 0; i < columns; ++i) addResult(rows.columns[static_cast<std::size_t>(i)], statement, i);
        rowsSoFar = ++rows.count;
    }
    if (code != SQLITE_DONE) return failed(sql, calls);
    return rows;
}

Result<PivotCalls> Engine::Impl::prepare(const std::string& sql, Statement& statement) {
    HINDCAST_TRY(refresh());
    refusal.clear();
    failure->reset();
    errorAt.reset();
    HINDCAST_ASSIGN(PivotCalls calls, findPivotCalls(sql));
    HINDCAST_TRY(calls.replace(sql, [&](const std::vector<std::string>& names) {
        Result<std::string> table = pivotTable(names);
        const auto call = std::find_if(calls.calls.begin(), calls.calls.end(),
                                       [&](const PivotCalls::Call& each) { return each.names == names; });
        if (!table && call != calls.calls.end()) errorAt = call->begin;
        return table;
    }));
    trusted = false;
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const std::string& text = calls.text();
    const int code = sqlite3_prepare_v2(connection.get(), text.c_str(), static_cast<int>(text.size()), &made, &rest);
    statement.reset(made);
    if (code != SQLITE_OK) return failed(sql, calls);
    if (made == nullptr) return Error(ErrorCode::InvalidArgument, "The query is empty");
    if (const std::vector<Token> more = tokensOf(rest); !more.empty()) {
        errorAt = calls.original(static_cast<std::size_t>(rest - text.c_str()) + more.front().begin);
        return Error(ErrorCode::InvalidArgument,
                     "One statement at a time: another begins at " + placeOf(sql, *errorAt));
    }
    // The authorizer says so already; this is the second lock on the same door.
    if (sqlite3_stmt_readonly(made) == 0)
        return Error(ErrorCode::Refused, "The query is not allowed: queries only read");
    return calls;
}

Result<Rows> Engine::Impl::run(const std::string& sql, const QueryLimits& limits) {
    Statement statement;
    HINDCAST_ASSIGN(const PivotCalls calls, prepare(sql, statement));
    return collect(statement.get(), sql, calls, limits);
}

Engine::Engine(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Result<Engine> Engine::open(const store::Project& project) {
    auto impl = std::make_unique<Impl>(project);
    HINDCAST_TRY(impl->refresh());
    return Engine(std::move(impl));
}

std::optional<std::size_t> Engine::errorAt() const {
    return m_impl->errorAt;
}

std::vector<std::string> Engine::tables() const {
    return {m_impl->tables.begin(), m_impl->tables.end()};
}

std::size_t Engine::rowsSoFar() const {
    return m_impl->rowsSoFar;
}

Result<void> Engine::check(const std::string& sql) {
    Statement statement;
    HINDCAST_ASSIGN(const PivotCalls calls, m_impl->prepare(sql, statement));
    return {};
}

Result<Rows> Engine::query(const std::string& sql, const QueryLimits& limits) {
    m_impl->cancelled = false;
    m_impl->rowsSoFar = 0;
    m_impl->running = true;
    Result<Rows> rows = m_impl->run(sql, limits);
    m_impl->running = false;
    m_impl->cancelled = false;
    return rows;
}

void Engine::cancel() {
    if (m_impl->running) m_impl->cancelled = true;
}

}  // namespace hindcast::query

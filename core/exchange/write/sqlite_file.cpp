// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/write/sqlite_file.h"

#include <cerrno>
#include <cstdio>
#include <set>

#include "core/base/file.h"
#include "core/query/engine.h"
#include "core/query/rows/row_formats.h"
#include "core/query/sql_text.h"
#include "core/store/catalog/database.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using query::CellKind;
using query::Column;
using query::ColumnType;
using store::Database;
using store::Statement;
namespace fs = std::filesystem;

namespace {

constexpr const char* kTables[] = {"versions",   "arguments", "names",  "logs",    "loops",         "loop_totals",
                                   "iterations", "captures",  "probes", "replays", "replay_probes", "fidelity"};

const char* typeOf(const Column& column) {
    switch (column.type()) {
        case ColumnType::Int64:
        case ColumnType::Bool:
            return " INTEGER";
        case ColumnType::Float64:
            return " REAL";
        case ColumnType::Text:
            return " TEXT";
        case ColumnType::Json:
            break;
    }
    return "";
}

void bindCell(Statement& statement, const Column& column, std::size_t row) {
    switch (column.kindAt(row)) {
        case CellKind::Missing:
        case CellKind::Replayable:
        case CellKind::None:
            statement.bindNull();
            return;
        case CellKind::Double:
            statement.bind(column.doubleAt(row));
            return;
        case CellKind::Int:
        case CellKind::Bool:
            statement.bind(column.integerAt(row));
            return;
        default:
            statement.bind(query::cellText(column, row));
    }
}

Result<void> copyTable(query::Engine& engine, Database& database, const std::string& table) {
    HINDCAST_ASSIGN(const query::Rows rows, engine.query("SELECT * FROM " + table));
    std::string columns;
    std::string marks;
    std::set<std::string> taken;
    for (const Column& column : rows.columns) {
        std::string name = column.name();
        while (!taken.insert(query::folded(name)).second) name += "_";
        columns += (columns.empty() ? "" : ", ") + query::quotedIdentifier(name) + typeOf(column);
        marks += marks.empty() ? "?" : ", ?";
    }
    HINDCAST_TRY(database.execute(("CREATE TABLE " + table + "(" + columns + ")").c_str()));
    HINDCAST_ASSIGN(Statement insert, database.prepare("INSERT INTO " + table + " VALUES(" + marks + ")"));
    for (std::size_t row = 0; row < rows.count; ++row) {
        for (const Column& column : rows.columns) bindCell(insert, column, row);
        HINDCAST_TRY(insert.run());
    }
    return {};
}

Result<void> fill(const store::Project& project, const fs::path& file) {
    HINDCAST_ASSIGN(query::Engine engine, query::Engine::open(project));
    HINDCAST_ASSIGN(Database database, Database::open(file, Database::Mode::WriteForeign));
    HINDCAST_TRY(database.execute("BEGIN"));
    for (const char* table : kTables) HINDCAST_TRY(copyTable(engine, database, table));
    return database.execute("COMMIT");
}

}  // namespace

Result<void> writeSqlite(const store::Project& project, const fs::path& file) {
    std::error_code code;
    if (fs::exists(file, code))
        return Error(ErrorCode::InvalidArgument, file.string() + " is there already: choose another name");
    const fs::path made = file.string() + ".hindcast-new";
    fs::remove(made, code);
    const Result<void> filled = fill(project, made);
    if (filled && ::rename(made.c_str(), file.c_str()) == 0) return {};
    const Error failed = filled ? Error::fromErrno(errno, "cannot rename to " + file.string()) : filled.error();
    fs::remove(made, code);
    return failed;
}

}  // namespace hindcast::exchange

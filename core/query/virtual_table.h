// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/rows/rows.h"

/// Tables that SQLite reads through C++ objects: one adapter to sqlite3_module for all of them. Private to this folder.
namespace hindcast::query {

/// A condition of the query that a table can use to read less. SQLite checks every row again, so using one is optional.
struct TableConstraint {
    enum class Op : std::uint8_t { Equal, Less, LessEqual, Greater, GreaterEqual };
    int column = 0;
    Op op = Op::Equal;
};
struct TableBound {
    TableConstraint constraint;
    sqlite3_value* value = nullptr;  ///< valid during start()
};

/// One scan. Rows come in any order.
class TableCursor {
public:
    virtual ~TableCursor() = default;
    virtual base::Result<void> start(const std::vector<TableBound>& bounds, std::uint64_t columnsUsed) = 0;
    virtual base::Result<void> advance() = 0;
    virtual bool atEnd() const = 0;
    virtual void give(sqlite3_context* to, int column) const = 0;
    virtual std::int64_t rowId() const = 0;
};

class VirtualTable {
public:
    virtual ~VirtualTable() = default;
    /// The column list of CREATE TABLE, with parentheses.
    virtual std::string declaration() const = 0;
    virtual bool canUse(const TableConstraint& constraint) const = 0;
    virtual std::unique_ptr<TableCursor> open() = 0;
};

/// Where a table puts an error of the store, so that its code is not lost on the way through SQLite.
using TableFailure = std::shared_ptr<std::optional<base::Error>>;
using TableMaker =
    std::function<base::Result<std::unique_ptr<VirtualTable>>(const std::vector<std::string>& arguments)>;

/// Makes CREATE VIRTUAL TABLE … USING module(arguments) known to the connection.
base::Result<void> registerTables(sqlite3* connection, const char* module, TableMaker maker, TableFailure failure);

/// Gives a cell to SQLite. Booleans become 0 and 1, integers beyond 64 bits and arrays text. NaN and None are NULL for
/// every expression (SQLite has neither), but a cell that reaches the result as it is keeps what it was: see addResult.
void giveCell(sqlite3_context* to, const Column& column, std::size_t row);
/// A NULL that a replay would fill.
void giveReplayable(sqlite3_context* to);
/// "nan", "inf", "-inf", or the kind's name: what the column NAME.kind says.
std::string cellKindText(const Column& column, std::size_t row);

/// Appends a value of a result row, undoing giveCell.
void addResult(Column& column, sqlite3_stmt* statement, int index);

}  // namespace hindcast::query

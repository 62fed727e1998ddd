// SPDX-License-Identifier: Apache-2.0
#include "core/query/virtual_table.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/query/rows/rich_json.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

struct Module {
    TableMaker maker;
    TableFailure failure;
};

// SQLite owns these through pointers to their C bases; it allocates nothing of them itself.
struct Table : sqlite3_vtab {
    std::unique_ptr<VirtualTable> table;
    TableFailure failure;
};
struct Cursor : sqlite3_vtab_cursor {
    std::unique_ptr<TableCursor> cursor;
};

Table* tableOf(sqlite3_vtab* base) {
    return static_cast<Table*>(base);
}
TableCursor& cursorOf(sqlite3_vtab_cursor* base) {
    return *static_cast<Cursor*>(base)->cursor;
}

int report(sqlite3_vtab* base, const Error& error) {
    sqlite3_free(base->zErrMsg);
    base->zErrMsg = sqlite3_mprintf("%s", error.text().c_str());
    *tableOf(base)->failure = error;
    return SQLITE_ERROR;
}

int connect(sqlite3* connection, void* data, int count, const char* const* texts, sqlite3_vtab** out, char** message) {
    const auto* module = static_cast<const Module*>(data);
    const std::vector<std::string> arguments(texts + 3, texts + count);
    auto table = module->maker(arguments);
    if (!table) {
        *message = sqlite3_mprintf("%s", table.error().text().c_str());
        *module->failure = table.error();
        return SQLITE_ERROR;
    }
    const std::string declaration = "CREATE TABLE x" + (*table)->declaration();
    if (const int code = sqlite3_declare_vtab(connection, declaration.c_str()); code != SQLITE_OK) {
        *message = sqlite3_mprintf("%s", sqlite3_errmsg(connection));
        return code;
    }
    auto made = std::make_unique<Table>();
    made->table = std::move(*table);
    made->failure = module->failure;
    *out = made.release();
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab* base) {
    delete tableOf(base);
    return SQLITE_OK;
}

std::optional<TableConstraint::Op> opOf(unsigned char op) {
    switch (op) {
        case SQLITE_INDEX_CONSTRAINT_EQ:
            return TableConstraint::Op::Equal;
        case SQLITE_INDEX_CONSTRAINT_LT:
            return TableConstraint::Op::Less;
        case SQLITE_INDEX_CONSTRAINT_LE:
            return TableConstraint::Op::LessEqual;
        case SQLITE_INDEX_CONSTRAINT_GT:
            return TableConstraint::Op::Greater;
        case SQLITE_INDEX_CONSTRAINT_GE:
            return TableConstraint::Op::GreaterEqual;
        default:
            return std::nullopt;
    }
}

/// The plan travels to xFilter as text: columns used, then "column:op" for each value passed.
int plan(sqlite3_vtab* base, sqlite3_index_info* info) {
    std::string text = std::to_string(info->colUsed) + ";";
    double rows = 1e6;
    int passed = 0;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& offered = info->aConstraint[i];
        const auto op = opOf(offered.op);
        if (!offered.usable || !op || !tableOf(base)->table->canUse({offered.iColumn, *op})) continue;
        info->aConstraintUsage[i].argvIndex = ++passed;
        text += std::to_string(offered.iColumn) + ":" + std::to_string(static_cast<int>(*op)) + ";";
        rows /= *op == TableConstraint::Op::Equal ? 100 : 3;
    }
    info->idxStr = sqlite3_mprintf("%s", text.c_str());
    if (info->idxStr == nullptr) return SQLITE_NOMEM;
    info->needToFreeIdxStr = 1;
    info->estimatedCost = rows;
    info->estimatedRows = static_cast<sqlite3_int64>(rows);
    return SQLITE_OK;
}

std::uint64_t numberUpTo(std::string_view& text, char end) {
    std::uint64_t value = 0;
    const std::size_t at = text.find(end);
    std::from_chars(text.data(), text.data() + at, value);
    text.remove_prefix(at + 1);
    return value;
}

int openCursor(sqlite3_vtab* base, sqlite3_vtab_cursor** out) {
    auto cursor = std::make_unique<Cursor>();
    cursor->cursor = tableOf(base)->table->open();
    *out = cursor.release();
    return SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor* base) {
    delete static_cast<Cursor*>(base);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char* planText, int count, sqlite3_value** values) {
    std::string_view text = planText;
    const std::uint64_t columnsUsed = numberUpTo(text, ';');
    std::vector<TableBound> bounds;
    for (int i = 0; i < count; ++i) {
        const int column = static_cast<int>(numberUpTo(text, ':'));
        const auto op = static_cast<TableConstraint::Op>(numberUpTo(text, ';'));
        bounds.push_back({{column, op}, values[i]});
    }
    const Result<void> started = cursorOf(base).start(bounds, columnsUsed);
    return started ? SQLITE_OK : report(base->pVtab, started.error());
}

int next(sqlite3_vtab_cursor* base) {
    const Result<void> moved = cursorOf(base).advance();
    return moved ? SQLITE_OK : report(base->pVtab, moved.error());
}

int atEnd(sqlite3_vtab_cursor* base) {
    return cursorOf(base).atEnd() ? 1 : 0;
}

int give(sqlite3_vtab_cursor* base, sqlite3_context* to, int column) {
    cursorOf(base).give(to, column);
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor* base, sqlite3_int64* out) {
    *out = cursorOf(base).rowId();
    return SQLITE_OK;
}

const sqlite3_module& module() {
    static const sqlite3_module kModule = [] {
        sqlite3_module made{};
        made.xCreate = connect;
        made.xConnect = connect;
        made.xBestIndex = plan;
        made.xDisconnect = disconnect;
        made.xDestroy = disconnect;
        made.xOpen = openCursor;
        made.xClose = closeCursor;
        made.xFilter = filter;
        made.xNext = next;
        made.xEof = atEnd;
        made.xColumn = give;
        made.xRowid = rowId;
        return made;
    }();
    return kModule;
}

// A NULL that carries a pointer of this type, or a number with this subtype, is one of our cells that SQLite has no
// type for.
constexpr const char* kPointerType = "hindcast-cell";
constexpr unsigned kBoolSubtype = 0x62;
constexpr char kNan = 0;
constexpr char kNone = 0;
constexpr char kReplayable = 0;

}  // namespace

Result<void> registerTables(sqlite3* connection, const char* name, TableMaker maker, TableFailure failure) {
    auto data = std::make_unique<Module>(Module{std::move(maker), std::move(failure)});
    const int code = sqlite3_create_module_v2(connection, name, &module(), data.release(),
                                              [](void* owned) { delete static_cast<Module*>(owned); });
    if (code != SQLITE_OK) return Error(ErrorCode::Internal, sqlite3_errmsg(connection));
    return {};
}

static void giveText(sqlite3_context* to, std::string_view text) {
    sqlite3_result_text64(to, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void giveReplayable(sqlite3_context* to) {
    sqlite3_result_pointer(to, const_cast<char*>(&kReplayable), kPointerType, nullptr);
}

void giveCell(sqlite3_context* to, const Column& column, std::size_t row) {
    switch (column.kindAt(row)) {
        case CellKind::Missing:
            return sqlite3_result_null(to);
        case CellKind::None:
            return sqlite3_result_pointer(to, const_cast<char*>(&kNone), kPointerType, nullptr);
        case CellKind::Replayable:
            return giveReplayable(to);
        case CellKind::Int:
            return sqlite3_result_int64(to, column.integerAt(row));
        case CellKind::Bool:
            sqlite3_result_int64(to, column.integerAt(row));
            return sqlite3_result_subtype(to, kBoolSubtype);
        case CellKind::Double: {
            const double value = column.doubleAt(row);
            if (std::isnan(value)) return sqlite3_result_pointer(to, const_cast<char*>(&kNan), kPointerType, nullptr);
            return sqlite3_result_double(to, value);
        }
        case CellKind::Text:
        case CellKind::BigInt:
            return giveText(to, column.textAt(row));
        case CellKind::Rich:
            return giveText(to, richJson(column.textAt(row)));
    }
}

std::string cellKindText(const Column& column, std::size_t row) {
    const CellKind kind = column.kindAt(row);
    if (kind == CellKind::Double) {
        const double value = column.doubleAt(row);
        if (std::isnan(value)) return "nan";
        if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    }
    return std::string(cellKindName(kind));
}

static void addNull(Column& column, sqlite3_value* value) {
    const void* cell = sqlite3_value_pointer(value, kPointerType);
    if (cell == &kNan) return column.addDouble(std::numeric_limits<double>::quiet_NaN());
    if (cell == &kNone) return column.addNone();
    if (cell == &kReplayable) return column.addReplayable();
    column.addMissing();
}

static void addBlob(Column& column, const void* bytes, int count) {
    static constexpr std::array<char, 17> kDigits{"0123456789abcdef"};
    std::string text = "x'";
    for (const unsigned char byte :
         std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(count))) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    column.addText(CellKind::Text, text + "'");
}

void addResult(Column& column, sqlite3_stmt* statement, int index) {
    sqlite3_value* value = sqlite3_column_value(statement, index);
    switch (sqlite3_column_type(statement, index)) {
        case SQLITE_INTEGER: {
            const std::int64_t number = sqlite3_column_int64(statement, index);
            return sqlite3_value_subtype(value) == kBoolSubtype ? column.addBool(number != 0) : column.addInt(number);
        }
        case SQLITE_FLOAT:
            return column.addDouble(sqlite3_column_double(statement, index));
        case SQLITE_TEXT: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
            return column.addText(CellKind::Text,
                                  {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, index))});
        }
        case SQLITE_BLOB: {
            const void* bytes = sqlite3_column_blob(statement, index);
            return addBlob(column, bytes, sqlite3_column_bytes(statement, index));
        }
        default:
            return addNull(column, value);
    }
}

}  // namespace hindcast::query

// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/flordb_database.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/exchange/wire/texts.h"
#include "core/store/catalog/database.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using store::Database;
using store::Statement;
namespace fs = std::filesystem;

namespace {

/// A row of version 3's table `loops`.
struct LoopRow {
    std::optional<std::int64_t> parent;
    FlordbPass pass;
};
using LoopRows = std::unordered_map<std::int64_t, LoopRow>;

/// Columns of a real table; a view could be anything.
Result<std::set<std::string>> columnsOf(const Database& database, const char* table) {
    HINDCAST_ASSIGN(Statement query,
                    database.prepare("SELECT c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c "
                                     "WHERE m.type = 'table' AND m.name = ?"));
    query.bind(table);
    std::set<std::string> columns;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, query.step());
        if (!more) return columns;
        columns.insert(query.text(0));
    }
}

Result<LoopRows> readLoops(const Database& database) {
    LoopRows rows;
    HINDCAST_ASSIGN(const auto columns, columnsOf(database, "loops"));
    if (!columns.contains("ctx_id")) return rows;
    HINDCAST_ASSIGN(Statement query,
                    database.prepare("SELECT ctx_id, p_ctx_id, l_name, iteration, l_value FROM loops"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, query.step());
        if (!more) return rows;
        LoopRow row;
        if (!query.isNull(1)) row.parent = query.integer(1);
        row.pass.id = query.integer(0);
        row.pass.loop = query.text(2);
        if (!query.isNull(3)) row.pass.iteration = query.integer(3);
        if (!query.isNull(4)) row.pass.value = query.text(4);
        rows.insert_or_assign(row.pass.id, std::move(row));
    }
}

/// The passes around a row, by its context's number.
Result<std::vector<FlordbPass>> contextOf(std::int64_t id, const LoopRows& loops) {
    std::vector<FlordbPass> context;
    for (std::optional<std::int64_t> at = id; at;) {
        const auto found = loops.find(*at);
        if (found == loops.end()) break;
        if (context.size() >= ImportedRun::kMostLevels)
            return Error(ErrorCode::InvalidArgument,
                         "the table loops points back to itself: this is no database of FlorDB");
        context.push_back(found->second.pass);
        at = found->second.parent;
    }
    std::reverse(context.begin(), context.end());
    return context;
}

}  // namespace

bool isFlordbDatabase(const fs::path& path) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) return false;
    const auto database = Database::open(path, Database::Mode::ReadForeign);
    if (!database) return false;
    const auto columns = columnsOf(*database, "logs");
    return columns && columns->contains("value_name") && columns->contains("tstamp");
}

Result<void> readFlordbDatabase(const fs::path& path, FlordbRuns& runs) {
    HINDCAST_ASSIGN(const Database database, Database::open(path, Database::Mode::ReadForeign));
    HINDCAST_ASSIGN(const auto columns, columnsOf(database, "logs"));
    const bool nested = columns.contains("ctx_id");
    if (!columns.contains("value_name") || (!nested && !columns.contains("ctx")))
        return Error(ErrorCode::InvalidArgument, path.string() + " is no database of FlorDB: it has no table logs");
    HINDCAST_ASSIGN(const LoopRows loops, readLoops(database));
    const std::string context = nested ? "ctx_id" : "ctx";
    const std::string source = columns.contains("source") ? "source" : "'forward'";
    // FlorDB itself writes rows several times and reads each once.
    const std::string fields = "projid, tstamp, filename, " + context + ", value_name, value, value_type, " + source;
    HINDCAST_ASSIGN(Statement query,
                    database.prepare("SELECT " + fields + " FROM logs GROUP BY " + fields + " ORDER BY min(rowid)"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, query.step());
        if (!more) return {};
        FlordbRecord record;
        record.project = query.text(0);
        record.time = query.text(1);
        record.script = query.text(2);
        record.countsFromOne = nested;
        if (!query.isNull(3)) {
            HINDCAST_ASSIGN(record.context,
                            nested ? contextOf(query.integer(3), loops) : flordbContext(parseJson(query.text(3))));
        }
        record.name = query.text(4);
        record.value = valueOfText(query.text(5));
        record.type = query.text(7) == "forward" ? query.integer(6) : 0;
        runs.add(std::move(record));
    }
}

}  // namespace hindcast::exchange

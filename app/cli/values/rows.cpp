// SPDX-License-Identifier: Apache-2.0
#include "app/cli/values/rows.h"

#include <cerrno>
#include <cstdio>

#include "app/cli/print.h"
#include "core/query/rows/row_formats.h"
#include "core/store/catalog/ingester.h"

namespace hindcast::cli {

using base::Error;
using base::ErrorCode;
using base::Result;

const std::vector<std::string>& rowFormats() {
    static const std::vector<std::string> kFormats{"table", "csv", "json", "jsonl", "columns"};
    return kFormats;
}

static void printTable(const query::Rows& rows) {
    Table table;
    for (const query::Column& column : rows.columns) {
        const query::ColumnType type = column.type();
        const bool number = type == query::ColumnType::Int64 || type == query::ColumnType::Float64;
        table.addColumn(column.name(), number ? Align::Right : Align::Left);
    }
    for (std::size_t row = 0; row < rows.count; ++row) {
        std::vector<std::string> cells;
        for (const query::Column& column : rows.columns) cells.push_back(query::cellText(column, row));
        table.addRow(std::move(cells));
    }
    table.print(stdout);
}

Result<void> printRows(const query::Rows& rows, const std::string& format) {
    if (format == "table") {
        printTable(rows);
    } else {
        const query::RowFormat as = format == "csv"     ? query::RowFormat::Csv
                                    : format == "json"  ? query::RowFormat::Json
                                    : format == "jsonl" ? query::RowFormat::Jsonl
                                                        : query::RowFormat::Columns;
        query::writeRows(rows, as, [](std::string_view text) {
            return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
        });
    }
    errno = 0;
    if ((std::fflush(stdout) != 0 || std::ferror(stdout) != 0) && errno != EPIPE && errno != 0) {
        return Error::fromErrno(errno, "writing the rows");
    }
    return {};
}

Result<store::Project> openIndexedProject(const std::string& path) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(path));
    HINDCAST_ASSIGN(store::Ingester ingester, store::Ingester::open(project));
    const auto changes = ingester.ingestOnce();
    // Another process takes in what is new: what it has committed by now is shown.
    if (!changes && changes.error().code() != ErrorCode::Busy) return changes.error();
    return project;
}

}  // namespace hindcast::cli

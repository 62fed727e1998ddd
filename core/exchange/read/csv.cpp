// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/csv.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "core/base/file.h"
#include "core/exchange/wire/csv_rows.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using Field = CsvRows::Field;
using Names = std::vector<std::string>;

namespace {

/// Columns by their place in a row.
struct Layout {
    Names names;
    std::optional<std::size_t> run, time;
    std::vector<std::size_t> loops, arguments, values;
};

std::optional<std::size_t> placeOf(const Names& names, const std::string& name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
}

/// The column asked for, or the first of the usual ones.
Result<std::optional<std::size_t>> columnOf(const Names& names, const std::string& asked, const Names& usual) {
    if (!asked.empty()) {
        const auto place = placeOf(names, asked);
        if (!place) return Error(ErrorCode::InvalidArgument, "the table has no column '" + asked + "'");
        return place;
    }
    for (const std::string& name : usual)
        if (const auto place = placeOf(names, name)) return place;
    return std::optional<std::size_t>();
}

Result<std::vector<std::size_t>> columnsOf(const Names& names, const Names& asked, const Names& usual) {
    std::vector<std::size_t> places;
    for (const std::string& name : asked.empty() ? usual : asked) {
        const auto place = placeOf(names, name);
        if (place)
            places.push_back(*place);
        else if (!asked.empty())
            return Error(ErrorCode::InvalidArgument, "the table has no column '" + name + "'");
    }
    return places;
}

Result<Layout> layoutOf(Names names, const CsvColumns& columns) {
    Layout layout;
    HINDCAST_ASSIGN(layout.run, columnOf(names, columns.run, {"version", "run", "run_id", "run_name"}));
    HINDCAST_ASSIGN(layout.time, columnOf(names, columns.time,
                                          {"time", "timestamp", "ts", "date", "datetime", "wall_time", "_timestamp"}));
    HINDCAST_ASSIGN(layout.loops,
                    columnsOf(names, columns.loops, {"epoch", "iteration", "iter", "batch", "step", "global_step"}));
    HINDCAST_ASSIGN(layout.arguments, columnsOf(names, columns.arguments, {}));
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto in = [i](const std::vector<std::size_t>& places) {
            return std::find(places.begin(), places.end(), i) != places.end();
        };
        const bool isValue = layout.run != i && layout.time != i && !in(layout.loops) && !in(layout.arguments);
        if (isValue && !names[i].empty()) layout.values.push_back(i);
    }
    layout.names = std::move(names);
    return layout;
}

/// A whole number, also as 3.0, which is what tables of floats make of it.
std::optional<std::int64_t> indexOf(const std::string& text) {
    if (const auto integer = integerOf(text)) return integer;
    const auto number = numberOf(text);
    constexpr double kMost = 9.0e15;
    if (!number || std::trunc(*number) != *number || std::abs(*number) > kMost) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

format::Value valueOf(const Field& field) {
    return field.text.empty() ? format::Value(std::string()) : valueOfText(field.text);
}

/// Reads the rows of one file.
class CsvReader {
public:
    CsvReader(std::filesystem::path path, Layout layout) : m_path(std::move(path)), m_layout(std::move(layout)) {}

    /// Every row once, before they are taken: a run of one row has its values outside of loops.
    void count(const std::vector<Field>& row) { ++m_counts[nameIn(row)]; }
    Result<void> takeRow(const std::vector<Field>& row, std::size_t line);
    Result<void> takeMeasurements(const std::vector<Field>& row, std::size_t line, DeployedRuns& runs) const;
    Result<void> give(const RunSink& sink);

private:
    Error wrong(std::size_t line, const std::string& what) const {
        return Error(ErrorCode::Parse, m_path.string() + ", line " + std::to_string(line) + ": " + what);
    }
    Result<std::int64_t> timeIn(const std::vector<Field>& row, std::size_t line) const;
    Result<PassId> passOf(const std::vector<Field>& row, std::size_t line, std::int64_t micros, ImportedRun& run);
    ImportedRun& runOf(const std::vector<Field>& row);
    /// What tells the row's run from others; "" without such a column.
    std::string nameIn(const std::vector<Field>& row) const {
        return m_layout.run && *m_layout.run < row.size() ? row[*m_layout.run].text : std::string();
    }

    std::filesystem::path m_path;
    Layout m_layout;
    std::vector<ImportedRun> m_runs;  ///< in the order of their first rows
    std::map<std::string, std::size_t> m_places;
    std::vector<std::int64_t> m_rows;  ///< of each run, without loop columns
    std::map<std::string, std::int64_t> m_counts;
};

ImportedRun& CsvReader::runOf(const std::vector<Field>& row) {
    const std::string name = nameIn(row);
    const auto [known, isNew] = m_places.try_emplace(name, m_runs.size());
    if (isNew) {
        ImportedRun& run = m_runs.emplace_back();
        run.place = static_cast<std::uint32_t>(m_runs.size());
        m_rows.push_back(0);
        run.kind = "csv";
        run.source = m_path.string();
        run.run = m_layout.run ? m_layout.names[*m_layout.run] + " " + name : m_path.filename().string();
        run.identity = m_path.string() + "\n" + name;
        run.note = m_layout.run ? m_path.filename().string() + ": " + run.run : run.run;
    }
    return m_runs[known->second];
}

Result<std::int64_t> CsvReader::timeIn(const std::vector<Field>& row, std::size_t line) const {
    if (!m_layout.time || row[*m_layout.time].isMissing()) return std::int64_t{0};
    const std::string& text = row[*m_layout.time].text;
    const auto micros = timeOf(text);
    if (!micros)
        return wrong(line,
                     "'" + wellFormed(text) + "' in the column " + m_layout.names[*m_layout.time] + " is no time");
    return *micros;
}

Result<PassId> CsvReader::passOf(const std::vector<Field>& row, std::size_t line, std::int64_t micros,
                                 ImportedRun& run) {
    PassId at = kOutside;
    if (m_layout.loops.empty()) {
        if (m_counts[nameIn(row)] == 1) return at;
        std::int64_t& next = m_rows[static_cast<std::size_t>(&run - m_runs.data())];
        return run.pass(at, "row", next++, micros);
    }
    for (const std::size_t loop : m_layout.loops) {
        if (row[loop].isMissing()) break;
        const auto index = indexOf(row[loop].text);
        if (!index)
            return wrong(line, "'" + wellFormed(row[loop].text) + "' in the column " + m_layout.names[loop] +
                                   " is no whole number");
        HINDCAST_ASSIGN(at, run.pass(at, m_layout.names[loop], *index, micros));
    }
    return at;
}

Result<void> CsvReader::takeRow(const std::vector<Field>& row, std::size_t line) {
    if (row.size() < m_layout.names.size()) return wrong(line, "the row has fewer fields than the first line");
    ImportedRun& run = runOf(row);
    HINDCAST_ASSIGN(const std::int64_t micros, timeIn(row, line));
    HINDCAST_ASSIGN(const PassId pass, passOf(row, line, micros, run));
    for (const std::size_t place : m_layout.arguments)
        if (!row[place].isMissing()) run.addArgument(m_layout.names[place], valueOf(row[place]));
    for (const std::size_t place : m_layout.values)
        if (!row[place].isMissing()) run.log(pass, m_layout.names[place], valueOf(row[place]), micros);
    return {};
}

Result<void> CsvReader::takeMeasurements(const std::vector<Field>& row, std::size_t line, DeployedRuns& runs) const {
    if (row.size() < m_layout.names.size()) return wrong(line, "the row has fewer fields than the first line");
    HINDCAST_ASSIGN(const std::int64_t micros, timeIn(row, line));
    if (micros == 0) return wrong(line, "the row has no time");
    for (const std::size_t place : m_layout.values)
        if (!row[place].isMissing()) HINDCAST_TRY(runs.log(micros, m_layout.names[place], valueOf(row[place])));
    return {};
}

Result<void> CsvReader::give(const RunSink& sink) {
    for (ImportedRun& run : m_runs) HINDCAST_TRY(sink(std::move(run)));
    return {};
}

}  // namespace

Result<void> readCsv(const std::filesystem::path& path, const CsvColumns& columns,
                     const std::vector<Deployment>& deployments, const RunSink& sink) {
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(path));
    CsvRows rows(text);
    std::vector<Field> row;
    if (!rows.next(row)) return Error(ErrorCode::Parse, path.string() + " is empty");
    Names names;
    for (const Field& field : row) names.push_back(wellFormed(field.text));
    HINDCAST_ASSIGN(Layout layout, layoutOf(std::move(names), columns));
    if (!deployments.empty() && !layout.time)
        return Error(ErrorCode::InvalidArgument, path.string() + " has no column of times: name it with --time-column");
    CsvReader reader(path, std::move(layout));
    DeployedRuns deployed("csv", path.string(), deployments);
    for (CsvRows ahead = rows; ahead.next(row);) reader.count(row);
    while (rows.next(row)) {
        if (deployments.empty())
            HINDCAST_TRY(reader.takeRow(row, rows.line()));
        else
            HINDCAST_TRY(reader.takeMeasurements(row, rows.line(), deployed));
    }
    return deployments.empty() ? reader.give(sink) : deployed.give(sink);
}

}  // namespace hindcast::exchange

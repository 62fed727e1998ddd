// SPDX-License-Identifier: Apache-2.0
#include "core/query/logs_table.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "core/query/pivot/pass_labels.h"
#include "core/query/pivot/pivot_table.h"
#include "core/query/pivot/version_values.h"
#include "core/query/sql_text.h"
#include "core/query/versions_bound.h"
#include "core/store/columns/value_reader.h"

namespace hindcast::query {

using base::Result;
using store::ValueSeries;

namespace {

enum class Fixed : std::uint8_t {
    Version,
    Name,
    Coordinates,
    Loops,
    Ordinal,
    Value,
    Kind,
    Source,
    Fidelity,
    Probe,
    Replay,
    Thread,
    Labels
};
constexpr int kNameColumn = 1;
constexpr std::size_t kLoopsFrom = 3;

struct LogsSource {
    store::Project project;
    const Facts& facts;
    bool everySource;
    std::vector<VersionFact> versions;
    std::vector<std::string> names;
    std::vector<std::string> loops;
    std::map<std::string, std::map<std::int64_t, ValueCount>> present;

    Fixed fixedAt(std::size_t column) const {
        if (column < kLoopsFrom) return static_cast<Fixed>(column);
        if (column < kLoopsFrom + loops.size()) return Fixed::Loops;
        return column >= labelsFrom()
                   ? Fixed::Labels
                   : static_cast<Fixed>(static_cast<std::size_t>(Fixed::Ordinal) + column - kLoopsFrom - loops.size());
    }
    std::size_t labelsFrom() const {
        return static_cast<std::size_t>(Fixed::Labels) - static_cast<std::size_t>(Fixed::Ordinal) + kLoopsFrom +
               loops.size();
    }
};

void giveText(sqlite3_context* to, std::string_view text) {
    sqlite3_result_text64(to, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

class LogsCursor final : public TableCursor {
public:
    LogsCursor(const LogsSource& source, store::ValueReader reader) : m_source(source), m_reader(std::move(reader)) {}

    Result<void> start(const std::vector<TableBound>& bounds, std::uint64_t columnsUsed) override {
        // Bit 63 stands for all columns from there on.
        m_readsLabels = columnsUsed >> std::min<std::size_t>(m_source.labelsFrom(), 63) != 0;
        m_labels.reset();
        m_versions = boundVersions(m_source.versions, bounds, 0);
        m_names = m_source.names;
        for (const TableBound& bound : bounds) {
            if (bound.constraint.column != kNameColumn || sqlite3_value_type(bound.value) != SQLITE_TEXT) continue;
            const std::string wanted = reinterpret_cast<const char*>(sqlite3_value_text(bound.value));
            std::erase_if(m_names, [&](const std::string& name) { return name != wanted; });
        }
        m_version = m_name = 0;
        m_id = 0;
        m_scan = {};
        m_series = 0;
        return settle();
    }

    Result<void> advance() override {
        ++m_row;
        ++m_id;
        return settle();
    }

    bool atEnd() const override { return m_version >= m_versions.size(); }
    std::int64_t rowId() const override { return m_id; }
    void give(sqlite3_context* to, int column) const override;

private:
    const ValueSeries& series() const { return m_scan.series[m_series]; }

    /// Moves on until there is a row, or nothing is left.
    Result<void> settle() {
        for (;;) {
            if (m_series < m_scan.series.size()) {
                if (m_row < series().count) return {};
                ++m_series;
                m_row = 0;
                takeSeries();
                continue;
            }
            if (m_version >= m_versions.size()) return {};
            if (m_name == m_names.size()) {
                ++m_version;
                m_name = 0;
                m_labels.reset();
                continue;
            }
            HINDCAST_TRY(scan(m_versions[m_version], m_names[m_name++]));
        }
    }

    Result<void> scan(const VersionFact& version, const std::string& name) {
        m_scan = {};
        m_series = 0;
        m_row = 0;
        const auto present = m_source.present.find(name);
        if (present == m_source.present.end() || !present->second.contains(version.id)) return {};
        const bool all = m_source.everySource;
        HINDCAST_ASSIGN(m_scan,
                        m_reader.scan(version.uuid, name, {.diverged = all, .superseded = all, .everySource = all}));
        if (m_readsLabels && !m_labels) {
            HINDCAST_ASSIGN(store::ValueScan labels, m_reader.labels(version.uuid));
            m_labels = std::move(labels.series);
        }
        takeSeries();
        return {};
    }

    /// What the loops of a series are called, and the labels beside its rows.
    void takeSeries() {
        m_columns.clear();
        m_beside.clear();
        if (m_series == m_scan.series.size()) return;
        m_columns = loopLabels(series().loops);
        if (!m_labels || m_labels->empty()) return;
        const RowKeys keys = keysOf(series());
        for (std::size_t level = 0; level < m_columns.size(); ++level)
            m_beside.push_back(labelsBeside(*m_labels, series().loops, level, keys));
    }

    void giveVersion(sqlite3_context* to) const {
        Column one("version");
        m_versions[m_version].addTo(one);
        giveCell(to, one, 0);
    }
    void giveCoordinates(sqlite3_context* to) const {
        nlohmann::json list = nlohmann::json::array();
        for (const store::Level& level : series().coordinatesAt(m_row))
            list.push_back({level.loop, level.occurrence, level.index});
        giveText(to, list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    std::size_t levelOf(const std::string& loop) const {
        return static_cast<std::size_t>(std::find(m_columns.begin(), m_columns.end(), loop) - m_columns.begin());
    }
    void giveLoop(sqlite3_context* to, const std::string& loop) const {
        const std::size_t level = levelOf(loop);
        if (level < m_columns.size()) sqlite3_result_int64(to, series().index[level][m_row]);
    }
    void giveLabel(sqlite3_context* to, const std::string& loop) const {
        const std::size_t level = levelOf(loop);
        if (level >= m_beside.size()) return;
        Column one("label");
        m_beside[level].addTo(one, m_row);
        giveCell(to, one, 0);
    }
    Column value() const;
    void giveReplay(sqlite3_context* to, bool probe) const;

    const LogsSource& m_source;
    store::ValueReader m_reader;
    std::vector<VersionFact> m_versions;
    std::vector<std::string> m_names;
    std::size_t m_version = 0;
    std::size_t m_name = 0;  ///< the next one of the version
    store::ValueScan m_scan;
    std::size_t m_series = 0;
    std::size_t m_row = 0;
    std::vector<std::string> m_columns;  ///< of the series' loops
    bool m_readsLabels = false;
    std::optional<std::vector<ValueSeries>> m_labels;  ///< of the version
    std::vector<LabelRows> m_beside;                   ///< by level, when there are any
    std::int64_t m_id = 0;
};

Column LogsCursor::value() const {
    Column one("value");
    addSeriesCell(one, series(), m_row);
    return one;
}

void LogsCursor::giveReplay(sqlite3_context* to, bool probe) const {
    const std::int32_t replay = series().replayAt(m_row);
    if (replay < 0) return;
    const store::ReplayRow& row = m_scan.replays[static_cast<std::size_t>(replay)];
    if (!probe) return giveText(to, row.uuid.text());
    const std::int32_t which = series().probeAt(m_row);
    if (which >= 0 && static_cast<std::size_t>(which) < row.probes.size())
        giveText(to, row.probes[static_cast<std::size_t>(which)].id);
}

// A column to which nothing is given is NULL.
void LogsCursor::give(sqlite3_context* to, int column) const {
    const auto at = static_cast<std::size_t>(column);
    switch (m_source.fixedAt(at)) {
        case Fixed::Version:
            return giveVersion(to);
        case Fixed::Name:
            return giveText(to, m_names[m_name - 1]);
        case Fixed::Coordinates:
            return giveCoordinates(to);
        case Fixed::Loops:
            return giveLoop(to, m_source.loops[at - kLoopsFrom]);
        case Fixed::Ordinal:
            return sqlite3_result_int64(to, series().ordinalAt(m_row));
        case Fixed::Value:
            return giveCell(to, value(), 0);
        case Fixed::Kind:
            return giveText(to, cellKindText(value(), 0));
        case Fixed::Source:
            return giveText(to, sourceWord(m_versions[m_version], m_scan, series(), m_row));
        case Fixed::Fidelity:
            return giveText(to, store::fidelityName(series().fidelityAt(m_row)));
        case Fixed::Probe:
            return giveReplay(to, true);
        case Fixed::Replay:
            return giveReplay(to, false);
        case Fixed::Thread:
            return sqlite3_result_int64(to, series().thread.empty() ? 0 : series().thread[m_row]);
        case Fixed::Labels:
            return giveLabel(to, m_source.loops[at - m_source.labelsFrom()]);
    }
}

/// A cursor that could not be opened: says why when it is used.
class FailedCursor final : public TableCursor {
public:
    explicit FailedCursor(base::Error error) : m_error(std::move(error)) {}
    Result<void> start(const std::vector<TableBound>&, std::uint64_t) override { return m_error; }
    Result<void> advance() override { return m_error; }
    bool atEnd() const override { return true; }
    std::int64_t rowId() const override { return 0; }
    void give(sqlite3_context*, int) const override {}

private:
    base::Error m_error;
};

class LogsTable final : public VirtualTable {
public:
    explicit LogsTable(LogsSource source) : m_source(std::move(source)) {}

    std::string declaration() const override {
        const std::vector<std::string> before{"version", "name", "coordinates"};
        const std::vector<std::string> after{"ordinal",  "value", "kind",   "source",
                                             "fidelity", "probe", "replay", "thread"};
        // The fixed columns keep their names; a loop of the same name gets the apostrophe.
        std::vector<std::string> all = before;
        all.insert(all.end(), after.begin(), after.end());
        all.insert(all.end(), m_source.loops.begin(), m_source.loops.end());
        for (const std::string& loop : m_source.loops) all.push_back(labelColumn(loop));
        all = distinctColumns(std::move(all));
        const auto loops = all.begin() + static_cast<std::ptrdiff_t>(before.size() + after.size());
        std::rotate(all.begin() + static_cast<std::ptrdiff_t>(before.size()), loops,
                    loops + static_cast<std::ptrdiff_t>(m_source.loops.size()));
        std::string text = "(";
        for (std::size_t i = 0; i < all.size(); ++i) {
            text += (i > 0 ? ", " : "") + quotedIdentifier(all[i]) + (i < m_source.labelsFrom() ? "" : " HIDDEN");
        }
        return text + ")";
    }

    bool canUse(const TableConstraint& constraint) const override {
        return constraint.column == 0 ||
               (constraint.column == kNameColumn && constraint.op == TableConstraint::Op::Equal);
    }

    std::unique_ptr<TableCursor> open() override {
        auto reader = store::ValueReader::open(m_source.project);
        if (!reader) return std::make_unique<FailedCursor>(reader.error());
        return std::make_unique<LogsCursor>(m_source, std::move(*reader));
    }

private:
    LogsSource m_source;
};

}  // namespace

Result<std::unique_ptr<VirtualTable>> makeLogsTable(const store::Project& project, const Facts& facts,
                                                    bool everySource) {
    LogsSource source{project, facts, everySource, {}, {}, {}, {}};
    HINDCAST_ASSIGN(source.versions, facts.versions());
    HINDCAST_ASSIGN(source.names, facts.loggedNames());
    std::set<std::int64_t> ids;
    for (const VersionFact& version : source.versions) ids.insert(version.id);
    HINDCAST_ASSIGN(const auto paths, facts.pathsOf(source.names, ids));
    source.loops = loopColumns(paths);
    for (const std::string& name : source.names) {
        HINDCAST_ASSIGN(source.present[name], facts.versionsWith(name));
    }
    return std::unique_ptr<VirtualTable>(std::make_unique<LogsTable>(std::move(source)));
}

}  // namespace hindcast::query

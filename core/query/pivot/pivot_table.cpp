// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/pivot_table.h"

#include <algorithm>
#include <set>

#include "core/query/pivot/pass_labels.h"
#include "core/query/pivot/pivot_reader.h"
#include "core/query/sql_text.h"
#include "core/query/versions_bound.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// Everything a cursor needs; lives as long as the table.
struct PivotSource {
    store::Project project;
    const Facts& facts;
    std::vector<VersionFact> versions;
    std::vector<std::string> names;
    std::vector<std::string> loops;
    bool oneOuterLoop = false;  ///< every asked name is logged below the first loop column, or outside every loop

    std::size_t plainColumns() const { return 1 + loops.size() + names.size(); }
};

class PivotCursor final : public TableCursor {
public:
    explicit PivotCursor(const PivotSource& source) : m_source(source), m_replayable(source.names.size()) {}

    Result<void> start(const std::vector<TableBound>& bounds, std::uint64_t columnsUsed) override {
        m_versions = boundVersions(m_source.versions, bounds, 0);
        m_range = m_source.oneOuterLoop ? boundPasses(bounds, 1) : ReadRange{};
        // Bit 63 stands for all columns from there on.
        const auto usesFrom = [columnsUsed](std::size_t column) {
            return columnsUsed >> std::min<std::size_t>(column, 63) != 0;
        };
        PivotRequest request;
        request.names = m_source.names;
        request.labels = usesFrom(m_source.plainColumns());
        request.provenance = m_provenance = usesFrom(m_source.plainColumns() + m_source.loops.size());
        HINDCAST_ASSIGN(m_reader, PivotReader::open(m_source.project, m_source.facts, m_source.versions, request));
        findColumns();
        m_next = 0;
        return readVersion();
    }

    Result<void> advance() override {
        ++m_row;
        ++m_id;
        return m_row < m_rows.count ? Result<void>() : readVersion();
    }

    bool atEnd() const override { return m_row >= m_rows.count; }
    std::int64_t rowId() const override { return m_id; }

    void give(sqlite3_context* to, int column) const override {
        auto at = static_cast<std::size_t>(column);
        const std::size_t loops = m_source.loops.size();
        const std::size_t names = m_source.names.size();
        const std::size_t plain = m_source.plainColumns();
        if (at == 0) return giveCell(to, m_rows.columns[0], m_row);
        if (at <= loops) return giveCell(to, m_rows.columns[m_loopColumns[at - 1]], m_row);
        if (at >= plain && at < plain + loops) return giveLabel(to, at - plain);
        if (at >= plain) at -= loops;
        const std::size_t name = (at - 1 - loops) % names;
        const std::size_t aspect = (at - 1 - loops) / names;  // value, source, fidelity, kind
        const std::size_t value = m_firstValue + name * (m_provenance ? 3 : 1);
        if (aspect == 3) {
            const std::string kind = cellKindText(m_rows.columns[value], m_row);
            return sqlite3_result_text(to, kind.c_str(), static_cast<int>(kind.size()), SQLITE_TRANSIENT);
        }
        const Column& cells = m_rows.columns[value + aspect];
        if (aspect == 0 && m_replayable[name] && cells.isMissing(m_row)) return giveReplayable(to);
        giveCell(to, cells, m_row);
    }

private:
    /// Where the reader's rows have the loops and the first name: labels stand behind their loops.
    void findColumns() {
        m_loopColumns.clear();
        m_firstValue = 1;
        for (const std::string& loop : m_source.loops) {
            m_loopColumns.push_back(m_firstValue);
            m_firstValue += m_reader->isLabelled(loop) ? 2 : 1;
        }
    }

    /// A column to which nothing is given is NULL.
    void giveLabel(sqlite3_context* to, std::size_t loop) const {
        if (m_reader->isLabelled(m_source.loops[loop])) giveCell(to, m_rows.columns[m_loopColumns[loop] + 1], m_row);
    }

    /// Moves to the first row of the next version that has one.
    Result<void> readVersion() {
        do {
            m_rows = m_reader->header();
            m_row = 0;
            if (m_next == m_versions.size()) return {};
            const VersionFact& version = m_versions[m_next++];
            for (std::size_t i = 0; i < m_source.names.size(); ++i)
                m_replayable[i] = m_source.facts.isReplayable(version, m_source.names[i]);
            HINDCAST_TRY(m_reader->append(version, m_range, m_rows));
        } while (m_rows.count == 0);
        return {};
    }

    const PivotSource& m_source;
    std::unique_ptr<PivotReader> m_reader;
    std::vector<VersionFact> m_versions;
    ReadRange m_range;
    bool m_provenance = false;
    std::vector<std::size_t> m_loopColumns;
    std::size_t m_firstValue = 1;
    std::vector<bool> m_replayable;  ///< by name: a probe would give this version a value
    std::size_t m_next = 0;
    Rows m_rows;
    std::size_t m_row = 0;
    std::int64_t m_id = 0;
};

class PivotTable final : public VirtualTable {
public:
    explicit PivotTable(PivotSource source) : m_source(std::move(source)) {}

    std::string declaration() const override {
        std::vector<std::string> columns{"version"};
        columns.insert(columns.end(), m_source.loops.begin(), m_source.loops.end());
        std::vector<std::string> values;
        for (const std::string& name : m_source.names) values.push_back(valueColumn(name, m_source.loops));
        columns.insert(columns.end(), values.begin(), values.end());
        const std::size_t visible = columns.size();
        for (const std::string& loop : m_source.loops) columns.push_back(labelColumn(loop));
        for (const char* aspect : {".source", ".fidelity", ".kind"}) {
            for (const std::string& value : values) columns.push_back(value + aspect);
        }
        columns = distinctColumns(std::move(columns));
        std::string text = "(";
        for (std::size_t i = 0; i < columns.size(); ++i) {
            text += (i > 0 ? ", " : "") + quotedIdentifier(columns[i]) + (i < visible ? "" : " HIDDEN");
        }
        return text + ")";
    }

    bool canUse(const TableConstraint& constraint) const override {
        return constraint.column == 0 || (constraint.column == 1 && m_source.oneOuterLoop);
    }

    std::unique_ptr<TableCursor> open() override { return std::make_unique<PivotCursor>(m_source); }

private:
    PivotSource m_source;
};

}  // namespace

std::vector<std::string> distinctColumns(std::vector<std::string> names) {
    std::set<std::string> taken;
    for (std::string& name : names) {
        while (!taken.insert(folded(name)).second) name += "'";
    }
    return names;
}

Result<std::unique_ptr<VirtualTable>> makePivotTable(const store::Project& project, const Facts& facts,
                                                     const std::vector<std::string>& names) {
    PivotSource source{project, facts, {}, {}, {}, false};
    HINDCAST_ASSIGN(source.versions, facts.versions());
    PivotRequest request;
    request.names = names;
    HINDCAST_ASSIGN(const auto reader, PivotReader::open(project, facts, source.versions, request));
    source.names = reader->names();
    source.loops = reader->loops();
    std::set<std::int64_t> ids;
    for (const VersionFact& version : source.versions) ids.insert(version.id);
    HINDCAST_ASSIGN(const auto paths, facts.pathsOf(source.names, ids));
    // A value outside every loop stands below passes that are not read then, and would get a row of its own. A
    // condition on the loop leaves such rows out in any case: their index is missing.
    source.oneOuterLoop = !source.loops.empty() && std::all_of(paths.begin(), paths.end(), [&](const auto& path) {
        return path.empty() || path.front() == source.loops.front();
    });
    return std::unique_ptr<VirtualTable>(std::make_unique<PivotTable>(std::move(source)));
}

}  // namespace hindcast::query

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/store/catalog/catalog_queries.h"
#include "core/store/catalog/catalog_writer.h"

namespace hindcast::store {

using base::Result;

namespace {

/// Reads the overviews of one version or of all, a table at a time.
class OverviewReader {
public:
    OverviewReader(const Database& database, const std::optional<base::Uuid>& version)
        : m_database(database), m_version(version) {}

    Result<std::map<base::Uuid, VersionOverview>> read() {
        HINDCAST_TRY(readVersions());
        HINDCAST_TRY(readArguments());
        HINDCAST_TRY(readNames());
        HINDCAST_TRY(readLoops());
        std::map<base::Uuid, VersionOverview> out;
        for (auto& [id, of] : m_overviews) out.emplace(of.uuid, std::move(of.overview));
        return out;
    }

private:
    struct Of {
        base::Uuid uuid;
        VersionOverview overview;
        std::int64_t mostOfName = 0;  ///< values of the nesting that gave the newest name its last number
        std::int64_t passes = -1;     ///< of the outer loop
    };

    /// Calls `take` with each row of `select` that belongs to a wanted version, whose id is the first column.
    template <class Take>
    Result<void> each(const std::string& select, const char* idColumn, const std::string& order, Take take) {
        const std::string sql =
            select + (m_version ? std::string(" AND ") + idColumn + " = ?" : std::string()) + " ORDER BY " + order;
        HINDCAST_ASSIGN(Statement rows, m_database.prepare(sql.c_str()));
        if (m_version && !m_overviews.empty()) rows.bind(m_overviews.begin()->first);
        for (;;) {
            HINDCAST_ASSIGN(const bool more, rows.step());
            if (!more) return {};
            const auto found = m_overviews.find(rows.integer(0));
            if (found != m_overviews.end()) take(rows, found->second);
        }
    }

    Result<void> readVersions() {
        HINDCAST_ASSIGN(Statement rows,
                        m_database.prepare(m_version ? "SELECT id, uuid FROM sources WHERE is_replay = 0 AND uuid = ?"
                                                     : "SELECT id, uuid FROM sources WHERE is_replay = 0"));
        if (m_version) rows.bind(m_version->text());
        for (;;) {
            HINDCAST_ASSIGN(const bool more, rows.step());
            if (!more) return {};
            m_overviews[rows.integer(0)].uuid = uuidAt(rows, 1);
        }
    }

    Result<void> readArguments() {
        return each("SELECT version, name, text FROM arguments WHERE 1", "version", "version",
                    [](const Statement& row, Of& of) { of.overview.arguments[row.text(1)] = row.text(2); });
    }

    Result<void> readNames() {
        return each(
            "SELECT x.version, n.name, p.loops, x.recorded, x.replayed, x.kinds, x.last FROM series x "
            "JOIN names n ON n.id = x.name JOIN paths p ON p.id = x.path WHERE 1",
            "x.version", "x.version, n.name, p.depth DESC", [this](const Statement& row, Of& of) { addName(row, of); });
    }

    /// Rows of one name follow each other, its deepest nesting first.
    void addName(const Statement& row, Of& of) {
        constexpr std::int64_t kTextKinds = 0b1110000;  // Text, BigInt, Rich
        std::vector<NameRow>& names = of.overview.names;
        const std::string name = row.text(1);
        if (names.empty() || names.back().name != name) {
            names.push_back({name, loopsOf(row.text(2)), 0, 0, true, std::nullopt});
            of.mostOfName = 0;
        }
        NameRow& to = names.back();
        to.recorded += row.integer(3);
        to.replayed += row.integer(4);
        to.numeric = to.numeric && (row.integer(5) & kTextKinds) == 0;
        if (row.integer(3) <= of.mostOfName) return;
        of.mostOfName = row.integer(3);
        to.last = row.isNull(6) ? std::nullopt : std::optional(row.number(6));
    }

    /// There are few nestings and many rows that name them.
    const std::vector<std::string>& loopsOf(const std::string& text) {
        const auto known = m_paths.find(text);
        return known != m_paths.end() ? known->second : m_paths.emplace(text, pathOf(text)).first->second;
    }

    Result<void> readLoops() {
        return each(
            "SELECT l.version, p.loops, l.passes, l.last_index FROM loops l JOIN paths p ON p.id = l.path "
            "WHERE p.depth = 1 AND l.outer_index = -1 AND l.outer_occurrence = -1",
            "l.version", "l.version, l.entered, l.occurrence", [this](const Statement& row, Of& of) {
                if (row.integer(2) <= of.passes) return;
                of.passes = row.integer(2);
                of.overview.outerLoop = loopsOf(row.text(1)).front();
                of.overview.outerIterations = std::max(row.integer(3) + 1, of.passes);
            });
    }

    const Database& m_database;
    const std::optional<base::Uuid>& m_version;
    std::map<std::int64_t, Of> m_overviews;  ///< by sources.id
    std::map<std::string, std::vector<std::string>> m_paths;
};

}  // namespace

Result<std::map<base::Uuid, VersionOverview>> Catalog::overviews(const std::optional<base::Uuid>& version) const {
    return OverviewReader(m_impl->database, version).read();
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/query/facts.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/store/catalog/catalog_schema.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

void VersionFact::addTo(Column& column) const {
    if (number) {
        column.addInt(*number);
    } else {
        column.addText(CellKind::Text, uuid.text().substr(0, 8));
    }
}

Facts::Facts(std::optional<store::Database> catalog, store::Annotations annotations)
    : m_catalog(std::make_unique<std::optional<store::Database>>(std::move(catalog))),
      m_annotations(std::make_unique<store::Annotations>(std::move(annotations))) {}

Result<Facts> Facts::open(const store::Project& project) {
    HINDCAST_ASSIGN(auto annotations, store::Annotations::open(project));
    HINDCAST_TRY(annotations.refresh());
    auto catalog = store::Database::open(project.catalogFile(), store::Database::Mode::Read);
    if (!catalog && catalog.error().code() != ErrorCode::NotFound) return std::move(catalog).error();
    if (!catalog) return Facts(std::nullopt, std::move(annotations));
    return Facts(std::optional<store::Database>(std::move(*catalog)), std::move(annotations));
}

Result<std::vector<VersionFact>> Facts::versions() const {
    std::vector<VersionFact> versions;
    if (!*m_catalog) return versions;
    HINDCAST_ASSIGN(
        auto rows,
        (*m_catalog)
            ->prepare("SELECT v.id, s.uuid, v.number, v.has_source, v.imported <> '' FROM versions v JOIN sources s "
                      "ON s.id = v.id ORDER BY s.started, s.uuid"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return versions;
        const auto uuid = base::Uuid::parse(rows.text(1));
        if (!uuid)
            return Error(ErrorCode::Damaged,
                         "The catalog names a version that is none; `hindcast reindex` builds it again");
        VersionFact version{rows.integer(0), *uuid, std::nullopt, rows.integer(3) != 0, rows.integer(4) != 0};
        if (!rows.isNull(2)) version.number = static_cast<int>(rows.integer(2));
        versions.push_back(version);
    }
}

Result<std::vector<std::string>> Facts::texts(const char* sql) const {
    std::vector<std::string> out;
    if (!*m_catalog) return out;
    HINDCAST_ASSIGN(auto rows, (*m_catalog)->prepare(sql));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return out;
        out.push_back(rows.text(0));
    }
}

Result<std::vector<std::string>> Facts::loggedNames() const {
    return texts("SELECT name FROM names WHERE id IN (SELECT name FROM series) ORDER BY name");
}

Result<std::vector<std::string>> Facts::argumentNames() const {
    return texts("SELECT name FROM arguments GROUP BY name ORDER BY min(position), name");
}

Result<std::vector<std::string>> Facts::runLevelNames() const {
    return texts(
        "SELECT name FROM names WHERE id IN (SELECT s.name FROM series s JOIN paths p ON p.id = s.path WHERE p.depth = "
        "0) "
        "ORDER BY name");
}

static Result<std::vector<std::string>> parsePath(const std::string& json) {
    const auto path = nlohmann::json::parse(json, nullptr, false);
    std::vector<std::string> loops;
    if (path.is_array()) {
        for (const auto& loop : path) {
            if (loop.is_string()) loops.push_back(loop.get<std::string>());
        }
        if (loops.size() == path.size()) return loops;
    }
    return Error(ErrorCode::Damaged, "The catalog holds a loop path that is none; `hindcast reindex` builds it again");
}

Result<std::set<std::string>> Facts::loopNames() const {
    HINDCAST_ASSIGN(const auto paths, texts("SELECT loops FROM paths"));
    std::set<std::string> names;
    for (const std::string& json : paths) {
        HINDCAST_ASSIGN(const auto path, parsePath(json));
        for (const std::string& label : loopLabels(path)) names.insert(label);
    }
    return names;
}

std::vector<std::string> Facts::probedNames() const {
    std::vector<std::string> names;
    for (const auto& [id, revisions] : annotations().probes) {
        if (!revisions.empty() && !revisions.back().removed) names.push_back(revisions.back().name);
    }
    return names;
}

/// Paths by number, that is in the order in which the index first met them.
static Result<std::vector<std::vector<std::string>>> parsePaths(const std::map<std::int64_t, std::string>& found) {
    std::vector<std::vector<std::string>> paths;
    for (const auto& [id, json] : found) {
        HINDCAST_ASSIGN(auto path, parsePath(json));
        paths.push_back(std::move(path));
    }
    return paths;
}

Result<std::vector<std::vector<std::string>>> Facts::pathsOf(const std::vector<std::string>& names,
                                                             const std::set<std::int64_t>& versions) const {
    std::map<std::int64_t, std::string> found;
    if (!*m_catalog) return parsePaths(found);
    HINDCAST_ASSIGN(auto rows,
                    (*m_catalog)
                        ->prepare("SELECT p.id, p.loops, s.version FROM names n JOIN series s ON s.name = n.id "
                                  "JOIN paths p ON p.id = s.path WHERE n.name = ?"));
    for (const std::string& name : names) {
        rows.bind(name);
        for (;;) {
            HINDCAST_ASSIGN(const bool more, rows.step());
            if (!more) break;
            if (versions.contains(rows.integer(2))) found.emplace(rows.integer(0), rows.text(1));
        }
    }
    return parsePaths(found);
}

Result<std::vector<std::vector<std::string>>> Facts::labelledPaths(const std::set<std::int64_t>& versions) const {
    std::map<std::int64_t, std::string> found;
    if (!*m_catalog) return parsePaths(found);
    HINDCAST_ASSIGN(auto rows, (*m_catalog)
                                   ->prepare("SELECT p.id, p.loops, s.version FROM series s JOIN paths p ON p.id = "
                                             "s.path WHERE s.name = ?"));
    rows.bind(store::kPassLabels);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return parsePaths(found);
        if (versions.contains(rows.integer(2))) found.emplace(rows.integer(0), rows.text(1));
    }
}

Result<std::map<std::int64_t, ValueCount>> Facts::versionsWith(const std::string& name) const {
    std::map<std::int64_t, ValueCount> versions;
    if (!*m_catalog) return versions;
    HINDCAST_ASSIGN(
        auto rows,
        (*m_catalog)
            ->prepare("SELECT s.version, sum(s.recorded), sum(s.replayed) FROM names n JOIN series s ON s.name = n.id "
                      "WHERE n.name = ? GROUP BY s.version"));
    rows.bind(name);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return versions;
        versions[rows.integer(0)] = {rows.integer(1), rows.integer(2)};
    }
}

/// The catalog keeps the text of every argument; its type says how to read it.
static void addArgument(Column& column, const std::string& type, const std::string& text) {
    const char* end = text.data() + text.size();
    if (type == "int") {
        std::int64_t value = 0;
        const auto [to, problem] = std::from_chars(text.data(), end, value);
        if (problem == std::errc() && to == end) return column.addInt(value);
        return column.addText(CellKind::BigInt, text);
    }
    if (type == "float") {
        double value = 0;
        const auto [to, problem] = std::from_chars(text.data(), end, value);
        if (problem == std::errc() && to == end) return column.addDouble(value);
    }
    if (type == "bool") return column.addBool(text == "1" || text == "true" || text == "True");
    if (type == "none") return column.addNone();
    column.addText(CellKind::Text, text);
}

Result<std::map<std::int64_t, ArgumentFact>> Facts::argument(const std::string& name) const {
    std::map<std::int64_t, ArgumentFact> values;
    if (!*m_catalog) return values;
    HINDCAST_ASSIGN(auto rows,
                    (*m_catalog)->prepare("SELECT version, position, type, text FROM arguments WHERE name = ?"));
    rows.bind(name);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return values;
        ArgumentFact& fact = values[rows.integer(0)];
        fact.position = rows.integer(1);
        addArgument(fact.cell, rows.text(2), rows.text(3));
    }
}

Result<std::set<std::string>> Facts::loopsOf(std::int64_t version) const {
    std::set<std::string> loops;
    if (!*m_catalog) return loops;
    HINDCAST_ASSIGN(
        auto rows, (*m_catalog)
                       ->prepare("SELECT loops FROM paths WHERE id IN (SELECT path FROM loop_totals WHERE version = ?1 "
                                 "UNION SELECT path FROM series WHERE version = ?1)"));
    rows.bind(version);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return loops;
        HINDCAST_ASSIGN(const auto path, parsePath(rows.text(0)));
        for (const std::string& label : loopLabels(path)) loops.insert(label);
    }
}

Result<std::vector<OuterLoop>> Facts::outerLoops(std::int64_t version) const {
    std::vector<OuterLoop> loops;
    if (!*m_catalog) return loops;
    HINDCAST_ASSIGN(
        auto rows,
        (*m_catalog)
            ->prepare(
                "SELECT p.loops, max(l.last_index), max(l.passes), min(l.passes > l.last_index) FROM loops l JOIN "
                "paths p ON p.id = l.path WHERE l.version = ? AND p.depth = 1 GROUP BY p.id ORDER BY min(l.entered)"));
    rows.bind(version);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return loops;
        HINDCAST_ASSIGN(const auto path, parsePath(rows.text(0)));
        loops.push_back({path.front(), rows.integer(1), rows.integer(2), rows.integer(3) != 0});
    }
}

Result<std::vector<std::int64_t>> Facts::keptPasses(std::int64_t version, const std::string& loop) const {
    std::vector<std::int64_t> passes;
    if (!*m_catalog) return passes;
    HINDCAST_ASSIGN(auto rows,
                    (*m_catalog)
                        ->prepare("SELECT DISTINCT i.\"index\" FROM iterations i JOIN paths p ON p.id = i.path WHERE "
                                  "i.version = ? AND p.depth = 1 AND json_extract(p.loops, '$[0]') = ? ORDER BY 1"));
    rows.bind(version).bind(loop);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return passes;
        passes.push_back(rows.integer(0));
    }
}

Result<std::vector<std::string>> Facts::namesOf(std::int64_t version) const {
    std::vector<std::string> names;
    if (!*m_catalog) return names;
    HINDCAST_ASSIGN(auto rows, (*m_catalog)
                                   ->prepare("SELECT DISTINCT n.name FROM series s JOIN names n ON n.id = s.name "
                                             "WHERE s.version = ? ORDER BY 1"));
    rows.bind(version);
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows.step());
        if (!more) return names;
        names.push_back(rows.text(0));
    }
}

Result<std::int64_t> Facts::tick() const {
    if (!*m_catalog) return std::int64_t{0};
    HINDCAST_ASSIGN(auto rows, (*m_catalog)->prepare("SELECT value FROM meta WHERE key = 'tick'"));
    HINDCAST_ASSIGN(const bool there, rows.step());
    return there ? rows.integer(0) : 0;
}

bool Facts::isReplayable(const VersionFact& version, const std::string& name) const {
    if (!version.hasSource) return false;
    const store::AnnotationView& view = annotations();
    for (const auto& [id, revisions] : view.probes) {
        if (revisions.empty() || revisions.back().removed || !fitsPattern(name, revisions.back().name)) continue;
        const auto decision = view.placements.find({id, version.uuid});
        if (decision == view.placements.end() || decision->second.kind != store::PlacementDecision::Kind::Skip)
            return true;
    }
    return false;
}

bool fitsPattern(const std::string& name, const std::string& pattern) {
    if (pattern.find('*') == std::string::npos) return name == pattern;
    // Of fnmatch's special characters only '*' is meant.
    std::string escaped;
    for (const char c : pattern) {
        if (c == '?' || c == '[' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return fnmatch(escaped.c_str(), name.c_str(), 0) == 0;
}

std::vector<std::string> loopLabels(const std::vector<std::string>& path) {
    std::vector<std::string> labels;
    for (auto loop = path.begin(); loop != path.end(); ++loop) {
        const auto before = std::count(path.begin(), loop, *loop);
        labels.push_back(before == 0 ? *loop : *loop + "." + std::to_string(before + 1));
    }
    return labels;
}

std::vector<std::string> loopColumns(const std::vector<std::vector<std::string>>& paths) {
    std::vector<std::string> waiting;  // as first met
    std::map<std::string, std::set<std::string>> outside;
    for (const auto& path : paths) {
        const std::vector<std::string> labels = loopLabels(path);
        for (auto label = labels.begin(); label != labels.end(); ++label) {
            if (!outside.contains(*label)) waiting.push_back(*label);
            outside[*label].insert(labels.begin(), label);
        }
    }
    std::vector<std::string> columns;
    std::set<std::string> left(waiting.begin(), waiting.end());
    while (!waiting.empty()) {
        auto next = std::find_if(waiting.begin(), waiting.end(), [&](const std::string& label) {
            const std::set<std::string>& outer = outside[label];
            return std::none_of(outer.begin(), outer.end(), [&](const auto& one) { return left.contains(one); });
        });
        // Loops that enclose each other, in different versions, have no order of their own.
        if (next == waiting.end()) next = waiting.begin();
        columns.push_back(*next);
        left.erase(*next);
        waiting.erase(next);
    }
    return columns;
}

}  // namespace hindcast::query

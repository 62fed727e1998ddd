// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/pivot.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/query/pivot/pass_labels.h"
#include "core/query/pivot/passes.h"
#include "core/query/pivot/pivot_reader.h"
#include "core/query/sql_text.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

static void addDistinct(std::vector<std::string>& to, const std::vector<std::string>& names) {
    std::set<std::string> known(to.begin(), to.end());
    for (const std::string& name : names) {
        if (known.insert(name).second) to.push_back(name);
    }
}

Result<std::vector<VersionFact>> chosenVersions(const Facts& facts,
                                                const std::optional<std::vector<base::Uuid>>& chosen) {
    HINDCAST_ASSIGN(auto all, facts.versions());
    if (!chosen) return all;
    std::map<base::Uuid, const VersionFact*> byUuid;
    for (const VersionFact& version : all) byUuid[version.uuid] = &version;
    std::vector<VersionFact> out;
    for (const base::Uuid& uuid : *chosen) {
        const auto found = byUuid.find(uuid);
        if (found == byUuid.end()) return Error(ErrorCode::NotFound, "There is no version " + uuid.text());
        out.push_back(*found->second);
    }
    return out;
}

Result<Vocabulary> vocabularyOf(const Facts& facts, const std::vector<std::string>& further) {
    Vocabulary vocabulary;
    HINDCAST_ASSIGN(const auto loops, facts.loopNames());
    vocabulary.loops.assign(loops.begin(), loops.end());
    HINDCAST_ASSIGN(const auto logged, facts.loggedNames());
    HINDCAST_ASSIGN(const auto arguments, facts.argumentNames());
    addDistinct(vocabulary.values, logged);
    addDistinct(vocabulary.values, arguments);
    for (const std::string& name : facts.probedNames()) {
        if (name.find('*') == std::string::npos) addDistinct(vocabulary.values, {name});
    }
    addDistinct(vocabulary.values, further);
    return vocabulary;
}

Result<void> checkNames(const Facts& facts, const std::vector<std::string>& names) {
    HINDCAST_ASSIGN(const Vocabulary vocabulary, vocabularyOf(facts, {}));
    const std::set<std::string> known(vocabulary.values.begin(), vocabulary.values.end());
    const std::vector<std::string> probed = facts.probedNames();
    for (const std::string& name : names) {
        if (known.contains(name)) continue;
        if (std::any_of(probed.begin(), probed.end(), [&](const auto& pattern) { return fitsPattern(name, pattern); }))
            continue;
        const bool loop = std::find(vocabulary.loops.begin(), vocabulary.loops.end(), name) != vocabulary.loops.end();
        if (loop || name == "version") {
            return Error(ErrorCode::InvalidArgument,
                         name + " is always a column where it belongs; ask for names that were logged");
        }
        return Error(ErrorCode::InvalidArgument, "no version logged " + name +
                                                     " and no argument or probe has that name" +
                                                     suggestion(name, vocabulary.values));
    }
    return {};
}

Result<void> PivotReader::findLoops(const std::vector<VersionFact>& versions, bool labels) {
    std::set<std::int64_t> ids;
    for (const VersionFact& version : versions) ids.insert(version.id);
    HINDCAST_ASSIGN(const auto paths, m_facts.pathsOf(m_names, ids));
    m_loops = loopColumns(paths);
    if (!labels) return {};
    HINDCAST_ASSIGN(const auto labelled, m_facts.labelledPaths(ids));
    for (const auto& path : labelled) m_labelled.insert(loopLabels(path).back());
    m_readsLabels = !m_labelled.empty();
    return {};
}

Result<std::unique_ptr<PivotReader>> PivotReader::open(const store::Project& project, const Facts& facts,
                                                       const std::vector<VersionFact>& versions,
                                                       const PivotRequest& request) {
    std::unique_ptr<PivotReader> reader(new PivotReader(facts, request));
    std::vector<std::string> names;
    addDistinct(names, request.names);
    reader->m_everyVersion = names.empty();
    if (names.empty()) {
        HINDCAST_ASSIGN(names, facts.argumentNames());
        HINDCAST_ASSIGN(const auto runLevel, facts.runLevelNames());
        addDistinct(names, runLevel);
    } else {
        HINDCAST_TRY(checkNames(facts, names));
    }
    reader->m_names = names;
    if (!reader->m_everyVersion) HINDCAST_TRY(reader->findLoops(versions, request.labels));
    if (request.where.find_first_not_of(" \t\r\n") != std::string::npos) {
        HINDCAST_ASSIGN(const Vocabulary vocabulary, vocabularyOf(facts, {}));
        HINDCAST_ASSIGN(reader->m_expression, Expression::parse(request.where, vocabulary));
        addDistinct(names, namesRead(*reader->m_expression));
        reader->m_readsLabels = reader->m_readsLabels || readsLabels(*reader->m_expression);
    }
    HINDCAST_ASSIGN(reader->m_reader, VersionReader::open(project, facts, std::move(names)));
    return reader;
}

Rows PivotReader::header() const {
    Rows rows;
    std::set<std::string> taken;
    // Two columns of one name could not be told apart: a loop called "version", a name that looks like NAME.source.
    const auto add = [&](std::string column) {
        while (!taken.insert(column).second) column += "'";
        rows.columns.emplace_back(std::move(column));
    };
    add("version");
    for (const std::string& loop : m_loops) {
        add(loop);
        if (isLabelled(loop)) add(labelColumn(loop));
    }
    for (const std::string& name : m_names) {
        const std::string column = valueColumn(name, m_loops);
        add(column);
        if (!m_provenance) continue;
        add(column + ".source");
        add(column + ".fidelity");
    }
    return rows;
}

std::size_t PivotReader::expectedRows(const std::vector<VersionFact>& versions) const {
    std::size_t rows = 0;
    if (m_expression) return rows;
    for (const VersionFact& version : versions) rows += m_reader->expectedRows(version);
    return rows;
}

VersionRows PivotReader::askedRows(const VersionValues& values) const {
    std::vector<AskedSeries> asked = seriesOf(values, m_names.size());
    if (m_everyVersion) {
        // Without names the level is the run; the same name may be logged in loops as well.
        std::erase_if(asked, [](const AskedSeries& one) { return !one.series->loops.empty(); });
    }
    VersionRows rows;
    rows.blocks = align(asked);
    const bool argument =
        std::any_of(values.arguments.begin(), values.arguments.begin() + static_cast<std::ptrdiff_t>(m_names.size()),
                    [](const Column* one) { return one != nullptr; });
    rows.bare = rows.count() == 0 && (m_everyVersion || argument);
    return rows;
}

Result<std::optional<std::vector<bool>>> PivotReader::kept(const VersionRows& rows, const VersionValues& values) {
    if (!m_expression) return std::optional<std::vector<bool>>();
    const std::vector<std::string> loops = loopsRead(*m_expression);
    std::vector<store::ValueSeries> passes;
    if (!loops.empty()) {
        HINDCAST_ASSIGN(const auto outer, m_facts.outerLoops(values.version.id));
        for (const OuterLoop& loop : outer) {
            if (std::find(loops.begin(), loops.end(), loop.loop) == loops.end()) continue;
            HINDCAST_ASSIGN(auto found, outerPasses(m_facts, *m_reader, values.version, loop));
            passes.push_back(std::move(found.series));
        }
    }
    HINDCAST_ASSIGN(const Judged judged, judge(*m_expression, values, m_reader->names(), passes, {}, {}));
    return std::optional(keptRows(rows, judged));
}

Result<void> PivotReader::append(const VersionFact& version, const ReadRange& range, Rows& to) {
    if (m_expression) {
        HINDCAST_ASSIGN(const bool allowed,
                        argumentsAllow(*m_expression, m_reader->outline(version), m_reader->names()));
        if (!allowed) return {};
    }
    ReadRange whole = range;
    whole.labels = m_readsLabels;
    HINDCAST_ASSIGN(const VersionValues values, m_reader->read(version, whole));
    const VersionRows rows = askedRows(values);
    if (rows.count() == 0) return {};
    HINDCAST_ASSIGN(const auto flags, kept(rows, values));
    const Kept kept = flags ? &*flags : nullptr;
    std::size_t column = 0;
    addVersion(to.columns[column++], rows, version, kept);
    for (const std::string& loop : m_loops) {
        addLoop(to.columns[column++], rows, loop, kept);
        if (isLabelled(loop)) addLabels(to.columns[column++], rows, values, loop, kept);
    }
    for (std::size_t name = 0; name < m_names.size(); ++name) {
        addValues(to.columns[column++], rows, values, name, kept);
        if (!m_provenance) continue;
        addSources(to.columns[column++], rows, values, name, kept);
        addFidelities(to.columns[column++], rows, values, name, kept);
    }
    to.count = to.columns.front().size();
    return {};
}

Result<Rows> pivot(const store::Project& project, const PivotRequest& request) {
    HINDCAST_ASSIGN(const Facts facts, Facts::open(project));
    HINDCAST_ASSIGN(const auto versions, chosenVersions(facts, request.versions));
    HINDCAST_ASSIGN(const auto reader, PivotReader::open(project, facts, versions, request));
    Rows rows = reader->header();
    for (Column& column : rows.columns) column.reserve(reader->expectedRows(versions));
    for (const VersionFact& version : versions) {
        if (request.cancelled != nullptr && request.cancelled->load())
            return Error(ErrorCode::Cancelled, "The query was cancelled");
        HINDCAST_TRY(reader->append(version, {.diverged = request.diverged}, rows));
    }
    return rows;
}

}  // namespace hindcast::query

// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/catalog.h"

#include <map>
#include <nlohmann/json.hpp>

#include "core/store/catalog/catalog_queries.h"
#include "core/store/catalog/catalog_writer.h"

namespace hindcast::store {

using base::Result;
using nlohmann::json;

namespace {

std::vector<std::string> textsOf(const std::string& text) {
    return pathOf(text);
}

std::map<std::string, std::string> mapOf(const std::string& text) {
    std::map<std::string, std::string> out;
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object()) return out;
    for (const auto& [key, value] : object.items())
        if (value.is_string()) out[key] = value.get<std::string>();
    return out;
}

constexpr const char* kVersionColumns =
    "SELECT s.uuid, v.number, s.state, s.started, s.ended, v.script, v.project, v.argv, v.forced, v.git_head, "
    "v.git_branch, v.git_remote, "
    "v.git_dirty, v.host, v.job, v.rank, v.world, v.interpreter, s.reason, s.exception, s.exit, v.note, v.pinned, "
    "v.baseline, s.\"values\", "
    "s.captures, s.stored_bytes, v.has_source, v.imported, v.imported_from FROM versions v JOIN sources s ON s.id = "
    "v.id ";

VersionRow versionOf(const Statement& row) {
    VersionRow out;
    out.uuid = uuidAt(row, 0);
    if (!row.isNull(1)) out.number = static_cast<int>(row.integer(1));
    out.state = runStateNamed(row.text(2));
    out.startedMicros = row.integer(3);
    out.endedMicros = row.integer(4);
    out.script = row.text(5);
    out.project = row.text(6);
    out.argv = textsOf(row.text(7));
    out.forced = mapOf(row.text(8));
    out.gitHead = row.text(9);
    out.gitBranch = row.text(10);
    out.gitRemote = row.text(11);
    out.gitDirty = row.integer(12) != 0;
    out.host = row.text(13);
    out.job = row.text(14);
    out.rank = static_cast<int>(row.integer(15));
    out.worldSize = row.isNull(16) ? 1 : static_cast<int>(row.integer(16));
    out.interpreter = row.text(17);
    out.reason = row.text(18);
    out.exception = row.text(19);
    out.exit = row.text(20);
    out.note = row.text(21);
    out.pinned = row.integer(22) != 0;
    out.baseline = row.integer(23) != 0;
    out.values = row.integer(24);
    out.captures = row.integer(25);
    out.storedBytes = row.integer(26);
    out.hasSource = row.integer(27) != 0;
    out.imported = row.text(28);
    out.importedFrom = row.text(29);
    return out;
}

constexpr const char* kReplayColumns =
    "SELECT s.uuid, o.uuid, r.mode, r.loop, r.first, r.last, s.state, s.started, s.ended, s.reason, r.superseded, r.id "
    "FROM replays r "
    "JOIN sources s ON s.id = r.id JOIN sources o ON o.id = s.version ";

struct IdentifiedReplay {
    std::int64_t id = 0;
    ReplayRow row;
};

IdentifiedReplay replayOf(const Statement& row) {
    ReplayRow out;
    out.uuid = uuidAt(row, 0);
    out.version = uuidAt(row, 1);
    out.mode = row.text(2);
    out.loop = row.text(3);
    out.first = row.integer(4);
    out.last = row.integer(5);
    out.state = runStateNamed(row.text(6));
    out.startedMicros = row.integer(7);
    out.endedMicros = row.integer(8);
    out.reason = row.text(9);
    out.superseded = row.integer(10) != 0;
    return {row.integer(11), std::move(out)};
}

Result<std::vector<ReplayRow>> withProbes(const Database& database, std::vector<IdentifiedReplay> found) {
    HINDCAST_ASSIGN(Statement probes, database.prepare("SELECT probe, revision, name, memo, text, superseded FROM "
                                                       "replay_probes WHERE replay = ? ORDER BY position"));
    std::vector<ReplayRow> rows;
    for (IdentifiedReplay& replay : found) {
        probes.bind(replay.id);
        for (;;) {
            HINDCAST_ASSIGN(const bool more, probes.step());
            if (!more) break;
            replay.row.probes.push_back({probes.text(0), static_cast<int>(probes.integer(1)), probes.text(2),
                                         probes.text(3), probes.text(4), probes.integer(5) != 0});
        }
        rows.push_back(std::move(replay.row));
    }
    return rows;
}

Coordinates coordinatesOf(const std::string& text) {
    Coordinates out;
    const json levels = json::parse(text, nullptr, false);
    if (!levels.is_array()) return out;
    for (const json& level : levels)
        if (level.is_array() && level.size() == 3)
            out.push_back({level[0].get<std::string>(), level[1].get<std::int64_t>(), level[2].get<std::int64_t>()});
    return out;
}

}  // namespace

Catalog::Catalog(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Catalog::Catalog(Catalog&&) noexcept = default;
Catalog& Catalog::operator=(Catalog&&) noexcept = default;
Catalog::~Catalog() = default;

Result<Catalog> Catalog::open(const Project& project) {
    HINDCAST_ASSIGN(Database database, openCatalogForReading(project));
    return Catalog(std::make_unique<Impl>(Impl{std::move(database)}));
}

static Result<std::vector<VersionRow>> withTags(const Database& database, std::vector<VersionRow> versions) {
    HINDCAST_ASSIGN(
        Statement tags,
        database.prepare("SELECT s.uuid, t.tag FROM tags t JOIN sources s ON s.id = t.version ORDER BY t.tag"));
    std::map<base::Uuid, std::vector<std::string>> byVersion;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, tags.step());
        if (!more) break;
        byVersion[uuidAt(tags, 0)].push_back(tags.text(1));
    }
    for (VersionRow& version : versions)
        if (const auto found = byVersion.find(version.uuid); found != byVersion.end()) version.tags = found->second;
    return versions;
}

Result<std::vector<VersionRow>> Catalog::versions() const {
    static const std::string sql = std::string(kVersionColumns) + "ORDER BY s.uuid";
    HINDCAST_ASSIGN(std::vector<VersionRow> rows, collect<VersionRow>(m_impl->database, sql.c_str(), {}, versionOf));
    return withTags(m_impl->database, std::move(rows));
}

Result<std::optional<VersionRow>> Catalog::version(const base::Uuid& version) const {
    static const std::string sql = std::string(kVersionColumns) + "WHERE s.uuid = ?";
    HINDCAST_ASSIGN(std::vector<VersionRow> rows,
                    collect<VersionRow>(m_impl->database, sql.c_str(), withUuid(version), versionOf));
    HINDCAST_ASSIGN(rows, withTags(m_impl->database, std::move(rows)));
    return rows.empty() ? std::optional<VersionRow>() : std::optional<VersionRow>(std::move(rows.front()));
}

Result<std::vector<ArgumentRow>> Catalog::arguments(const base::Uuid& version) const {
    return collect<ArgumentRow>(m_impl->database,
                                "SELECT name, text, type FROM arguments WHERE version = (SELECT id FROM sources WHERE "
                                "uuid = ?) ORDER BY position",
                                withUuid(version), [](const Statement& row) {
                                    return ArgumentRow{row.text(0), row.text(1), row.text(2)};
                                });
}

Result<std::vector<NameRow>> Catalog::names(const base::Uuid& version) const {
    HINDCAST_ASSIGN(auto found, overviews(version));
    return found.empty() ? std::vector<NameRow>() : std::move(found.begin()->second.names);
}

Result<std::vector<LoopRow>> Catalog::loops(const base::Uuid& version) const {
    return collect<LoopRow>(
        m_impl->database,
        "SELECT p.loops, l.outer_occurrence, l.outer_index, l.occurrence, l.entered, l.\"left\", l.passes, "
        "l.last_index, l.how "
        "FROM loops l JOIN paths p ON p.id = l.path WHERE l.version = (SELECT id FROM sources WHERE uuid = ?) "
        "ORDER BY l.entered, p.depth, l.outer_occurrence, l.outer_index, l.occurrence",
        withUuid(version), [](const Statement& row) {
            const std::vector<std::string> path = pathOf(row.text(0));
            LoopRow out;
            if (path.size() > 1) out.at.push_back({path[0], row.integer(1), row.integer(2)});
            if (!path.empty()) out.loop = path.back();
            out.occurrence = row.integer(3);
            out.enteredMicros = row.integer(4);
            out.leftMicros = row.integer(5);
            out.passes = row.integer(6);
            out.lastIndex = row.integer(7);
            out.how = row.text(8);
            return out;
        });
}

Result<std::vector<LoopTotals>> Catalog::loopTotals(const base::Uuid& version) const {
    return collect<LoopTotals>(m_impl->database,
                               "SELECT p.loops, t.entries, t.passes, t.micros, t.timed_passes FROM loop_totals t JOIN "
                               "paths p ON p.id = t.path "
                               "WHERE t.version = (SELECT id FROM sources WHERE uuid = ?) ORDER BY p.depth, p.loops",
                               withUuid(version), [](const Statement& row) {
                                   return LoopTotals{pathOf(row.text(0)), row.integer(1), row.integer(2),
                                                     static_cast<double>(row.integer(3)) / 1e6, row.integer(4)};
                               });
}

Result<std::vector<IterationRow>> Catalog::iterations(const base::Uuid& version) const {
    HINDCAST_ASSIGN(const std::vector<LoopRow> entries, loops(version));
    HINDCAST_ASSIGN(
        std::vector<IterationRow> rows,
        collect<IterationRow>(
            m_impl->database,
            "SELECT p.loops, i.occurrence, i.\"index\", i.started, i.label FROM iterations i JOIN paths p ON p.id = "
            "i.path WHERE i.version = (SELECT id FROM sources WHERE uuid = ?) ORDER BY i.started, p.loops, i.thread, "
            "i.occurrence, i.\"index\"",
            withUuid(version), [](const Statement& row) {
                const std::vector<std::string> path = pathOf(row.text(0));
                return IterationRow{path.empty() ? "" : path[0],
                                    row.integer(1),
                                    row.integer(2),
                                    row.integer(2),
                                    row.integer(3),
                                    0,
                                    row.text(4)};
            }));
    // A pass ends where the next of its loop begins; the last one where the loop was left.
    for (std::size_t i = 0; i < rows.size(); ++i) {
        IterationRow& row = rows[i];
        std::size_t next = i + 1;
        while (next < rows.size() && (rows[next].loop != row.loop || rows[next].occurrence != row.occurrence)) ++next;
        if (next < rows.size()) {
            row.endedMicros = rows[next].startedMicros;
            row.last = std::max(row.first, rows[next].first - 1);
            continue;
        }
        for (const LoopRow& entry : entries) {
            if (!entry.at.empty() || entry.loop != row.loop || entry.occurrence != row.occurrence) continue;
            row.endedMicros = entry.leftMicros;
            row.last = std::max(row.first, entry.lastIndex);
        }
    }
    return rows;
}

Result<std::vector<CaptureRow>> Catalog::captures(const base::Uuid& version) const {
    // Captures that may hold a tensor as it was earlier, because it was written unnoticed, are no place to start from.
    return collect<CaptureRow>(
        m_impl->database,
        "SELECT c.point, c.coordinates, c.passes, c.stored AND "
        "(c.sequence = (SELECT MIN(sequence) FROM captures f WHERE f.version = c.version AND f.stored)"
        " OR NOT EXISTS (SELECT 1 FROM notes n WHERE n.source = c.version AND n.kind = 'hazard' "
        "AND json_extract(n.json, '$.what') = 'silent writes' AND json_extract(n.json, '$.until') > c.stamp)), "
        "c.bytes, c.tensors, c.stamp, c.sequence, c.offset "
        "FROM captures c WHERE c.version = "
        "(SELECT id FROM sources WHERE uuid = ?) ORDER BY c.sequence",
        withUuid(version), [](const Statement& row) {
            CaptureRow out;
            out.point = capturePointNamed(row.text(0));
            out.at = coordinatesOf(row.text(1));
            out.passes = row.integer(2);
            out.stored = row.integer(3) != 0;
            out.rawBytes = row.integer(4);
            out.tensors = row.integer(5);
            out.stampMicros = row.integer(6);
            out.sequence = static_cast<std::uint32_t>(row.integer(7));
            out.journalOffset = static_cast<std::uint64_t>(row.integer(8));
            return out;
        });
}

Result<std::vector<ReplayRow>> Catalog::replays(const std::optional<base::Uuid>& version) const {
    static const std::string all = std::string(kReplayColumns) + "ORDER BY s.uuid";
    static const std::string ofOne = std::string(kReplayColumns) + "WHERE o.uuid = ? ORDER BY s.uuid";
    const auto bind = version ? withUuid(*version) : std::function<void(Statement&)>();
    HINDCAST_ASSIGN(std::vector<IdentifiedReplay> found,
                    collect<IdentifiedReplay>(m_impl->database, version ? ofOne.c_str() : all.c_str(), bind, replayOf));
    return withProbes(m_impl->database, std::move(found));
}

Result<std::optional<ReplayRow>> Catalog::replay(const base::Uuid& replay) const {
    static const std::string sql = std::string(kReplayColumns) + "WHERE s.uuid = ?";
    HINDCAST_ASSIGN(std::vector<IdentifiedReplay> found,
                    collect<IdentifiedReplay>(m_impl->database, sql.c_str(), withUuid(replay), replayOf));
    HINDCAST_ASSIGN(std::vector<ReplayRow> rows, withProbes(m_impl->database, std::move(found)));
    return rows.empty() ? std::optional<ReplayRow>() : std::optional<ReplayRow>(std::move(rows.front()));
}

Result<std::vector<FidelityRow>> Catalog::fidelity(const base::Uuid& version) const {
    return collect<FidelityRow>(m_impl->database,
                                "SELECT s.uuid, f.loop, f.occurrence, f.\"index\", f.mode, f.grade, f.details FROM "
                                "fidelity f JOIN sources s ON "
                                "s.id = f.replay WHERE s.version = (SELECT id FROM sources WHERE uuid = ?) ORDER BY "
                                "s.uuid, f.loop, f.occurrence, f.\"index\"",
                                withUuid(version), [](const Statement& row) {
                                    return FidelityRow{uuidAt(row, 0), row.text(1), row.integer(2),
                                                       row.integer(3), row.text(4), fidelityNamed(row.text(5)),
                                                       row.text(6)};
                                });
}

Result<std::vector<NoteRow>> Catalog::notes(const base::Uuid& versionOrReplay) const {
    return collect<NoteRow>(
        m_impl->database,
        "SELECT kind, stamp, json FROM notes WHERE source = (SELECT id FROM sources WHERE uuid = ?) ORDER BY sequence",
        withUuid(versionOrReplay), [](const Statement& row) {
            return NoteRow{row.text(0), row.integer(1), row.text(2)};
        });
}

Result<CatalogChanges> Catalog::changesSince(std::int64_t tick) const {
    CatalogChanges changes;
    const auto after = [tick](Statement& statement) { statement.bind(tick); };
    // The tick first: what is committed between the queries is reported twice rather than never.
    HINDCAST_ASSIGN(Statement now, m_impl->database.prepare("SELECT (SELECT value FROM meta WHERE key = 'tick'), "
                                                            "(SELECT value FROM meta WHERE key = 'removed')"));
    HINDCAST_TRY(now.step());
    changes.tick = now.integer(0);
    changes.removed = now.integer(1) > tick;
    now.reset();
    struct Source {
        base::Uuid uuid;
        bool isReplay = false;
    };
    HINDCAST_ASSIGN(
        const std::vector<Source> sources,
        collect<Source>(m_impl->database, "SELECT uuid, is_replay FROM sources WHERE tick > ? ORDER BY uuid", after,
                        [](const Statement& row) {
                            return Source{uuidAt(row, 0), row.integer(1) != 0};
                        }));
    for (const Source& source : sources) (source.isReplay ? changes.replays : changes.versions).push_back(source.uuid);
    using Pair = std::pair<base::Uuid, std::string>;
    HINDCAST_ASSIGN(changes.series,
                    collect<Pair>(m_impl->database,
                                  "SELECT DISTINCT s.uuid, n.name FROM series x JOIN sources s ON s.id = x.version "
                                  "JOIN names n ON n.id = x.name "
                                  "WHERE x.tick > ?",
                                  after, [](const Statement& row) { return Pair(uuidAt(row, 0), row.text(1)); }));
    return changes;
}

}  // namespace hindcast::store

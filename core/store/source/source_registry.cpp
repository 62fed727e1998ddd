// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/source_registry.h"

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/format/run_info.h"

namespace hindcast::store {

using base::ErrorCode;
using base::Result;
using nlohmann::json;

Result<std::map<base::Uuid, SourceRow>> loadSources(CatalogWriter& catalog) {
    HINDCAST_ASSIGN(
        Statement * select,
        catalog.prepare("SELECT s.id, s.uuid, s.is_replay, s.version, v.uuid, s.position, s.state, s.finished, "
                        "s.journal FROM sources s JOIN sources v ON v.id = s.version"));
    std::map<base::Uuid, SourceRow> rows;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select->step());
        if (!more) return rows;
        SourceRow row;
        row.id = select->integer(0);
        row.uuid = base::Uuid::parse(select->text(1)).value_or(base::Uuid{});
        row.isReplay = select->integer(2) != 0;
        row.version = select->integer(3);
        row.versionUuid = base::Uuid::parse(select->text(4)).value_or(base::Uuid{});
        row.position = static_cast<std::uint64_t>(select->integer(5));
        row.state = select->text(6);
        row.finished = select->integer(7) != 0;
        row.journal = select->text(8);
        rows[row.uuid] = row;
    }
}

static std::string jsonText(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

static Result<void> insertVersion(CatalogWriter& catalog, std::int64_t id, const format::RunInfo& run) {
    HINDCAST_ASSIGN(
        Statement * insert,
        catalog.prepare(
            "INSERT INTO versions(id, script, project, folder, argv, forced, interpreter, host, git_head, git_branch, "
            "git_remote, git_dirty, job, rank, world, imported, imported_from) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    insert->bind(id)
        .bind(run.script)
        .bind(run.project)
        .bind(run.folder)
        .bind(jsonText(run.argv))
        .bind(jsonText(run.arguments));
    insert->bind(run.interpreter.path).bind(run.host.name);
    if (run.git)
        insert->bind(run.git->head).bind(run.git->branch).bind(run.git->remote).bind(run.git->dirty);
    else
        insert->bindNull().bindNull().bindNull().bindNull();
    if (run.job)
        insert->bind(run.job->id).bind(run.job->rank).bind(run.job->worldSize);
    else
        insert->bindNull().bindNull().bindNull();
    const format::ImportInfo imported = run.imported.value_or(format::ImportInfo{});
    insert->bind(imported.kind).bind(imported.source);
    return insert->run();
}

static Result<void> insertReplay(CatalogWriter& catalog, std::int64_t id, const format::ReplayInfo& replay) {
    HINDCAST_ASSIGN(Statement * insert,
                    catalog.prepare("INSERT INTO replays(id, mode, loop, first, last) VALUES(?, ?, ?, ?, ?)"));
    HINDCAST_TRY(insert->bind(id).bind(replay.mode).bind(replay.loop).bind(replay.first).bind(replay.last).run());
    int position = 0;
    for (const format::ReplayProbe& probe : replay.probes) {
        HINDCAST_ASSIGN(
            Statement * add,
            catalog.prepare("INSERT INTO replay_probes(replay, position, probe, revision, name, memo, text) "
                            "VALUES(?, ?, ?, ?, ?, ?, ?)"));
        add->bind(id)
            .bind(position++)
            .bind(probe.id)
            .bind(probe.revision)
            .bind(probe.name)
            .bind(probe.memo)
            .bind(probe.text);
        HINDCAST_TRY(add->run());
    }
    return {};
}

Result<std::optional<SourceRow>> registerSource(const Project& project, CatalogWriter& catalog, const base::Uuid& uuid,
                                                bool isReplay, const std::map<base::Uuid, SourceRow>& known) {
    const std::optional<SourceRow> absent;
    const fs::path folder = isReplay ? project.replayFolder(uuid) : project.versionFolder(uuid);
    format::RunInfo run;
    run.startedMicros = uuid.micros();  // all that is known when run.json is damaged
    std::error_code ignored;
    const auto text = base::readTextFile(folder / "run.json");
    if (!text) return absent;
    if (auto parsed = format::parseRunInfo(*text)) {
        run = *std::move(parsed);
    } else if (parsed.error().code() == ErrorCode::NewerFormat || isReplay ||
               !fs::exists(folder / "journal", ignored)) {
        return absent;
    }
    SourceRow row;
    row.uuid = uuid;
    row.isReplay = isReplay;
    row.state = "recording";
    row.versionUuid = uuid;
    if (isReplay) {
        const auto version = run.replay ? base::Uuid::parse(run.replay->version) : std::nullopt;
        const auto found = version ? known.find(*version) : known.end();
        if (found == known.end() || found->second.isReplay) return absent;
        row.version = found->second.id;
        row.versionUuid = *version;
    }
    HINDCAST_ASSIGN(
        Statement * insert,
        catalog.prepare("INSERT INTO sources(uuid, is_replay, version, state, started) VALUES(?, ?, ?, ?, ?)"));
    HINDCAST_TRY(
        insert->bind(uuid.text()).bind(isReplay).bind(row.version).bind(row.state).bind(run.startedMicros).run());
    row.id = catalog.lastId();
    if (!isReplay) {
        row.version = row.id;
        HINDCAST_ASSIGN(Statement * own, catalog.prepare("UPDATE sources SET version = id WHERE id = ?"));
        HINDCAST_TRY(own->bind(row.id).run());
        HINDCAST_TRY(insertVersion(catalog, row.id, run));
    } else {
        HINDCAST_TRY(insertReplay(catalog, row.id, *run.replay));
    }
    HINDCAST_TRY(catalog.touchSource(row.id));
    return std::optional<SourceRow>(row);
}

/// Takes the rows of one replay out of the counts of its series.
static Result<void> removeReplay(CatalogWriter& catalog, const SourceRow& row) {
    HINDCAST_TRY(catalog.touchReplayed(row.id));
    for (const char* sql : {"UPDATE series SET replayed = replayed - (SELECT coalesce(sum(count), 0) FROM blocks b "
                            "WHERE b.version = series.version AND "
                            "b.name = series.name AND b.path = series.path AND b.source = ?1) WHERE version = (SELECT "
                            "version FROM sources WHERE id = ?1)",
                            "UPDATE column_files SET garbage = garbage + (SELECT coalesce(sum(bytes), 0) FROM blocks b "
                            "WHERE b.version = column_files.version "
                            "AND b.source = ?1) WHERE version = (SELECT version FROM sources WHERE id = ?1)",
                            "DELETE FROM blocks WHERE source = ?1", "DELETE FROM fidelity WHERE replay = ?1",
                            "DELETE FROM replay_probes WHERE replay = ?1", "DELETE FROM replays WHERE id = ?1",
                            "DELETE FROM notes WHERE source = ?1", "DELETE FROM sources WHERE id = ?1"}) {
        HINDCAST_ASSIGN(Statement * statement, catalog.prepare(sql));
        HINDCAST_TRY(statement->bind(row.id).run());
    }
    HINDCAST_ASSIGN(Statement * empty,
                    catalog.prepare("DELETE FROM series WHERE version = ? AND recorded = 0 AND replayed = 0"));
    return empty->bind(row.version).run();
}

Result<void> removeSource(CatalogWriter& catalog, const SourceRow& row) {
    HINDCAST_TRY(catalog.noteRemoval());
    if (row.isReplay) return removeReplay(catalog, row);
    for (const char* sql : {"DELETE FROM fidelity WHERE replay IN (SELECT id FROM sources WHERE version = ?1)",
                            "DELETE FROM replay_probes WHERE replay IN (SELECT id FROM sources WHERE version = ?1)",
                            "DELETE FROM replays WHERE id IN (SELECT id FROM sources WHERE version = ?1)",
                            "DELETE FROM notes WHERE source IN (SELECT id FROM sources WHERE version = ?1)",
                            "DELETE FROM blocks WHERE version = ?1", "DELETE FROM series WHERE version = ?1",
                            "DELETE FROM column_files WHERE version = ?1", "DELETE FROM arguments WHERE version = ?1",
                            "DELETE FROM tags WHERE version = ?1", "DELETE FROM loops WHERE version = ?1",
                            "DELETE FROM loop_totals WHERE version = ?1", "DELETE FROM iterations WHERE version = ?1",
                            "DELETE FROM captures WHERE version = ?1", "DELETE FROM versions WHERE id = ?1",
                            "DELETE FROM sources WHERE version = ?1"}) {
        HINDCAST_ASSIGN(Statement * statement, catalog.prepare(sql));
        HINDCAST_TRY(statement->bind(row.id).run());
    }
    return {};
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/catalog_marks.h"

#include <map>
#include <set>

namespace hindcast::store {

using base::Result;

namespace {

struct KnownVersion {
    base::Uuid uuid;
    VersionMarks marks;
};

Result<std::map<std::int64_t, KnownVersion>> knownVersions(CatalogWriter& catalog) {
    std::map<std::int64_t, KnownVersion> known;
    HINDCAST_ASSIGN(Statement * rows,
                    catalog.prepare("SELECT v.id, s.uuid, v.number, v.note, v.pinned, v.baseline FROM versions v "
                                    "JOIN sources s ON s.id = v.id"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows->step());
        if (!more) break;
        KnownVersion& version = known[rows->integer(0)];
        version.uuid = base::Uuid::parse(rows->text(1)).value_or(base::Uuid{});
        if (!rows->isNull(2)) version.marks.number = static_cast<int>(rows->integer(2));
        version.marks.note = rows->text(3);
        version.marks.pinned = rows->integer(4) != 0;
        version.marks.baseline = rows->integer(5) != 0;
    }
    HINDCAST_ASSIGN(Statement * tags, catalog.prepare("SELECT version, tag FROM tags"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, tags->step());
        if (!more) break;
        known[tags->integer(0)].marks.tags.insert(tags->text(1));
    }
    return known;
}

Result<void> writeVersion(CatalogWriter& catalog, std::int64_t id, const VersionMarks& marks) {
    HINDCAST_ASSIGN(Statement * update,
                    catalog.prepare("UPDATE versions SET note = ?, pinned = ?, baseline = ?, number = ? WHERE id = ?"));
    update->bind(marks.note).bind(marks.pinned).bind(marks.baseline);
    if (marks.number)
        update->bind(*marks.number);
    else
        update->bindNull();
    HINDCAST_TRY(update->bind(id).run());
    HINDCAST_ASSIGN(Statement * remove, catalog.prepare("DELETE FROM tags WHERE version = ?"));
    HINDCAST_TRY(remove->bind(id).run());
    for (const std::string& tag : marks.tags) {
        HINDCAST_ASSIGN(Statement * insert, catalog.prepare("INSERT INTO tags VALUES(?, ?)"));
        HINDCAST_TRY(insert->bind(id).bind(tag).run());
    }
    return catalog.touchSource(id);
}

bool sameMarks(const VersionMarks& a, const VersionMarks& b) {
    return a.number == b.number && a.tags == b.tags && a.note == b.note && a.pinned == b.pinned &&
           a.baseline == b.baseline;
}

Result<void> writeLists(CatalogWriter& catalog, const AnnotationView& view) {
    HINDCAST_TRY(catalog.execute("DELETE FROM aliases; DELETE FROM probes; DELETE FROM placements"));
    for (const auto& [name, version] : view.aliases) {
        HINDCAST_ASSIGN(Statement * insert, catalog.prepare("INSERT INTO aliases VALUES(?, ?)"));
        HINDCAST_TRY(insert->bind(name).bind(version.text()).run());
    }
    for (const auto& [id, revisions] : view.probes) {
        for (const Probe& probe : revisions) {
            HINDCAST_ASSIGN(Statement * insert,
                            catalog.prepare("INSERT INTO probes VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"));
            insert->bind(probe.id)
                .bind(probe.revision)
                .bind(probe.name)
                .bind(probe.kind)
                .bind(probe.file)
                .bind(probe.line);
            HINDCAST_TRY(insert->bind(probe.text).bind(probe.expression).bind(probe.removed).run());
        }
    }
    for (const auto& [place, decision] : view.placements) {
        const char* kind = decision.kind == PlacementDecision::Kind::Skip   ? "skip"
                           : decision.kind == PlacementDecision::Kind::Edit ? "edit"
                                                                            : "placed";
        HINDCAST_ASSIGN(Statement * insert, catalog.prepare("INSERT INTO placements VALUES(?, ?, ?, ?, ?, ?, ?)"));
        insert->bind(decision.probe)
            .bind(decision.revision)
            .bind(decision.version.text())
            .bind(kind)
            .bind(decision.file);
        HINDCAST_TRY(insert->bind(decision.line).bind(decision.text).run());
    }
    return {};
}

/// A revision whose question the newest revision no longer asks.
bool isSuperseded(const AnnotationView& view, const std::string& id, int revision) {
    const auto found = view.probes.find(id);
    if (found == view.probes.end() || found->second.empty()) return false;
    for (const Probe& probe : found->second)
        if (probe.revision == revision) return !probe.asksTheSame(found->second.back());
    return false;
}

struct ProbeRow {
    std::int64_t replay = 0;
    std::int64_t position = 0;
    bool superseded = false;
};

Result<void> writeSupersededProbes(CatalogWriter& catalog, const AnnotationView& view) {
    std::vector<ProbeRow> changed;
    HINDCAST_ASSIGN(Statement * rows,
                    catalog.prepare("SELECT replay, position, probe, revision, superseded FROM replay_probes"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows->step());
        if (!more) break;
        const bool superseded = isSuperseded(view, rows->text(2), static_cast<int>(rows->integer(3)));
        if (superseded != (rows->integer(4) != 0)) changed.push_back({rows->integer(0), rows->integer(1), superseded});
    }
    for (const ProbeRow& row : changed) {
        HINDCAST_ASSIGN(Statement * update,
                        catalog.prepare("UPDATE replay_probes SET superseded = ? WHERE replay = ? AND position = ?"));
        HINDCAST_TRY(update->bind(row.superseded).bind(row.replay).bind(row.position).run());
        HINDCAST_TRY(catalog.touchReplayed(row.replay));
        HINDCAST_TRY(catalog.touchSource(row.replay));
    }
    return {};
}

Result<void> writeSupersededReplays(CatalogWriter& catalog, const AnnotationView& view) {
    std::vector<std::pair<std::int64_t, bool>> changed;
    HINDCAST_ASSIGN(Statement * rows,
                    catalog.prepare("SELECT r.id, s.uuid, r.superseded FROM replays r JOIN sources s ON s.id = r.id"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, rows->step());
        if (!more) break;
        const auto uuid = base::Uuid::parse(rows->text(1));
        const bool superseded = uuid && view.superseded.contains(*uuid);
        if (superseded != (rows->integer(2) != 0)) changed.emplace_back(rows->integer(0), superseded);
    }
    for (const auto& [replay, superseded] : changed) {
        HINDCAST_ASSIGN(Statement * update, catalog.prepare("UPDATE replays SET superseded = ? WHERE id = ?"));
        HINDCAST_TRY(update->bind(superseded).bind(replay).run());
        HINDCAST_TRY(catalog.touchReplayed(replay));
        HINDCAST_TRY(catalog.touchSource(replay));
    }
    return {};
}

}  // namespace

Result<void> writeMarks(CatalogWriter& catalog, const AnnotationView& view) {
    HINDCAST_ASSIGN(const auto known, knownVersions(catalog));
    const VersionMarks none;
    for (const auto& [id, version] : known) {
        const VersionMarks* marks = view.marks(version.uuid);
        if (!sameMarks(version.marks, marks != nullptr ? *marks : none))
            HINDCAST_TRY(writeVersion(catalog, id, marks != nullptr ? *marks : none));
    }
    HINDCAST_TRY(writeLists(catalog, view));
    HINDCAST_TRY(writeSupersededProbes(catalog, view));
    return writeSupersededReplays(catalog, view);
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/ingester.h"

#include <set>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog_marks.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/catalog/folder_watch.h"
#include "core/store/catalog/journal_ingest.h"
#include "core/store/columns/column_writer.h"
#include "core/store/lease.h"
#include "core/store/source/snapshot.h"
#include "core/store/source/source_registry.h"
#include "core/store/source/source_trees.h"

namespace hindcast::store {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t kBatchBytes = std::size_t{8} << 20;
constexpr std::int64_t kCommitEveryNanos = 1'000'000'000;

}  // namespace

struct Ingester::Impl {
    Impl(const Project& of, CatalogWriter writer, Annotations notes, Catalog reading, SourceTrees trees)
        : project(of),
          catalog(std::move(writer)),
          annotations(std::move(notes)),
          reader(std::move(reading)),
          sources(std::move(trees)) {}

    Project project;
    CatalogWriter catalog;
    Annotations annotations;
    Catalog reader;
    SourceTrees sources;
    std::map<base::Uuid, SourceRow> known;
    std::map<base::Uuid, std::unique_ptr<JournalIngest>> open;  ///< sources that are not finished
    /// Folders without a (readable) run.json and replays of versions that are not known, with how many sources were
    /// known at the last try and whether the run.json was there.
    struct Waiting {
        bool isReplay = false;
        std::size_t known = 0;
        bool described = false;
    };
    std::map<base::Uuid, Waiting> waiting;
    FolderWatch versionsWatch, replaysWatch, snapshotsWatch;
    std::int64_t knownTick = -1;  ///< of the catalog that `known` was read from
    std::int64_t reportedTick = 0;
    bool marksStale = true;
    bool filesStale = true;

    Result<void> reload();
    Result<void> begin(int waitMs);
    Result<void> commit();
    Result<void> commitWhenDue(std::int64_t& since, int waitMs);
    Result<bool> findFolders(const fs::path& parent, bool isReplay, std::vector<base::Uuid>& fresh,
                             std::vector<SourceRow>& gone);
    Result<void> registerAll(const std::vector<base::Uuid>& fresh, bool isReplay);
    Result<void> followAll(std::int64_t now, int waitMs);
    Result<void> numberVersions();
    Result<void> noteSnapshots();
    bool importPacks();
    Result<void> followToEnd(const base::Uuid& uuid);
    Result<void> takeAnew(const base::Uuid& uuid);
    Result<void> takeRewritten();
    Result<void> pass(int waitMs);
    bool anyNews(std::int64_t now) const;
    bool isDescribed(const base::Uuid& uuid, bool isReplay) const {
        std::error_code ignored;
        const fs::path folder = isReplay ? project.replayFolder(uuid) : project.versionFolder(uuid);
        return fs::exists(folder / "run.json", ignored);
    }
    /// After a failure: the transaction and all that was learned in it.
    void abandon() {
        if (catalog.isOpen()) catalog.rollback();
        knownTick = -1;
        open.clear();
    }
};

Ingester::Ingester(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Ingester::Ingester(Ingester&&) noexcept = default;
Ingester& Ingester::operator=(Ingester&&) noexcept = default;
Ingester::~Ingester() = default;

Result<Ingester> Ingester::open(const Project& project) {
    HINDCAST_ASSIGN(CatalogWriter writer, CatalogWriter::open(project));
    HINDCAST_ASSIGN(Annotations annotations, Annotations::open(project));
    HINDCAST_ASSIGN(Catalog reader, Catalog::open(project));
    HINDCAST_ASSIGN(SourceTrees sources, SourceTrees::open(project));
    auto impl = std::make_unique<Impl>(project, std::move(writer), std::move(annotations), std::move(reader),
                                       std::move(sources));
    HINDCAST_ASSIGN(impl->reportedTick, impl->catalog.committedTick());
    return Ingester(std::move(impl));
}

/// Reads anew what the catalog knows: another process changed it, or a transaction of ours failed.
Result<void> Ingester::Impl::reload() {
    HINDCAST_ASSIGN(knownTick, catalog.committedTick());
    HINDCAST_ASSIGN(known, loadSources(catalog));
    std::erase_if(open, [this](const auto& entry) {
        const auto row = known.find(entry.first);
        return row == known.end() || row->second.finished || row->second.id != entry.second->row().id;
    });
    for (const auto& [uuid, row] : known) {
        if (row.finished) continue;
        auto& follower = open[uuid];
        if (follower == nullptr)
            follower = std::make_unique<JournalIngest>(project, catalog, row);
        else if (follower->row().position != row.position)
            follower->reload(row);
    }
    marksStale = true;
    versionsWatch.forget();
    replaysWatch.forget();
    snapshotsWatch.forget();
    return {};
}

Result<void> Ingester::Impl::begin(int waitMs) {
    HINDCAST_TRY(catalog.begin(waitMs));
    if (catalog.tick() - 1 != knownTick) return reload();
    return {};
}

Result<void> Ingester::Impl::commit() {
    HINDCAST_ASSIGN(knownTick, catalog.commit());
    return {};
}

Result<void> Ingester::Impl::commitWhenDue(std::int64_t& since, int waitMs) {
    if (base::monotonicNanos() - since < kCommitEveryNanos) return {};
    HINDCAST_TRY(commit());
    since = base::monotonicNanos();
    return begin(waitMs);
}

/// Lists the folders that are new and the sources whose folders are gone. False when nothing can have changed.
Result<bool> Ingester::Impl::findFolders(const fs::path& parent, bool isReplay, std::vector<base::Uuid>& fresh,
                                         std::vector<SourceRow>& gone) {
    FolderWatch& watch = isReplay ? replaysWatch : versionsWatch;
    if (!watch.changed(parent)) {
        for (const auto& [uuid, wait] : waiting) {
            if (wait.isReplay != isReplay) continue;
            // A worker makes its folder first: one that was seen before its run.json is not seen by the folder's time.
            const bool again = !isReplay || wait.known != known.size() || (!wait.described && isDescribed(uuid, true));
            if (again) fresh.push_back(uuid);
        }
        return !fresh.empty();
    }
    std::erase_if(waiting, [isReplay](const auto& entry) { return entry.second.isReplay == isReplay; });
    HINDCAST_ASSIGN(const auto names, base::listFolder(parent));
    std::set<base::Uuid> present;
    for (const std::string& name : names) {
        const auto uuid = base::Uuid::parse(name);
        if (!uuid) continue;
        present.insert(*uuid);
        if (!known.contains(*uuid)) fresh.push_back(*uuid);
    }
    for (const auto& [uuid, row] : known)
        if (row.isReplay == isReplay && !present.contains(uuid)) gone.push_back(row);
    return !fresh.empty() || !gone.empty();
}

Result<void> Ingester::Impl::registerAll(const std::vector<base::Uuid>& fresh, bool isReplay) {
    for (const base::Uuid& uuid : fresh) {
        if (known.contains(uuid)) continue;  // another process was first
        const bool described = isDescribed(uuid, isReplay);
        HINDCAST_ASSIGN(const auto row, registerSource(project, catalog, uuid, isReplay, known));
        if (!row) {
            waiting[uuid] = {isReplay, known.size(), described};
            continue;
        }
        waiting.erase(uuid);
        known[uuid] = *row;
        open[uuid] = std::make_unique<JournalIngest>(project, catalog, *row);
        marksStale = true;
        snapshotsWatch.forget();
    }
    return {};
}

Result<void> Ingester::Impl::numberVersions() {
    if (!project.isWritable()) return {};
    std::vector<base::Uuid> unnumbered;
    for (const auto& [uuid, row] : known) {
        const VersionMarks* marks = annotations.view().marks(uuid);
        if (!row.isReplay && (marks == nullptr || !marks->number)) unnumbered.push_back(uuid);
    }
    return unnumbered.empty() ? Result<void>() : annotations.claimNumbers(unnumbered);
}

/// Recorders that found no hindcast program left their sources in a pack. True when one was taken in.
bool Ingester::Impl::importPacks() {
    if (!project.isWritable()) return false;
    bool imported = false;
    for (const auto& [uuid, follower] : open) {
        if (follower->row().isReplay) continue;
        // A pack that is damaged or still being written stays where it is; fsck tells.
        if (importSourcePack(project, uuid)) imported = true;
    }
    return imported;
}

Result<void> Ingester::Impl::noteSnapshots() {
    HINDCAST_ASSIGN(
        Statement * select,
        catalog.prepare("SELECT s.uuid, v.id FROM versions v JOIN sources s ON s.id = v.id WHERE has_source = 0"));
    std::vector<std::pair<base::Uuid, std::int64_t>> without;
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select->step());
        if (!more) break;
        if (const auto uuid = base::Uuid::parse(select->text(0))) without.emplace_back(*uuid, select->integer(1));
    }
    for (const auto& [uuid, id] : without) {
        if (!sources.has(uuid)) continue;
        HINDCAST_ASSIGN(Statement * update, catalog.prepare("UPDATE versions SET has_source = 1 WHERE id = ?"));
        HINDCAST_TRY(update->bind(id).run());
        HINDCAST_TRY(catalog.touchSource(id));
    }
    return {};
}

Result<void> Ingester::Impl::followAll(std::int64_t now, int waitMs) {
    std::int64_t since = base::monotonicNanos();
    std::vector<base::Uuid> busy;
    for (const auto& [uuid, follower] : open)
        if (follower->mayHaveNews(now)) busy.push_back(uuid);
    // Round by round, so that no writer starves the others.
    while (!busy.empty()) {
        std::vector<base::Uuid> further;
        for (const base::Uuid& uuid : busy) {
            const auto found = open.find(uuid);
            if (found == open.end()) continue;  // another process finished it meanwhile
            HINDCAST_ASSIGN(const bool more, found->second->advance(kBatchBytes, now));
            if (more) further.push_back(uuid);
            SourceRow& row = known[uuid];
            row = found->second->row();
            if (row.finished) {
                open.erase(found);
                filesStale = true;
            }
            HINDCAST_TRY(commitWhenDue(since, waitMs));
        }
        busy = std::move(further);
    }
    return {};
}

/// All of one journal, within the open transaction.
Result<void> Ingester::Impl::followToEnd(const base::Uuid& uuid) {
    const auto found = open.find(uuid);
    if (found == open.end()) return {};
    for (bool more = true; more;) {
        HINDCAST_ASSIGN(more, found->second->advance(kBatchBytes, base::wallClockMicros()));
    }
    known[uuid] = found->second->row();
    if (known[uuid].finished) open.erase(found);
    return {};
}

/// Forgets a source and takes it in from its folder; of a version, its replays too.
Result<void> Ingester::Impl::takeAnew(const base::Uuid& uuid) {
    const SourceRow row = known.at(uuid);
    std::vector<base::Uuid> affected{uuid};
    for (const auto& [other, candidate] : known)
        if (!row.isReplay && candidate.isReplay && candidate.version == row.id) affected.push_back(other);
    HINDCAST_TRY(removeSource(catalog, row));
    for (const base::Uuid& source : affected) {
        open.erase(source);
        known.erase(source);
    }
    for (const base::Uuid& source : affected) {
        HINDCAST_TRY(registerAll({source}, row.isReplay || source != uuid));
        HINDCAST_TRY(followToEnd(source));
    }
    filesStale = true;
    return noteSnapshots();
}

/// After housekeeping: journals that are other files than those that were read.
Result<void> Ingester::Impl::takeRewritten() {
    const std::int64_t generation = Lease::generation(project);
    const bool settled = !Lease::isTaken(project);
    std::vector<base::Uuid> other;
    for (const auto& [uuid, row] : known) {
        const fs::path folder = row.isReplay ? project.replayFolder(uuid) : project.versionFolder(uuid);
        const std::string identity = row.journal.empty() ? std::string() : journalIdentity(folder, row.finished);
        if (!identity.empty() && identity != row.journal) other.push_back(uuid);
    }
    for (const base::Uuid& uuid : other)
        if (known.contains(uuid)) HINDCAST_TRY(takeAnew(uuid));
    return settled ? catalog.noteLease(generation) : Result<void>();
}

bool Ingester::Impl::anyNews(std::int64_t now) const {
    for (const auto& [uuid, follower] : open)
        if (follower->mayHaveNews(now)) return true;
    return false;
}

Result<void> Ingester::Impl::pass(int waitMs) {
    const std::int64_t now = base::wallClockMicros();
    HINDCAST_ASSIGN(const std::int64_t tick, catalog.committedTick());
    if (tick != knownTick) HINDCAST_TRY(reload());
    HINDCAST_ASSIGN(const std::int64_t leaseSeen, catalog.leaseSeen());
    const bool changedBelow = leaseSeen != Lease::generation(project);
    HINDCAST_ASSIGN(const bool annotated, annotations.refresh());
    marksStale = marksStale || annotated;
    std::vector<base::Uuid> versions, replays;
    std::vector<SourceRow> gone;
    HINDCAST_ASSIGN(const bool otherVersions, findFolders(project.versions(), false, versions, gone));
    HINDCAST_ASSIGN(const bool otherReplays, findFolders(project.replays(), true, replays, gone));
    const bool snapshots = snapshotsWatch.changed(project.codeGit() / "refs" / "versions");
    if (!otherVersions && !otherReplays && !snapshots && !marksStale && !changedBelow && !anyNews(now)) return {};
    HINDCAST_TRY(begin(waitMs));
    if (filesStale) HINDCAST_TRY(dropOldFiles(project, catalog));
    filesStale = false;
    for (const SourceRow& row : gone) {
        HINDCAST_TRY(removeSource(catalog, row));
        open.erase(row.uuid);
        std::erase_if(
            known, [&row](const auto& entry) { return entry.second.version == row.id || entry.second.id == row.id; });
        filesStale = true;
    }
    if (changedBelow) HINDCAST_TRY(takeRewritten());
    HINDCAST_TRY(registerAll(versions, false));
    HINDCAST_TRY(registerAll(replays, true));
    // What follows asks for every version: only where an answer can have changed, so that following one costs the same
    // in a store of ten thousand.
    const bool imported = importPacks();
    if (imported || snapshots || !versions.empty()) HINDCAST_TRY(noteSnapshots());
    if (marksStale) {
        HINDCAST_TRY(numberVersions());
        HINDCAST_TRY(writeMarks(catalog, annotations.view()));
    }
    marksStale = false;
    HINDCAST_TRY(followAll(now, waitMs));
    return commit();
}

Result<CatalogChanges> Ingester::ingestOnce(std::chrono::milliseconds wait) {
    if (auto done = m_impl->pass(static_cast<int>(wait.count())); !done) {
        m_impl->abandon();
        return std::move(done).error();
    }
    HINDCAST_ASSIGN(CatalogChanges changes, m_impl->reader.changesSince(m_impl->reportedTick));
    m_impl->reportedTick = changes.tick;
    return changes;
}

Result<void> Ingester::replaceJournals(const std::vector<base::Uuid>& sources, Rewritten what,
                                       const std::function<Result<void>()>& change) {
    const auto act = [&]() -> Result<void> {
        constexpr int kWaitMs = 30'000;
        HINDCAST_TRY(m_impl->begin(kWaitMs));
        HINDCAST_TRY(change());
        for (const base::Uuid& uuid : sources) {
            const auto found = m_impl->known.find(uuid);
            if (found == m_impl->known.end()) continue;
            if (what == Rewritten::All || !found->second.finished) {
                HINDCAST_TRY(m_impl->takeAnew(uuid));
                continue;
            }
            JournalIngest ingest(m_impl->project, m_impl->catalog, found->second);
            HINDCAST_TRY(ingest.retakeCaptures());
            found->second = ingest.row();
        }
        if (m_impl->marksStale) HINDCAST_TRY(writeMarks(m_impl->catalog, m_impl->annotations.view()));
        m_impl->marksStale = false;
        return m_impl->commit();
    };
    auto done = act();
    if (!done) m_impl->abandon();
    return done;
}

Result<void> Ingester::shrink(std::chrono::milliseconds wait) {
    const auto act = [&]() -> Result<void> {
        HINDCAST_TRY(m_impl->begin(static_cast<int>(wait.count())));
        HINDCAST_TRY(dropOldFiles(m_impl->project, m_impl->catalog));
        HINDCAST_TRY(m_impl->catalog.dropUnusedNames());
        return m_impl->commit();
    };
    if (auto done = act(); !done) {
        m_impl->abandon();
        return done;
    }
    m_impl->filesStale = false;
    return {};
}

static Result<void> clearIndex(const Project& project) {
    HINDCAST_ASSIGN(CatalogWriter catalog, CatalogWriter::open(project));
    HINDCAST_TRY(catalog.begin(30'000));
    HINDCAST_TRY(catalog.clear());
    if (auto cleared = catalog.commit(); !cleared) return std::move(cleared).error();
    // Only now: had the commit failed, the old catalog would still name them.
    HINDCAST_TRY(catalog.begin(30'000));
    HINDCAST_TRY(dropOldFiles(project, catalog));
    auto dropped = catalog.commit();
    return dropped ? Result<void>() : Result<void>(std::move(dropped).error());
}

Result<void> reindex(const Project& project) {
    if (auto cleared = clearIndex(project); !cleared) {
        if (cleared.error().code() != ErrorCode::Damaged) return cleared;
        HINDCAST_TRY(CatalogWriter::discard(project));
    }
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    auto done = ingester.ingestOnce();
    return done ? Result<void>() : Result<void>(std::move(done).error());
}

}  // namespace hindcast::store

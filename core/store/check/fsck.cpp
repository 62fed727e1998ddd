// SPDX-License-Identifier: Apache-2.0
#include "core/store/check/fsck.h"

#include <set>
#include <string>

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/tensors/segment.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/check/damage_finder.h"
#include "core/store/columns/column_writer.h"
#include "core/store/source/git_repository.h"
#include "core/store/source/loose_object.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
constexpr const char* kRebuilt = "the index is built again";
constexpr const char* kFetched = "taken again from the project's files or its git repository, where they still hold it";
constexpr const char* kBridged = "the damaged records are replaced by empty ones, all others stay where they are";
constexpr const char* kFrames = "the records that are whole are put together again, the old file is kept aside";
}  // namespace

DamageList::DamageList(const Project& project, FsckReport& report) : m_project(project), m_report(report) {
    const auto annotations = Annotations::open(project);
    if (!annotations) return;
    for (const auto& [version, marks] : annotations->view().versions)
        if (marks.number) m_numbers[version.text()] = *marks.number;
}

void DamageList::add(const fs::path& path, std::string what, std::string costs, std::string remedy) {
    const std::string relative = path.lexically_relative(m_project.store()).string();
    const bool inside = !relative.empty() && !relative.starts_with("..");
    m_report.damages.push_back(
        {inside ? relative : path.string(), std::move(what), std::move(costs), std::move(remedy)});
}

std::string DamageList::nameOf(const std::string& version) const {
    const auto known = m_numbers.find(version);
    if (known == m_numbers.end()) return "version " + version;
    return "version v" + std::to_string(known->second) + " (" + version + ")";
}

Result<void> checkPacks(DamageList& list) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(list.project().packs()));
    for (const std::string& name : names) {
        const fs::path path = list.project().packs() / name;
        const auto scan = format::scanSegment(path);
        if (!scan) {
            list.add(path, scan.error().text(), "captures of every version that refers to it", kBridged);
            continue;
        }
        for (const auto& entry : scan->entries) {
            ++list.report().chunks;
            if (!entry.intact)
                list.add(path, "the chunk at byte " + std::to_string(entry.offset) + " does not verify",
                         "captures that refer to it", kBridged);
        }
    }
    return {};
}

/// One annotation file: a torn tail is a killed writer's; what follows damage is still read.
static Result<void> checkAnnotationFile(DamageList& list, const fs::path& path) {
    std::error_code gone;
    if (fs::file_size(path, gone) < format::kFileHeaderBytes || gone)
        return {};  // being made, or its writer died there
    const auto reader = format::JournalReader::open(path, format::JournalType::Annotations);
    if (!reader) {
        list.add(path, reader.error().text(), "tags, notes, numbers, probes or decisions that were written to it",
                 kFrames);
        return {};
    }
    std::uint64_t offset = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, reader->readFrom(offset));
        list.report().annotations += static_cast<std::int64_t>(batch.frames.size());
        offset = batch.next;
        if (batch.stop == format::FrameBatch::Stop::More) continue;
        if (batch.stop != format::FrameBatch::Stop::Torn) return {};
        HINDCAST_ASSIGN(const auto further, reader->findFrameFrom(offset + 1));
        if (!further) return {};
        list.add(path, "bytes " + std::to_string(offset) + " to " + std::to_string(*further) + " are no record",
                 "the annotations that stood there (a tag, note, number, probe or decision)", kFrames);
        offset = *further;
    }
}

Result<void> checkAnnotations(DamageList& list) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(list.project().annotations()));
    for (const std::string& name : names) HINDCAST_TRY(checkAnnotationFile(list, list.project().annotations() / name));
    return {};
}

/// What is read of an object of code.git is compared with its name: of its own file here, out of a pack by libgit2.
/// Returns the names of the damaged ones: libgit2 must not be asked for them.
static Result<std::set<std::string>> checkObjects(DamageList& list, git_odb* odb) {
    struct Walk {
        git_odb* odb;
        DamageList* list;
        std::set<std::string> damaged;
    } walk{odb, &list, {}};
    const auto visit = [](const git_oid* id, void* payload) -> int {
        auto& state = *static_cast<Walk*>(payload);
        ++state.list->report().objects;
        git_odb_object* raw = nullptr;
        const bool damaged = checkLooseObject(state.list->project(), *id) == LooseObject::Damaged;
        if (!damaged && git_odb_read(&raw, state.odb, id) == 0) {
            state.list->report().bytes += static_cast<std::int64_t>(git_odb_object_size(raw));
            git_odb_object_free(raw);
            return 0;
        }
        const std::string hex = hexOf(*id);
        state.damaged.insert(hex);
        const fs::path path = state.list->project().codeGit() / "objects" / hex.substr(0, 2) / hex.substr(2);
        state.list->add(path,
                        damaged ? "its content does not fit its name" : gitError(GIT_ERROR, "source object").text(),
                        "a source file, or the tree or snapshot of versions that hold it", kFetched);
        return 0;
    };
    const int code = git_odb_foreach(odb, visit, &walk);
    if (code != 0) return gitError(code, "cannot list the stored sources");
    return std::move(walk.damaged);
}

/// Names the versions whose tree lacks something.
static void checkTree(DamageList& list, git_repository* repository, git_odb* odb, const std::set<std::string>& damaged,
                      const std::string& reference) {
    const std::string version = reference.substr(reference.rfind('/') + 1);
    const fs::path path = list.project().codeGit() / reference;
    git_oid id{};
    git_commit* rawCommit = nullptr;
    git_tree* rawTree = nullptr;
    if (git_reference_name_to_id(&id, repository, reference.c_str()) != 0 || damaged.contains(hexOf(id)) ||
        git_commit_lookup(&rawCommit, repository, &id) != 0) {
        list.add(path, "the source snapshot cannot be read",
                 "the source of " + list.nameOf(version) + ": it cannot be shown or replayed", kFetched);
        return;
    }
    const GitCommit commit(rawCommit);
    if (damaged.contains(hexOf(*git_commit_tree_id(commit.get()))) || git_commit_tree(&rawTree, commit.get()) != 0) {
        list.add(path, "the file list of the source snapshot cannot be read",
                 "the source of " + list.nameOf(version) + ": it cannot be shown or replayed", kFetched);
        return;
    }
    const GitTree tree(rawTree);
    struct Walk {
        git_odb* odb;
        const std::set<std::string>& damaged;
        std::vector<std::string> missing;
    } walk{odb, damaged, {}};
    const auto visit = [](const char* root, const git_tree_entry* entry, void* payload) -> int {
        auto& state = *static_cast<Walk*>(payload);
        const git_oid* object = git_tree_entry_id(entry);
        const bool lost = git_odb_exists(state.odb, object) == 0 || state.damaged.contains(hexOf(*object));
        if (lost) state.missing.push_back(std::string(root) + git_tree_entry_name(entry));
        return lost ? 1 : 0;  // what cannot be read is not walked into
    };
    if (git_tree_walk(tree.get(), GIT_TREEWALK_PRE, visit, &walk) != 0 && walk.missing.empty())
        walk.missing.emplace_back("a folder");
    for (const std::string& file : walk.missing)
        list.add(path, "the stored source lacks " + file, file + " of " + list.nameOf(version), kFetched);
}

Result<void> checkSources(DamageList& list) {
    const auto repository = openCodeRepository(list.project());
    std::error_code ignored;
    if (!repository) {
        if (fs::exists(list.project().codeGit(), ignored))
            list.add(list.project().codeGit(), repository.error().text(), "the source of every version", "");
        return {};
    }
    git_odb* rawOdb = nullptr;
    const int code = git_repository_odb(&rawOdb, repository->get());
    if (code != 0) return gitError(code, "cannot open the stored sources");
    const GitOdb odb(rawOdb);
    HINDCAST_ASSIGN(const std::set<std::string> damaged, checkObjects(list, odb.get()));
    git_strarray references{};
    if (git_reference_list(&references, repository->get()) != 0) {
        list.add(list.project().codeGit() / "refs", "the names of the snapshots cannot be read",
                 "which source belongs to which version", "");
        return {};
    }
    for (std::size_t i = 0; i < references.count; ++i)
        checkTree(list, repository->get(), odb.get(), damaged, references.strings[i]);
    git_strarray_dispose(&references);
    return {};
}

/// Versions that had a snapshot when they were indexed and have none now.
static Result<void> checkSnapshotsStillThere(DamageList& list, const Database& database) {
    const auto repository = openCodeRepository(list.project());
    HINDCAST_ASSIGN(
        Statement select,
        database.prepare("SELECT s.uuid FROM versions v JOIN sources s ON s.id = v.id WHERE v.has_source = 1"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select.step());
        if (!more) return {};
        const std::string reference = "refs/versions/" + select.text(0);
        git_oid id{};
        if (repository && git_reference_name_to_id(&id, repository->get(), reference.c_str()) == 0) continue;
        list.add(list.project().codeGit() / reference, "the source snapshot is gone",
                 "the source of " + list.nameOf(select.text(0)) + ": it cannot be shown or replayed", kFetched);
    }
}

static Result<void> checkBlocks(DamageList& list, const Database& database) {
    HINDCAST_ASSIGN(
        Statement select,
        database.prepare("SELECT s.uuid, b.generation, b.offset, b.bytes, p.loops, n.name FROM blocks b JOIN sources s "
                         "ON s.id = b.version JOIN paths p ON p.id = b.path JOIN names n ON n.id = b.name"));
    for (;;) {
        HINDCAST_ASSIGN(const bool more, select.step());
        if (!more) return {};
        const auto version = base::Uuid::parse(select.text(0));
        if (!version) continue;
        const fs::path path = columnFilePath(list.project(), *version, select.integer(1));
        base::Bytes bytes(static_cast<std::size_t>(select.integer(3)));
        ValueSeries rows;
        rows.loops = pathOf(select.text(4));
        const auto file = base::File::open(path, base::File::Mode::Read);
        const bool whole = file && file->readExactlyAt(static_cast<std::uint64_t>(select.integer(2)), bytes) &&
                           appendBlock(bytes, rows).has_value();
        list.report().bytes += static_cast<std::int64_t>(bytes.size());
        if (!whole)
            list.add(path,
                     "the values of '" + select.text(5) + "' at byte " + std::to_string(select.integer(2)) +
                         " do not verify",
                     "nothing: `hindcast reindex` builds them again from the journals", kRebuilt);
    }
}

Result<void> checkIndex(DamageList& list) {
    std::error_code ignored;
    if (!fs::exists(list.project().catalogFile(), ignored)) return {};
    const char* costs = "nothing: `hindcast reindex` builds it again";
    const auto check = [&]() -> Result<void> {
        HINDCAST_ASSIGN(const Database database, Database::open(list.project().catalogFile(), Database::Mode::Read));
        HINDCAST_ASSIGN(Statement quick, database.prepare("PRAGMA quick_check(1)"));
        HINDCAST_TRY(quick.step());
        if (quick.text(0) != "ok") return Error(ErrorCode::Damaged, quick.text(0));
        quick.reset();
        HINDCAST_ASSIGN(Statement tables, database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'meta'"));
        HINDCAST_TRY(tables.step());
        if (tables.integer(0) == 0) return {};  // its maker died before there was anything in it
        tables.reset();
        HINDCAST_TRY(checkSnapshotsStillThere(list, database));
        return checkBlocks(list, database);
    };
    if (const auto done = check(); !done) list.add(list.project().catalogFile(), done.error().text(), costs, kRebuilt);
    return {};
}

Result<FsckReport> fsck(const Project& project, const std::function<bool(const std::string& folder)>& onFolder) {
    FsckReport report;
    DamageList list(project, report);
    for (const bool isReplay : {false, true}) {
        const fs::path parent = isReplay ? project.replays() : project.versions();
        HINDCAST_ASSIGN(const auto names, base::listFolder(parent));
        for (const std::string& name : names) {
            if (onFolder && !onFolder(parent.filename().string() + "/" + name))
                return Error(ErrorCode::Cancelled, "the check was stopped");
            if (!base::Uuid::parse(name)) continue;
            ++(isReplay ? report.replays : report.versions);
            HINDCAST_ASSIGN(const RunDamage ignored, checkRun(list, parent / name, isReplay));
            static_cast<void>(ignored);
        }
    }
    for (const auto& [name, check] : {std::pair("packs", &checkPacks), std::pair("annotations", &checkAnnotations),
                                      std::pair("code.git", &checkSources), std::pair("catalog.db", &checkIndex)}) {
        if (onFolder && !onFolder(name)) return Error(ErrorCode::Cancelled, "the check was stopped");
        HINDCAST_TRY(check(list));
    }
    return report;
}

}  // namespace hindcast::store

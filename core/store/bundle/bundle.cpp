// SPDX-License-Identifier: Apache-2.0
#include "core/store/bundle/bundle.h"

#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <set>

#include "core/base/file.h"
#include "core/format/digest.h"
#include "core/store/annotations/annotations.h"
#include "core/store/bundle/run_copy.h"
#include "core/store/bundle/tar.h"
#include "core/store/captures_elsewhere.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/check/fsck.h"
#include "core/store/lease.h"
#include "core/store/scratch.h"
#include "core/store/source/source_copy.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr const char* kRoot = ".hindcast";
constexpr const char* kFirst = "FORMAT";

/// Replays of the versions that are finished, oldest first, and the probes that they ran.
struct Replays {
    std::vector<base::Uuid> uuids;
    std::set<std::string> probes;
};

Result<Replays> finishedReplays(const Project& project, const std::vector<base::Uuid>& versions) {
    HINDCAST_ASSIGN(const Catalog catalog, Catalog::open(project));
    Replays replays;
    for (const base::Uuid& version : versions) {
        HINDCAST_ASSIGN(const std::vector<ReplayRow> rows, catalog.replays(version));
        for (const ReplayRow& row : rows) {
            if (row.state == RunState::Recording) continue;
            replays.uuids.push_back(row.uuid);
            for (const ReplayProbeRow& probe : row.probes) replays.probes.insert(probe.id);
        }
    }
    return replays;
}

Result<void> copyAnnotations(const Project& from, const Project& to, const std::vector<base::Uuid>& versions,
                             const Replays& replays) {
    HINDCAST_ASSIGN(const Annotations source, Annotations::open(from));
    HINDCAST_ASSIGN(Annotations target, Annotations::open(to));
    return target.adopt(source.recordsAbout({versions.begin(), versions.end()},
                                            {replays.uuids.begin(), replays.uuids.end()}, replays.probes));
}

}  // namespace

Result<BundleReport> exportBundle(const Project& project, const std::vector<base::Uuid>& versions,
                                  const fs::path& file) {
    std::error_code ignored;
    if (fs::exists(file, ignored))
        return Error(ErrorCode::InvalidArgument, file.string() + " is there already: choose another name");
    for (const base::Uuid& version : versions) {
        if (const auto where = capturesElsewhere(project.versionFolder(version)))
            return Error(ErrorCode::NotFound, "the captures of " + version.text() + " are at " + *where +
                                                  ": bring them first (hindcast pull " + *where + " --captures …)");
    }
    HINDCAST_ASSIGN(const Lease lease, Lease::share(project));
    BundleReport report;
    report.versions = versions;
    HINDCAST_ASSIGN(const Replays replays, finishedReplays(project, versions));
    report.replays = static_cast<std::int64_t>(replays.uuids.size());
    // Beside the bundle: there has to be room for it there anyway.
    HINDCAST_ASSIGN(const ScratchFolder scratch,
                    ScratchFolder::make(fs::absolute(file).parent_path(), ".hindcast-bundle"));
    HINDCAST_ASSIGN(const Project staged, Project::create(scratch.path()));
    HINDCAST_ASSIGN(PackWriter packs, PackWriter::open(staged.packs()));
    for (const base::Uuid& version : versions)
        HINDCAST_TRY(copyRun(project, project.versionFolder(version), staged.versionFolder(version), packs));
    for (const base::Uuid& replay : replays.uuids)
        HINDCAST_TRY(copyRun(project, project.replayFolder(replay), staged.replayFolder(replay), packs));
    HINDCAST_TRY(packs.sync());
    HINDCAST_TRY(copySnapshots(project, staged, versions));
    HINDCAST_TRY(copyAnnotations(project, staged, versions, replays));
    HINDCAST_TRY(base::removeTree(staged.scratch()));
    const fs::path written = scratch.path() / "bundle.tar";
    HINDCAST_TRY(writeTar(staged.store(), kRoot, kFirst, written));
    report.bytes = static_cast<std::int64_t>(fs::file_size(written, ignored));
    if (::rename(written.c_str(), file.c_str()) != 0)
        return Error::fromErrno(errno, "cannot rename to " + file.string());
    HINDCAST_TRY(base::syncFolder(fs::absolute(file).parent_path()));
    return report;
}

bool isBundle(const fs::path& file) {
    return isTarWith(file, std::string(kRoot) + "/" + kFirst);
}

/// Unpacks a bundle to the store of `root`.
static Result<Project> unpack(const fs::path& file, const fs::path& root) {
    if (!isBundle(file)) return Error(ErrorCode::InvalidArgument, file.string() + " is no bundle of Hindcast");
    HINDCAST_TRY(readTar(file, kRoot, root / kRoot));
    // What a bundle without replays or notes has no files for.
    for (const char* name : {"versions", "replays", "annotations", "scratch"})
        HINDCAST_TRY(base::makeFolder(root / kRoot / name));
    for (const char* name : {"refs", "objects"}) {
        std::error_code ignored;
        if (fs::exists(root / kRoot / "code.git", ignored))
            HINDCAST_TRY(base::makeFolder(root / kRoot / "code.git" / name));
    }
    return Project::open(root);
}

Result<fs::path> openBundle(const fs::path& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return Error::fromErrno(errno, "cannot open " + file.string());
    const std::string identity = fs::absolute(file).lexically_normal().string() + "\n" + std::to_string(info.st_size) +
                                 "\n" + std::to_string(info.st_mtim.tv_sec) + "." +
                                 std::to_string(info.st_mtim.tv_nsec);
    const fs::path bundles = userCacheFolder() / "bundles";
    const fs::path folder =
        bundles / (file.stem().string() + "-" + format::digest128(base::bytesOf(identity)).hex().substr(0, 16));
    std::error_code ignored;
    if (fs::exists(folder / kRoot / kFirst, ignored)) return folder;
    HINDCAST_TRY(base::makeFolder(bundles));
    HINDCAST_ASSIGN(const ScratchFolder scratch, ScratchFolder::make(bundles, "unpacking"));
    HINDCAST_TRY(unpack(file, scratch.path() / "project"));
    // Whoever was faster unpacked the same.
    if (::rename((scratch.path() / "project").c_str(), folder.c_str()) != 0 && errno != EEXIST && errno != ENOTEMPTY)
        return Error::fromErrno(errno, "cannot rename to " + folder.string());
    return folder;
}

/// A version or replay that is not here yet; its folder appears whole, by a rename.
static Result<bool> importRun(const Project& staged, const fs::path& folder, const fs::path& target,
                              const fs::path& aside, PackWriter& packs) {
    std::error_code ignored;
    if (fs::exists(target, ignored)) return false;
    HINDCAST_TRY(copyRun(staged, folder, aside, packs));
    HINDCAST_TRY(packs.sync());
    HINDCAST_TRY(base::makeFolder(target.parent_path()));
    if (::rename(aside.c_str(), target.c_str()) != 0)
        return Error::fromErrno(errno, "cannot rename to " + target.string());
    HINDCAST_TRY(base::syncFolder(target.parent_path()));
    return true;
}

/// What was noted of the versions, but for their numbers: here they get the next free ones.
static Result<void> importAnnotations(const Project& staged, const Project& project,
                                      const std::vector<base::Uuid>& versions, const Replays& replays) {
    HINDCAST_ASSIGN(const Annotations source, Annotations::open(staged));
    std::vector<std::string> records = source.recordsAbout(
        {versions.begin(), versions.end()}, {replays.uuids.begin(), replays.uuids.end()}, replays.probes);
    std::erase_if(records, [](const std::string& text) {
        const auto record = nlohmann::json::parse(text, nullptr, false);
        return !record.is_object() || record.value("what", "") == "number";
    });
    HINDCAST_ASSIGN(Annotations target, Annotations::open(project));
    HINDCAST_TRY(target.adopt(records));
    return target.noteChange(
        {"import", versions, "took in " + std::to_string(versions.size()) + " versions from a bundle", 0, ""});
}

static Result<std::vector<base::Uuid>> uuidsIn(const fs::path& folder) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(folder));
    std::vector<base::Uuid> uuids;
    for (const std::string& name : names)
        if (const auto uuid = base::Uuid::parse(name)) uuids.push_back(*uuid);
    return uuids;
}

Result<BundleReport> importBundle(const Project& project, const fs::path& file) {
    HINDCAST_ASSIGN(const Lease lease, Lease::take(project, "bundle import"));
    HINDCAST_ASSIGN(const ScratchFolder scratch, ScratchFolder::make(project.scratch(), "import"));
    HINDCAST_ASSIGN(const Project staged, unpack(file, scratch.path() / "bundle"));
    HINDCAST_ASSIGN(const FsckReport checked, fsck(staged));
    if (!checked.damages.empty())
        return Error(ErrorCode::Damaged, file.string() + " is damaged, nothing was imported: " +
                                             checked.damages.front().path + ": " + checked.damages.front().what);
    HINDCAST_ASSIGN(const auto versions, uuidsIn(staged.versions()));
    BundleReport report;
    std::error_code ignored;
    report.bytes = static_cast<std::int64_t>(fs::file_size(file, ignored));
    // Sources first: a snapshot without a version is garbage, a version without its source cannot be replayed.
    HINDCAST_TRY(copySnapshots(staged, project, versions));
    HINDCAST_ASSIGN(PackWriter packs, PackWriter::open(project.packs()));
    for (const base::Uuid& version : versions) {
        HINDCAST_ASSIGN(const bool added,
                        importRun(staged, staged.versionFolder(version), project.versionFolder(version),
                                  scratch.path() / version.text(), packs));
        (added ? report.versions : report.knownAlready).push_back(version);
    }
    HINDCAST_ASSIGN(const auto runs, uuidsIn(staged.replays()));
    for (const base::Uuid& replay : runs) {
        HINDCAST_ASSIGN(const bool added, importRun(staged, staged.replayFolder(replay), project.replayFolder(replay),
                                                    scratch.path() / replay.text(), packs));
        report.replays += added ? 1 : 0;
    }
    if (report.versions.empty() && report.replays == 0) return report;
    HINDCAST_ASSIGN(Ingester stagedIndex, Ingester::open(staged));
    HINDCAST_TRY(stagedIndex.ingestOnce());
    HINDCAST_ASSIGN(const Replays replays, finishedReplays(staged, versions));
    HINDCAST_TRY(importAnnotations(staged, project, report.versions, replays));
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    auto taken = ingester.ingestOnce();
    return taken ? Result<BundleReport>(std::move(report)) : Result<BundleReport>(std::move(taken).error());
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/source_collection.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/store/folder_size.h"
#include "core/store/source/object_reach.h"
#include "core/store/source/source_lock.h"

namespace hindcast::store {

using base::ErrorCode;
using base::Result;

namespace {

/// Whether a snapshot's version is gone for good.
bool isOrphan(const Project& project, const base::Uuid& version, const std::set<base::Uuid>& removed) {
    std::error_code ignored;
    if (fs::exists(project.versionFolder(version), ignored)) return false;
    constexpr std::int64_t kHourMicros = 3'600'000'000;
    return removed.contains(version) || version.micros() < base::wallClockMicros() - kHourMicros;
}

Result<void> removeSnapshot(git_repository* repository, const base::Uuid& version) {
    const int code = git_reference_remove(repository, versionReference(version).c_str());
    return code == 0 ? Result<void>() : gitError(code, "cannot remove the snapshot of " + version.text());
}

}  // namespace

Result<SourceGarbage> collectSources(const Project& project, bool pretend, const std::set<base::Uuid>& removed) {
    SourceGarbage garbage;
    const auto repository = openCodeRepository(project);
    if (!repository) return garbage;  // no snapshot was ever taken
    HINDCAST_ASSIGN(const SourceLock lock, lockForCollection(project));
    HINDCAST_ASSIGN(const auto commits, snapshotCommits(repository->get()));
    std::set<git_oid, OidLess> held;
    std::vector<base::Uuid> orphans;
    for (const auto& [version, commit] : commits) {
        if (isOrphan(project, version, removed)) {
            orphans.push_back(version);
            continue;
        }
        HINDCAST_TRY(forEachObject(project, repository->get(), commit,
                                   [&held](const git_oid& id) { return held.insert(id).second; }));
    }
    garbage.snapshots = static_cast<std::int64_t>(orphans.size());
    if (!pretend)
        for (const base::Uuid& version : orphans) HINDCAST_TRY(removeSnapshot(repository->get(), version));
    HINDCAST_ASSIGN(const auto files, looseFiles(project));
    std::error_code code;
    for (const LooseFile& file : files) {
        if (held.contains(file.id)) continue;
        // The private index says which files are stored already; it must not name what goes away.
        if (!pretend && garbage.objects == 0) fs::remove(project.codeGit() / "hindcast-index", code);
        if (!pretend && !fs::remove(file.path, code) && code)
            return base::Error::fromErrno(code.value(), "cannot remove " + file.path.string());
        ++garbage.objects;
        garbage.bytes += file.bytes;
    }
    return garbage;
}

Result<SourceUsage> measureSources(const Project& project) {
    SourceUsage usage;
    const auto repository = openCodeRepository(project);
    if (!repository) return usage;
    HINDCAST_ASSIGN(const auto commits, snapshotCommits(repository->get()));
    // The version that holds an object, or all zero when several do.
    std::map<git_oid, base::Uuid, OidLess> holders;
    for (const auto& [version, commit] : commits) {
        std::set<git_oid, OidLess> seen;
        HINDCAST_TRY(forEachObject(project, repository->get(), commit, [&](const git_oid& id) {
            if (!seen.insert(id).second) return false;
            const auto [holder, first] = holders.emplace(id, version);
            if (!first) holder->second = base::Uuid{};
            return true;
        }));
    }
    HINDCAST_ASSIGN(const auto files, looseFiles(project));
    std::int64_t loose = 0;
    for (const LooseFile& file : files) {
        loose += file.bytes;
        const auto holder = holders.find(file.id);
        if (holder == holders.end())
            usage.unused += file.bytes;
        else if (holder->second == base::Uuid{})
            usage.shared += file.bytes;
        else
            usage.own[holder->second] += file.bytes;
    }
    usage.others = bytesOfFolder(project.codeGit()) - loose;
    return usage;
}

}  // namespace hindcast::store

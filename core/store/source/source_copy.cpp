// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/source_copy.h"

#include <set>

#include "core/store/source/object_reach.h"
#include "core/store/source/source_lock.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

static Result<void> copyObject(git_odb* from, git_odb* to, const git_oid& id) {
    if (git_odb_exists(to, &id) != 0) return {};
    git_odb_object* raw = nullptr;
    if (const int code = git_odb_read(&raw, from, &id); code != 0)
        return Error(ErrorCode::Damaged, gitError(code, "cannot read a source object").text());
    const GitOdbObject object(raw);
    git_oid written{};
    const int code =
        git_odb_write(&written, to, git_odb_object_data(raw), git_odb_object_size(raw), git_odb_object_type(raw));
    return code == 0 ? Result<void>() : gitError(code, "cannot write a source object");
}

Result<void> copySnapshots(const Project& from, const Project& to, const std::vector<base::Uuid>& versions) {
    const auto source = openCodeRepository(from);
    if (!source) return {};
    HINDCAST_ASSIGN(const SourceLock lock, lockForSnapshot(to));
    HINDCAST_ASSIGN(const GitRepository target, makeCodeRepository(to));
    git_odb* rawFrom = nullptr;
    git_odb* rawTo = nullptr;
    if (const int code = git_repository_odb(&rawFrom, source->get()); code != 0)
        return gitError(code, "cannot open the stored sources");
    const GitOdb fromObjects(rawFrom);
    if (const int code = git_repository_odb(&rawTo, target.get()); code != 0)
        return gitError(code, "cannot open the stored sources");
    const GitOdb toObjects(rawTo);
    HINDCAST_ASSIGN(const auto commits, snapshotCommits(source->get()));
    std::set<git_oid, OidLess> seen;
    for (const base::Uuid& version : versions) {
        const auto commit = commits.find(version);
        if (commit == commits.end()) continue;
        Result<void> copied;
        const auto visit = [&](const git_oid& id) {
            if (!copied || !seen.insert(id).second) return false;
            copied = copyObject(fromObjects.get(), toObjects.get(), id);
            return copied.has_value();
        };
        HINDCAST_TRY(forEachObject(from, source->get(), commit->second, visit));
        HINDCAST_TRY(copied);
        git_reference* raw = nullptr;
        const int code =
            git_reference_create(&raw, target.get(), versionReference(version).c_str(), &commit->second, 1, nullptr);
        if (code != 0) return gitError(code, "cannot name a snapshot");
        const GitReference reference(raw);
    }
    return {};
}

}  // namespace hindcast::store

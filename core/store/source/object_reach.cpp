// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/object_reach.h"

#include "core/base/file.h"
#include "core/store/source/loose_object.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

Result<std::map<base::Uuid, git_oid>> snapshotCommits(git_repository* repository) {
    std::map<base::Uuid, git_oid> commits;
    git_strarray names{};
    if (const int code = git_reference_list(&names, repository); code != 0)
        return gitError(code, "cannot list the snapshots");
    for (std::size_t i = 0; i < names.count; ++i) {
        const std::string name = names.strings[i];
        const auto version = base::Uuid::parse(name.substr(name.rfind('/') + 1));
        git_oid id{};
        if (version && git_reference_name_to_id(&id, repository, name.c_str()) == 0) commits[*version] = id;
    }
    git_strarray_dispose(&names);
    return commits;
}

static Result<void> checkReadable(const Project& project, const git_oid& id) {
    if (checkLooseObject(project, id) != LooseObject::Damaged) return {};
    return Error(ErrorCode::Damaged, "source object " + hexOf(id) + " is damaged: run `hindcast fsck --repair` first");
}

static Result<void> visitTree(const Project& project, git_repository* repository, const git_oid& id,
                              const std::function<bool(const git_oid&)>& visit) {
    if (!visit(id)) return {};
    HINDCAST_TRY(checkReadable(project, id));
    git_tree* raw = nullptr;
    if (const int code = git_tree_lookup(&raw, repository, &id); code != 0)
        return Error(ErrorCode::Damaged, gitError(code, "cannot read a folder of a snapshot").text());
    const GitTree tree(raw);
    const std::size_t count = git_tree_entrycount(tree.get());
    for (std::size_t i = 0; i < count; ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
            HINDCAST_TRY(visitTree(project, repository, *git_tree_entry_id(entry), visit));
        else
            visit(*git_tree_entry_id(entry));
    }
    return {};
}

Result<void> forEachObject(const Project& project, git_repository* repository, const git_oid& commit,
                           const std::function<bool(const git_oid&)>& visit) {
    if (!visit(commit)) return {};
    HINDCAST_TRY(checkReadable(project, commit));
    git_commit* raw = nullptr;
    if (const int code = git_commit_lookup(&raw, repository, &commit); code != 0)
        return Error(ErrorCode::Damaged, gitError(code, "cannot read a snapshot").text());
    const GitCommit holder(raw);
    return visitTree(project, repository, *git_commit_tree_id(holder.get()), visit);
}

Result<std::vector<LooseFile>> looseFiles(const Project& project) {
    std::vector<LooseFile> files;
    const fs::path objects = project.codeGit() / "objects";
    HINDCAST_ASSIGN(const auto folders, base::listFolder(objects));
    for (const std::string& folder : folders) {
        if (folder.size() != 2) continue;
        HINDCAST_ASSIGN(const auto names, base::listFolder(objects / folder));
        for (const std::string& name : names) {
            LooseFile file{objects / folder / name, {}, 0};
            std::error_code gone;
            if (name.size() != GIT_OID_HEXSZ - 2 || git_oid_fromstr(&file.id, (folder + name).c_str()) != 0) continue;
            file.bytes = static_cast<std::int64_t>(fs::file_size(file.path, gone));
            if (!gone) files.push_back(std::move(file));
        }
    }
    return files;
}

}  // namespace hindcast::store

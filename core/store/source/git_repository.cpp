// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/git_repository.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/store/source/source_lock.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

void startGitLibrary() {
    static std::once_flag once;
    std::call_once(once, [] {
        git_libgit2_init();
        // Stores may be shared by a group: who owns the private repository says nothing about whether it is ours to
        // read.
        git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    });
}

std::string hexOf(const git_oid& id) {
    std::string hex(GIT_OID_HEXSZ, '0');
    git_oid_fmt(hex.data(), &id);
    return hex;
}

Error gitError(int code, std::string_view doing) {
    const git_error* last = git_error_last();
    const std::string text =
        std::string(doing) + ": " + (last != nullptr && last->message != nullptr ? last->message : "unknown failure");
    if (code == GIT_ENOTFOUND) return Error(ErrorCode::NotFound, text);
    if (code == GIT_ELOCKED) return Error(ErrorCode::Busy, text);
    return Error(ErrorCode::Io, text);
}

Result<GitRepository> openCodeRepository(const Project& project) {
    startGitLibrary();
    git_repository* raw = nullptr;
    const int code = git_repository_open_bare(&raw, project.codeGit().c_str());
    if (code != 0) return gitError(code, "cannot open the store's source repository " + project.codeGit().string());
    return GitRepository(raw);
}

/// Gives the group what it has in the folder around, and makes the folders that libgit2 would make with rights of its
/// own.
static Result<void> shareRepository(const fs::path& repository) {
    struct stat around {};
    if (stat(repository.c_str(), &around) != 0) return Error::fromErrno(errno, "cannot stat " + repository.string());
    const mode_t group = around.st_mode & (S_IRGRP | S_IWGRP);
    std::error_code code;
    for (fs::recursive_directory_iterator it(repository, code), end; !code && it != end; it.increment(code)) {
        const mode_t rights = it->is_directory() ? S_IRWXU | S_ISGID | S_IXGRP | group : S_IRUSR | S_IWUSR | group;
        if (chmod(it->path().c_str(), rights) != 0)
            return Error::fromErrno(errno, "cannot set the rights of " + it->path().string());
    }
    HINDCAST_TRY(base::makeFolder(repository / "refs" / "versions"));
    for (int i = 0; i < 256; ++i) {
        char name[3];
        std::snprintf(name, sizeof name, "%02x", i);
        HINDCAST_TRY(base::makeFolder(repository / "objects" / name));
    }
    return {};
}

Result<GitRepository> makeCodeRepository(const Project& project) {
    startGitLibrary();
    if (auto existing = openCodeRepository(project); existing) return existing;
    // Made aside and renamed: whoever comes second finds a whole repository.
    const fs::path aside = project.scratch() / ("code.git-" + base::Uuid::make().text());
    HINDCAST_TRY(base::makeFolder(aside));
    git_repository* raw = nullptr;
    const int code = git_repository_init(&raw, aside.c_str(), 1);
    if (code != 0) return gitError(code, "cannot make the store's source repository");
    git_repository_free(raw);
    if (isGroupShared(project)) HINDCAST_TRY(shareRepository(aside));
    std::error_code renamed;
    fs::rename(aside, project.codeGit(), renamed);
    if (renamed) HINDCAST_TRY(base::removeTree(aside));
    return openCodeRepository(project);
}

GitRepository openUserRepository(const fs::path& folder) {
    startGitLibrary();
    git_repository* raw = nullptr;
    if (git_repository_open_ext(&raw, folder.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0) return nullptr;
    return GitRepository(raw);
}

std::string versionReference(const base::Uuid& version) {
    return "refs/versions/" + version.text();
}

Result<std::string> commitVersion(git_repository* repository, const base::Uuid& version, const git_oid& treeId,
                                  const std::string& message) {
    git_tree* rawTree = nullptr;
    int code = git_tree_lookup(&rawTree, repository, &treeId);
    if (code != 0) return gitError(code, "cannot read back the tree of a snapshot");
    const GitTree tree(rawTree);
    git_signature* rawSignature = nullptr;
    code = git_signature_new(&rawSignature, "hindcast", "hindcast@localhost", base::wallClockMicros() / 1'000'000, 0);
    if (code != 0) return gitError(code, "cannot sign a snapshot");
    const GitSignature signature(rawSignature);
    git_oid commit{};
    code = git_commit_create(&commit, repository, nullptr, signature.get(), signature.get(), "UTF-8", message.c_str(),
                             tree.get(), 0, nullptr);
    if (code != 0) return gitError(code, "cannot write a snapshot");
    git_reference* rawReference = nullptr;
    code = git_reference_create(&rawReference, repository, versionReference(version).c_str(), &commit, 1, nullptr);
    if (code != 0) return gitError(code, "cannot name a snapshot");
    const GitReference reference(rawReference);
    return hexOf(commit);
}

}  // namespace hindcast::store

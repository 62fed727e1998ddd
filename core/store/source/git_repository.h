// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

/// Internal to this folder: owners of libgit2 objects and the private repository.
namespace hindcast::store {

template <auto Free>
struct GitFree {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using GitRepository = std::unique_ptr<git_repository, GitFree<git_repository_free>>;
using GitIndex = std::unique_ptr<git_index, GitFree<git_index_free>>;
using GitDiff = std::unique_ptr<git_diff, GitFree<git_diff_free>>;
using GitTree = std::unique_ptr<git_tree, GitFree<git_tree_free>>;
using GitCommit = std::unique_ptr<git_commit, GitFree<git_commit_free>>;
using GitBlob = std::unique_ptr<git_blob, GitFree<git_blob_free>>;
using GitReference = std::unique_ptr<git_reference, GitFree<git_reference_free>>;
using GitSignature = std::unique_ptr<git_signature, GitFree<git_signature_free>>;
using GitTreeEntry = std::unique_ptr<git_tree_entry, GitFree<git_tree_entry_free>>;
using GitTreeBuilder = std::unique_ptr<git_treebuilder, GitFree<git_treebuilder_free>>;
using GitStatus = std::unique_ptr<git_status_list, GitFree<git_status_list_free>>;
using GitOdb = std::unique_ptr<git_odb, GitFree<git_odb_free>>;
using GitOdbObject = std::unique_ptr<git_odb_object, GitFree<git_odb_object_free>>;

/// Before the first call of libgit2, which counts initialisations; once for the life of the process is enough.
void startGitLibrary();

std::string hexOf(const git_oid& id);

/// libgit2's last error as ours.
base::Error gitError(int code, std::string_view doing);

/// Opens code.git; NotFound when the store has none.
base::Result<GitRepository> openCodeRepository(const Project& project);
/// Opens or makes it. Several processes may do so at once.
base::Result<GitRepository> makeCodeRepository(const Project& project);
/// A user's repository whose work tree is exactly `folder`, for reading. Absent when libgit2 cannot open it.
GitRepository openUserRepository(const fs::path& folder);

std::string versionReference(const base::Uuid& version);

/// Adds a commit without parents with this tree and points the version's reference to it. Returns its id.
base::Result<std::string> commitVersion(git_repository* repository, const base::Uuid& version, const git_oid& tree,
                                        const std::string& message);

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/store/source/git_repository.h"

/// Internal to this folder: which objects snapshots hold.
namespace hindcast::store {

struct OidLess {
    bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_cmp(&a, &b) < 0; }
};

/// Versions that have a snapshot, with its commit.
base::Result<std::map<base::Uuid, git_oid>> snapshotCommits(git_repository* repository);

/// Calls `visit` for the commit, its trees and files. Where `visit` is false for a tree, its content is not visited: it
/// was seen before. Damaged when an object that must be read to know what it holds cannot be.
base::Result<void> forEachObject(const Project& project, git_repository* repository, const git_oid& commit,
                                 const std::function<bool(const git_oid&)>& visit);

/// A file of objects/xx/.
struct LooseFile {
    fs::path path;
    git_oid id{};
    std::int64_t bytes = 0;
};
base::Result<std::vector<LooseFile>> looseFiles(const Project& project);

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"
#include "core/store/source/snapshot.h"

/// Internal to this folder: which files of the user's folder belong to a version.
namespace hindcast::store {

struct WorkTreeFile {
    std::string path;     ///< relative to the project
    struct stat info {};  ///< lstat when it was listed
};

struct WorkTreeListing {
    std::vector<WorkTreeFile> files;  ///< regular files and symbolic links, sorted by path
    std::vector<SkippedFile> skipped;
};

/// Lists what git would track below the project's root, submodules and nested repositories included, and what is left
/// out. Uses code.git with the user's folder as its work tree, so no repository of the user's is opened; only its index
/// and exclude file are read.
base::Result<WorkTreeListing> listWorkTree(const Project& project);

/// Facts of the repository that the project is in; absent without one, or when libgit2 cannot read it.
std::optional<GitFacts> readGitFacts(const Project& project);

}  // namespace hindcast::store

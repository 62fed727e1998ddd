// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What a snapshot leaves out by size. Secrets, virtual environments and caches are always left out.
struct SnapshotLimits {
    std::uint64_t fileBytes = std::uint64_t{10} << 20;
    std::uint64_t totalBytes = std::uint64_t{512}
                               << 20;  ///< reached largest file first: sources are never crowded out by data
};

/// Something of the project that is not in the snapshot, with the reason in words.
struct SkippedFile {
    std::string path;         ///< relative to the project; a folder ends in '/'
    std::uint64_t bytes = 0;  ///< 0 for folders
    std::string reason;
};

/// Facts about the user's repository when the snapshot was taken.
struct GitFacts {
    std::string head;    ///< commit, hexadecimal; "" before the first commit
    std::string branch;  ///< "" when detached
    std::string remote;  ///< url of origin without credentials, or ""
    bool dirty = false;  ///< tracked files differ from HEAD
};

struct Snapshot {
    std::string commit;  ///< in code.git
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t filesRead = 0;  ///< not known by their stat data from an earlier snapshot
    std::vector<SkippedFile> skipped;
    std::vector<std::string>
        changedSince;             ///< files modified after the version started: what ran may differ from what is stored
    std::optional<GitFacts> git;  ///< absent without a repository
};

/// Stores every file of the project that git would track (tracked, or untracked and not ignored; without a repository:
/// all but caches), byte for byte, submodules and nested repositories included, as commit refs/versions/<version> of
/// code.git. The user's repository is only read. A second snapshot of an unchanged tree costs one walk of the folder
/// (0.1-0.25 s at 20,000 files). Several processes may do this at once. Taking it again for the same version replaces
/// it.
base::Result<Snapshot> recordSnapshot(const Project& project, const base::Uuid& version,
                                      const SnapshotLimits& limits = {});

/// Moves versions/<version>/source.pack (written where no hindcast program was) into code.git and removes the file.
/// NothingToDo when there is none.
base::Result<void> importSourcePack(const Project& project, const base::Uuid& version);

}  // namespace hindcast::store

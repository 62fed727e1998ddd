// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/source/snapshot.h"

namespace hindcast::store {

/// One file of a version's source.
struct SourceFile {
    enum class Kind { Regular, Executable, Link };
    std::string path;  ///< relative to the project, '/'-separated, bytes as on disk
    Kind kind = Kind::Regular;
    std::uint64_t bytes = 0;
    std::string digest;  ///< equal digests mean equal bytes, across versions
};

/// Reads the sources of versions from code.git. Opening costs about a millisecond; keep one per thread. Immutable data:
/// what was read stays right. A version without a snapshot is NotFound.
class SourceTrees {
public:
    static base::Result<SourceTrees> open(const Project& project);
    SourceTrees(SourceTrees&&) noexcept;
    SourceTrees& operator=(SourceTrees&&) noexcept;
    ~SourceTrees();

    bool has(const base::Uuid& version) const;
    /// All files, sorted by path.
    base::Result<std::vector<SourceFile>> list(const base::Uuid& version) const;
    /// Bytes of a file exactly as they were; NotFound when the version has no such file. Of a link: its target.
    base::Result<std::string> readFile(const base::Uuid& version, const std::string& path) const;
    /// The snapshot's facts (git, skipped files) as they were recorded.
    base::Result<Snapshot> facts(const base::Uuid& version) const;
    /// Writes all files below `folder` (created; existing files of the same name are replaced) with modes and links.
    /// A path that would leave `folder` is refused.
    base::Result<void> exportTree(const base::Uuid& version, const std::filesystem::path& folder) const;

private:
    struct Impl;
    explicit SourceTrees(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::store

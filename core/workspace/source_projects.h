// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/propagate/propagate.h"
#include "core/workspace/store_handles.h"

namespace hindcast::workspace {

using ProjectPtr = std::shared_ptr<const propagate::Project>;

/// The Python sources of versions and of the user's folder, read once and parsed when needed. The last 64 versions are
/// kept. One thread.
class SourceProjects {
public:
    explicit SourceProjects(const StoreHandles& store) : m_store(store) {}

    base::Result<ProjectPtr> ofVersion(const base::Uuid& version);
    /// The user's folder as it is now; read again only when a file's size or time changed. Without any Python file in
    /// it: NotFound.
    base::Result<ProjectPtr> ofWorkTree();
    /// The newest version that has its source, absent in a store without one.
    base::Result<std::optional<base::Uuid>> newest() const;
    /// What probes are added to and shown in: the work tree, else the newest version.
    base::Result<ProjectPtr> current();

    /// Relative paths of source and small text files: of the work tree and the newest version, Python first.
    base::Result<std::vector<std::string>> files() const;

private:
    struct Stamp {
        std::string path;
        std::uintmax_t bytes = 0;
        std::int64_t time = 0;
        bool operator==(const Stamp&) const = default;
    };
    std::vector<Stamp> stampWorkTree() const;

    const StoreHandles& m_store;
    std::list<std::pair<base::Uuid, ProjectPtr>> m_versions;  ///< most recently used first
    std::vector<Stamp> m_workTreeStamps;
    ProjectPtr m_workTree;
};

/// Text of a file of a project; null when it has none of that path.
const std::string* textOf(const propagate::Project& project, const std::string& file);

/// The project with one file's text exchanged.
ProjectPtr withText(const propagate::Project& project, const std::string& file, const std::string& text);

}  // namespace hindcast::workspace

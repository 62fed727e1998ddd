// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::store {

/// Folders in scratch/ that nothing has touched for `age` and that no live process has locked, and those that a removal
/// left when it died; absent scratch is fine. Plain files there are locks and stay.
base::Result<std::vector<fs::path>> staleScratch(const Project& project, std::chrono::hours age);

/// Removes them. Returns how many there were.
base::Result<int> pruneScratch(const Project& project, std::chrono::hours age = std::chrono::hours(24));

/// A folder of one's own, locked while this lives and removed with it.
class ScratchFolder {
public:
    /// In `parent`, usually a project's scratch/; its name begins with `what`.
    static base::Result<ScratchFolder> make(const fs::path& parent, const std::string& what);
    ScratchFolder(ScratchFolder&& other) noexcept;
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder();
    const fs::path& path() const { return m_path; }

private:
    ScratchFolder(base::File lock, fs::path path) : m_lock(std::move(lock)), m_path(std::move(path)) {}

    base::File m_lock;
    fs::path m_path;
};

/// What a removal renames folders to, in scratch/, before it deletes them, begins with this.
inline constexpr const char* kRemovedPrefix = "removed-";

}  // namespace hindcast::store

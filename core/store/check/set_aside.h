// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"

/// Internal to this folder: nothing that repair replaces is deleted.
namespace hindcast::store {

/// Moves damaged things to `.hindcast/damaged/<time of the repair>/`, where they keep their path within the store.
class SetAside {
public:
    explicit SetAside(const Project& project);

    /// Puts `fresh`, which is written and synced, in the place of `path`; what was there is kept.
    base::Result<void> replace(const fs::path& path, const fs::path& fresh);
    /// Takes a file or folder out of the store.
    base::Result<void> take(const fs::path& path);
    /// Where things go, relative to the store.
    std::string folder() const { return m_folder.lexically_relative(m_project.store()).string(); }

private:
    base::Result<fs::path> placeFor(const fs::path& path) const;

    const Project& m_project;
    fs::path m_folder;
};

}  // namespace hindcast::store

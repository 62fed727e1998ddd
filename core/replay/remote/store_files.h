// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// A file of a store, as the other side has to know it to tell what it lacks.
struct StoreFile {
    std::string path;  ///< relative to .hindcast
    std::uint64_t bytes = 0;
    std::uint64_t identity = 0;  ///< of the file on its disk: a file that was written anew has another one
    std::int64_t changedMicros = 0;

    bool operator==(const StoreFile&) const = default;
};

/// The files below a folder of the store, sorted; an absent folder has none. Links are left out.
std::vector<StoreFile> storeFiles(const store::Project& project, const std::string& folder);
std::optional<StoreFile> storeFile(const store::Project& project, const std::string& path);

/// One line a file.
std::string listingText(const std::vector<StoreFile>& files);
base::Result<std::vector<StoreFile>> parseListing(const std::string& text);

/// A path that stays inside the store and belongs to what may be copied (versions, replays, packs, annotations,
/// source).
bool isCopiedPath(const std::string& path);

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/file.h"
#include "core/base/result.h"

namespace hindcast::store {

/// In the folder of a version whose tensors were left on another machine: says where (FORMAT.md section 1).
inline constexpr const char* kCapturesElsewhere = "captures-elsewhere";

/// "HOST:PATH" of the store that has the version's tensors; absent where they are here.
inline std::optional<std::string> capturesElsewhere(const std::filesystem::path& versionFolder) {
    const auto text = base::readTextFile(versionFolder / kCapturesElsewhere);
    if (!text) return std::nullopt;
    return text->substr(0, text->find('\n'));
}

inline base::Result<void> markCapturesElsewhere(const std::filesystem::path& versionFolder, const std::string& where) {
    return base::writeFileAtomically(versionFolder / kCapturesElsewhere, base::bytesOf(where + "\n"));
}

}  // namespace hindcast::store

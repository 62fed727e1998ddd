// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/permissions.h"

#include <algorithm>

namespace hindcast::replay {

Permissions permissionsIn(const std::set<std::string>& allowed) {
    constexpr std::string_view kWrite = "write ";
    Permissions permissions;
    permissions.network = allowed.contains("network");
    permissions.unsandboxed = allowed.contains(kWithoutSandbox);
    for (const std::string& text : allowed) {
        if (text.starts_with(kWrite)) permissions.writable.emplace_back(text.substr(kWrite.size()));
    }
    std::erase_if(permissions.writable, [](const std::filesystem::path& path) { return !path.is_absolute(); });
    return permissions;
}

}  // namespace hindcast::replay

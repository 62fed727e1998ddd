// SPDX-License-Identifier: Apache-2.0
#include "core/store/folder_size.h"

namespace hindcast::store {

namespace fs = std::filesystem;

std::int64_t bytesOfFolder(const fs::path& folder) {
    std::int64_t bytes = 0;
    std::error_code code;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(folder, options, code), end; !code && it != end; it.increment(code)) {
        std::error_code gone;
        if (!it->is_regular_file(gone)) continue;
        const auto size = it->file_size(gone);
        if (!gone) bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
}

}  // namespace hindcast::store

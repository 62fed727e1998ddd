// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace hindcast::store {

/// Bytes of all files below a folder; 0 where there is none. What vanishes meanwhile or may not be read is left out.
std::int64_t bytesOfFolder(const std::filesystem::path& folder);

}  // namespace hindcast::store

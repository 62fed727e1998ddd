// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/format/tensors/chunk.h"

/// Internal to core/store: what is in a segment file, told from the heads of its records.
namespace hindcast::store {

/// Offset and head of every record up to the end or to what is no record. Nothing is verified. Cost: 72 bytes read a
/// record.
base::Result<std::vector<std::pair<std::uint64_t, format::ChunkHeader>>> scanHeads(const std::filesystem::path& path);

}  // namespace hindcast::store

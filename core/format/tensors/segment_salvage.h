// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/uuid.h"

namespace hindcast::format {

/// What is wrong with a segment file whose whole records can stay where they are.
struct SegmentDamage {
    bool header = false;
    struct Gap {
        std::uint64_t offset = 0;
        std::uint64_t bytes = 0;
    };
    std::vector<Gap> gaps;   ///< between whole records: bytes that are none
    std::uint64_t end = 0;   ///< behind the last whole record
    std::uint64_t tail = 0;  ///< bytes from there on; a crash leaves some, damage too
};
/// Searches behind every damaged record for the next whole one. Cost: the file in memory, read once.
base::Result<SegmentDamage> findSegmentDamage(const std::filesystem::path& path);

/// Writes the file to `fresh` (which must not exist) and syncs it: a right header, every whole record at its offset,
/// records that nobody refers to in the gaps, and no tail.
base::Result<void> salvageSegment(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                                  const base::Uuid& uuid, const SegmentDamage& damage);

}  // namespace hindcast::format

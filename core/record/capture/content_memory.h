// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/record/capture/staged_capture.h"

namespace hindcast::record {

/// A checksum of one cache line in every 16 KiB of a tensor (all of a small one), at places that `seed` chooses. Reads
/// about 1/256 of the memory: shows that a tensor changed at large, never that it did not change at all.
std::uint64_t sampleOf(const std::byte* bytes, std::size_t size, std::uint64_t seed);

/// Knows which tensors need not be copied again: those whose writers counted no write since an earlier capture of the
/// version (equal TensorView::content) and whose sample is the same. Writes that are not counted exist (`.data`, shared
/// memory), so every eighth capture copies all the same, and the encoder compares. One thread at a time.
class ContentMemory {
public:
    /// Whether an earlier capture holds the bytes of `view`; `stored`: as chunks, not only as a digest.
    bool holds(const TensorView& view, bool stored);
    /// A capture was taken that copied `view` (`reused`: that referred to the earlier copy).
    void remember(const TensorView& view, bool stored, bool reused);
    void forget(const std::string& key) { m_entries.erase(key); }

private:
    struct Entry {
        std::uint64_t content = 0;
        std::uint64_t sample = 0;
        std::size_t bytes = 0;
        bool stored = false;
        unsigned reuses = 0;
    };
    std::unordered_map<std::string, Entry> m_entries;
};

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/content_memory.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/format/digest.h"

namespace hindcast::record {

namespace {
constexpr std::size_t kLine = 64;
constexpr std::size_t kBlock = std::size_t{16} << 10;
constexpr std::size_t kWhole = std::size_t{32} << 10;  ///< smaller tensors are looked at whole
constexpr unsigned kReuses = 7;                        ///< then one capture copies again

/// Spreads a block's number over its lines (Fibonacci hashing).
std::size_t lineOf(std::uint64_t block, std::uint64_t seed) {
    return static_cast<std::size_t>(((block + seed) * 0x9E3779B97F4A7C15U) >> 56) % (kBlock / kLine) * kLine;
}
}  // namespace

std::uint64_t sampleOf(const std::byte* bytes, std::size_t size, std::uint64_t seed) {
    if (size <= kWhole) return format::checksum64({bytes, size});
    std::array<std::byte, 64 * kLine> lines;
    std::uint64_t sum = seed;
    const std::size_t blocks = size / kBlock;
    for (std::size_t first = 0; first < blocks; first += 64) {
        const std::size_t count = std::min<std::size_t>(64, blocks - first);
        // Together, so that the memory works on all of them at once.
        for (std::size_t i = 0; i < count; ++i)
            __builtin_prefetch(bytes + (first + i) * kBlock + lineOf(first + i, seed));
        for (std::size_t i = 0; i < count; ++i)
            std::memcpy(lines.data() + i * kLine, bytes + (first + i) * kBlock + lineOf(first + i, seed), kLine);
        const auto before = std::as_bytes(std::span(&sum, 1));
        sum = format::checksum64(before, {lines.data(), count * kLine});
    }
    return sum;
}

bool ContentMemory::holds(const TensorView& view, bool stored) {
    if (view.content == 0 || view.device >= 0) return false;
    const auto found = m_entries.find(view.key);
    if (found == m_entries.end()) return false;
    const Entry& entry = found->second;
    return entry.content == view.content && entry.bytes == view.bytes && (entry.stored || !stored) &&
           entry.reuses < kReuses &&
           entry.sample == sampleOf(reinterpret_cast<const std::byte*>(view.address), view.bytes, view.content);
}

void ContentMemory::remember(const TensorView& view, bool stored, bool reused) {
    if (view.content == 0 || view.device >= 0) {
        m_entries.erase(view.key);
        return;
    }
    Entry& entry = m_entries[view.key];
    if (reused) {
        ++entry.reuses;
        return;
    }
    entry = {view.content, sampleOf(reinterpret_cast<const std::byte*>(view.address), view.bytes, view.content),
             view.bytes, stored, 0};
}

}  // namespace hindcast::record

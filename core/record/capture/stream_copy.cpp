// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/stream_copy.h"

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hindcast::record {

#if defined(__x86_64__)
/// Below this a copy stays in the cache anyway.
static constexpr std::size_t kSmallestStreamed = std::size_t{64} << 10;

__attribute__((target("avx"))) static void streamLines(std::byte* to, const std::byte* from, std::size_t bytes) {
    for (std::size_t at = 0; at < bytes; at += 64) {
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + at));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + at + 32));
        _mm256_stream_si256(reinterpret_cast<__m256i*>(to + at), low);
        _mm256_stream_si256(reinterpret_cast<__m256i*>(to + at + 32), high);
    }
    // Streaming stores are not ordered with the ones that will publish these bytes.
    _mm_sfence();
}

void streamCopy(std::byte* to, const std::byte* from, std::size_t bytes) {
    static const bool canStream = __builtin_cpu_supports("avx") != 0;
    const bool aligned = reinterpret_cast<std::uintptr_t>(to) % 32 == 0;
    if (!canStream || !aligned || bytes < kSmallestStreamed) {
        if (bytes != 0) std::memcpy(to, from, bytes);
        return;
    }
    const std::size_t lines = bytes / 64 * 64;
    streamLines(to, from, lines);
    std::memcpy(to + lines, from + lines, bytes - lines);
}
#else
void streamCopy(std::byte* to, const std::byte* from, std::size_t bytes) {
    if (bytes != 0) std::memcpy(to, from, bytes);
}
#endif

}  // namespace hindcast::record

// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/wire/crc32.h"

#include <array>

namespace hindcast::exchange {

namespace {

using Table = std::array<std::uint32_t, 256>;

/// Of the reflected polynomial.
constexpr Table tableOf(std::uint32_t polynomial) {
    Table table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? polynomial : 0);
        table[byte] = value;
    }
    return table;
}

constexpr Table kCastagnoli = tableOf(0x82F63B78U);
constexpr Table kIeee = tableOf(0xEDB88320U);

std::uint32_t update(const Table& table, std::uint32_t state, base::BytesView bytes) {
    for (const std::byte byte : bytes) state = table[(state ^ static_cast<std::uint32_t>(byte)) & 0xFF] ^ (state >> 8);
    return state;
}

}  // namespace

std::uint32_t maskedCrc32c(base::BytesView bytes) {
    constexpr std::uint32_t kDelta = 0xA282EAD8U;
    const std::uint32_t crc = ~update(kCastagnoli, ~0U, bytes);
    return ((crc >> 15) | (crc << 17)) + kDelta;
}

std::uint32_t crc32(base::BytesView first, base::BytesView second) {
    return ~update(kIeee, update(kIeee, ~0U, first), second);
}

}  // namespace hindcast::exchange

// SPDX-License-Identifier: Apache-2.0
#include "core/base/uuid.h"

#include <sys/random.h>

#include <algorithm>
#include <atomic>

#include "core/base/clock.h"

namespace hindcast::base {

/// Milliseconds and 4096ths of one, as RFC 9562 section 6.2 (method 3) has them; never the same twice in a process, so
/// that what was made later sorts later.
static std::uint64_t nextStamp() {
    static std::atomic<std::uint64_t> last{0};
    const auto micros = static_cast<std::uint64_t>(wallClockMicros());
    const std::uint64_t now = (micros / 1000) << 12 | (micros % 1000) * 4096 / 1000;
    std::uint64_t before = last.load();
    while (!last.compare_exchange_weak(before, std::max(now, before + 1))) {
    }
    return std::max(now, before + 1);
}

Uuid Uuid::make() {
    Uuid uuid;
    std::size_t filled = 0;
    while (filled < uuid.bytes.size()) {
        const ssize_t got = getrandom(uuid.bytes.data() + filled, uuid.bytes.size() - filled, 0);
        if (got > 0) filled += static_cast<std::size_t>(got);
    }
    const std::uint64_t stamp = nextStamp();
    const std::uint64_t millis = stamp >> 12;
    for (unsigned i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(millis >> (40 - 8 * i));
    uuid.bytes[6] = static_cast<std::uint8_t>(((stamp >> 8) & 0x0F) | 0x70);
    uuid.bytes[7] = static_cast<std::uint8_t>(stamp & 0xFF);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

static int hexDigit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid uuid;
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            if (text[at++] != '-') return std::nullopt;
        }
        const int high = hexDigit(text[at]);
        const int low = hexDigit(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        uuid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return uuid;
}

std::int64_t Uuid::micros() const {
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | bytes[i];
    return milliseconds * 1000;
}

std::string Uuid::text() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += kDigits[bytes[i] >> 4];
        out += kDigits[bytes[i] & 15];
    }
    return out;
}

}  // namespace hindcast::base

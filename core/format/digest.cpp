// SPDX-License-Identifier: Apache-2.0
#include "core/format/digest.h"

#include <new>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace hindcast::format {

static Digest canonical(XXH128_hash_t hash) {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    Digest digest;
    std::memcpy(digest.bytes.data(), bytes.digest, digest.bytes.size());
    return digest;
}

std::string Digest::hex() const {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

static int hexValue(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<Digest> Digest::parseHex(std::string_view text) {
    Digest digest;
    if (text.size() != digest.bytes.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
        const int high = hexValue(text[2 * i]);
        const int low = hexValue(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return digest;
}

std::size_t DigestHash::operator()(const Digest& digest) const {
    std::size_t value;
    std::memcpy(&value, digest.bytes.data(), sizeof value);
    return value;
}

Digest digest128(base::BytesView bytes) {
    return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

std::uint64_t checksum64(base::BytesView first, base::BytesView second) {
    if (second.empty()) return XXH3_64bits(first.data(), first.size());
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    XXH3_64bits_update(&state, first.data(), first.size());
    XXH3_64bits_update(&state, second.data(), second.size());
    return XXH3_64bits_digest(&state);
}

struct DigestStream::State {
    XXH3_state_t hash;  // asks for 64-byte alignment, which `new` of an over-aligned type honours
};

DigestStream::DigestStream() : m_state(std::make_unique<State>()) {
    reset();
}
DigestStream::~DigestStream() = default;

void DigestStream::reset() {
    XXH3_128bits_reset(&m_state->hash);
}

void DigestStream::update(base::BytesView bytes) {
    XXH3_128bits_update(&m_state->hash, bytes.data(), bytes.size());
}

Digest DigestStream::digest() const {
    return canonical(XXH3_128bits_digest(&m_state->hash));
}

}  // namespace hindcast::format

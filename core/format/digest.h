// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace hindcast::format {

/// XXH3-128 in its canonical byte order: the identity of chunks, tensors and memo keys. Not safe against someone who
/// constructs collisions; the store only ever compares digests of the user's own bytes.
struct Digest {
    std::array<std::uint8_t, 16> bytes{};

    std::string hex() const;
    /// Absent when `text` is not 32 hexadecimal digits.
    static std::optional<Digest> parseHex(std::string_view text);
    auto operator<=>(const Digest&) const = default;
};

/// For unordered containers: the digest is already evenly spread.
struct DigestHash {
    std::size_t operator()(const Digest& digest) const;
};

Digest digest128(base::BytesView bytes);

/// XXH3-64 of `first` followed by `second`: what frames and chunk records carry as their checksum.
std::uint64_t checksum64(base::BytesView first, base::BytesView second = {});

/// XXH3-128 of bytes that arrive in pieces. One thread at a time.
class DigestStream {
public:
    DigestStream();
    ~DigestStream();
    DigestStream(const DigestStream&) = delete;
    DigestStream& operator=(const DigestStream&) = delete;

    void reset();
    void update(base::BytesView bytes);
    Digest digest() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace hindcast::format

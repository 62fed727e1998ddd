// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hindcast::base {

/// 128-bit identity of a version, a replay or a writer. Time-ordered (version 7): folders sort by start.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    /// From the system's random source and the wall clock. Never fails on Linux (getrandom).
    static Uuid make();
    /// The 36-character text form; absent when `text` is not one.
    static std::optional<Uuid> parse(std::string_view text);

    std::string text() const;
    /// When it was made, to the millisecond, in micros since 1970 (of version 7).
    std::int64_t micros() const;
    auto operator<=>(const Uuid&) const = default;
};

}  // namespace hindcast::base

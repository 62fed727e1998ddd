// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/events/events.h"

/// Texts of other tools' files as values and times.
namespace hindcast::exchange {

/// The text with every byte that is no UTF-8 replaced by U+FFFD.
std::string wellFormed(std::string_view text);

/// What a text means as a value: an integer, a number (`nan`, `inf` too), `true`/`True`, `null`/`None`, else text. What
/// would not read back as the same text (007, +1) stays text.
format::Value valueOfText(std::string_view text);
/// The whole text as a number: an absent one is no number.
std::optional<double> numberOf(std::string_view text);
std::optional<std::int64_t> integerOf(std::string_view text);

/// JSON as Python writes it: NaN, Infinity and -Infinity are allowed, and become the texts of those names. Discarded
/// (is_discarded()) when it is no JSON.
nlohmann::json parseJson(std::string_view text);
/// Numbers, texts and lists of numbers as what they are; other lists and objects as rich values.
format::Value valueOfJson(const nlohmann::json& value);

/// A rich value (FORMAT.md 5.2).
format::Value histogram(const std::vector<double>& edges, const std::vector<double>& counts);
format::Value doubles(const std::vector<double>& values, const std::vector<std::int64_t>& shape);

/// Micros since 1970 of "2026-11-22T09:15:04.123Z", with a space for T, without seconds or zone (then local time), or
/// of a number of seconds, milli-, micro- or nanoseconds since 1970 (told by its size). Absent when it is no time.
std::optional<std::int64_t> timeOf(std::string_view text);
/// Of seconds since 1970; 0 when it is none that a clock shows.
std::int64_t microsOf(double seconds);

}  // namespace hindcast::exchange

// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/wire/texts.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace hindcast::exchange {

using format::Value;
using nlohmann::json;

namespace {

/// Bytes of the well-formed character at the start of `text`; 0 when there is none.
std::size_t characterBytes(std::string_view text) {
    const auto byte = [&text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    const std::size_t count = first >= 0xC2 && first < 0xE0   ? 2
                              : first >= 0xE0 && first < 0xF0 ? 3
                              : first >= 0xF0 && first < 0xF5 ? 4
                                                              : 0;
    if (count == 0 || text.size() < count) return 0;
    for (std::size_t i = 1; i < count; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    // Longer than needed, surrogates, beyond Unicode.
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) >= 0xA0) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    if (first == 0xF4 && byte(1) >= 0x90) return 0;
    return count;
}

bool isInteger(std::string_view text) {
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    return digits == "0" ? digits.size() == text.size() : digits.front() != '0';
}

/// NaN and infinities as Python's json writes them, put in quotes; everything else as it is.
std::string quotedNonFinite(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 64);
    bool inText = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (inText && c == '\\' && at + 1 < text.size()) {
            out += c;
            out += text[++at];
            continue;
        }
        if (c == '"') inText = !inText;
        bool replaced = false;
        for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
            if (inText || !text.substr(at).starts_with(word)) continue;
            out.append("\"").append(word).append("\"");
            at += word.size() - 1;
            replaced = true;
            break;
        }
        if (!replaced) out += c;
    }
    return out;
}

Value rich(const json& document) {
    const std::vector<std::uint8_t> cbor = json::to_cbor(document);
    format::RichValue value;
    value.cbor.assign(reinterpret_cast<const std::byte*>(cbor.data()),
                      reinterpret_cast<const std::byte*>(cbor.data()) + cbor.size());
    return value;
}

}  // namespace

std::string wellFormed(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t count = characterBytes(text);
        if (count == 0)
            out += "\xEF\xBF\xBD";
        else
            out.append(text.substr(0, count));
        text.remove_prefix(std::max<std::size_t>(count, 1));
    }
    return out;
}

std::optional<std::int64_t> integerOf(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> numberOf(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    // Beyond what a double holds is still what was meant: an infinity, or nothing.
    if (failed == std::errc::result_out_of_range && end == text.data() + text.size())
        return std::strtod(std::string(text).c_str(), nullptr);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Value valueOfText(std::string_view text) {
    if (text == "true" || text == "True") return true;
    if (text == "false" || text == "False") return false;
    if (text == "null" || text == "None") return std::monostate{};
    if (isInteger(text)) {
        if (const auto integer = integerOf(text)) return *integer;
        return format::BigInteger{std::string(text)};
    }
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool leadingZero = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    if (!leadingZero && !text.starts_with('+'))
        if (const auto number = numberOf(text)) return *number;
    return wellFormed(text);
}

json parseJson(std::string_view text) {
    json document = json::parse(text, nullptr, false);
    if (!document.is_discarded()) return document;
    return json::parse(quotedNonFinite(wellFormed(text)), nullptr, false);
}

Value valueOfJson(const json& value) {
    switch (value.type()) {
        case json::value_t::null:
            return std::monostate{};
        case json::value_t::boolean:
            return value.get<bool>();
        case json::value_t::number_integer:
            return value.get<std::int64_t>();
        case json::value_t::number_unsigned: {
            const auto number = value.get<std::uint64_t>();
            if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                return format::BigInteger{std::to_string(number)};
            return static_cast<std::int64_t>(number);
        }
        case json::value_t::number_float:
            return value.get<double>();
        case json::value_t::string: {
            const auto& text = value.get_ref<const std::string&>();
            if (text == "NaN" || text == "Infinity" || text == "-Infinity") return *numberOf(text);
            return text;
        }
        default:
            break;
    }
    const bool numbers = value.is_array() && !value.empty() &&
                         std::all_of(value.begin(), value.end(), [](const json& item) { return item.is_number(); });
    if (numbers) return doubles(value.get<std::vector<double>>(), {static_cast<std::int64_t>(value.size())});
    return rich({{"type", "object"}, {"json", value.dump(-1, ' ', false, json::error_handler_t::replace)}});
}

Value histogram(const std::vector<double>& edges, const std::vector<double>& counts) {
    return rich({{"type", "histogram"}, {"edges", edges}, {"counts", counts}});
}

Value doubles(const std::vector<double>& values, const std::vector<std::int64_t>& shape) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(values.data());
    std::vector<std::uint8_t> bytes(from, from + values.size() * sizeof(double));
    return rich({{"type", "array"}, {"dtype", "f64"}, {"shape", shape}, {"data", json::binary(std::move(bytes))}});
}

}  // namespace hindcast::exchange

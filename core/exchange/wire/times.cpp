// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <ctime>

#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

namespace {

/// Takes digits, at least one and at most `most`; -1 when there are none.
int takeNumber(std::string_view& text, std::size_t most) {
    int value = 0;
    std::size_t taken = 0;
    for (; taken < most && taken < text.size() && text[taken] >= '0' && text[taken] <= '9'; ++taken)
        value = value * 10 + (text[taken] - '0');
    text.remove_prefix(taken);
    return taken == 0 ? -1 : value;
}

bool takeOne(std::string_view& text, std::string_view of) {
    if (text.empty() || of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// ".25" as micros; digits beyond the sixth are cut off.
std::int64_t takeFraction(std::string_view& text) {
    if (!takeOne(text, ".,")) return 0;
    std::int64_t micros = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits)
        if (digits < 6) micros = micros * 10 + (text.front() - '0');
    for (; digits < 6; ++digits) micros *= 10;
    return micros;
}

/// "Z", "+02:00" or nothing: seconds to take off, absent for local time. False when something else is there.
bool takeZone(std::string_view& text, std::optional<std::int64_t>& offset) {
    if (takeOne(text, "Zz")) {
        offset = 0;
        return text.empty();
    }
    if (text.empty()) return true;
    const std::int64_t sign = text.front() == '-' ? -1 : 1;
    if (!takeOne(text, "+-")) return false;
    const int hours = takeNumber(text, 2);
    takeOne(text, ":");
    const int minutes = text.empty() ? 0 : takeNumber(text, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return false;
    offset = sign * (hours * 3600 + minutes * 60);
    return text.empty();
}

std::optional<std::int64_t> calendarTime(std::string_view text) {
    std::tm parts{};
    parts.tm_year = takeNumber(text, 4) - 1900;
    if (!takeOne(text, "-/")) return std::nullopt;
    parts.tm_mon = takeNumber(text, 2) - 1;
    if (!takeOne(text, "-/")) return std::nullopt;
    parts.tm_mday = takeNumber(text, 2);
    std::int64_t micros = 0;
    if (takeOne(text, "T ")) {
        parts.tm_hour = takeNumber(text, 2);
        if (!takeOne(text, ":")) return std::nullopt;
        parts.tm_min = takeNumber(text, 2);
        if (takeOne(text, ":")) parts.tm_sec = takeNumber(text, 2);
        micros = takeFraction(text);
        takeOne(text, " ");
    }
    const bool right = parts.tm_year >= 70 && parts.tm_mon >= 0 && parts.tm_mon < 12 && parts.tm_mday >= 1 &&
                       parts.tm_mday <= 31 && parts.tm_hour >= 0 && parts.tm_hour < 24 && parts.tm_min >= 0 &&
                       parts.tm_min < 60 && parts.tm_sec >= 0 && parts.tm_sec <= 60;
    std::optional<std::int64_t> offset;
    if (!right || !takeZone(text, offset)) return std::nullopt;
    parts.tm_isdst = -1;
    const std::int64_t seconds = offset ? ::timegm(&parts) - *offset : ::mktime(&parts);
    if (seconds < 0) return std::nullopt;
    return seconds * 1'000'000 + micros;
}

}  // namespace

std::int64_t microsOf(double seconds) {
    // The year 9999: what is beyond is no clock's.
    constexpr double kMostSeconds = 253'402'300'800.0;
    if (!(seconds > 0) || seconds > kMostSeconds) return 0;
    return std::llround(seconds * 1e6);
}

std::optional<std::int64_t> timeOf(std::string_view text) {
    if (const auto number = numberOf(text)) {
        // Each unit's numbers for the years 1973 to 9999 are apart from the others'.
        double seconds = *number;
        if (seconds >= 1e17)
            seconds /= 1e9;
        else if (seconds >= 1e14)
            seconds /= 1e6;
        else if (seconds >= 1e11)
            seconds /= 1e3;
        if (integerOf(text) && *number >= 1e14 && *number < 1e17) return *integerOf(text);
        const std::int64_t micros = microsOf(seconds);
        return micros == 0 ? std::nullopt : std::optional(micros);
    }
    return calendarTime(text);
}

}  // namespace hindcast::exchange

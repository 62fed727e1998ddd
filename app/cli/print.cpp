// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>
#include <numeric>

namespace hindcast::cli {

static constexpr std::size_t kUnlimited = static_cast<std::size_t>(-1);
static constexpr const char* kGap = "  ";

/// Reads one UTF-8 character at `at` and moves past it; a broken byte counts as one character.
static char32_t nextCharacter(const std::string& text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    char32_t character = more == 3 ? lead & 0x07U : more == 2 ? lead & 0x0FU : more == 1 ? lead & 0x1FU : lead;
    for (; more > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; --more) {
        character = (character << 6) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    }
    return character;
}

static std::size_t widthOf(char32_t c) {
    const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                      (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                      (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
    return wide ? 2 : 1;
}

std::size_t displayWidth(const std::string& text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) width += widthOf(nextCharacter(text, at));
    return width;
}

static std::string shortened(const std::string& text, std::size_t width) {
    if (displayWidth(text) <= width) return text;
    std::string out;
    std::size_t used = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t from = at;
        const std::size_t next = widthOf(nextCharacter(text, at));
        if (used + next + 1 > width) break;
        out.append(text, from, at - from);
        used += next;
    }
    return out + "…";
}

void Table::addColumn(std::string title, Align align) {
    m_columns.push_back({std::move(title), align});
}

void Table::addRow(std::vector<std::string> cells) {
    cells.resize(m_columns.size());
    m_rows.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths(std::size_t limit) const {
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < m_columns.size(); ++column) {
        std::size_t width = displayWidth(m_columns[column].title);
        for (const auto& row : m_rows) width = std::max(width, displayWidth(row[column]));
        widths.push_back(width);
    }
    const std::size_t gaps = 2 * (widths.empty() ? 0 : widths.size() - 1);
    constexpr std::size_t kNarrowest = 8;
    while (std::accumulate(widths.begin(), widths.end(), gaps) > limit) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kNarrowest) break;
        --*widest;
    }
    return widths;
}

void Table::print(std::FILE* to) const {
    std::size_t limit = kUnlimited;
    winsize size{};
    if (isatty(fileno(to)) && ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) limit = size.ws_col;
    const std::vector<std::size_t> widths = this->widths(limit);
    const auto printLine = [&](const std::vector<std::string>& cells) {
        std::string line;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const std::string cell = shortened(cells[column], widths[column]);
            const std::string pad(widths[column] - std::min(widths[column], displayWidth(cell)), ' ');
            if (column > 0) line += kGap;
            line += m_columns[column].align == Align::Right ? pad + cell : cell + pad;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        std::fprintf(to, "%s\n", line.c_str());
    };
    std::vector<std::string> titles;
    for (const Column& column : m_columns) titles.push_back(column.title);
    printLine(titles);
    for (const auto& row : m_rows) printLine(row);
}

void printJson(const Json& document) {
    // Names and texts of users' scripts may hold broken UTF-8: replaced, never a crash.
    const std::string text = document.dump(1, ' ', false, Json::error_handler_t::replace);
    std::fprintf(stdout, "%s\n", text.c_str());
}

std::string durationText(double seconds) {
    std::array<char, 48> text{};
    const auto whole = static_cast<long>(std::lround(seconds));
    if (seconds < 10) {
        std::snprintf(text.data(), text.size(), "%.1f s", seconds);
    } else if (whole < 60) {
        std::snprintf(text.data(), text.size(), "%ld s", whole);
    } else if (whole < 3600) {
        std::snprintf(text.data(), text.size(), "%ld min %ld s", whole / 60, whole % 60);
    } else {
        std::snprintf(text.data(), text.size(), "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    }
    return text.data();
}

std::string bytesText(std::int64_t bytes) {
    static constexpr std::array<const char*, 5> kUnits{"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), unit == 0 || value >= 99.5 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
    return text.data();
}

std::string localTime(std::int64_t micros) {
    const auto seconds = static_cast<time_t>(micros / 1'000'000);
    tm parts{};
    localtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const std::size_t length = strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &parts);
    return std::string(text.data(), length);
}

std::string numberText(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    return std::string(text.data(), end.ptr);
}

std::string rangesText(const std::vector<std::int64_t>& indices) {
    std::string text;
    for (std::size_t from = 0; from < indices.size();) {
        std::size_t to = from;
        while (to + 1 < indices.size() && indices[to + 1] == indices[to] + 1) ++to;
        if (!text.empty()) text += ", ";
        text += std::to_string(indices[from]);
        if (to > from) text += "-" + std::to_string(indices[to]);
        from = to + 1;
    }
    return text;
}

bool errorIsTerminal() {
    return isatty(STDERR_FILENO) != 0;
}

}  // namespace hindcast::cli

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/refusals.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

namespace hindcast::replay {

namespace {

constexpr std::array kReadOnly{"Read-only file system", "EROFS"};
constexpr std::array kNoNetwork{"Network is unreachable",
                                "Temporary failure in name resolution",
                                "Name or service not known",
                                "No address associated with hostname",
                                "getaddrinfo",
                                "Connection refused"};

/// Absolute path in a line: the longest stretch that begins with a slash, in quotes where there are some.
std::optional<std::string> pathIn(const std::string& line) {
    for (const char quote : {'\'', '"'}) {
        const std::size_t begin = line.find(std::string(1, quote) + "/");
        const std::size_t end = begin == std::string::npos ? begin : line.find(quote, begin + 1);
        if (end != std::string::npos) return line.substr(begin + 1, end - begin - 1);
    }
    const std::size_t begin = line.find(" /");
    if (begin == std::string::npos) return std::nullopt;
    const std::size_t end = line.find_first_of(": \t\r\n,", begin + 1);
    return line.substr(begin + 1, end == std::string::npos ? end : end - begin - 1);
}

/// The last line that holds one of the words; empty when none does.
template <typename Words>
std::string lastLineWith(const std::string& text, const Words& words) {
    std::size_t last = std::string::npos;
    for (const char* word : words) {
        const std::size_t at = text.rfind(word);
        if (at != std::string::npos && (last == std::string::npos || at > last)) last = at;
    }
    if (last == std::string::npos) return "";
    const std::size_t before = text.rfind('\n', last);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return text.substr(begin, text.find('\n', last) - begin);
}

}  // namespace

std::string refusalIn(const std::string& output) {
    if (const std::string line = lastLineWith(output, kReadOnly); !line.empty()) {
        const auto path = pathIn(line);
        if (!path) return "replays may write only in their scratch folder; allow more with `hindcast allow write PATH`";
        return "replays may not write to " + *path + "; allow it with `hindcast allow write " +
               std::filesystem::path(*path).parent_path().string() + "`";
    }
    if (!lastLineWith(output, kNoNetwork).empty())
        return "replays have no network; allow it for this project with `hindcast allow network`";
    return "";
}

}  // namespace hindcast::replay

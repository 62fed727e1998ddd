// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/refusals.h"

#include <unistd.h>

#include <array>
#include <filesystem>
#include <optional>

namespace hindcast::replay {

namespace fs = std::filesystem;

namespace {

constexpr std::array kReadOnly{"Read-only file system", "EROFS"};
constexpr std::array kNoNetwork{"Network is unreachable",
                                "Temporary failure in name resolution",
                                "Name or service not known",
                                "No address associated with hostname",
                                "getaddrinfo",
                                "Connection refused"};

/// What Landlock answers, and many others: who may write there without it was refused by it.
constexpr std::array kDenied{"Permission denied", "EACCES"};

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

/// Whether this process, which nothing encloses, could write there.
bool couldWrite(fs::path path) {
    std::error_code ignored;
    while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
    return ::access(path.c_str(), W_OK) == 0;
}

std::string writeRefused(const fs::path& path, bool hasOwnProject, const Task& task) {
    const std::string refused = "replays may not write to " + path.string();
    const bool inProject = isBelow(path, task.project) || isBelow(path, task.presentProject);
    if (!hasOwnProject && inProject) {
        return refused +
               ", which the script names by its absolute path: only a sandbox with namespaces (bubblewrap) "
               "can put the replay's own copy there";
    }
    return refused + "; allow it with `hindcast allow write " + path.parent_path().string() + "`";
}

const std::string kNetworkRefused = "replays have no network; allow it for this project with `hindcast allow network`";

std::string refusedInNamespaces(const std::string& output, const Task& task) {
    if (const std::string line = lastLineWith(output, kReadOnly); !line.empty()) {
        const auto path = pathIn(line);
        if (!path) return "replays may write only in their scratch folder; allow more with `hindcast allow write PATH`";
        return writeRefused(*path, true, task);
    }
    const bool wantedNetwork = !task.allowed.network && !lastLineWith(output, kNoNetwork).empty();
    return wantedNetwork ? kNetworkRefused : "";
}

std::string refusedByLandlock(const std::string& output, const Task& task) {
    const std::string line = lastLineWith(output, kDenied);
    if (line.empty()) return "";
    if (const auto path = pathIn(line)) return couldWrite(*path) ? writeRefused(*path, false, task) : "";
    return task.allowed.network ? "" : kNetworkRefused;
}

}  // namespace

std::string refusalIn(const std::string& output, SandboxLevel level, const Task& task) {
    if (hasNamespaces(level)) return refusedInNamespaces(output, task);
    return level == SandboxLevel::Landlocked ? refusedByLandlock(output, task) : "";
}

}  // namespace hindcast::replay

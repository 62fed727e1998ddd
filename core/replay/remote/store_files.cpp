// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/store_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

std::optional<StoreFile> storeFile(const store::Project& project, const std::string& path) {
    struct stat facts {};
    if (::lstat((project.store() / path).c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return std::nullopt;
    return StoreFile{path, static_cast<std::uint64_t>(facts.st_size), static_cast<std::uint64_t>(facts.st_ino),
                     std::int64_t{facts.st_mtim.tv_sec} * 1'000'000 + facts.st_mtim.tv_nsec / 1000};
}

std::vector<StoreFile> storeFiles(const store::Project& project, const std::string& folder) {
    std::vector<StoreFile> files;
    std::error_code problem;
    // A run may be removed while we look: what is gone is left out.
    for (auto at = fs::recursive_directory_iterator(project.store() / folder, problem);
         !problem && at != fs::recursive_directory_iterator(); at.increment(problem)) {
        const std::string path = at->path().lexically_relative(project.store()).generic_string();
        // A file that is being made has its name only when it is whole (base::writeFileAtomically).
        if (at->path().filename().string().find(".new-") != std::string::npos) continue;
        if (auto file = storeFile(project, path)) files.push_back(*std::move(file));
    }
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
}

std::string listingText(const std::vector<StoreFile>& files) {
    std::ostringstream text;
    for (const StoreFile& file : files) {
        text << file.bytes << ' ' << file.identity << ' ' << file.changedMicros << ' ' << file.path << '\n';
    }
    return text.str();
}

Result<std::vector<StoreFile>> parseListing(const std::string& text) {
    std::vector<StoreFile> files;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        StoreFile file;
        if (!(words >> file.bytes >> file.identity >> file.changedMicros) || words.get() != ' ' ||
            !std::getline(words, file.path) || !isCopiedPath(file.path))
            return Error(ErrorCode::Parse, "a list of stored files cannot be read: " + line);
        files.push_back(std::move(file));
    }
    return files;
}

bool isCopiedPath(const std::string& path) {
    const fs::path relative(path);
    if (relative.is_absolute() || relative != relative.lexically_normal()) return false;
    if (std::find(relative.begin(), relative.end(), "..") != relative.end()) return false;
    constexpr std::array kFolders{"versions", "replays", "packs", "annotations", "code.git"};
    const auto isFirst = [&](const char* folder) {
        return relative.begin() != relative.end() && *relative.begin() == folder;
    };
    return std::any_of(kFolders.begin(), kFolders.end(), isFirst);
}

}  // namespace hindcast::replay

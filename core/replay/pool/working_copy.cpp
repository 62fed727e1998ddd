// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/working_copy.h"

#include <algorithm>
#include <cstdint>

#include "core/base/file.h"
#include "core/replay/pool/later_data.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uintmax_t kCopyLimitBytes = std::uintmax_t{64} << 20;
constexpr std::uintmax_t kCopyTotalBytes = std::uintmax_t{512} << 20;
constexpr std::size_t kLinkWholeEntries = 5000;

bool isSecretOrTool(const std::string& name) {
    return name == ".hindcast" || name == ".git" || name == "__pycache__" || name.starts_with(".env");
}

/// Puts the present project's data around the code of one version.
class DataMirror {
public:
    DataMirror(const Task& task, fs::path copy, fs::path visible)
        : m_task(task), m_copy(std::move(copy)), m_visible(std::move(visible)) {}

    Result<void> run() { return mirror({}); }

private:
    Result<void> mirror(const fs::path& below) {
        std::error_code problem;
        std::vector<fs::directory_entry> entries;
        for (const auto& entry : fs::directory_iterator(m_task.presentProject / below, problem))
            entries.push_back(entry);
        if (entries.size() > kLinkWholeEntries && !fs::exists(m_copy / below, problem)) return link(below);
        for (const fs::directory_entry& entry : entries) HINDCAST_TRY(place(entry, below / entry.path().filename()));
        return {};
    }

    Result<void> place(const fs::directory_entry& entry, const fs::path& relative) {
        if (isSecretOrTool(relative.filename().string()) || isHidden(relative)) return {};
        std::error_code ignored;
        const fs::path target = m_copy / relative;
        if (entry.is_symlink(ignored)) {
            if (!fs::exists(fs::symlink_status(target, ignored))) fs::copy_symlink(entry.path(), target, ignored);
            return {};
        }
        if (entry.is_directory(ignored)) return placeFolder(relative, target);
        if (!entry.is_regular_file(ignored) || fs::exists(target, ignored)) return {};
        return changedSince(entry.path(), m_task.startedMicros) ? copyFile(entry, target) : link(relative);
    }

    Result<void> placeFolder(const fs::path& relative, const fs::path& target) {
        std::error_code ignored;
        std::size_t count = 0;
        for (auto at = fs::directory_iterator(m_task.presentProject / relative, ignored);
             at != fs::directory_iterator() && count <= kLinkWholeEntries; at.increment(ignored)) {
            ++count;
        }
        if (count > kLinkWholeEntries && !fs::exists(target, ignored)) return link(relative);
        fs::create_directory(target, ignored);
        return mirror(relative);
    }

    Result<void> link(const fs::path& relative) {
        std::error_code problem;
        fs::create_symlink(m_visible / relative, m_copy / relative, problem);
        if (problem) return Error::fromErrno(problem.value(), "cannot link " + relative.string());
        return {};
    }

    Result<void> copyFile(const fs::directory_entry& entry, const fs::path& target) {
        std::error_code problem;
        const std::uintmax_t bytes = entry.file_size(problem);
        if (problem || bytes > kCopyLimitBytes || m_copied + bytes > kCopyTotalBytes) return {};
        m_copied += bytes;
        fs::copy_file(entry.path(), target, problem);
        if (problem) return Error::fromErrno(problem.value(), "cannot copy " + entry.path().string());
        return {};
    }

    bool isHidden(const fs::path& relative) const {
        return std::binary_search(m_task.hiddenFiles.begin(), m_task.hiddenFiles.end(), relative.generic_string());
    }

    const Task& m_task;
    fs::path m_copy;
    fs::path m_visible;
    std::uintmax_t m_copied = 0;
};

}  // namespace

Result<void> copyTree(const fs::path& from, const fs::path& to) {
    HINDCAST_TRY(base::makeFolder(to));
    std::error_code problem;
    fs::copy(from, to,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks | fs::copy_options::overwrite_existing,
             problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot copy the version's source to " + to.string());
    return {};
}

Result<void> makeWorkingCopy(const Task& task, const fs::path& folder, const fs::path& visible) {
    HINDCAST_TRY(copyTree(task.tree, folder));
    std::error_code ignored;
    if (!fs::is_directory(task.presentProject, ignored)) return {};
    return DataMirror(task, folder, visible).run();
}

}  // namespace hindcast::replay

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/later_data.h"

#include <sys/stat.h>

#include <algorithm>

namespace hindcast::replay {

namespace fs = std::filesystem;

namespace {

bool isToolFolder(const std::string& name) {
    return name == ".hindcast" || name == ".git" || name == "__pycache__" || name == "node_modules" ||
           name.ends_with("venv");
}

bool isCode(const fs::path& path) {
    const std::string kind = path.extension().string();
    return kind == ".py" || kind == ".so" || kind == ".pyc";
}

class LaterData {
public:
    LaterData(fs::path root, const fs::path& tree, std::int64_t startedMicros)
        : m_root(std::move(root)), m_tree(tree), m_started(startedMicros) {}

    std::vector<std::string> find() {
        collect(m_root);
        std::sort(m_found.begin(), m_found.end());
        return std::move(m_found);
    }

private:
    /// Whether everything below a folder came later; then the folder itself stands for it.
    bool collect(const fs::path& folder) {
        const std::size_t before = m_found.size();
        bool all = true;
        bool any = false;
        std::error_code problem;
        for (const auto& entry : fs::directory_iterator(folder, problem)) {
            if (entry.is_symlink(problem) || isToolFolder(entry.path().filename().string())) continue;
            any = true;
            const std::string relative = entry.path().lexically_relative(m_root).generic_string();
            if (entry.is_directory(problem)) {
                all = collect(entry.path()) && all;
                continue;
            }
            const bool later = entry.is_regular_file(problem) && !isCode(entry.path()) &&
                               changedSince(entry.path(), m_started) && !fs::exists(m_tree / relative, problem);
            if (later) m_found.push_back(relative);
            all = all && later;
        }
        const bool isLater = all && any && folder != m_root && changedSince(folder, m_started) &&
                             !fs::exists(m_tree / folder.lexically_relative(m_root), problem);
        if (!isLater) return false;
        m_found.resize(before);
        m_found.push_back(folder.lexically_relative(m_root).generic_string());
        return true;
    }

    fs::path m_root;
    fs::path m_tree;
    std::int64_t m_started;
    std::vector<std::string> m_found;
};

}  // namespace

bool changedSince(const fs::path& path, std::int64_t micros) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) return false;
    return std::int64_t{facts.st_mtim.tv_sec} * 1'000'000 + facts.st_mtim.tv_nsec / 1000 >= micros;
}

std::vector<std::string> laterData(const fs::path& root, const fs::path& tree, std::int64_t startedMicros) {
    return LaterData(root, tree, startedMicros).find();
}

}  // namespace hindcast::replay

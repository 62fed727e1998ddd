// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/source_projects.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/file.h"

namespace hindcast::workspace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uintmax_t kLargestSourceBytes = std::uintmax_t{4} << 20;
constexpr std::size_t kMostWorkTreeEntries = 50'000;
constexpr std::size_t kVersionsKept = 64;

bool isPython(const fs::path& path) {
    return path.extension() == ".py";
}

bool isShown(const fs::path& path) {
    static constexpr std::array kShown{".py", ".toml", ".yaml", ".yml", ".json", ".cfg", ".ini", ".sh", ".md", ".txt"};
    const std::string extension = path.extension().string();
    return std::find(kShown.begin(), kShown.end(), extension) != kShown.end();
}

/// Folders whose Python files are not the user's.
bool isForeign(const fs::path& folder) {
    const std::string name = folder.filename().string();
    if (name.starts_with(".") || name == "__pycache__" || name == "node_modules" || name == "site-packages")
        return true;
    std::error_code ignored;
    return fs::exists(folder / "pyvenv.cfg", ignored);
}

/// Calls `take` with every regular file below the root that may be the user's.
template <class Take>
void walk(const fs::path& root, const Take& take) {
    std::error_code problem;
    std::size_t seen = 0;
    for (auto at = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied, problem);
         !problem && at != fs::recursive_directory_iterator() && ++seen <= kMostWorkTreeEntries;
         at.increment(problem)) {
        std::error_code ignored;
        if (at->is_directory(ignored)) {
            if (isForeign(at->path())) at.disable_recursion_pending();
        } else if (at->is_regular_file(ignored)) {
            take(*at);
        }
    }
}

}  // namespace

Result<std::optional<base::Uuid>> SourceProjects::newest() const {
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store.catalog.versions());
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        if (m_store.trees.has(row->uuid)) return std::optional(row->uuid);
    }
    return std::optional<base::Uuid>();
}

Result<ProjectPtr> SourceProjects::ofVersion(const base::Uuid& version) {
    const auto known =
        std::find_if(m_versions.begin(), m_versions.end(), [&](const auto& entry) { return entry.first == version; });
    if (known != m_versions.end()) {
        m_versions.splice(m_versions.begin(), m_versions, known);
        return known->second;
    }
    HINDCAST_ASSIGN(const std::vector<store::SourceFile> files, m_store.trees.list(version));
    std::vector<propagate::SourceFile> sources;
    for (const store::SourceFile& file : files) {
        if (!isPython(file.path) || file.kind == store::SourceFile::Kind::Link || file.bytes > kLargestSourceBytes)
            continue;
        HINDCAST_ASSIGN(std::string text, m_store.trees.readFile(version, file.path));
        sources.push_back({file.path, std::move(text)});
    }
    m_versions.emplace_front(version, std::make_shared<const propagate::Project>(std::move(sources)));
    if (m_versions.size() > kVersionsKept) m_versions.pop_back();
    return m_versions.front().second;
}

std::vector<SourceProjects::Stamp> SourceProjects::stampWorkTree() const {
    std::vector<Stamp> stamps;
    walk(m_store.project.root(), [&](const fs::directory_entry& entry) {
        std::error_code problem;
        const std::uintmax_t bytes = entry.file_size(problem);
        if (problem || !isPython(entry.path()) || bytes > kLargestSourceBytes) return;
        const auto time = entry.last_write_time(problem).time_since_epoch().count();
        stamps.push_back({entry.path().lexically_relative(m_store.project.root()).generic_string(), bytes,
                          static_cast<std::int64_t>(time)});
    });
    std::sort(stamps.begin(), stamps.end(), [](const Stamp& a, const Stamp& b) { return a.path < b.path; });
    return stamps;
}

Result<ProjectPtr> SourceProjects::ofWorkTree() {
    std::vector<Stamp> stamps = stampWorkTree();
    if (stamps.empty()) return Error(ErrorCode::NotFound, "the project folder holds no Python file");
    if (m_workTree && stamps == m_workTreeStamps) return m_workTree;
    std::vector<propagate::SourceFile> sources;
    for (const Stamp& stamp : stamps) {
        HINDCAST_ASSIGN(std::string text, base::readTextFile(m_store.project.root() / stamp.path));
        sources.push_back({stamp.path, std::move(text)});
    }
    m_workTreeStamps = std::move(stamps);
    m_workTree = std::make_shared<const propagate::Project>(std::move(sources));
    return m_workTree;
}

Result<ProjectPtr> SourceProjects::current() {
    HINDCAST_ASSIGN(const std::optional<base::Uuid> version, newest());
    Result<ProjectPtr> workTree = ofWorkTree();
    if (!version) return workTree;
    if (!workTree) return ofVersion(*version);
    // The main script decides: a store that was copied here without its sources shows the newest snapshot.
    HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, m_store.catalog.version(*version));
    const bool scriptThere = row && textOf(**workTree, row->script) != nullptr;
    return scriptThere ? workTree : ofVersion(*version);
}

Result<std::vector<std::string>> SourceProjects::files() const {
    std::set<std::string> paths;
    walk(m_store.project.root(), [&](const fs::directory_entry& entry) {
        std::error_code problem;
        if (isShown(entry.path()) && entry.file_size(problem) <= kLargestSourceBytes) {
            paths.insert(entry.path().lexically_relative(m_store.project.root()).generic_string());
        }
    });
    HINDCAST_ASSIGN(const std::optional<base::Uuid> version, newest());
    std::string script;
    if (version) {
        HINDCAST_ASSIGN(const std::vector<store::SourceFile> snapshot, m_store.trees.list(*version));
        for (const store::SourceFile& file : snapshot) {
            if (isShown(file.path) && file.bytes <= kLargestSourceBytes) paths.insert(file.path);
        }
        HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, m_store.catalog.version(*version));
        if (row) script = row->script;
    }
    std::vector<std::string> out(paths.begin(), paths.end());
    const auto rank = [&](const std::string& path) { return path == script ? 0 : isPython(path) ? 1 : 2; };
    std::stable_sort(out.begin(), out.end(),
                     [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
    return out;
}

const std::string* textOf(const propagate::Project& project, const std::string& file) {
    for (const propagate::SourceFile& source : project.files()) {
        if (source.path == file) return &source.text;
    }
    return nullptr;
}

ProjectPtr withText(const propagate::Project& project, const std::string& file, const std::string& text) {
    std::vector<propagate::SourceFile> files = project.files();
    for (propagate::SourceFile& source : files) {
        if (source.path == file) source.text = text;
    }
    return std::make_shared<const propagate::Project>(std::move(files));
}

}  // namespace hindcast::workspace

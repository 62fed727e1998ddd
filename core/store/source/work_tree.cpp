// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/work_tree.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <unordered_set>

#include "core/base/file.h"
#include "core/store/source/git_repository.h"
#include "core/store/source/snapshot_rules.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr int kDeepestNesting = 16;
constexpr std::size_t kMostIgnoredListed = 200;

/// One work tree to list: the project's own, or one nested in it.
struct Tree {
    fs::path top;        ///< where .git is (or the plain folder)
    std::string inside;  ///< list only below this, relative to top; "" or ends in '/'
    std::string prefix;  ///< what is listed appears under this in the project; "" or ends in '/'
    int depth = 0;
};

/// Folders where git keeps its files for a work tree: its own and, for linked work trees, the shared one.
struct GitFolders {
    fs::path own;
    fs::path shared;
};

std::optional<GitFolders> gitFoldersOf(const fs::path& top) {
    std::error_code ignored;
    fs::path own = top / ".git";
    if (fs::is_regular_file(own, ignored)) {
        auto text = base::readTextFile(own, 65536);
        if (!text || !text->starts_with("gitdir:")) return std::nullopt;
        std::string target = text->substr(7);
        target.erase(0, target.find_first_not_of(" \t"));
        target.erase(target.find_last_not_of(" \t\r\n") + 1);
        own = (top / target).lexically_normal();
    }
    if (!fs::is_directory(own, ignored)) return std::nullopt;
    GitFolders folders{own, own};
    if (auto common = base::readTextFile(own / "commondir", 65536); common) {
        common->erase(common->find_last_not_of(" \t\r\n") + 1);
        folders.shared = (own / *common).lexically_normal();
    }
    return folders;
}

/// The work tree that holds `root`; none when that is a home folder (a repository of dot files says nothing about
/// projects in it).
std::optional<fs::path> topOf(const fs::path& root) {
    const char* home = std::getenv("HOME");
    std::error_code ignored;
    for (fs::path folder = root;; folder = folder.parent_path()) {
        if (fs::exists(folder / ".git", ignored)) {
            if (folder != root && home != nullptr && fs::equivalent(folder, home, ignored)) return std::nullopt;
            return folder;
        }
        if (folder == folder.parent_path()) return std::nullopt;
    }
}

class Lister {
public:
    explicit Lister(const Project& project) : m_project(project) {}

    Result<void> list(const Tree& tree);
    Result<WorkTreeListing> take();

private:
    Result<GitRepository> openOver(const Tree& tree) const;
    Result<void> walk(const Tree& tree, git_repository* repository);
    Result<void> addTracked(const Tree& tree);
    Result<void> take(const Tree& tree, std::string_view path, bool ignored);
    void skip(std::string path, std::uint64_t bytes, std::string_view reason);
    void dropEnvironments();

    const Project& m_project;
    WorkTreeListing m_listing;
    std::unordered_set<std::string> m_seen;
    std::size_t m_ignoredListed = 0;
};

Result<GitRepository> Lister::openOver(const Tree& tree) const {
    HINDCAST_ASSIGN(GitRepository repository, openCodeRepository(m_project));
    int code = git_repository_set_workdir(repository.get(), tree.top.c_str(), 0);
    if (code != 0) return gitError(code, "cannot look through " + tree.top.string());
    std::string rules = leaveOutAsIgnoreRules();
    if (const auto folders = gitFoldersOf(tree.top)) {
        if (auto exclude = base::readTextFile(folders->shared / "info" / "exclude", 1 << 20); exclude)
            rules += *exclude + "\n";
    }
    code = git_ignore_add_rule(repository.get(), rules.c_str());
    if (code != 0) return gitError(code, "cannot set the ignore rules");
    return repository;
}

Result<void> Lister::list(const Tree& tree) {
    if (tree.depth > kDeepestNesting) return {};
    HINDCAST_ASSIGN(GitRepository repository, openOver(tree));
    if (!tree.inside.empty()) {
        int hidden = 0;
        git_ignore_path_is_ignored(&hidden, repository.get(), tree.inside.c_str());
        // A project that an outer repository ignores is a plain folder to us.
        if (hidden != 0) return list(Tree{tree.top / tree.inside, "", tree.prefix, tree.depth + 1});
    }
    HINDCAST_TRY(walk(tree, repository.get()));
    return addTracked(tree);
}

/// Compares an empty index with the folder: everything comes out as untracked or ignored, with git's own rules, and
/// nothing is read.
Result<void> Lister::walk(const Tree& tree, git_repository* repository) {
    git_index* rawIndex = nullptr;
    int code = git_index_new(&rawIndex);
    if (code != 0) return gitError(code, "cannot make an index");
    const GitIndex empty(rawIndex);
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS | GIT_DIFF_INCLUDE_IGNORED |
                    GIT_DIFF_INCLUDE_UNREADABLE | GIT_DIFF_DISABLE_PATHSPEC_MATCH | GIT_DIFF_SKIP_BINARY_CHECK;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_ALL;
    std::string inside = tree.inside;
    char* only = inside.data();
    if (!inside.empty()) options.pathspec = git_strarray{&only, 1};
    git_diff* rawDiff = nullptr;
    code = git_diff_index_to_workdir(&rawDiff, repository, empty.get(), &options);
    if (code != 0) return gitError(code, "cannot look through " + tree.top.string());
    const GitDiff diff(rawDiff);
    const std::size_t count = git_diff_num_deltas(diff.get());
    for (std::size_t i = 0; i < count; ++i) {
        const git_diff_delta* delta = git_diff_get_delta(diff.get(), i);
        const std::string_view path = delta->new_file.path != nullptr ? delta->new_file.path : delta->old_file.path;
        HINDCAST_TRY(take(tree, path, delta->status == GIT_DELTA_IGNORED));
    }
    return {};
}

Result<void> Lister::take(const Tree& tree, std::string_view path, bool ignored) {
    if (!path.starts_with(tree.inside)) return {};
    const std::string shown = tree.prefix + std::string(path.substr(tree.inside.size()));
    if (shown.empty() || !m_seen.insert(shown).second) return {};
    if (const auto reason = reasonToLeaveOut(shown); !reason.empty()) {
        skip(shown, 0, reason);
        return {};
    }
    if (ignored) {
        m_seen.erase(shown);  // it may still turn out to be tracked
        if (++m_ignoredListed <= kMostIgnoredListed) skip(shown, 0, "ignored by git");
        return {};
    }
    if (path.ends_with('/')) {
        return list(Tree{tree.top / path.substr(0, path.size() - 1), "", shown, tree.depth + 1});
    }
    WorkTreeFile file{shown, {}};
    if (lstat((tree.top / path).c_str(), &file.info) != 0) return {};  // gone since the walk
    if (S_ISREG(file.info.st_mode) || S_ISLNK(file.info.st_mode)) {
        m_listing.files.push_back(std::move(file));
    } else {
        skip(shown, 0, "neither a file nor a link");
    }
    return {};
}

void Lister::skip(std::string path, std::uint64_t bytes, std::string_view reason) {
    if (reason == "the store itself" || reason == "version control" || reason == "cache") return;
    m_listing.skipped.push_back({std::move(path), bytes, std::string(reason)});
}

/// What git tracks although an ignore rule matches it.
Result<void> Lister::addTracked(const Tree& tree) {
    const auto folders = gitFoldersOf(tree.top);
    std::error_code ignored;
    if (!folders || !fs::exists(folders->own / "index", ignored)) return {};
    git_index* raw = nullptr;
    // An index that libgit2 cannot read (SHA-256 repositories) leaves only the rules to go by.
    if (git_index_open(&raw, (folders->own / "index").c_str()) != 0) return {};
    const GitIndex index(raw);
    const std::size_t count = git_index_entrycount(index.get());
    for (std::size_t i = 0; i < count; ++i) {
        const git_index_entry* entry = git_index_get_byindex(index.get(), i);
        const bool nested = entry->mode == GIT_FILEMODE_COMMIT;
        const std::string path = std::string(entry->path) + (nested ? "/" : "");
        std::error_code absent;
        if (nested && !fs::is_directory(tree.top / entry->path, absent)) continue;
        HINDCAST_TRY(take(tree, path, false));
    }
    return {};
}

void Lister::dropEnvironments() {
    std::set<std::string> folders;
    for (const WorkTreeFile& file : m_listing.files)
        if (const auto folder = environmentFolderOf(file.path); !folder.empty()) folders.insert(std::string(folder));
    for (const std::string& folder : folders) skip(folder, 0, "virtual environment or installed packages");
    std::erase_if(m_listing.files, [&folders](const WorkTreeFile& file) {
        return std::any_of(folders.begin(), folders.end(),
                           [&file](const std::string& folder) { return file.path.starts_with(folder); });
    });
}

Result<WorkTreeListing> Lister::take() {
    dropEnvironments();
    std::unordered_set<std::string> kept;
    for (const WorkTreeFile& file : m_listing.files) kept.insert(file.path);
    std::erase_if(m_listing.skipped, [&kept](const SkippedFile& file) { return kept.contains(file.path); });
    std::sort(m_listing.files.begin(), m_listing.files.end(),
              [](const auto& a, const auto& b) { return a.path < b.path; });
    return std::move(m_listing);
}

}  // namespace

Result<WorkTreeListing> listWorkTree(const Project& project) {
    const std::optional<fs::path> top = topOf(project.root());
    Tree tree{top.value_or(project.root()), "", "", 0};
    if (top && *top != project.root()) tree.inside = project.root().lexically_relative(*top).string() + "/";
    Lister lister(project);
    HINDCAST_TRY(lister.list(tree));
    return lister.take();
}

static std::string remoteOf(git_repository* repository) {
    git_remote* raw = nullptr;
    if (git_remote_lookup(&raw, repository, "origin") != 0) return {};
    const std::unique_ptr<git_remote, GitFree<git_remote_free>> remote(raw);
    const char* url = git_remote_url(remote.get());
    return url == nullptr ? std::string() : withoutCredentials(url);
}

static bool isDirty(git_repository* repository) {
    git_status_options options = GIT_STATUS_OPTIONS_INIT;
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
    options.flags = GIT_STATUS_OPT_EXCLUDE_SUBMODULES;  // without UPDATE_INDEX: nothing is written
    git_status_list* raw = nullptr;
    if (git_status_list_new(&raw, repository, &options) != 0) return false;
    const GitStatus status(raw);
    return git_status_list_entrycount(status.get()) > 0;
}

std::optional<GitFacts> readGitFacts(const Project& project) {
    const std::optional<fs::path> top = topOf(project.root());
    if (!top) return std::nullopt;
    const GitRepository repository = openUserRepository(*top);
    if (repository == nullptr) return std::nullopt;
    GitFacts facts;
    git_oid head{};
    if (git_reference_name_to_id(&head, repository.get(), "HEAD") == 0) facts.head = hexOf(head);
    git_reference* raw = nullptr;
    if (git_reference_lookup(&raw, repository.get(), "HEAD") == 0) {
        const GitReference reference(raw);
        constexpr std::string_view kHeads = "refs/heads/";
        if (const char* target = git_reference_symbolic_target(reference.get());
            target != nullptr && std::string_view(target).starts_with(kHeads))
            facts.branch = target + kHeads.size();
    }
    facts.remote = remoteOf(repository.get());
    facts.dirty = isDirty(repository.get());
    return facts;
}

}  // namespace hindcast::store

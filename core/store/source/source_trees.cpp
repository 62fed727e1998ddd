// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/source_trees.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/file.h"
#include "core/store/source/git_repository.h"
#include "core/store/source/loose_object.h"
#include "core/store/source/snapshot_message.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

struct SourceTrees::Impl {
    GitRepository repository;  ///< absent while the store has no code.git
    Project project;

    /// Opened late when the store had no snapshot yet at opening.
    git_repository* get() {
        if (repository == nullptr)
            if (auto opened = openCodeRepository(project)) repository = *std::move(opened);
        return repository.get();
    }
    Result<GitCommit> commitOf(const base::Uuid& version);
    Result<GitTree> treeOf(const base::Uuid& version);
    Result<GitBlob> blob(const git_oid& id);
    Result<void> checkWhole(const git_oid& id, const std::string& what) const;
};

Result<void> SourceTrees::Impl::checkWhole(const git_oid& id, const std::string& what) const {
    if (checkLooseObject(project, id) != LooseObject::Damaged) return {};
    return Error(ErrorCode::Damaged, what + " is damaged in the store; `hindcast fsck` says what it costs");
}

Result<GitCommit> SourceTrees::Impl::commitOf(const base::Uuid& version) {
    git_oid id{};
    if (get() == nullptr || git_reference_name_to_id(&id, repository.get(), versionReference(version).c_str()) != 0)
        return Error(ErrorCode::NotFound, "no source snapshot of version " + version.text());
    HINDCAST_TRY(checkWhole(id, "the source snapshot of version " + version.text()));
    git_commit* raw = nullptr;
    const int code = git_commit_lookup(&raw, repository.get(), &id);
    if (code != 0) return Error(ErrorCode::Damaged, gitError(code, "source of version " + version.text()).text());
    return GitCommit(raw);
}

Result<GitTree> SourceTrees::Impl::treeOf(const base::Uuid& version) {
    HINDCAST_ASSIGN(const GitCommit commit, commitOf(version));
    HINDCAST_TRY(checkWhole(*git_commit_tree_id(commit.get()), "the file list of version " + version.text()));
    git_tree* raw = nullptr;
    const int code = git_commit_tree(&raw, commit.get());
    if (code != 0) return Error(ErrorCode::Damaged, gitError(code, "source of version " + version.text()).text());
    return GitTree(raw);
}

Result<GitBlob> SourceTrees::Impl::blob(const git_oid& id) {
    HINDCAST_TRY(checkWhole(id, "a stored source file"));
    git_blob* raw = nullptr;
    const int code = git_blob_lookup(&raw, get(), &id);
    if (code != 0) return Error(ErrorCode::Damaged, gitError(code, "a stored source file").text());
    return GitBlob(raw);
}

SourceTrees::SourceTrees(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
SourceTrees::SourceTrees(SourceTrees&&) noexcept = default;
SourceTrees& SourceTrees::operator=(SourceTrees&&) noexcept = default;
SourceTrees::~SourceTrees() = default;

Result<SourceTrees> SourceTrees::open(const Project& project) {
    auto impl = std::make_unique<Impl>(Impl{nullptr, project});
    impl->get();
    return SourceTrees(std::move(impl));
}

bool SourceTrees::has(const base::Uuid& version) const {
    git_oid id{};
    return m_impl->get() != nullptr &&
           git_reference_name_to_id(&id, m_impl->get(), versionReference(version).c_str()) == 0;
}

static SourceFile::Kind kindOf(const git_tree_entry* entry) {
    switch (git_tree_entry_filemode_raw(entry)) {
        case GIT_FILEMODE_LINK:
            return SourceFile::Kind::Link;
        case GIT_FILEMODE_BLOB_EXECUTABLE:
            return SourceFile::Kind::Executable;
        default:
            return SourceFile::Kind::Regular;
    }
}

Result<std::vector<SourceFile>> SourceTrees::list(const base::Uuid& version) const {
    HINDCAST_ASSIGN(const GitTree tree, m_impl->treeOf(version));
    git_odb* rawOdb = nullptr;
    int code = git_repository_odb(&rawOdb, m_impl->get());
    if (code != 0) return gitError(code, "cannot open the object store");
    const GitOdb odb(rawOdb);
    struct Walk {
        const Impl& trees;
        git_odb* odb;
        std::vector<SourceFile> files;
        Result<void> whole;
    } walk{*m_impl, odb.get(), {}, {}};
    const auto visit = [](const char* root, const git_tree_entry* entry, void* payload) -> int {
        auto& state = *static_cast<Walk*>(payload);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
            state.whole = state.trees.checkWhole(*git_tree_entry_id(entry), "the list of a folder's files");
            return state.whole ? 0 : GIT_EUSER;
        }
        if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB) return 0;
        std::size_t bytes = 0;
        git_object_t type{};
        if (const int failed = git_odb_read_header(&bytes, &type, state.odb, git_tree_entry_id(entry)); failed != 0)
            return failed;
        state.files.push_back(
            {std::string(root) + git_tree_entry_name(entry), kindOf(entry), bytes, hexOf(*git_tree_entry_id(entry))});
        return 0;
    };
    code = git_tree_walk(tree.get(), GIT_TREEWALK_PRE, visit, &walk);
    HINDCAST_TRY(walk.whole);
    if (code != 0) return Error(ErrorCode::Damaged, gitError(code, "source of version " + version.text()).text());
    std::sort(walk.files.begin(), walk.files.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return std::move(walk.files);
}

Result<std::string> SourceTrees::readFile(const base::Uuid& version, const std::string& path) const {
    HINDCAST_ASSIGN(const GitTree tree, m_impl->treeOf(version));
    git_tree_entry* raw = nullptr;
    if (git_tree_entry_bypath(&raw, tree.get(), path.c_str()) != 0)
        return Error(ErrorCode::NotFound, "version " + version.text() + " has no file " + path);
    const GitTreeEntry entry(raw);
    if (git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) return Error(ErrorCode::NotFound, path + " is a folder");
    HINDCAST_ASSIGN(const GitBlob blob, m_impl->blob(*git_tree_entry_id(entry.get())));
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(git_blob_rawsize(blob.get())));
}

Result<Snapshot> SourceTrees::facts(const base::Uuid& version) const {
    HINDCAST_ASSIGN(const GitCommit commit, m_impl->commitOf(version));
    Snapshot snapshot = parseSnapshotMessage(git_commit_message(commit.get()));
    snapshot.commit = hexOf(*git_commit_id(commit.get()));
    return snapshot;
}

/// True when a path of a tree stays below the folder it is written to: a damaged or hostile tree could say otherwise.
static bool staysInside(const std::string& path) {
    for (const auto& part : fs::path(path))
        if (part == ".." || part == "." || part == ".git") return false;
    return !path.empty() && path.front() != '/';
}

static Result<void> writeEntry(const fs::path& target, SourceFile::Kind kind, const std::string& content) {
    HINDCAST_TRY(base::makeFolder(target.parent_path()));
    std::error_code ignored;
    fs::remove(target, ignored);
    if (kind == SourceFile::Kind::Link) {
        if (symlink(content.c_str(), target.c_str()) != 0)
            return Error::fromErrno(errno, "cannot make the link " + target.string());
        return {};
    }
    HINDCAST_ASSIGN(base::File file, base::File::open(target, base::File::Mode::CreateNew));
    HINDCAST_TRY(file.write(base::bytesOf(content)));
    const mode_t mode = kind == SourceFile::Kind::Executable ? 0755 : 0644;
    if (fchmod(file.descriptor(), mode) != 0)
        return Error::fromErrno(errno, "cannot set the mode of " + target.string());
    return file.close();
}

/// Whether a parent of `path` inside `folder` is a link: writing through it would leave the folder.
static bool passesThroughLink(const fs::path& folder, const std::string& path) {
    std::error_code ignored;
    for (fs::path parent = fs::path(path).parent_path(); !parent.empty(); parent = parent.parent_path())
        if (fs::is_symlink(folder / parent, ignored)) return true;
    return false;
}

Result<void> SourceTrees::exportTree(const base::Uuid& version, const std::filesystem::path& folder) const {
    HINDCAST_ASSIGN(const std::vector<SourceFile> files, list(version));
    HINDCAST_TRY(base::makeFolder(folder));
    for (const SourceFile& file : files) {
        if (!staysInside(file.path) || passesThroughLink(folder, file.path))
            return Error(ErrorCode::Damaged, "the stored source has a path that leaves its folder: " + file.path);
        git_oid id{};
        git_oid_fromstr(&id, file.digest.c_str());
        HINDCAST_ASSIGN(const GitBlob blob, m_impl->blob(id));
        const std::string content(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                                  static_cast<std::size_t>(git_blob_rawsize(blob.get())));
        HINDCAST_TRY(writeEntry(folder / file.path, file.kind, content));
    }
    return {};
}

}  // namespace hindcast::store

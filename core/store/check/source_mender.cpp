// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <string>

#include "core/base/file.h"
#include "core/store/check/damage_mender.h"
#include "core/store/source/git_repository.h"
#include "core/store/source/loose_object.h"

namespace hindcast::store {

using base::Result;

namespace {

/// code.git, and where lost objects may still be found: the user's repository and files.
class SourceMender {
public:
    SourceMender(RepairLog& log, GitRepository repository, GitOdb odb)
        : m_log(log), m_repository(std::move(repository)), m_odb(std::move(odb)) {
        m_user = openUserRepository(log.project().root());
        git_odb* raw = nullptr;
        if (m_user && git_repository_odb(&raw, m_user.get()) == 0) m_userOdb = GitOdb(raw);
    }

    Result<void> takeDamagedObjects();
    Result<void> mendReferences();
    void mendTrees();

private:
    bool isThere(const git_oid& id) const { return git_odb_exists(m_odb.get(), &id) != 0; }
    bool fetch(const git_oid& id, const std::string& path);
    bool fetchFromRepository(const git_oid& id);
    bool fetchFromFile(const git_oid& id, const std::string& path);
    void mendTree(const git_oid& id, const std::string& folder);

    RepairLog& m_log;
    GitRepository m_repository;
    GitOdb m_odb;
    GitRepository m_user;
    GitOdb m_userOdb;
    std::set<std::string> m_seen;  ///< trees that were walked
};

/// Objects that do not fit their names go aside: libgit2 must not be asked for them, and their names must be free.
Result<void> SourceMender::takeDamagedObjects() {
    std::vector<std::string> damaged;
    struct Walk {
        const Project* project;
        std::vector<std::string>* damaged;
    } walk{&m_log.project(), &damaged};
    const auto visit = [](const git_oid* id, void* payload) -> int {
        auto& state = *static_cast<Walk*>(payload);
        if (checkLooseObject(*state.project, *id) == LooseObject::Damaged) state.damaged->push_back(hexOf(*id));
        return 0;
    };
    if (const int code = git_odb_foreach(m_odb.get(), visit, &walk); code != 0)
        return gitError(code, "cannot list the stored sources");
    for (const std::string& hex : damaged) {
        const fs::path path = m_log.project().codeGit() / "objects" / hex.substr(0, 2) / hex.substr(2);
        HINDCAST_TRY(m_log.aside().take(path));
        m_log.add(path, "a damaged source object put aside");
    }
    git_odb_refresh(m_odb.get());
    return {};
}

/// The version that a snapshot's commit is of: its message begins "Source of version <uuid>".
std::optional<base::Uuid> versionOf(const git_commit* commit) {
    static constexpr std::string_view kTitle = "Source of version ";
    const std::string_view message = git_commit_message(commit);
    if (!message.starts_with(kTitle)) return std::nullopt;
    return base::Uuid::parse(message.substr(kTitle.size(), 36));
}

/// Versions whose reference is gone or damaged get their newest snapshot back.
Result<void> SourceMender::mendReferences() {
    struct Walk {
        git_repository* repository;
        std::map<base::Uuid, std::pair<git_time_t, git_oid>> newest;
    } walk{m_repository.get(), {}};
    const auto visit = [](const git_oid* id, void* payload) -> int {
        auto& state = *static_cast<Walk*>(payload);
        git_commit* raw = nullptr;
        if (git_commit_lookup(&raw, state.repository, id) != 0) return 0;  // of another type
        const GitCommit commit(raw);
        const auto version = versionOf(raw);
        if (!version) return 0;
        auto& known = state.newest[*version];
        if (known.first <= git_commit_time(raw)) known = {git_commit_time(raw), *id};
        return 0;
    };
    if (const int code = git_odb_foreach(m_odb.get(), visit, &walk); code != 0)
        return gitError(code, "cannot list the stored sources");
    for (const auto& [version, found] : walk.newest) {
        const std::string reference = versionReference(version);
        const fs::path path = m_log.project().codeGit() / reference;
        git_oid id{};
        std::error_code ignored;
        const bool known = git_reference_name_to_id(&id, m_repository.get(), reference.c_str()) == 0;
        if ((known && isThere(id)) || !fs::exists(m_log.project().versionFolder(version), ignored)) continue;
        if (fs::exists(path, ignored)) HINDCAST_TRY(m_log.aside().take(path));
        git_reference* raw = nullptr;
        if (git_reference_create(&raw, m_repository.get(), reference.c_str(), &found.second, 1, nullptr) != 0) continue;
        const GitReference made(raw);
        m_log.add(path, "points to the version's snapshot again");
    }
    return {};
}

bool SourceMender::fetchFromRepository(const git_oid& id) {
    git_odb_object* raw = nullptr;
    if (!m_userOdb || git_odb_read(&raw, m_userOdb.get(), &id) != 0) return false;
    const GitOdbObject object(raw);
    git_oid written{};
    return git_odb_write(&written, m_odb.get(), git_odb_object_data(raw), git_odb_object_size(raw),
                         git_odb_object_type(raw)) == 0 &&
           git_oid_equal(&written, &id) != 0;
}

bool SourceMender::fetchFromFile(const git_oid& id, const std::string& path) {
    const auto content = base::readFile(m_log.project().root() / path);
    git_oid found{};
    if (!content || git_odb_hash(&found, content->data(), content->size(), GIT_OBJECT_BLOB) != 0 ||
        git_oid_equal(&found, &id) == 0)
        return false;
    return git_odb_write(&found, m_odb.get(), content->data(), content->size(), GIT_OBJECT_BLOB) == 0;
}

bool SourceMender::fetch(const git_oid& id, const std::string& path) {
    if (isThere(id)) return true;
    if (!fetchFromRepository(id) && !fetchFromFile(id, path)) return false;
    const std::string hex = hexOf(id);
    m_log.add(m_log.project().codeGit() / "objects" / hex.substr(0, 2) / hex.substr(2), path + " found again");
    return true;
}

void SourceMender::mendTree(const git_oid& id, const std::string& folder) {
    git_tree* raw = nullptr;
    if (!m_seen.insert(hexOf(id)).second || !fetch(id, folder) || git_tree_lookup(&raw, m_repository.get(), &id) != 0)
        return;
    const GitTree tree(raw);
    for (std::size_t i = 0; i < git_tree_entrycount(raw); ++i) {
        const git_tree_entry* entry = git_tree_entry_byindex(raw, i);
        const std::string path = folder + git_tree_entry_name(entry);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE)
            mendTree(*git_tree_entry_id(entry), path + "/");
        else
            fetch(*git_tree_entry_id(entry), path);
    }
}

void SourceMender::mendTrees() {
    git_strarray references{};
    if (git_reference_list(&references, m_repository.get()) != 0) return;
    for (std::size_t i = 0; i < references.count; ++i) {
        git_oid id{};
        git_commit* raw = nullptr;
        if (git_reference_name_to_id(&id, m_repository.get(), references.strings[i]) != 0 ||
            git_commit_lookup(&raw, m_repository.get(), &id) != 0)
            continue;
        const GitCommit commit(raw);
        mendTree(*git_commit_tree_id(raw), "");
    }
    git_strarray_dispose(&references);
}

}  // namespace

Result<void> mendSources(RepairLog& log) {
    std::error_code ignored;
    const fs::path folder = log.project().codeGit();
    if (!fs::exists(folder, ignored)) return {};
    auto repository = openCodeRepository(log.project());
    if (!repository) {
        // HEAD and config hold nothing of ours: a new repository around the objects and references has the same.
        for (const char* name : {"HEAD", "config"})
            if (fs::exists(folder / name, ignored)) HINDCAST_TRY(log.aside().take(folder / name));
        repository = makeCodeRepository(log.project());
        if (!repository) return std::move(repository).error();
        log.add(folder, "its settings are written anew");
    }
    git_odb* raw = nullptr;
    if (const int code = git_repository_odb(&raw, repository->get()); code != 0)
        return gitError(code, "cannot open the stored sources");
    SourceMender mender(log, *std::move(repository), GitOdb(raw));
    HINDCAST_TRY(mender.takeDamagedObjects());
    HINDCAST_TRY(mender.mendReferences());
    mender.mendTrees();
    return {};
}

}  // namespace hindcast::store

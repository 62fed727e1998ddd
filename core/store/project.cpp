// SPDX-License-Identifier: Apache-2.0
#include "core/store/project.h"

#include <pwd.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/uuid.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::string_view kFormatPrefix = "hindcast-store ";
constexpr int kLayout = 1;

bool isThere(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// Absolute, without "." and "..", symbolic links kept: the recorder stores the same spelling.
fs::path absolutePath(const fs::path& path) {
    std::error_code ignored;
    fs::path out = fs::absolute(path.empty() ? fs::path(".") : path, ignored).lexically_normal();
    if (!out.has_filename() && out.has_parent_path()) out = out.parent_path();
    return out;
}

fs::path homeFolder() {
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
    if (const passwd* entry = getpwuid(getuid()); entry != nullptr) return entry->pw_dir;
    return {};
}

Result<void> checkLayout(const fs::path& root) {
    const fs::path file = root / ".hindcast" / "FORMAT";
    auto text = base::readTextFile(file, 4096);
    if (!text) {
        if (text.error().code() != ErrorCode::NotFound) return std::move(text).error();
        return Error(ErrorCode::NotFound,
                     (root / ".hindcast").string() + " has no FORMAT file: it is not a Hindcast store");
    }
    int layout = 0;
    const std::string_view view = *text;
    if (view.starts_with(kFormatPrefix))
        std::from_chars(view.data() + kFormatPrefix.size(), view.data() + view.size(), layout);
    if (layout > kLayout)
        return Error(ErrorCode::NewerFormat, "the store in " + root.string() + " has layout " + std::to_string(layout) +
                                                 "; this program knows layout " + std::to_string(kLayout) +
                                                 ": use a newer Hindcast to open it");
    if (layout < 1) return Error(ErrorCode::Damaged, file.string() + " does not say which layout the store has");
    return {};
}

/// Magic numbers of statfs(2) of file systems that several hosts share.
bool isNetworkFileSystem(const fs::path& path) {
    struct statfs info {};
    if (statfs(path.c_str(), &info) != 0) return false;
    static constexpr std::array<std::uint32_t, 13> kShared = {
        0x6969,     0x517B,     0xFE534D42, 0xFF534D42, 0x65735546, 0x0BD00BD0, 0x47504653,
        0x19830326, 0x01021997, 0x00C36400, 0x5346414F, 0x73757245, 0x7461636F};  // NFS SMB SMB2 CIFS FUSE Lustre GPFS
                                                                                  // BeeGFS 9P Ceph AFS Coda OCFS2
    return std::find(kShared.begin(), kShared.end(), static_cast<std::uint32_t>(info.f_type)) != kShared.end();
}

/// The owner's alone, whatever the folder around it says; HINDCAST_SHARED opens it to the folder's group. What is made
/// in it follows (base::makeFolder).
Result<void> makeStoreFolder(const fs::path& store) {
    if (isThere(store)) return {};
    const char* shared = std::getenv("HINDCAST_SHARED");
    const std::string_view with = shared == nullptr ? "" : shared;
    mode_t rights = S_IRWXU;
    if (with == "group") rights |= S_ISGID | S_IRWXG;
    if (with == "group-read") rights |= S_ISGID | S_IRGRP | S_IXGRP;
    if (!with.empty() && rights == S_IRWXU)
        return Error(ErrorCode::InvalidArgument,
                     "HINDCAST_SHARED is '" + std::string(with) +
                         "': it can be group (all may record) or group-read (all may look)");
    // Under another name until it has its rights: who comes at the same time must not make folders that lack them.
    const fs::path made = store.string() + "." + base::Uuid::make().text();
    HINDCAST_TRY(base::makeFolder(made));
    const bool placed = chmod(made.c_str(), rights) == 0 && std::rename(made.c_str(), store.c_str()) == 0;
    const int problem = errno;
    std::error_code ignored;
    if (!placed) fs::remove(made, ignored);
    if (!placed && !isThere(store)) return Error::fromErrno(problem, "cannot make " + store.string());
    return {};
}

fs::path cacheFolder(const fs::path& store) {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    std::string key = store.string();
    std::replace(key.begin(), key.end(), '/', '%');
    return userCacheFolder() / host.data() / key.substr(key.size() > 180 ? key.size() - 180 : 0);
}

}  // namespace

Result<Project> Project::open(const fs::path& root) {
    const fs::path folder = absolutePath(root);
    HINDCAST_TRY(checkLayout(folder));
    const fs::path store = folder / ".hindcast";
    const bool writable = access(store.c_str(), W_OK) == 0;
    const bool local = writable && !isNetworkFileSystem(store);
    return Project(folder, local ? store : cacheFolder(store), writable);
}

Result<Project> Project::find(const fs::path& from) {
    const fs::path start = absolutePath(from);
    for (fs::path folder = start;; folder = folder.parent_path()) {
        if (isThere(folder / ".hindcast" / "FORMAT")) return open(folder);
        if (folder == folder.parent_path()) break;
    }
    return Error(ErrorCode::NotFound,
                 "no Hindcast store in " + start.string() +
                     " or above it: record a run of your training script first, with `hindcast run SCRIPT`");
}

Result<Project> Project::create(const fs::path& root) {
    const fs::path folder = absolutePath(root);
    if (isThere(folder / ".hindcast" / "FORMAT")) return open(folder);
    if (folder == folder.root_path() || folder == absolutePath(homeFolder()))
        return Error(ErrorCode::Refused,
                     "no store is made in " + folder.string() + ": put the script into a project folder");
    const fs::path store = folder / ".hindcast";
    HINDCAST_TRY(makeStoreFolder(store));
    for (const char* name : {"versions", "replays", "annotations", "scratch"})
        HINDCAST_TRY(base::makeFolder(store / name));
    HINDCAST_TRY(base::writeFileAtomically(store / ".gitignore", base::bytesOf("*\n")));
    // FORMAT comes last: a folder without it is not a store, so a half-made one is made again.
    HINDCAST_TRY(base::writeFileAtomically(store / "FORMAT", base::bytesOf("hindcast-store 1\n")));
    return open(folder);
}

fs::path Project::rootFor(const fs::path& script) {
    const fs::path file = absolutePath(script);
    std::error_code ignored;
    const fs::path own = fs::is_directory(file, ignored) ? file : file.parent_path();
    std::optional<fs::path> workTree;
    for (fs::path folder = own;; folder = folder.parent_path()) {
        if (isThere(folder / ".hindcast" / "FORMAT")) return folder;
        if (!workTree && isThere(folder / ".git")) workTree = folder;
        if (folder == folder.parent_path()) break;
    }
    return workTree.value_or(own);
}

fs::path userCacheFolder() {
    const char* base = std::getenv("XDG_CACHE_HOME");
    return (base != nullptr && *base == '/' ? fs::path(base) : homeFolder() / ".cache") / "hindcast";
}

}  // namespace hindcast::store

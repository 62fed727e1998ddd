// SPDX-License-Identifier: Apache-2.0
#include "core/store/scratch.h"

#include <sys/stat.h>

#include <algorithm>

#include "core/base/clock.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

/// The newest change of anything in a folder, in seconds of the wall clock.
static std::int64_t newestChange(const fs::path& folder) {
    std::int64_t newest = 0;
    const auto look = [&newest](const fs::path& path) {
        struct stat info {};
        if (lstat(path.c_str(), &info) == 0) newest = std::max<std::int64_t>(newest, info.st_mtim.tv_sec);
    };
    look(folder);
    std::error_code code;
    for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
        look(it->path());
    return newest;
}

Result<std::vector<fs::path>> staleScratch(const Project& project, std::chrono::hours age) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(project.scratch()));
    const std::int64_t oldest = base::wallClockMicros() / 1'000'000 - std::chrono::seconds(age).count();
    std::vector<fs::path> stale;
    for (const std::string& name : names) {
        const fs::path path = project.scratch() / name;
        std::error_code ignored;
        // A process may hold a lock file open, and removing it would let a second in.
        if (!fs::is_directory(fs::symlink_status(path, ignored))) continue;
        const bool removed = name.starts_with(kRemovedPrefix) && !base::isLockedByAnother(path / "journal");
        if (!removed && (base::isLockedByAnother(path / "lock") || newestChange(path) > oldest)) continue;
        stale.push_back(path);
    }
    return stale;
}

Result<int> pruneScratch(const Project& project, std::chrono::hours age) {
    HINDCAST_ASSIGN(const auto stale, staleScratch(project, age));
    for (const fs::path& path : stale) HINDCAST_TRY(base::removeTree(path));
    return static_cast<int>(stale.size());
}

Result<ScratchFolder> ScratchFolder::make(const fs::path& parent, const std::string& what) {
    const fs::path path = parent / (what + "-" + base::Uuid::make().text());
    HINDCAST_TRY(base::makeFolder(path));
    HINDCAST_ASSIGN(File lock, File::open(path / "lock", File::Mode::CreateNew));
    HINDCAST_ASSIGN(const bool locked, lock.tryLock());
    if (!locked) return Error(ErrorCode::Busy, path.string() + " is locked by another process");
    return ScratchFolder(std::move(lock), path);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : m_lock(std::move(other.m_lock)), m_path(std::exchange(other.m_path, {})) {}

ScratchFolder::~ScratchFolder() {
    if (!m_path.empty()) (void)base::removeTree(m_path);
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/source_lock.h"

#include <sys/stat.h>

#include "core/store/lock_wait.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

SourceLock::SourceLock(File file, bool shared) : m_file(std::move(file)), m_shared(shared) {
    if (m_shared) m_before = ::umask(S_IRWXO);
}

SourceLock::SourceLock(SourceLock&& other) noexcept
    : m_file(std::move(other.m_file)), m_shared(std::exchange(other.m_shared, false)), m_before(other.m_before) {}

SourceLock::~SourceLock() {
    if (m_shared) ::umask(m_before);
}

bool isGroupShared(const Project& project) {
    struct stat info {};
    return ::stat(project.store().c_str(), &info) == 0 && (info.st_mode & S_ISGID) != 0 &&
           (info.st_mode & S_IRGRP) != 0;
}

template <class Try>
static Result<SourceLock> lockSources(const Project& project, Try attempt) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    HINDCAST_ASSIGN(File file, File::open(project.scratch() / "sources.lock", File::Mode::OpenOrCreate));
    HINDCAST_ASSIGN(const bool locked, waitForLock([&] { return attempt(file); }, std::chrono::seconds(30)));
    if (locked) return SourceLock(std::move(file), isGroupShared(project));
    return Error(ErrorCode::Busy, "another process has been using the stored sources of " + project.root().string() +
                                      " for 30 s: try again later");
}

Result<SourceLock> lockForSnapshot(const Project& project) {
    return lockSources(project, [](File& file) { return file.tryLockShared(); });
}
Result<SourceLock> lockForCollection(const Project& project) {
    return lockSources(project, [](File& file) { return file.tryLock(); });
}

}  // namespace hindcast::store

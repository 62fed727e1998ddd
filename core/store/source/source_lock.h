// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/store/project.h"

/// Internal to this folder: objects of code.git are not named by anything until their snapshot is whole, so nothing may
/// be collected meanwhile.
namespace hindcast::store {

/// Held while code.git is written. In a store that a group shares, libgit2's files are made for the group meanwhile:
/// the process's umask is 007 then, which opens nothing else, as all other files here are made with rights of their
/// own.
class SourceLock {
public:
    SourceLock(base::File file, bool shared);
    SourceLock(SourceLock&& other) noexcept;
    SourceLock& operator=(SourceLock&&) = delete;
    ~SourceLock();

private:
    base::File m_file;
    bool m_shared;
    mode_t m_before = 0;
};

/// Held while a snapshot is written; any number at once. Waits while objects are collected.
base::Result<SourceLock> lockForSnapshot(const Project& project);
/// Held while objects are collected. Busy when a snapshot takes longer than half a minute.
base::Result<SourceLock> lockForCollection(const Project& project);

/// Whether the store is one that a group shares, at least for reading.
bool isGroupShared(const Project& project);

}  // namespace hindcast::store

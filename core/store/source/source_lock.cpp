// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/source_lock.h"

#include <chrono>
#include <thread>

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;

template <class Try>
static Result<File> lockSources(const Project& project, Try attempt) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    HINDCAST_ASSIGN(File file, File::open(project.scratch() / "sources.lock", File::Mode::OpenOrCreate));
    constexpr int kTries = 1500;
    for (int i = 0; i < kTries; ++i) {
        HINDCAST_ASSIGN(const bool locked, attempt(file));
        if (locked) return file;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return Error(ErrorCode::Busy, "another process has been using the stored sources of " + project.root().string() +
                                      " for 30 s: try again later");
}

Result<File> lockForSnapshot(const Project& project) {
    return lockSources(project, [](File& file) { return file.tryLockShared(); });
}
Result<File> lockForCollection(const Project& project) {
    return lockSources(project, [](File& file) { return file.tryLock(); });
}

}  // namespace hindcast::store

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstdint>

#include "core/base/clock.h"
#include "core/store/project.h"

/// Internal to this folder.
namespace hindcast::store {

/// Tells whether a folder's list of names may have changed. A change within the clock tick of the last look is not
/// missed: a young stamp never counts as seen.
class FolderWatch {
public:
    bool changed(const fs::path& folder) {
        struct stat info {};
        if (stat(folder.c_str(), &info) != 0) return false;
        const std::int64_t stamp = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
        if (stamp == m_seen) return false;
        constexpr std::int64_t kYoung = 2'000'000'000;
        if (base::wallClockMicros() * 1000 - stamp > kYoung) m_seen = stamp;
        return true;
    }
    void forget() { m_seen = -1; }

private:
    std::int64_t m_seen = -1;
};

}  // namespace hindcast::store

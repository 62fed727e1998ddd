// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/base/file.h"
#include "core/base/result.h"

namespace hindcast::bench {

/// The value, or the end of the program with the error's sentence.
template <class T>
T must(base::Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().c_str());
        std::exit(1);
    }
    return *std::move(result);
}
inline void must(base::Result<void> result) {
    if (result) return;
    std::fprintf(stderr, "%s\n", result.error().text().c_str());
    std::exit(1);
}

/// A folder on the disk of TMPDIR (a memory file system would flatter every writer), gone with this object.
class TemporaryFolder {
public:
    TemporaryFolder() {
        const char* top = std::getenv("TMPDIR");
        std::string name = std::string(top != nullptr ? top : "/var/tmp") + "/hindcast-bench-XXXXXX";
        if (mkdtemp(name.data()) == nullptr) {
            std::perror(name.c_str());
            std::exit(1);
        }
        m_path = name;
    }
    ~TemporaryFolder() { (void)base::removeTree(m_path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

}  // namespace hindcast::bench

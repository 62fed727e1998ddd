// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace hindcast::bench {

/// One past state of a file.
struct Revision {
    std::string commit;
    std::string path;  ///< at that commit; renames are followed
    std::string text;
};

/// The distinct states of a file of a git repository, newest first, at most `limit` of them spread evenly over the history. Runs git.
std::vector<Revision> history(const std::string& repository, const std::string& path, std::size_t limit);

}  // namespace hindcast::bench

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

/// The distinct states of a file of a git repository, newest first, at most `limit` of them spread evenly over the
/// history. Runs git.
std::vector<Revision> history(const std::string& repository, const std::string& path, std::size_t limit);

/// Which line of `older` each line of `newer` is, by what git's blame says: the line was never taken out and put in
/// again between the two. Both 1-based, 0 where there is none; index 0 is unused. Runs git.
std::vector<int> survivingLines(const std::string& repository, const Revision& newer, const Revision& older);

}  // namespace hindcast::bench

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hindcast::bench {

/// One past state of a file.
struct Revision {
    std::string commit;
    std::string path;  ///< at that commit; renames are followed
    std::string text;
};

/// The states of a file of a git repository, newest first. Runs git.
class History {
public:
    History(std::string repository, const std::string& path);

    /// At most `limit` distinct states, spread evenly, the newest and the oldest among them: places in the history.
    std::vector<std::size_t> spread(std::size_t limit);

    /// The same of those between two places, which are not among them, and differ from both.
    std::vector<std::size_t> between(std::size_t newer, std::size_t older, std::size_t limit);

    const Revision& at(std::size_t place);

private:
    std::string m_repository;
    std::vector<Revision> m_revisions;  ///< the text is read when asked for
};

/// Which line of `older` each line of `newer` is, by what git's blame says: the line was never taken out and put in
/// again between the two. Both 1-based, 0 where there is none; index 0 is unused. Runs git.
std::vector<int> survivingLines(const std::string& repository, const Revision& newer, const Revision& older);

}  // namespace hindcast::bench

// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/workers/process_tree.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

namespace hindcast::replay {

namespace fs = std::filesystem;

namespace {

/// What can be read; a process may end while its file is open, which is no error here (and one that streams throw).
std::string contentOf(const fs::path& path) {
    std::string text;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return text;
    std::array<char, 4096> part;
    for (ssize_t got = 0; (got = ::read(file, part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(got));
    ::close(file);
    return text;
}

std::vector<pid_t> allProcesses() {
    std::vector<pid_t> all;
    std::error_code problem;
    for (auto at = fs::directory_iterator("/proc", problem); !problem && at != fs::directory_iterator();
         at.increment(problem)) {
        const int id = std::atoi(at->path().filename().c_str());
        if (id > 1) all.push_back(id);
    }
    return all;
}

fs::path folderOf(pid_t process) {
    return fs::path("/proc") / std::to_string(process);
}

/// The fourth field of stat, behind a name that may hold anything, brackets included.
pid_t parentOf(pid_t process) {
    const std::string stat = contentOf(folderOf(process) / "stat");
    const std::size_t afterName = stat.rfind(')');
    if (afterName == std::string::npos) return 0;
    std::istringstream rest(stat.substr(afterName + 1));
    std::string state;
    pid_t parent = 0;
    rest >> state >> parent;
    return parent;
}

/// Kilobytes of a line of smaps_rollup or status, 0 when it is not there.
std::uint64_t kilobytes(const std::string& text, const std::string& key) {
    const std::size_t at = text.find(key);
    return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + key.size(), nullptr, 10);
}

}  // namespace

std::vector<pid_t> processTree(pid_t root) {
    std::map<pid_t, std::vector<pid_t>> children;
    for (const pid_t process : allProcesses()) children[parentOf(process)].push_back(process);
    std::vector<pid_t> tree{root};
    for (std::size_t at = 0; at < tree.size(); ++at) {
        const std::vector<pid_t>& mine = children[tree[at]];
        tree.insert(tree.end(), mine.begin(), mine.end());
    }
    return tree;
}

std::uint64_t memoryOf(const std::vector<pid_t>& processes) {
    std::uint64_t total = 0;
    for (const pid_t process : processes) {
        const std::string shares = contentOf(folderOf(process) / "smaps_rollup");
        total += shares.empty() ? kilobytes(contentOf(folderOf(process) / "status"), "RssAnon:")
                                : kilobytes(shares, "\nPss_Anon:") + kilobytes(shares, "\nPss_Shmem:");
    }
    return total * 1024;
}

int endStrays(const std::string& mark) {
    const std::string entry = std::string(kWorkerMark) + "=" + mark + '\0';
    int found = 0;
    // A process that forks while we look is found in the next round.
    for (int round = 0, last = -1; round < 10 && last != 0; ++round) {
        last = 0;
        for (const pid_t process : allProcesses()) {
            if (process == ::getpid()) continue;
            if (contentOf(folderOf(process) / "environ").find(entry) == std::string::npos) continue;
            if (::kill(process, SIGKILL) == 0) ++last;
        }
        found += last;
    }
    return found;
}

}  // namespace hindcast::replay

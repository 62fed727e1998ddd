// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/propagation/git_history.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <sstream>
#include <unordered_set>
#include <utility>

namespace hindcast::bench {
namespace {

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string outputOf(const std::string& command) {
    std::string out;
    FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
    if (pipe == nullptr) return out;
    std::array<char, 65536> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), n);
    pclose(pipe);
    return out;
}

}  // namespace

History::History(std::string repository, const std::string& path) : m_repository(std::move(repository)) {
    std::istringstream log(
        outputOf("git -C " + quoted(m_repository) + " log --follow --format=commit:%H --name-only -- " + quoted(path)));
    std::string commit;
    for (std::string line; std::getline(log, line);) {
        if (line.rfind("commit:", 0) == 0) {
            commit = line.substr(7);
        } else if (!line.empty() && !commit.empty()) {
            m_revisions.push_back({commit, line, {}});
            commit.clear();
        }
    }
}

const Revision& History::at(std::size_t place) {
    Revision& revision = m_revisions[place];
    if (revision.text.empty())
        revision.text =
            outputOf("git -C " + quoted(m_repository) + " show " + quoted(revision.commit + ":" + revision.path));
    return revision;
}

std::vector<std::size_t> History::spread(std::size_t limit) {
    std::vector<std::size_t> chosen;
    std::unordered_set<std::string> seen;
    const std::size_t count = std::min(limit, m_revisions.size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = count > 1 ? i * (m_revisions.size() - 1) / (count - 1) : 0;
        if (!at(place).text.empty() && seen.insert(at(place).text).second) chosen.push_back(place);
    }
    return chosen;
}

std::vector<std::size_t> History::between(std::size_t newer, std::size_t older, std::size_t limit) {
    std::vector<std::size_t> chosen;
    std::unordered_set<std::string> seen{at(newer).text, at(older).text, ""};
    const std::size_t inside = older - newer - 1;
    const std::size_t count = std::min(limit, inside);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t place = newer + 1 + i * inside / count;
        if (seen.insert(at(place).text).second) chosen.push_back(place);
    }
    return chosen;
}

std::vector<int> survivingLines(const std::string& repository, const Revision& newer, const Revision& older) {
    // Lines that were there before the range begins are blamed on its lower end, with their number in it.
    std::istringstream blame(outputOf("git -C " + quoted(repository) + " blame -s --porcelain " +
                                      quoted(older.commit + ".." + newer.commit) + " -- " + quoted(newer.path)));
    std::vector<int> lines{0};
    for (std::string line; std::getline(blame, line);) {
        std::istringstream header(line);
        std::string commit;
        std::size_t oldLine = 0;
        std::size_t newLine = 0;
        if (!(header >> commit >> oldLine >> newLine) || commit.size() != older.commit.size() || line[0] == '\t')
            continue;
        if (lines.size() <= newLine) lines.resize(newLine + 1, 0);
        if (commit == older.commit) lines[newLine] = static_cast<int>(oldLine);
    }
    return lines;
}

}  // namespace hindcast::bench

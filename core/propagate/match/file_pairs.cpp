// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/match/file_pairs.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace hindcast::propagate {
namespace {

constexpr double kRenameThreshold = 0.4;  ///< share of telling statements that a renamed file keeps

std::unordered_set<std::uint64_t> tellingStatements(const ParsedFile& file) {
    std::unordered_set<std::uint64_t> hashes;
    for (const auto& statement : file.outline.statements()) {
        if (statement.weight >= 3 && statement.blocks.empty()) hashes.insert(statement.hash);
    }
    return hashes;
}

double likeness(const std::unordered_set<std::uint64_t>& a, const std::unordered_set<std::uint64_t>& b) {
    if (a.empty() || b.empty()) return 0;
    const auto common = std::count_if(a.begin(), a.end(), [&](auto hash) { return b.count(hash) != 0; });
    return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size());
}

}  // namespace

std::vector<std::pair<int, int>> pairFiles(const Side& newer, const Side& older) {
    std::vector<std::pair<int, int>> pairs;
    std::vector<int> freeNew;
    std::vector<char> taken(older.fileCount(), 0);
    for (std::size_t i = 0; i < newer.fileCount(); ++i) {
        const int there = older.indexOf(newer.file(i).path);
        if (there >= 0) {
            pairs.emplace_back(static_cast<int>(i), there);
            taken[static_cast<std::size_t>(there)] = 1;
        } else {
            freeNew.push_back(static_cast<int>(i));
        }
    }
    std::vector<std::tuple<double, int, int>> scored;
    for (const int i : freeNew) {
        const auto own = tellingStatements(newer.file(static_cast<std::size_t>(i)));
        for (std::size_t j = 0; j < older.fileCount(); ++j) {
            if (taken[j] != 0) continue;
            const double score = likeness(own, tellingStatements(older.file(j)));
            if (score >= kRenameThreshold || (newer.fileCount() == 1 && older.fileCount() == 1))
                scored.emplace_back(-score, i, static_cast<int>(j));
        }
    }
    std::sort(scored.begin(), scored.end());
    std::unordered_set<int> used;
    for (const auto& [score, i, j] : scored) {
        if (taken[static_cast<std::size_t>(j)] != 0 || !used.insert(i).second) continue;
        taken[static_cast<std::size_t>(j)] = 1;
        pairs.emplace_back(i, j);
    }
    return pairs;
}

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
// Alignments of what is left between the children of two blocks.
#include <algorithm>
#include <unordered_map>

#include "core/propagate/match/matcher.h"

namespace hindcast::propagate {
namespace {

constexpr std::size_t kMaxRunCells = 60'000;  ///< larger runs of changed statements are aligned by equality only

}  // namespace

void Matcher::alignMapped() {
    // Blocks are in preorder within a file, so pairs that an alignment adds are themselves aligned later in the pass.
    for (int block = 0; block < m_new.blockCount(); ++block) {
        const int other = m_map.blockToOld[static_cast<std::size_t>(block)];
        if (other >= 0) alignBlocks(block, other);
    }
}

/// A run of statements that moved into another kind of block (a function made of a script's body, a loop's body made a
/// function): the block that holds most of its counterparts is aligned with it, though the two are not each other's.
void Matcher::alignMoved() {
    for (int block = 0; block < m_new.blockCount(); ++block) {
        std::unordered_map<int, double> votes;
        bool anyFree = false;
        double total = 0;
        for (const int s : m_new.statementsIn(block)) {
            const int there = m_map.toOld[static_cast<std::size_t>(s)];
            anyFree = anyFree || (there < 0 && m_excluded[static_cast<std::size_t>(s)] == 0);
            if (there < 0) continue;
            const double weight = std::min<double>(m_new.statement(s).weight, 10);
            votes[m_old.blockOf(there)] += weight;
            total += weight;
        }
        if (!anyFree || votes.empty()) continue;
        for (const auto& [other, weight] : votes) {
            if (other != m_map.blockToOld[static_cast<std::size_t>(block)] && weight >= 0.3 * total && weight >= 6)
                alignBlocks(block, other);
        }
    }
}

/// Children that are paired with each other already cut the two lists into runs, which are aligned one by one.
void Matcher::alignBlocks(int newBlock, int oldBlock) {
    const auto a = m_new.statementsIn(newBlock);
    const auto b = m_old.statementsIn(oldBlock);
    // Longest increasing chain of existing pairs.
    std::vector<std::pair<int, int>> links;
    std::unordered_map<int, int> position;
    for (std::size_t j = 0; j < b.size(); ++j) position[b[j]] = static_cast<int>(j);
    for (std::size_t i = 0; i < a.size(); ++i) {
        const int there = m_map.toOld[static_cast<std::size_t>(a[i])];
        const auto found = there < 0 ? position.end() : position.find(there);
        if (found != position.end()) links.emplace_back(static_cast<int>(i), found->second);
    }
    std::vector<int> tail;
    std::vector<int> before(links.size(), -1);
    for (std::size_t k = 0; k < links.size(); ++k) {
        const auto at = std::lower_bound(tail.begin(), tail.end(), links[k].second, [&](int index, int value) {
            return links[static_cast<std::size_t>(index)].second < value;
        });
        if (at != tail.begin()) before[k] = *(at - 1);
        if (at == tail.end()) {
            tail.push_back(static_cast<int>(k));
        } else {
            *at = static_cast<int>(k);
        }
    }
    std::vector<std::pair<int, int>> chain{{static_cast<int>(a.size()), static_cast<int>(b.size())}};
    for (int k = tail.empty() ? -1 : tail.back(); k >= 0; k = before[static_cast<std::size_t>(k)])
        chain.push_back(links[static_cast<std::size_t>(k)]);
    std::reverse(chain.begin(), chain.end());
    int i = 0;
    int j = 0;
    for (const auto& [endA, endB] : chain) {
        alignRun({a.begin() + i, a.begin() + endA}, {b.begin() + j, b.begin() + endB});
        i = std::min(endA + 1, static_cast<int>(a.size()));
        j = std::min(endB + 1, static_cast<int>(b.size()));
    }
}

/// Pairs what is free in two runs so that the sum of scores is largest and the order kept.
void Matcher::alignRun(const std::vector<int>& allA, const std::vector<int>& allB) {
    std::vector<int> a;
    std::vector<int> b;
    for (const int s : allA) {
        if (m_map.toOld[static_cast<std::size_t>(s)] < 0 && m_excluded[static_cast<std::size_t>(s)] == 0)
            a.push_back(s);
    }
    for (const int s : allB) {
        if (m_map.toNew[static_cast<std::size_t>(s)] < 0) b.push_back(s);
    }
    if (a.empty() || b.empty()) return;
    const bool equalOnly = a.size() * b.size() > kMaxRunCells;
    const std::size_t width = b.size() + 1;
    if (equalOnly && a.size() * b.size() > 100 * kMaxRunCells) return;
    std::vector<float> score(a.size() * b.size());
    std::vector<float> best((a.size() + 1) * width, 0);
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t j = b.size(); j-- > 0;) {
            const bool equal = m_new.statement(a[i]).hash == m_old.statement(b[j]).hash;
            const float s = equal ? 1.0F : equalOnly ? 0.0F : static_cast<float>(std::min(0.97, pairScore(a[i], b[j])));
            score[i * b.size() + j] = s;
            // Squared, so that one good pair beats two poor ones.
            const float with = s > 0 ? best[(i + 1) * width + j + 1] + s * s : 0;
            best[i * width + j] = std::max({with, best[(i + 1) * width + j], best[i * width + j + 1]});
        }
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        const float s = score[i * b.size() + j];
        if (s > 0 && best[i * width + j] == best[(i + 1) * width + j + 1] + s * s) {
            if (s >= 1.0F) {
                pairSubtrees(a[i], b[j], 1.0F);
            } else {
                pair(a[i], b[j], s);
            }
            ++i;
            ++j;
        } else if (best[i * width + j] == best[(i + 1) * width + j]) {
            ++i;
        } else {
            ++j;
        }
    }
}

}  // namespace hindcast::propagate

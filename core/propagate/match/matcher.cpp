// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/match/matcher.h"

#include <algorithm>
#include <unordered_map>

namespace hindcast::propagate {
namespace {

using syntax::Kind;
using syntax::Statement;

constexpr std::uint32_t kTellingWeight = 5;  ///< a statement with fewer names and literals says little by itself
constexpr double kSimpleThreshold = 0.55;
constexpr double kCompoundThreshold = 0.60;
constexpr double kContainerThreshold = 0.70;
constexpr double kSimilarThreshold = 0.70;   ///< for statements matched wherever they stand
constexpr double kSimilarMargin = 0.08;      ///< … and how much better than the next best
constexpr double kSuiteThreshold = 0.60;     ///< for clauses with a head: elif, except, case
constexpr std::uint32_t kWholeTokens = 150;  ///< compound statements up to this size are compared whole
constexpr std::size_t kMaxPostings = 40;     ///< tokens in more statements than this do not lead to candidates

bool isDefinition(Kind kind) {
    return kind == Kind::Function || kind == Kind::Class;
}

bool comparable(const Statement& a, const Statement& b) {
    if (a.kind == b.kind) return true;
    const auto plain = [](Kind kind) {
        return kind == Kind::ExpressionStatement || kind == Kind::Assignment || kind == Kind::AugmentedAssignment ||
               kind == Kind::Return;
    };
    return plain(a.kind) && plain(b.kind);
}

struct Occurrences {
    int newer = -1;
    int older = -1;
    int newCount = 0;
    int oldCount = 0;
};

}  // namespace

Matcher::Matcher(const Side& newer, const Side& older, std::vector<char> excluded)
    : m_new(newer), m_old(older), m_excluded(std::move(excluded)), m_oldHashes(plainHashes(older)) {
    m_oldProfiles.resize(static_cast<std::size_t>(m_old.statementCount()));
}

TokenHashes Matcher::plainHashes(const Side& side) {
    TokenHashes hashes;
    for (const auto& file : side.files()) {
        std::vector<std::uint64_t> own;
        own.reserve(file->tree->tokens().size());
        for (const auto& token : file->tree->tokens()) own.push_back(token.hash);
        hashes.push_back(std::move(own));
    }
    return hashes;
}

Mapping Matcher::run(const std::vector<std::pair<int, int>>& filePairs, const TokenHashes& names) {
    m_newHashes = &names;
    m_newProfiles.assign(static_cast<std::size_t>(m_new.statementCount()), {});
    m_map.toOld.assign(static_cast<std::size_t>(m_new.statementCount()), -1);
    m_map.toNew.assign(static_cast<std::size_t>(m_old.statementCount()), -1);
    m_map.quality.assign(static_cast<std::size_t>(m_new.statementCount()), 0);
    m_map.blockToOld.assign(static_cast<std::size_t>(m_new.blockCount()), -1);
    m_map.blockToNew.assign(static_cast<std::size_t>(m_old.blockCount()), -1);
    for (const auto& [a, b] : filePairs) {
        const int newBlock = m_new.blockBase(static_cast<std::size_t>(a));
        const int oldBlock = m_old.blockBase(static_cast<std::size_t>(b));
        m_map.blockToOld[static_cast<std::size_t>(newBlock)] = oldBlock;
        m_map.blockToNew[static_cast<std::size_t>(oldBlock)] = newBlock;
    }
    matchEqual(kTellingWeight, false);
    matchContainers();
    alignMapped();
    matchEqual(kTellingWeight + 1, true);
    matchContainers();
    alignMapped();
    alignMoved();
    matchContainers();
    alignMapped();
    matchSimilar();
    matchContainers();
    alignMapped();
    matchEqual(2, false);
    alignMoved();
    alignMapped();
    return m_map;
}

bool Matcher::free(int a, int b) const {
    return m_map.toOld[static_cast<std::size_t>(a)] < 0 && m_map.toNew[static_cast<std::size_t>(b)] < 0 &&
           m_excluded[static_cast<std::size_t>(a)] == 0;
}

/// Pairs statements whose hash occurs once on each side among those still free, largest first.
void Matcher::matchEqual(std::uint32_t minWeight, bool byShape) {
    std::unordered_map<std::uint64_t, Occurrences> seen;
    seen.reserve(static_cast<std::size_t>(m_new.statementCount() + m_old.statementCount()));
    for (int s = 0; s < m_new.statementCount(); ++s) {
        const Statement& statement = m_new.statement(s);
        if (m_map.toOld[static_cast<std::size_t>(s)] >= 0 || m_excluded[static_cast<std::size_t>(s)] != 0 ||
            statement.weight < minWeight)
            continue;
        auto& entry = seen[byShape ? statement.shape : statement.hash];
        entry.newer = s;
        ++entry.newCount;
    }
    for (int s = 0; s < m_old.statementCount(); ++s) {
        const Statement& statement = m_old.statement(s);
        if (m_map.toNew[static_cast<std::size_t>(s)] >= 0 || statement.weight < minWeight) continue;
        auto& entry = seen[byShape ? statement.shape : statement.hash];
        entry.older = s;
        ++entry.oldCount;
    }
    // Preorder visits a statement before what it contains.
    for (int s = 0; s < m_new.statementCount(); ++s) {
        const Statement& statement = m_new.statement(s);
        const auto found = seen.find(byShape ? statement.shape : statement.hash);
        if (found == seen.end() || found->second.newer != s) continue;
        const Occurrences& entry = found->second;
        if (entry.newCount == 1 && entry.oldCount == 1 && free(s, entry.older))
            pairSubtrees(s, entry.older, byShape ? 0.9F : 1.0F);
    }
}

void Matcher::pairSubtrees(int a, int b, float quality) {
    const int length = m_new.endOf(a) - a;
    if (m_old.endOf(b) - b != length) return pair(a, b, quality);
    for (int i = 0; i < length; ++i) {
        if (free(a + i, b + i)) pair(a + i, b + i, quality);
    }
}

void Matcher::pair(int a, int b, float quality) {
    m_map.toOld[static_cast<std::size_t>(a)] = b;
    m_map.toNew[static_cast<std::size_t>(b)] = a;
    m_map.quality[static_cast<std::size_t>(a)] = quality;
    pairBlocks(a, b);
}

/// Suites of the same clause, most alike first by their heads and by what stands in them; equal likeness pairs from the
/// front.
void Matcher::pairBlocks(int a, int b) {
    struct Choice {
        double score;
        int newer;
        int older;
    };
    std::vector<Choice> choices;
    for (const int x : m_new.blocksOf(a)) {
        for (const int y : m_old.blocksOf(b)) {
            if (m_new.block(x).clause == m_old.block(y).clause) choices.push_back({suiteScore(x, y), x, y});
        }
    }
    std::stable_sort(choices.begin(), choices.end(),
                     [](const Choice& p, const Choice& q) { return p.score > q.score; });
    for (const Choice& choice : choices) {
        if (choice.score < kSuiteThreshold) break;
        auto& there = m_map.blockToOld[static_cast<std::size_t>(choice.newer)];
        auto& here = m_map.blockToNew[static_cast<std::size_t>(choice.older)];
        if (there >= 0 || here >= 0) continue;
        there = choice.older;
        here = choice.newer;
    }
}

double Matcher::suiteScore(int newBlock, int oldBlock) const {
    const auto& x = m_new.block(newBlock);
    const auto& y = m_old.block(oldBlock);
    if (x.clause == syntax::Kind::Other || x.clause == syntax::Kind::ElseClause ||
        x.clause == syntax::Kind::FinallyClause)
        return 2;
    const auto newFile = m_new.fileOfBlock(newBlock);
    const auto oldFile = m_old.fileOfBlock(oldBlock);
    const double heads = similarity(profileOf(*m_new.file(newFile).tree, x.head, (*m_newHashes)[newFile]),
                                    profileOf(*m_old.file(oldFile).tree, y.head, m_oldHashes[oldFile]));
    const auto newStatements = m_new.statementsIn(newBlock);
    const auto oldStatements = m_old.statementsIn(oldBlock);
    double shared = 0;
    for (const int s : newStatements) {
        const auto& statement = m_new.statement(s);
        const bool equal = std::any_of(oldStatements.begin(), oldStatements.end(),
                                       [&](int t) { return m_old.statement(t).hash == statement.hash; });
        shared += equal ? 2 : 0;
    }
    const double inside =
        shared / static_cast<double>(std::max<std::size_t>(1, newStatements.size() + oldStatements.size()));
    return heads + (heads > 0.999 ? 0.5 : 0) + 0.4 * std::min(1.0, inside);
}

void Matcher::matchContainers() {
    for (int s = m_new.statementCount() - 1; s >= 0; --s) {
        if (m_map.toOld[static_cast<std::size_t>(s)] >= 0 || m_excluded[static_cast<std::size_t>(s)] != 0) continue;
        if (m_new.statement(s).blocks.empty()) continue;
        double score = 0;
        const int best = bestContainer(s, score);
        if (best >= 0) pair(s, best, static_cast<float>(std::min(0.95, score / 2)));
    }
}

/// The free statement of the other side that shares most of what is inside, weighed with the likeness of the heads.
int Matcher::bestContainer(int statement, double& bestScore) {
    const Statement& self = m_new.statement(statement);
    std::unordered_map<int, int> shared;
    for (int inner = statement + 1; inner < m_new.endOf(statement); ++inner) {
        const int there = m_map.toOld[static_cast<std::size_t>(inner)];
        if (there < 0) continue;
        for (int up = m_old.parentOf(there); up >= 0; up = m_old.parentOf(up)) {
            if (m_old.statement(up).kind == self.kind && m_map.toNew[static_cast<std::size_t>(up)] < 0) ++shared[up];
        }
    }
    int best = -1;
    bestScore = kContainerThreshold;
    for (const auto& [candidate, count] : shared) {
        const double size = m_new.endOf(statement) - statement - 1 + m_old.endOf(candidate) - candidate - 1;
        const double dice = 2.0 * count / size;
        double score = dice + 0.6 * similarity(newProfile(statement), oldProfile(candidate));
        if (isDefinition(self.kind) && self.name == m_old.statement(candidate).name) score += 0.6;
        if (score > bestScore || (score == bestScore && candidate < best)) {
            bestScore = score;
            best = candidate;
        }
    }
    return best;
}

double Matcher::sharedInside(int a, int b) const {
    int shared = 0;
    const int end = m_old.endOf(b);
    for (int inner = a + 1; inner < m_new.endOf(a); ++inner) {
        const int there = m_map.toOld[static_cast<std::size_t>(inner)];
        shared += there > b && there < end ? 1 : 0;
    }
    const double size = m_new.endOf(a) - a - 1 + end - b - 1;
    return size > 0 ? 2.0 * shared / size : 0;
}

/// Likeness of all tokens of two compound statements, 0 for large ones.
double Matcher::likeInside(int a, int b) const {
    const Statement& x = m_new.statement(a);
    const Statement& y = m_old.statement(b);
    if (x.tokens.second - x.tokens.first > kWholeTokens || y.tokens.second - y.tokens.first > kWholeTokens) return 0;
    const auto newFile = m_new.fileOfStatement(a);
    const auto oldFile = m_old.fileOfStatement(b);
    return similarity(profileOf(*m_new.file(newFile).tree, x.tokens, (*m_newHashes)[newFile]),
                      profileOf(*m_old.file(oldFile).tree, y.tokens, m_oldHashes[oldFile]));
}

const Profile& Matcher::newProfile(int statement) {
    Profile& profile = m_newProfiles[static_cast<std::size_t>(statement)];
    if (profile.tokens.empty()) {
        const auto file = m_new.fileOfStatement(statement);
        profile = profileOf(*m_new.file(file).tree, m_new.statement(statement).head, (*m_newHashes)[file]);
    }
    return profile;
}

const Profile& Matcher::oldProfile(int statement) {
    Profile& profile = m_oldProfiles[static_cast<std::size_t>(statement)];
    if (profile.tokens.empty()) {
        const auto file = m_old.fileOfStatement(statement);
        profile = profileOf(*m_old.file(file).tree, m_old.statement(statement).head, m_oldHashes[file]);
    }
    return profile;
}

/// How well two statements go together, 0 where they do not.
double Matcher::pairScore(int a, int b) {
    const Statement& x = m_new.statement(a);
    const Statement& y = m_old.statement(b);
    if (!comparable(x, y)) return 0;
    bool sharesContent = false;
    const double head = similarity(newProfile(a), oldProfile(b), &sharesContent);
    if (x.blocks.empty()) {
        const double score = x.kind == y.kind ? head : 0.9 * head;
        if (!sharesContent && x.shape != y.shape) return 0;
        return score >= kSimpleThreshold ? score : 0;
    }
    if (isDefinition(x.kind) && x.name == y.name) return std::max(0.8, head);
    const double inside = std::max(sharedInside(a, b), 0.8 * likeInside(a, b));
    // A head without names, as of `try`, says nothing; what stands inside does.
    const bool telling = sharesContent || x.kind != Kind::Try;
    const double score =
        std::max(telling ? 0.8 * head + 0.2 * inside : 0.5 * head + 0.5 * inside, 0.4 * head + 0.6 * inside);
    return score >= kCompoundThreshold ? score : 0;
}

/// Free statements anywhere that are each other's most similar by a clear margin: code that changed while it moved.
void Matcher::matchSimilar() {
    std::unordered_map<std::uint64_t, std::vector<int>> index;
    for (int s = 0; s < m_old.statementCount(); ++s) {
        if (m_map.toNew[static_cast<std::size_t>(s)] >= 0 || m_old.statement(s).weight < kTellingWeight) continue;
        std::uint64_t last = 0;
        for (const auto& [hash, weight] : oldProfile(s).tokens) {
            if (weight >= 1.0F && hash != last) index[hash].push_back(s);
            last = hash;
        }
    }
    struct Best {
        int other = -1;
        double score = 0;
        double second = 0;
        void offer(int candidate, double value) {
            if (value > score) {
                second = score;
                score = value;
                other = candidate;
            } else {
                second = std::max(second, value);
            }
        }
    };
    std::vector<Best> forward(m_map.toOld.size());
    std::vector<Best> backward(m_map.toNew.size());
    for (int s = 0; s < m_new.statementCount(); ++s) {
        if (m_map.toOld[static_cast<std::size_t>(s)] >= 0 || m_excluded[static_cast<std::size_t>(s)] != 0 ||
            m_new.statement(s).weight < kTellingWeight)
            continue;
        std::unordered_map<int, int> shared;
        for (const auto& [hash, weight] : newProfile(s).tokens) {
            const auto found = weight >= 1.0F ? index.find(hash) : index.end();
            if (found == index.end() || found->second.size() > kMaxPostings) continue;
            for (const int other : found->second) ++shared[other];
        }
        for (const auto& [other, count] : shared) {
            if (!comparable(m_new.statement(s), m_old.statement(other))) continue;
            double score = similarity(newProfile(s), oldProfile(other));
            if (!m_new.statement(s).blocks.empty()) score = 0.8 * score + 0.3 * sharedInside(s, other);
            forward[static_cast<std::size_t>(s)].offer(other, score);
            backward[static_cast<std::size_t>(other)].offer(s, score);
        }
    }
    for (int s = 0; s < m_new.statementCount(); ++s) {
        const Best& best = forward[static_cast<std::size_t>(s)];
        if (best.other < 0 || best.score < kSimilarThreshold || best.score - best.second < kSimilarMargin) continue;
        const Best& back = backward[static_cast<std::size_t>(best.other)];
        if (back.other == s && back.score - back.second >= kSimilarMargin && free(s, best.other))
            pair(s, best.other, static_cast<float>(0.8 * best.score));
    }
}

}  // namespace hindcast::propagate

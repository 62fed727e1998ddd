// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/propagate/match/profile.h"
#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// Which statement and which block of one side is which of the other; -1 where there is none.
struct Mapping {
    std::vector<int> toOld;
    std::vector<int> toNew;
    std::vector<float> quality;  ///< by new statement: 1 for equal ones, less for similar ones
    std::vector<int> blockToOld;
    std::vector<int> blockToNew;
};

/// One hash per token, per file of the newer side; names replaced by what they are called in the old side.
using TokenHashes = std::vector<std::vector<std::uint64_t>>;

/// Matches two versions as GumTree does (Falleri et al., ASE 2014), at the grain of statements: equal statements
/// top-down by hash, containers bottom-up by what they share, then an alignment of what is left between the children of
/// matched blocks. O(n) in practice; alignments of changed runs are quadratic in the run and bounded.
class Matcher {
public:
    /// `excluded` marks statements of the newer side that take no part (the probe).
    Matcher(const Side& newer, const Side& older, std::vector<char> excluded);

    /// `filePairs` are indices of files that are the same file; `names` the token hashes of the newer side.
    Mapping run(const std::vector<std::pair<int, int>>& filePairs, const TokenHashes& names);

    /// Token hashes without any renaming.
    static TokenHashes plainHashes(const Side& side);

private:
    void matchEqual(std::uint32_t minWeight, bool byShape);
    void matchContainers();
    int bestContainer(int statement, double& best);
    void alignBlocks(int newBlock, int oldBlock);
    void alignRun(const std::vector<int>& a, const std::vector<int>& b);
    void alignMapped();
    void alignMoved();
    void matchSimilar();
    double pairScore(int a, int b);
    double sharedInside(int a, int b) const;
    double likeInside(int a, int b) const;
    void pairSubtrees(int a, int b, float quality);
    void pair(int a, int b, float quality);
    void pairBlocks(int a, int b);
    double suiteScore(int newBlock, int oldBlock) const;
    bool free(int a, int b) const;
    const Profile& newProfile(int statement);
    const Profile& oldProfile(int statement);

    const Side& m_new;
    const Side& m_old;
    std::vector<char> m_excluded;
    const TokenHashes* m_newHashes = nullptr;
    TokenHashes m_oldHashes;
    std::vector<Profile> m_newProfiles;
    std::vector<Profile> m_oldProfiles;
    Mapping m_map;
};

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/match/whole_match.h"

#include "core/propagate/match/file_pairs.h"
#include "core/propagate/names/name_evidence.h"

namespace hindcast::propagate {

WholeMatch matchWhole(const Side& newer, const Side& older) {
    Matcher matcher(newer, older, std::vector<char>(static_cast<std::size_t>(newer.statementCount()), 0));
    const auto pairs = pairFiles(newer, older);
    WholeMatch match{{}, Matcher::plainHashes(newer), Matcher::plainHashes(older)};
    match.map = matcher.run(pairs, match.newHashes);
    bool renamed = false;
    TokenHashes translated = NameEvidence(newer, older, match.map).translated(renamed);
    if (renamed) {
        match.newHashes = std::move(translated);
        match.map = matcher.run(pairs, match.newHashes);
    }
    return match;
}

bool WholeMatch::isSame(const Side& newer, const Side& older, int statement) const {
    const int there = map.toOld[static_cast<std::size_t>(statement)];
    if (there < 0) return false;
    if (map.quality[static_cast<std::size_t>(statement)] >= 0.999F || !newer.statement(statement).blocks.empty())
        return true;
    const auto f = newer.fileOfStatement(statement);
    const auto g = older.fileOfStatement(there);
    return similarity(profileOf(*newer.file(f).tree, newer.statement(statement).head, newHashes[f]),
                      profileOf(*older.file(g).tree, older.statement(there).head, oldHashes[g])) > 0.999;
}

}  // namespace hindcast::propagate

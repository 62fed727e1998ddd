// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/match/profile.h"

#include <algorithm>

namespace hindcast::propagate {
namespace {

constexpr float kContentWeight = 1.0F;
constexpr float kKeywordWeight = 0.6F;
constexpr float kPunctuationWeight = 0.25F;
constexpr float kRenameCredit = 0.5F;

float weightOf(syntax::TokenKind kind) {
    if (kind == syntax::TokenKind::Keyword) return kKeywordWeight;
    return kind == syntax::TokenKind::Punctuation ? kPunctuationWeight : kContentWeight;
}

}  // namespace

Profile profileOf(const syntax::SyntaxTree& tree, syntax::TokenRange range, const std::vector<std::uint64_t>& hashes) {
    Profile profile;
    profile.tokens.reserve(range.second - range.first);
    for (auto t = range.first; t < range.second; ++t) {
        const auto kind = tree.token(t).kind;
        const float weight = weightOf(kind);
        // The last bit marks identifiers, so that two bags can be merged without looking tokens up again.
        const std::uint64_t mark = kind == syntax::TokenKind::Identifier ? 1 : 0;
        profile.tokens.emplace_back((hashes[t] & ~std::uint64_t{1}) | mark, weight);
        profile.total += weight;
        profile.identifiers += static_cast<int>(mark);
    }
    std::sort(profile.tokens.begin(), profile.tokens.end());
    return profile;
}

double similarity(const Profile& a, const Profile& b, bool* sharesContent) {
    if (sharesContent != nullptr) *sharesContent = false;
    if (a.total <= 0 || b.total <= 0) return 0;
    float common = 0;
    int commonIdentifiers = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.tokens.size() && j < b.tokens.size()) {
        if (a.tokens[i].first < b.tokens[j].first) {
            ++i;
        } else if (b.tokens[j].first < a.tokens[i].first) {
            ++j;
        } else {
            common += a.tokens[i].second;
            commonIdentifiers += static_cast<int>(a.tokens[i].first & 1);
            if (sharesContent != nullptr && a.tokens[i].second >= kContentWeight) *sharesContent = true;
            ++i;
            ++j;
        }
    }
    const int renamed = std::min(a.identifiers, b.identifiers) - commonIdentifiers;
    return static_cast<double>(2 * (common + kRenameCredit * static_cast<float>(renamed)) / (a.total + b.total));
}

}  // namespace hindcast::propagate

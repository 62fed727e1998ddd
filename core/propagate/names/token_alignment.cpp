// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/names/token_alignment.h"

#include <algorithm>

namespace hindcast::propagate {
namespace {

using syntax::SyntaxTree;
using syntax::Token;
using syntax::TokenKind;

constexpr std::size_t kMaxTokens = 400;
constexpr float kGap = -0.4F;

/// Identifiers stand for each other, everything else must be equal.
bool sameForm(const Token& a, const Token& b) {
    if (a.kind != b.kind) return false;
    return a.kind == TokenKind::Identifier || a.kind == TokenKind::Literal || a.hash == b.hash;
}

float substitution(const Token& a, const Token& b) {
    if (a.hash == b.hash && a.kind == b.kind) return a.kind == TokenKind::Punctuation ? 0.6F : 1.0F;
    if (a.kind != b.kind) return -2.0F;
    return a.kind == TokenKind::Identifier ? 0.3F : a.kind == TokenKind::Literal ? 0.1F : -2.0F;
}

}  // namespace

std::vector<TokenPair> alignIdentifiers(const SyntaxTree& newer, std::pair<std::uint32_t, std::uint32_t> x,
                                        const SyntaxTree& older, std::pair<std::uint32_t, std::uint32_t> y) {
    const std::size_t n = x.second - x.first;
    const std::size_t m = y.second - y.first;
    std::vector<TokenPair> pairs;
    bool oneForm = n == m;
    for (std::size_t i = 0; oneForm && i < n; ++i)
        oneForm = sameForm(newer.token(x.first + i), older.token(y.first + i));
    if (oneForm) {
        for (std::uint32_t i = 0; i < n; ++i) {
            if (newer.token(x.first + i).kind == TokenKind::Identifier)
                pairs.push_back({x.first + i, y.first + i, 1.0F});
        }
        return pairs;
    }
    if (n == 0 || m == 0 || n > kMaxTokens || m > kMaxTokens) return pairs;
    std::vector<float> best((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> float& { return best[i * (m + 1) + j]; };
    for (std::size_t i = n; i-- > 0;) at(i, m) = at(i + 1, m) + kGap;
    for (std::size_t j = m; j-- > 0;) at(n, j) = at(n, j + 1) + kGap;
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = m; j-- > 0;) {
            const float with = at(i + 1, j + 1) + substitution(newer.token(x.first + i), older.token(y.first + j));
            at(i, j) = std::max({with, at(i + 1, j) + kGap, at(i, j + 1) + kGap});
        }
    }
    std::vector<std::pair<std::size_t, std::size_t>> path;
    for (std::size_t i = 0, j = 0; i < n && j < m;) {
        const float s = substitution(newer.token(x.first + i), older.token(y.first + j));
        if (at(i, j) == at(i + 1, j + 1) + s) {
            path.emplace_back(i++, j++);
        } else if (at(i, j) == at(i + 1, j) + kGap) {
            ++i;
        } else {
            ++j;
        }
    }
    // A pair is as certain as its two neighbours: equal tokens directly before and after hold it in place.
    for (std::size_t k = 0; k < path.size(); ++k) {
        const auto [i, j] = path[k];
        if (newer.token(x.first + i).kind != TokenKind::Identifier ||
            older.token(y.first + j).kind != TokenKind::Identifier)
            continue;
        const auto holds = [&](std::size_t a, std::size_t b) {
            return newer.token(x.first + a).hash == older.token(y.first + b).hash;
        };
        const bool before = (i == 0 && j == 0) || (i > 0 && j > 0 && holds(i - 1, j - 1));
        const bool after = (i + 1 == n && j + 1 == m) || (i + 1 < n && j + 1 < m && holds(i + 1, j + 1));
        const float certainty = before && after ? 0.9F : before || after ? 0.5F : 0.2F;
        pairs.push_back({static_cast<std::uint32_t>(x.first + i), static_cast<std::uint32_t>(y.first + j), certainty});
    }
    return pairs;
}

}  // namespace hindcast::propagate

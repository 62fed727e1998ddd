// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/syntax/outline.h"

namespace hindcast::propagate {

/// The tokens of a statement's head as a sorted bag, for fast comparison.
struct Profile {
    std::vector<std::pair<std::uint64_t, float>> tokens;  ///< hash and weight, sorted
    float total = 0;                                      ///< sum of weights
    int identifiers = 0;                                  ///< how many of the tokens are identifiers
};

/// `hashes` holds one hash per token of the file; it differs from the tokens' own where names have been translated.
Profile profileOf(const syntax::SyntaxTree& tree, syntax::TokenRange range, const std::vector<std::uint64_t>& hashes);

/// 0 … 1. 1 means the same tokens; identifiers that differ on both sides count half, since they may be renamed.
/// `sharesContent` tells whether a name or literal is common. O(tokens).
double similarity(const Profile& a, const Profile& b, bool* sharesContent = nullptr);

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/syntax/syntax_tree.h"

namespace hindcast::propagate {

struct TokenPair {
    std::uint32_t newer;
    std::uint32_t older;
    float certainty;  ///< 1 in statements of one form; less where tokens were added or removed nearby
};

/// Pairs the identifiers of two similar pieces of code, in order: by position where both have the same form, else by an
/// alignment in which only tokens of one kind pair up. O(n) or O(n·m), at most 400 tokens each.
std::vector<TokenPair> alignIdentifiers(const syntax::SyntaxTree& newer, std::pair<std::uint32_t, std::uint32_t> x,
                                        const syntax::SyntaxTree& older, std::pair<std::uint32_t, std::uint32_t> y);

}  // namespace hindcast::propagate

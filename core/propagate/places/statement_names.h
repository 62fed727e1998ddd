// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// Names that a statement reads and binds outside its own inner scopes.
struct StatementNames {
    std::unordered_set<std::string> reads;
    std::unordered_set<std::string> writes;
};

/// A statement's names on its side.
StatementNames namesOf(const Side& side, int statement);

/// Whether two sets of names have one in common.
bool meet(const std::unordered_set<std::string>& a, const std::unordered_set<std::string>& b);

/// The parameters of the function around a block, in order; empty at module level.
std::vector<std::string> parametersAround(const Side& side, int block);

/// The scope of code that stands directly in a block of a file.
syntax::ScopeId scopeOfBlock(const ParsedFile& file, syntax::BlockId block);

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/statement_names.h"

#include <algorithm>

namespace hindcast::propagate {

using syntax::Kind;
using syntax::Role;

StatementNames namesOf(const Side& side, int statement) {
    StatementNames names;
    const ParsedFile& file = side.file(side.fileOfStatement(statement));
    const auto& self = side.statement(statement);
    for (auto t = self.tokens.first; t < self.tokens.second; ++t) {
        if (file.scopes.role(t) != Role::Name) continue;
        const auto& binding = file.scopes.binding(file.scopes.bindingOf(t));
        const auto& scope = file.tree->node(file.scopes.scope(binding.scope).node);
        if (binding.scope != 0 && scope.begin >= self.begin && scope.end <= self.end) continue;
        (file.scopes.defines(t) ? names.writes : names.reads).insert(std::string(file.tree->tokenText(t)));
    }
    return names;
}

syntax::ScopeId scopeOfBlock(const ParsedFile& file, syntax::BlockId block) {
    for (auto owner = file.outline.block(block).owner; owner >= 0; owner = file.outline.parent(owner)) {
        const auto& statement = file.outline.statement(owner);
        if (statement.kind != Kind::Function && statement.kind != Kind::Class) continue;
        const auto end = file.tree->node(statement.node).next;
        for (std::size_t s = 1; s < file.scopes.scopes().size(); ++s) {
            const auto node = file.scopes.scopes()[s].node;
            const Kind kind = file.tree->node(node).kind;
            if (node >= statement.node && node < end && (kind == Kind::Function || kind == Kind::Class))
                return static_cast<int>(s);
        }
    }
    return 0;
}

std::vector<std::string> parametersAround(const Side& side, int block) {
    std::vector<std::string> out;
    int owner = side.ownerOf(block);
    while (owner >= 0 && side.statement(owner).kind != Kind::Function) owner = side.parentOf(owner);
    if (owner < 0) return out;
    const ParsedFile& file = side.file(side.fileOfStatement(owner));
    const auto& head = side.statement(owner).head;
    for (auto t = head.first; t < head.second; ++t) {
        if (file.scopes.role(t) == Role::Parameter && file.scopes.defines(t)) out.emplace_back(file.tree->tokenText(t));
    }
    return out;
}

bool meet(const std::unordered_set<std::string>& a, const std::unordered_set<std::string>& b) {
    return std::any_of(a.begin(), a.end(), [&](const auto& name) { return b.count(name) != 0; });
}

}  // namespace hindcast::propagate

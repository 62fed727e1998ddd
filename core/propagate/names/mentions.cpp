// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/names/mentions.h"

#include <algorithm>
#include <cmath>

namespace hindcast::propagate {
namespace {

using syntax::BindingKind;
using syntax::Role;

}  // namespace

Mentions::Mentions(const Side& newer, const Side& older, const Mapping& mapping, const NameEvidence& names,
                   int statement)
    : m_new(newer),
      m_old(older),
      m_map(mapping),
      m_names(names),
      m_statement(statement),
      m_newFile(newer.fileOfStatement(statement)) {
    const ParsedFile& file = newer.file(m_newFile);
    const auto& self = newer.statement(statement);
    for (auto t = self.tokens.first; t < self.tokens.second; ++t) {
        if (file.scopes.role(t) != Role::Name) continue;
        const auto id = file.scopes.bindingOf(t);
        const auto& binding = file.scopes.binding(id);
        const auto& scope = file.tree->node(file.scopes.scope(binding.scope).node);
        const bool inner = binding.scope != 0 && scope.begin >= self.begin && scope.end <= self.end;
        const bool variable = binding.kind == BindingKind::Variable || binding.kind == BindingKind::Parameter;
        if (!inner && variable) addVariable(id, !file.scopes.defines(t));
    }
}

Mentions::List Mentions::mentionsOf(const Side& side, std::size_t file, syntax::BindingId binding) {
    const ParsedFile& parsed = side.file(file);
    const auto& known = parsed.scopes.binding(binding);
    List list;
    const auto add = [&](std::uint32_t token, bool binds) {
        const auto byte = parsed.tree->token(token).begin;
        const auto statement = parsed.outline.covering(byte);
        list.push_back({byte, statement < 0 ? -1 : side.statementBase(file) + statement, binds});
    };
    for (const auto token : known.definitions) add(token, true);
    for (const auto token : known.uses) add(token, false);
    std::sort(list.begin(), list.end(), [](const Mention& a, const Mention& b) { return a.byte < b.byte; });
    return list;
}

void Mentions::addVariable(syntax::BindingId binding, bool read) {
    for (Variable& known : m_variables) {
        if (known.binding != binding) continue;
        known.read = known.read || read;
        return;
    }
    Variable variable;
    variable.binding = binding;
    variable.read = read;
    const List list = mentionsOf(m_new, m_newFile, binding);
    const auto& self = m_new.statement(m_statement);
    for (const Mention& mention : list) {
        if (mention.byte < self.begin) {
            variable.before = mention.statement;
            if (mention.binds) variable.definition = mention.statement;
        } else if (mention.byte >= self.end && variable.after < 0) {
            variable.after = mention.statement;
        }
    }
    variable.weight = 1.0 / std::sqrt(static_cast<double>(std::max<std::size_t>(1, list.size())));
    m_variables.push_back(std::move(variable));
}

void Mentions::enter(std::size_t oldFile, syntax::ScopeId oldScope) {
    const ParsedFile& old = m_old.file(oldFile);
    for (Variable& variable : m_variables) {
        variable.there.clear();
        const NameAnswer answer = m_names.resolve(m_newFile, variable.binding, oldFile, oldScope);
        const auto id = answer.found ? old.scopes.lookUp(answer.name, oldScope) : -1;
        variable.found = id >= 0;
        if (variable.found) variable.there = mentionsOf(m_old, oldFile, id);
    }
}

double Mentions::agreement(int newStatement, int oldStatement) const {
    if (newStatement < 0 && oldStatement < 0) return 0.5;
    // A statement of which the other side has no counterpart says nothing; one that it has should be near.
    if (newStatement < 0) return m_map.toNew[static_cast<std::size_t>(oldStatement)] >= 0 ? -1 : 0;
    const int there = m_map.toOld[static_cast<std::size_t>(newStatement)];
    if (oldStatement < 0) return there >= 0 ? -1 : 0;
    if (there == oldStatement) return 1;
    return there >= 0 || m_map.toNew[static_cast<std::size_t>(oldStatement)] >= 0 ? -1 : 0;
}

MentionAgreement Mentions::at(std::size_t byte) const {
    MentionAgreement sum;
    double total = 0;
    double read = 0;
    for (const Variable& variable : m_variables) {
        if (!variable.found) continue;
        const auto next = std::lower_bound(variable.there.begin(), variable.there.end(), byte,
                                           [](const Mention& m, std::size_t at) { return m.byte < at; });
        const int after = next == variable.there.end() ? -1 : next->statement;
        const int before = next == variable.there.begin() ? -1 : (next - 1)->statement;
        auto binder = next;
        while (binder != variable.there.begin() && !(binder - 1)->binds) --binder;
        const int definition = binder == variable.there.begin() ? -1 : (binder - 1)->statement;
        total += variable.weight;
        sum.before += variable.weight * agreement(variable.before, before);
        sum.after += variable.weight * agreement(variable.after, after);
        if (!variable.read) continue;
        read += variable.weight;
        sum.definition += variable.weight * agreement(variable.definition, definition);
    }
    if (total > 0) {
        sum.before /= total;
        sum.after /= total;
    }
    if (read > 0) sum.definition /= read;
    return sum;
}

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/placer.h"

#include <algorithm>
#include <unordered_set>

#include "core/syntax/log_calls.h"

namespace hindcast::propagate {
namespace {

using syntax::Binding;
using syntax::BindingKind;
using syntax::Kind;
using syntax::Role;

constexpr std::size_t kMaxCandidates = 8;

std::vector<char> excludedOf(const Side& newer, const std::vector<int>& group) {
    std::vector<char> excluded(static_cast<std::size_t>(newer.statementCount()), 0);
    for (const int statement : group) {
        for (int s = statement; s < newer.endOf(statement); ++s) excluded[static_cast<std::size_t>(s)] = 1;
    }
    return excluded;
}

/// The code of a statement with replacements, without blanks, line ends and comments.
std::string bareCode(const ParsedFile& file, const syntax::Statement& statement,
                     const std::vector<Replacement>& replacements) {
    std::string out;
    for (auto t = statement.tokens.first; t < statement.tokens.second;) {
        const auto& token = file.tree->token(t);
        const auto found = std::find_if(replacements.begin(), replacements.end(),
                                        [&](const auto& r) { return r.begin == token.begin; });
        if (found == replacements.end()) {
            out += file.tree->tokenText(t++);
            continue;
        }
        out += found->text;
        while (t < statement.tokens.second && file.tree->token(t).begin < found->end) ++t;
    }
    return out;
}

std::size_t slotByte(const ParsedFile& file, Slot slot) {
    const auto& block = file.outline.block(slot.block);
    const auto at = static_cast<std::size_t>(slot.position);
    if (at < block.statements.size()) return file.outline.statement(block.statements[at]).begin;
    return block.statements.empty() ? 0 : file.outline.statement(block.statements.back()).end;
}

bool within(const syntax::SyntaxTree& tree, std::uint32_t token, const syntax::Statement& statement) {
    return tree.token(token).begin >= statement.begin && tree.token(token).end <= statement.end;
}

}  // namespace

Placer::Placer(const Side& newer, const Side& older, const std::vector<int>& group,
               const std::vector<std::pair<int, int>>& filePairs)
    : m_new(newer), m_old(older) {
    for (const int member : group) {
        const ParsedFile& file = newer.file(newer.fileOfStatement(member));
        m_fresh = m_fresh || syntax::callsLog(*file.tree, file.scopes, newer.statement(member).node);
    }
    Matcher matcher(newer, older, excludedOf(newer, group));
    m_map = matcher.run(filePairs, Matcher::plainHashes(newer));
    m_names.emplace_back(newer, older, m_map);
    bool changed = false;
    const TokenHashes translated = m_names.front().translated(changed);
    if (!changed) return;
    // Renames found: match again with the old names in place of the new ones.
    m_map = matcher.run(filePairs, translated);
    m_names.clear();
    m_names.emplace_back(newer, older, m_map);
}

std::vector<ScoredSlot> Placer::scoredSlots(int statement) const {
    return SlotScorer(m_new, m_old, m_map, m_names.front(), statement, m_fresh).scored();
}

std::vector<PlacedSlot> Placer::slotsFor(int statement) const {
    std::vector<PlacedSlot> out;
    for (const ScoredSlot& scored : scoredSlots(statement)) {
        if (out.size() >= kMaxCandidates) break;
        PlacedSlot slot;
        slot.file = m_old.fileOfBlock(scored.block);
        slot.slot = {scored.block - m_old.blockBase(slot.file), scored.position};
        slot.confidence = scored.confidence;
        slot.why = scored.why;
        out.push_back(settle(statement, std::move(slot)));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
    return out;
}

std::vector<PlacedSlot> Placer::slotBehind(int statement, std::size_t file, int line) const {
    const ParsedFile& to = m_old.file(file);
    const auto before = to.outline.startingOnLine(*to.tree, line);
    if (before < 0) return {};
    PlacedSlot slot;
    slot.file = file;
    slot.slot = {to.outline.statement(before).block, to.outline.statement(before).position + 1};
    slot.confidence = 1;
    slot.why = "behind the statement it was written behind";
    return {settle(statement, std::move(slot))};
}

PlacedSlot Placer::settle(int statement, PlacedSlot slot) const {
    resolveNames(statement, slot);
    slot.alreadyThere = slot.unresolved.empty() && standsThere(statement, slot);
    if (!slot.unresolved.empty()) slot.confidence = std::min(slot.confidence, 0.5);
    return slot;
}

void Placer::resolveNames(int statement, PlacedSlot& slot) const {
    const auto f = m_new.fileOfStatement(statement);
    const ParsedFile& from = m_new.file(f);
    const ParsedFile& to = m_old.file(slot.file);
    const syntax::Statement& self = m_new.statement(statement);
    const auto scope = scopeOfBlock(to, slot.slot.block);
    const std::size_t at = slotByte(to, slot.slot);
    double confidence = 1;
    const auto unresolved = [&](const std::string& name, const std::string& why) {
        if (std::find(slot.unresolved.begin(), slot.unresolved.end(), name) != slot.unresolved.end()) return;
        slot.unresolved.push_back(name);
        slot.why += "; " + why;
    };
    for (auto t = self.tokens.first; t < self.tokens.second; ++t) {
        const Role role = from.scopes.role(t);
        const std::string name(from.tree->tokenText(t));
        const auto& token = from.tree->token(t);
        if (role == Role::Attribute || role == Role::Keyword) {
            const NameAnswer member = m_names.front().resolveMember(name);
            confidence = std::min(confidence, member.confidence);
            if (member.name != name) slot.replacements.push_back({token.begin, token.end, member.name});
            continue;
        }
        if (role != Role::Name && role != Role::Parameter) continue;
        const auto id = from.scopes.bindingOf(t);
        const Binding& binding = from.scopes.binding(id);
        const auto& scopeNode = from.tree->node(from.scopes.scope(binding.scope).node);
        if (binding.scope != 0 && scopeNode.begin >= self.begin && scopeNode.end <= self.end)
            continue;  // its own inner scope
        if (binding.origin == "hindcast") {
            const std::string callee = syntax::logCallee(*to.tree, to.scopes, at);
            const std::string attribute = t + 2 < self.tokens.second ? std::string(from.tree->tokenText(t + 2)) : "";
            if (attribute == "log" && callee != name + ".log")
                slot.replacements.push_back({token.begin, from.tree->token(t + 2).end, callee});
            if (attribute == "log") {
                if (callee != name + ".log") t += 2;
                continue;
            }
        }
        if (binding.origin == "hindcast:log") {
            const std::string callee = syntax::logCallee(*to.tree, to.scopes, at);
            if (callee != name) slot.replacements.push_back({token.begin, token.end, callee});
            continue;
        }
        const bool onlyHere =
            std::all_of(binding.definitions.begin(), binding.definitions.end(),
                        [&](auto d) { return within(*from.tree, d, self); }) &&
            std::all_of(binding.uses.begin(), binding.uses.end(), [&](auto u) { return within(*from.tree, u, self); });
        const bool definesIt = std::any_of(binding.definitions.begin(), binding.definitions.end(),
                                           [&](auto d) { return within(*from.tree, d, self); });
        const NameAnswer answer = m_names.front().resolve(f, id, slot.file, scope);
        if (definesIt && (onlyHere || !answer.found)) {
            const auto clash = to.scopes.lookUp(name, scope);
            const bool taken = clash >= 0 && to.scopes.binding(clash).kind != BindingKind::Unresolved &&
                               to.scopes.binding(clash).scope == scope;
            if (onlyHere) {
                if (taken) confidence = std::min(confidence, 0.75);
                continue;
            }
            // What code there reads and nothing binds may be what the statement binds.
            const NameAnswer wanted = !taken ? m_names.front().resolveMissing(f, id, slot.file) : NameAnswer{};
            if (wanted.found) {
                confidence = std::min(confidence, wanted.confidence);
                if (wanted.name != name) slot.replacements.push_back({token.begin, token.end, wanted.name});
                continue;
            }
            if (taken || !answer.nearest.empty()) unresolved(name, answer.why);
            if (!taken && clash < 0 && answer.nearest.empty()) {
                const auto dangling = danglingNames(to, scope);
                if (dangling.size() == 1 && slot.danglingTaken.empty()) slot.danglingTaken = name;
                if (slot.danglingTaken == name) {
                    slot.replacements.push_back({token.begin, token.end, dangling.front()});
                    confidence = std::min(confidence, 0.85);
                } else if (!dangling.empty()) {
                    unresolved(name, "'" + name + "' may be '" + dangling.front() + "' there");
                }
            }
            continue;
        }
        if (!answer.found) {
            unresolved(name, answer.why);
            continue;
        }
        confidence = std::min(confidence, answer.confidence);
        if (answer.name != name) slot.replacements.push_back({token.begin, token.end, answer.name});
    }
    slot.confidence *= confidence;
}

/// Names that code of the scope reads, that nothing in the old file binds, and that the newer side does not know.
std::vector<std::string> Placer::danglingNames(const ParsedFile& old, syntax::ScopeId scope) const {
    std::vector<std::string> names;
    if (old.scopes.hasWildcardImport()) return names;
    const auto& around = old.tree->node(old.scopes.scope(scope).node);
    for (const Binding& binding : old.scopes.bindings()) {
        if (binding.kind != BindingKind::Unresolved || binding.name.substr(0, 2) == "__") continue;
        const bool here = std::any_of(binding.uses.begin(), binding.uses.end(), [&](auto u) {
            return old.tree->token(u).begin >= around.begin && old.tree->token(u).begin < around.end;
        });
        if (!here) continue;
        const bool known = std::any_of(m_new.files().begin(), m_new.files().end(), [&](const auto& file) {
            return std::any_of(file->scopes.bindings().begin(), file->scopes.bindings().end(),
                               [&](const Binding& b) { return b.name == binding.name; });
        });
        if (!known) names.push_back(binding.name);
    }
    return names;
}

/// Whether the old version has the statement already: equal code, in the same function and loops, that is not the equal
/// counterpart of another statement of the newer side.
bool Placer::standsThere(int statement, const PlacedSlot& slot) const {
    const ParsedFile& from = m_new.file(m_new.fileOfStatement(statement));
    const ParsedFile& to = m_old.file(slot.file);
    const std::string code = bareCode(from, m_new.statement(statement), slot.replacements);
    const LoopLevels levels(m_new, m_old, m_map);
    const auto base = m_old.statementBase(slot.file);
    const auto blockOwner = to.outline.block(slot.slot.block).owner;
    const auto isFunction = [&](int id) { return id >= 0 && to.outline.statement(id).kind == Kind::Function; };
    const auto function = isFunction(blockOwner) ? blockOwner
                          : blockOwner < 0       ? -1
                                                 : to.outline.enclosingFunction(blockOwner);
    for (std::size_t s = 0; s < to.outline.statements().size(); ++s) {
        const auto id = static_cast<syntax::StatementId>(s);
        const auto& other = to.outline.statement(id);
        if (other.kind != m_new.statement(statement).kind || to.outline.enclosingFunction(id) != function) continue;
        const int twin = m_map.toNew[static_cast<std::size_t>(base + id)];
        if (twin >= 0 && m_map.quality[static_cast<std::size_t>(twin)] >= 0.999F) continue;
        if (bareCode(to, other, {}) != code) continue;
        if (levels.agree(statement, m_old.blockBase(slot.file) + other.block)) return true;
    }
    return false;
}

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/names/name_evidence.h"

#include <algorithm>

#include "core/propagate/names/token_alignment.h"

namespace hindcast::propagate {
namespace {

using syntax::Binding;
using syntax::BindingKind;
using syntax::Role;

constexpr float kUnsupported = 0.2F;  ///< agreement of a pair of different names that nothing else supports
constexpr float kAlone = 0.7F;        ///< agreement where the statement has no other name
constexpr float kSelfShare = 0.15F;   ///< what a pair counts even where the rest disagrees
constexpr double kMinRenameWeight = 0.55;
constexpr double kMinShare = 0.60;
constexpr double kMinBackShare = 0.50;
constexpr double kOverrideShare = 0.75;  ///< to rename although the old version has the same name too
constexpr double kSameNameWeight = 1.0;
constexpr double kDefiningWeight =
    0.4;  ///< votes of statements that bind both, to rename whatever else became of the old name
constexpr float kAlikeBase = 0.80F;  ///< likeness from which two statements are taken to bind the same thing
constexpr int kRounds = 3;

bool isVariableRole(Role role) {
    return role == Role::Name || role == Role::Parameter;
}
bool isMemberRole(Role role) {
    return role == Role::Attribute || role == Role::Keyword;
}

bool isBound(const Binding& binding) {
    return binding.kind != BindingKind::Builtin && binding.kind != BindingKind::Unresolved;
}

NameAnswer answer(const std::string& name, double confidence) {
    return {true, name, confidence, {}, {}};
}
NameAnswer missing(const std::string& why, const std::string& nearest = {}) {
    return {false, {}, 0, why, nearest};
}

/// The name under which an old import binds the same module or thing, whatever form either import has.
std::string importedAs(const Binding& self, const syntax::Scopes& old, syntax::ScopeId oldScope) {
    const auto dotted = [](std::string origin) {
        std::replace(origin.begin(), origin.end(), ':', '.');
        return origin;
    };
    const std::string origin = dotted(self.origin);
    for (const Binding& other : old.bindings()) {
        if (other.kind != BindingKind::Import || dotted(other.origin) != origin) continue;
        const auto visible = old.lookUp(other.name, oldScope);
        if (visible >= 0 && &old.binding(visible) == &other) return other.name;
    }
    return {};
}

}  // namespace

NameEvidence::NameEvidence(const Side& newer, const Side& older, const Mapping& mapping) : m_new(newer), m_old(older) {
    for (const auto& file : m_old.files()) {
        for (std::size_t t = 0; t < file->tree->tokens().size(); ++t) {
            if (isMemberRole(file->scopes.role(t))) ++m_oldMembers[std::string(file->tree->tokenText(t))];
        }
        for (const auto& statement : file->outline.statements()) {
            if (!statement.name.empty()) ++m_oldMembers[statement.name];
        }
    }
    collect(mapping);
    weigh();
}

void NameEvidence::collect(const Mapping& mapping) {
    for (int s = 0; s < m_new.statementCount(); ++s) {
        const int there = mapping.toOld[static_cast<std::size_t>(s)];
        if (there >= 0) collectPair(s, there, mapping.quality[static_cast<std::size_t>(s)]);
    }
    for (int block = 0; block < m_new.blockCount(); ++block) {
        const int there = mapping.blockToOld[static_cast<std::size_t>(block)];
        if (there < 0 || m_new.block(block).clause == syntax::Kind::Other) continue;
        m_pairBegin.push_back(m_votes.size());
        alignTokens(m_new.fileOfBlock(block), m_new.block(block).head, m_old.fileOfBlock(there),
                    m_old.block(there).head, 0.8F);
    }
    m_pairBegin.push_back(m_votes.size());
}

void NameEvidence::collectPair(int a, int b, float quality) {
    m_pairBegin.push_back(m_votes.size());
    alignTokens(m_new.fileOfStatement(a), m_new.statement(a).head, m_old.fileOfStatement(b), m_old.statement(b).head,
                quality);
}

void NameEvidence::alignTokens(std::size_t newFile, syntax::TokenRange x, std::size_t oldFile, syntax::TokenRange y,
                               float base) {
    const auto& a = *m_new.file(newFile).tree;
    const auto& b = *m_old.file(oldFile).tree;
    const auto has = [](const syntax::SyntaxTree& tree, syntax::TokenRange range, std::uint64_t hash) {
        for (auto t = range.first; t < range.second; ++t) {
            if (tree.token(t).hash == hash) return true;
        }
        return false;
    };
    for (const TokenPair& pair : alignIdentifiers(a, x, b, y)) {
        const auto here = a.token(pair.newer).hash;
        const auto there = b.token(pair.older).hash;
        // A name that stands in both statements was not renamed, it changed places.
        if (here != there && (has(b, y, here) || has(a, x, there))) continue;
        vote(newFile, pair.newer, oldFile, pair.older, base * pair.certainty);
    }
}

void NameEvidence::vote(std::size_t newFile, std::uint32_t newToken, std::size_t oldFile, std::uint32_t oldToken,
                        float base) {
    const auto& a = m_new.file(newFile);
    const auto& b = m_old.file(oldFile);
    const Role roleA = a.scopes.role(newToken);
    const Role roleB = b.scopes.role(oldToken);
    if (isMemberRole(roleA) && isMemberRole(roleB)) {
        m_members[std::string(a.tree->tokenText(newToken))][std::string(b.tree->tokenText(oldToken))] += base;
        return;
    }
    if (!isVariableRole(roleA) || !isVariableRole(roleB)) return;
    const int x = m_new.bindingBase(newFile) + a.scopes.bindingOf(newToken);
    const int y = m_old.bindingBase(oldFile) + b.scopes.bindingOf(oldToken);
    const int pair = static_cast<int>(m_pairBegin.size()) - 1;
    const bool defines = a.scopes.defines(newToken) && b.scopes.defines(oldToken);
    for (auto k = m_votes.size(); k-- > m_pairBegin.back();) {
        Vote& earlier = m_votes[k];
        if (earlier.newBinding != x || earlier.oldBinding != y) continue;
        earlier.base = std::max(earlier.base, base);
        earlier.defines = earlier.defines || defines;
        return;
    }
    m_votes.push_back({x, y, pair, base, base, defines});
}

bool NameEvidence::sameName(int newBinding, int oldBinding) const {
    return m_new.binding(newBinding).name == m_old.binding(oldBinding).name;
}

void NameEvidence::tally() {
    m_forward.clear();
    m_backward.clear();
    for (const Vote& vote : m_votes) {
        Tally& forward = m_forward[vote.newBinding][vote.oldBinding];
        forward.weight += vote.weight;
        if (vote.defines && vote.base >= kAlikeBase) forward.defining += vote.weight;
        ++forward.pairs;
        Tally& backward = m_backward[vote.oldBinding][vote.newBinding];
        backward.weight += vote.weight;
        ++backward.pairs;
    }
}

/// How far the other statements agree with this vote, 0 … 1.
float NameEvidence::agreement(const Vote& vote) const {
    // A name that became several bindings of one name (a parameter here, a variable there) is still one name.
    const auto share = [&](const Table& table, const Side& side, int from, int to) {
        float total = 0;
        float own = 0;
        for (const auto& [other, tally] : table.at(from)) {
            total += tally.weight;
            if (side.binding(other).name == side.binding(to).name) own += tally.weight;
        }
        total -= vote.weight;
        own -= vote.weight;
        return total > 1e-4F ? std::max(0.0F, own) / total : -1.0F;
    };
    const float forward = share(m_forward, m_old, vote.newBinding, vote.oldBinding);
    const float backward = share(m_backward, m_new, vote.oldBinding, vote.newBinding);
    if (forward < 0 && backward < 0) return sameName(vote.newBinding, vote.oldBinding) ? 1.0F : kUnsupported;
    if (forward < 0) return std::min(backward, sameName(vote.newBinding, vote.oldBinding) ? 1.0F : kUnsupported);
    if (backward < 0) return std::min(forward, sameName(vote.newBinding, vote.oldBinding) ? 1.0F : kUnsupported);
    return std::min(forward, backward);
}

void NameEvidence::weigh() {
    for (int round = 0; round < kRounds; ++round) {
        tally();
        std::vector<float> agreements(m_votes.size());
        for (std::size_t k = 0; k < m_votes.size(); ++k) agreements[k] = agreement(m_votes[k]);
        for (std::size_t pair = 0; pair + 1 < m_pairBegin.size(); ++pair) {
            const auto begin = m_pairBegin[pair];
            const auto end = m_pairBegin[pair + 1];
            float sum = 0;
            for (auto k = begin; k < end; ++k) sum += agreements[k];
            for (auto k = begin; k < end; ++k) {
                const float others =
                    end - begin > 1 ? (sum - agreements[k]) / static_cast<float>(end - begin - 1) : kAlone;
                m_votes[k].weight = m_votes[k].base * (kSelfShare + (1 - kSelfShare) * others);
            }
        }
    }
    tally();
}

NameAnswer NameEvidence::resolve(std::size_t newFile, syntax::BindingId binding, std::size_t oldFile,
                                 syntax::ScopeId oldScope) const {
    const Binding& self = m_new.file(newFile).scopes.binding(binding);
    const ParsedFile& old = m_old.file(oldFile);
    const syntax::BindingId sameLocal = old.scopes.lookUp(self.name, oldScope);
    const Binding* same = sameLocal < 0 ? nullptr : &old.scopes.binding(sameLocal);
    const int id = m_new.bindingBase(newFile) + binding;
    // A name that is bound elsewhere (a star import, another program) stays, unless other code shows what it was
    // called.
    const bool shown = self.kind == BindingKind::Unresolved && same == nullptr && m_forward.count(id) != 0;
    if (!isBound(self) && !shown) {
        if (same == nullptr || !isBound(*same)) return answer(self.name, 1.0);
        return self.kind == BindingKind::Builtin ? missing("'" + self.name + "' means something else there")
                                                 : answer(self.name, 0.8);
    }
    if (self.kind == BindingKind::Import) {
        const std::string name = importedAs(self, old.scopes, oldScope);
        if (!name.empty()) return answer(name, 1.0);
    }
    const int sameId = sameLocal < 0 ? -1 : m_old.bindingBase(oldFile) + sameLocal;
    Lead lead = leadOf(id, sameId, oldFile, oldScope);
    // The same name, bound in the same kind of scope, is evidence by itself, but where it was exchanged for another.
    if (same != nullptr && isBound(*same) && (same->kind == self.kind || lead.total == 0) &&
        (same->scope == 0) == (self.scope == 0) && !lead.exchanged()) {
        lead.same += kSameNameWeight;
        lead.total += kSameNameWeight;
        if (lead.same >= lead.weight) lead.binding = sameId;
    }
    const bool sameUsable = same != nullptr && (isBound(*same) || old.scopes.hasWildcardImport() || lead.same > 0);
    if (lead.binding < 0 || lead.binding == sameId) {
        if (!sameUsable) return missing("'" + self.name + "' has no counterpart there");
        return answer(self.name, lead.binding == sameId ? 1.0 : 0.85);
    }
    return decide(id, lead, sameUsable);
}

/// What binds it is the counterpart of what binds the other name, and no pair has the name on both sides.
bool NameEvidence::Lead::exchanged() const {
    return same <= 0 && defining >= kDefiningWeight;
}

/// The visible binding of the old file that most speaks for.
NameEvidence::Lead NameEvidence::leadOf(int newBinding, int sameId, std::size_t oldFile,
                                        syntax::ScopeId oldScope) const {
    Lead lead;
    const auto votes = m_forward.find(newBinding);
    if (votes == m_forward.end()) return lead;
    const ParsedFile& old = m_old.file(oldFile);
    for (const auto& [other, tally] : votes->second) {
        const auto weight = static_cast<double>(tally.weight);
        lead.total += weight;
        if (other == sameId) lead.same = weight;
        const bool better = weight > lead.weight || (weight == lead.weight && other < lead.binding);
        if (!better || m_old.fileOfBinding(other) != oldFile) continue;
        const auto visible = old.scopes.lookUp(m_old.binding(other).name, oldScope);
        const bool free = visible < 0 && m_old.binding(other).kind == BindingKind::Unresolved;
        if (!free && (visible < 0 || m_old.bindingBase(oldFile) + visible != other)) continue;
        lead.weight = weight;
        lead.defining = static_cast<double>(tally.defining);
        lead.binding = other;
        lead.pairs = tally.pairs;
    }
    return lead;
}

/// Whether the lead is strong enough to call the name as it does. `sameUsable`: the old version has the same name too.
NameAnswer NameEvidence::decide(int newBinding, const Lead& lead, bool sameUsable) const {
    const std::string& self = m_new.binding(newBinding).name;
    const std::string& name = m_old.binding(lead.binding).name;
    double named = 0;
    for (const auto& [other, tally] : m_forward.at(newBinding))
        named += m_old.binding(other).name == name ? static_cast<double>(tally.weight) : 0;
    double backTotal = 0;
    double backNamed = 0;
    for (const auto& [other, tally] : m_backward.at(lead.binding)) {
        backTotal += static_cast<double>(tally.weight);
        backNamed += m_new.binding(other).name == self ? static_cast<double>(tally.weight) : 0;
    }
    const double share = named / std::max(lead.total, 1e-6);
    const double backShare = backNamed / std::max(backTotal, 1e-6);
    if (sameUsable) {
        if (share >= kOverrideShare && backShare >= kMinShare && lead.weight >= 1.0)
            return answer(name, 0.65 + 0.3 * share);
        if (lead.exchanged() && backShare >= kMinShare) return answer(name, 0.65 + 0.3 * share);
        if (lead.same >= 0.5 * lead.weight || lead.weight < kMinRenameWeight) return answer(self, 0.8);
        return missing("'" + self + "' may be '" + name + "' or '" + self + "' there", name);
    }
    // Bound by counterparts: other names of the newer side that became part of the old one do not speak against it.
    if (lead.defining >= kDefiningWeight && share >= kMinShare)
        return answer(name, std::min(0.97, 0.70 + 0.25 * share));
    if (lead.weight >= kMinRenameWeight && share >= kMinShare && backShare >= kMinBackShare) {
        return answer(name, std::min(0.99, 0.55 + 0.25 * share + 0.1 * backShare + 0.05 * std::min(lead.pairs, 3)));
    }
    return missing("'" + self + "' has no sure counterpart there ('" + name + "' is the nearest)", name);
}

NameAnswer NameEvidence::resolveMissing(std::size_t newFile, syntax::BindingId binding, std::size_t oldFile) const {
    const auto votes = m_forward.find(m_new.bindingBase(newFile) + binding);
    if (votes == m_forward.end()) return missing("nothing there reads it");
    double total = 0;
    double bestWeight = 0;
    int best = -1;
    for (const auto& [other, tally] : votes->second) {
        total += static_cast<double>(tally.weight);
        const bool fits = m_old.fileOfBinding(other) == oldFile && m_old.binding(other).kind == BindingKind::Unresolved;
        if (!fits || static_cast<double>(tally.weight) < bestWeight) continue;
        bestWeight = static_cast<double>(tally.weight);
        best = other;
    }
    if (best < 0 || bestWeight < kMinShare * total) return missing("nothing there reads it");
    return answer(m_old.binding(best).name, 0.95);
}

NameAnswer NameEvidence::resolveMember(const std::string& name) const {
    if (m_oldMembers.count(name) != 0) return answer(name, 1.0);
    const auto votes = m_members.find(name);
    if (votes == m_members.end()) return answer(name, 0.95);
    float total = 0;
    const std::pair<const std::string, float>* best = nullptr;
    for (const auto& entry : votes->second) {
        total += entry.second;
        if (best == nullptr || entry.second > best->second ||
            (entry.second == best->second && entry.first < best->first))
            best = &entry;
    }
    if (best->second >= 0.8F && best->second / total >= 0.7F)
        return answer(best->first, 0.7 + 0.25 * static_cast<double>(best->second / total));
    return answer(name, 0.75);
}

TokenHashes NameEvidence::translated(bool& changed) const {
    TokenHashes hashes = Matcher::plainHashes(m_new);
    changed = false;
    for (const auto& [binding, votes] : m_forward) {
        float total = 0;
        int best = -1;
        float bestWeight = 0;
        for (const auto& [other, tally] : votes) {
            total += tally.weight;
            if (tally.weight > bestWeight || (tally.weight == bestWeight && other < best)) {
                bestWeight = tally.weight;
                best = other;
            }
        }
        if (best < 0 || sameName(binding, best) || bestWeight < 0.8F || bestWeight / total < 0.7F) continue;
        const auto oldFile = m_old.fileOfBinding(best);
        const Binding& there = m_old.binding(best);
        const auto token = there.definitions.empty() ? there.uses.front() : there.definitions.front();
        const std::uint64_t hash = m_old.file(oldFile).tree->token(token).hash;
        const auto newFile = m_new.fileOfBinding(binding);
        const Binding& here = m_new.binding(binding);
        for (const auto t : here.definitions) hashes[newFile][t] = hash;
        for (const auto t : here.uses) hashes[newFile][t] = hash;
        changed = true;
    }
    return hashes;
}

}  // namespace hindcast::propagate

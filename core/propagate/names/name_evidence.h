// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// What an identifier of the newer side is called in the old one.
struct NameAnswer {
    bool found = false;
    std::string name;
    double confidence = 0;
    std::string why;      ///< set where not found
    std::string nearest;  ///< where not found: what most speaks for, or ""
};

/// Evidence for what names of one version are called in the other. Every pair of matched statements aligns tokens; each
/// pair of identifiers votes for its two *bindings* (a name in a scope), weighed by how well the rest of the statement
/// agrees. A pair cannot support itself: what it says counts in full only where other statements agree on its other
/// names.
class NameEvidence {
public:
    NameEvidence(const Side& newer, const Side& older, const Mapping& mapping);

    /// The old name for a binding of the newer side, for code in `oldScope` of file `oldFile` at byte `at`.
    NameAnswer resolve(std::size_t newFile, syntax::BindingId binding, std::size_t oldFile,
                       syntax::ScopeId oldScope) const;
    /// The old name for a binding that a statement of the newer side makes, where old code reads a name that nothing
    /// makes there: what its counterparts read by that name. Not found where nothing points to one of them.
    NameAnswer resolveMissing(std::size_t newFile, syntax::BindingId binding, std::size_t oldFile) const;
    /// The old name for an attribute or keyword of the newer side.
    NameAnswer resolveMember(const std::string& name) const;

    /// Token hashes of the newer side with every name that surely changed replaced by its old one; `changed` tells
    /// whether there is any.
    TokenHashes translated(bool& changed) const;

private:
    struct Vote {
        int newBinding;
        int oldBinding;
        int pair;    ///< index of the statement pair
        float base;  ///< likeness of the two statements
        float weight;
        bool defines;  ///< both statements bind the name
    };
    struct Tally {
        float weight = 0;
        float defining = 0;  ///< of it, from statements that bind both names
        int pairs = 0;
    };
    /// The binding of the old side that most speaks for.
    struct Lead {
        int binding = -1;
        double weight = 0;
        double defining = 0;
        double same = 0;   ///< for the binding of the same name
        double total = 0;  ///< for all
        int pairs = 0;
        bool exchanged() const;
    };
    using Table = std::unordered_map<int, std::unordered_map<int, Tally>>;

    void collect(const Mapping& mapping);
    void collectPair(int a, int b, float quality);
    void alignTokens(std::size_t newFile, syntax::TokenRange x, std::size_t oldFile, syntax::TokenRange y, float base);
    void vote(std::size_t newFile, std::uint32_t newToken, std::size_t oldFile, std::uint32_t oldToken, float base);
    void weigh();
    float agreement(const Vote& vote) const;
    void tally();
    Lead leadOf(int newBinding, int sameId, std::size_t oldFile, syntax::ScopeId oldScope) const;
    NameAnswer decide(int newBinding, const Lead& lead, bool sameUsable) const;
    bool sameName(int newBinding, int oldBinding) const;

    const Side& m_new;
    const Side& m_old;
    std::vector<Vote> m_votes;
    std::vector<std::size_t> m_pairBegin;  ///< first vote of each pair
    Table m_forward;
    Table m_backward;
    std::unordered_map<std::string, std::unordered_map<std::string, float>> m_members;
    std::unordered_map<std::string, int> m_oldMembers;  ///< attribute and keyword names that the old side has
};

}  // namespace hindcast::propagate

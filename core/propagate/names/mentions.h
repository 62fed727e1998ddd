// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"
#include "core/propagate/names/name_evidence.h"

namespace hindcast::propagate {

/// How the statements around a place that name the same variables agree with those around a statement where it comes
/// from. Each value is -1 … 1: 1 where the nearest ones are counterparts, -1 where they are others, 0 where nothing is
/// known.
struct MentionAgreement {
    double before = 0;      ///< the last statement before that names one of them
    double after = 0;       ///< the first one after
    double definition = 0;  ///< the last one before that binds one that it reads
};

/// The variables of a statement, and where else both sides name them. The sides and the mapping must outlive it. A
/// look-up costs O(names · log(mentions)).
class Mentions {
public:
    Mentions(const Side& newer, const Side& older, const Mapping& mapping, const NameEvidence& names, int statement);

    /// Sets the old file and scope that the look-ups below are for.
    void enter(std::size_t oldFile, syntax::ScopeId oldScope);

    /// For a place at the byte of the old file.
    MentionAgreement at(std::size_t byte) const;

private:
    struct Mention {
        std::uint32_t byte;
        int statement;  ///< the innermost one, global
        bool binds;
    };
    using List = std::vector<Mention>;

    struct Variable {
        syntax::BindingId binding;
        bool read = false;
        double weight = 0;  ///< the fewer places name it, the more each tells
        int before = -1;    ///< statements of the newer side
        int after = -1;
        int definition = -1;
        List there;  ///< on the old side, in the scope entered
        bool found = false;
    };

    static List mentionsOf(const Side& side, std::size_t file, syntax::BindingId binding);
    void addVariable(syntax::BindingId binding, bool read);
    double agreement(int newStatement, int oldStatement) const;

    const Side& m_new;
    const Side& m_old;
    const Mapping& m_map;
    const NameEvidence& m_names;
    int m_statement;
    std::size_t m_newFile;
    std::vector<Variable> m_variables;
};

}  // namespace hindcast::propagate

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/syntax/scopes.h"

namespace hindcast::syntax {

/// Fills a Scopes: one walk collects what every identifier does and in which scope, a second resolves the reads.
class ScopeBuilder {
public:
    ScopeBuilder(const SyntaxTree& tree, Scopes& out);
    void build();

private:
    struct Occurrence {
        std::uint32_t token;
        ScopeId scope;
        bool binds;
        bool reads;
        BindingKind kind;
        std::string origin;
    };

    void visit(std::uint32_t node, ScopeId scope);
    void visitChildren(std::uint32_t node, ScopeId scope);
    void visitFunction(std::uint32_t node, ScopeId scope);
    void visitClass(std::uint32_t node, ScopeId scope);
    void visitLambda(std::uint32_t node, ScopeId scope);
    void visitParameters(std::uint32_t node, ScopeId inner, ScopeId outer);
    void visitParameter(std::uint32_t node, ScopeId inner, ScopeId outer);
    void visitComprehension(std::uint32_t node, ScopeId scope);
    void visitAssignment(std::uint32_t node, ScopeId scope, bool augmented);
    void visitTarget(std::uint32_t node, ScopeId scope, bool alsoReads, BindingKind kind);
    void visitImport(std::uint32_t node, ScopeId scope);
    void visitImportedName(std::uint32_t node, ScopeId scope, const std::string& module);
    void visitDeclaration(std::uint32_t node, ScopeId scope, bool global);
    void visitCasePattern(std::uint32_t node, ScopeId scope);
    void visitIdentifier(std::uint32_t node, ScopeId scope);

    ScopeId open(ScopeKind kind, ScopeId parent, std::uint32_t node);
    void occur(std::uint32_t node, ScopeId scope, bool binds, bool reads, BindingKind kind, std::string origin = {});
    void setRole(std::uint32_t node, Role role);
    ScopeId functionScope(ScopeId scope) const;
    BindingId bind(ScopeId scope, const std::string& name, BindingKind kind);
    void resolve();

    const SyntaxTree& m_tree;
    Scopes& m_out;
    std::vector<Occurrence> m_occurrences;
    std::unordered_map<ScopeId, std::unordered_map<std::string, bool>>
        m_declared;  ///< name -> is global (else nonlocal)
};

}  // namespace hindcast::syntax

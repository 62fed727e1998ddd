// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/scope_builder.h"

namespace hindcast::syntax {

ScopeBuilder::ScopeBuilder(const SyntaxTree& tree, Scopes& out) : m_tree(tree), m_out(out) {}

void ScopeBuilder::build() {
    m_out.m_roles.assign(m_tree.tokens().size(), Role::None);
    m_out.m_bindingOf.assign(m_tree.tokens().size(), -1);
    m_out.m_defines.assign(m_tree.tokens().size(), false);
    const ScopeId module = open(ScopeKind::Module, -1, 0);
    visitChildren(0, module);
    resolve();
}

ScopeId ScopeBuilder::open(ScopeKind kind, ScopeId parent, std::uint32_t node) {
    m_out.m_scopes.push_back({kind, parent, node, {}});
    return static_cast<ScopeId>(m_out.m_scopes.size() - 1);
}

void ScopeBuilder::visitChildren(std::uint32_t node, ScopeId scope) {
    const auto& nodes = m_tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) visit(child, scope);
}

void ScopeBuilder::visit(std::uint32_t node, ScopeId scope) {
    switch (m_tree.node(node).kind) {
        case Kind::Identifier:
            return visitIdentifier(node, scope);
        case Kind::Function:
            return visitFunction(node, scope);
        case Kind::Class:
            return visitClass(node, scope);
        case Kind::Lambda:
            return visitLambda(node, scope);
        case Kind::Comprehension:
            return visitComprehension(node, scope);
        case Kind::Assignment:
            return visitAssignment(node, scope, false);
        case Kind::AugmentedAssignment:
            return visitAssignment(node, scope, true);
        case Kind::Import:
        case Kind::ImportFrom:
            return visitImport(node, scope);
        case Kind::Global:
            return visitDeclaration(node, scope, true);
        case Kind::Nonlocal:
            return visitDeclaration(node, scope, false);
        case Kind::CasePattern:
            return visitCasePattern(node, scope);
        case Kind::AsPatternTarget:
            return visitTarget(node, scope, false, BindingKind::Variable);
        case Kind::For:
        case Kind::ForInClause:
        case Kind::NamedExpression:
        case Kind::ExceptClause:
        case Kind::TypeAlias: {
            const auto& nodes = m_tree.nodes();
            for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
                const bool target = (nodes[child].field == Field::Left && nodes[node].kind != Kind::Other) ||
                                    (nodes[node].kind == Kind::NamedExpression && nodes[child].field == Field::Name) ||
                                    nodes[child].field == Field::Alias;
                if (!target) {
                    visit(child, scope);
                } else if (nodes[node].kind == Kind::NamedExpression) {
                    ScopeId binder = scope;
                    while (m_out.scope(binder).kind == ScopeKind::Comprehension) binder = m_out.scope(binder).parent;
                    visitTarget(child, binder, false, BindingKind::Variable);
                } else {
                    visitTarget(child, scope, false, BindingKind::Variable);
                }
            }
            return;
        }
        default:
            return visitChildren(node, scope);
    }
}

void ScopeBuilder::visitIdentifier(std::uint32_t node, ScopeId scope) {
    const Node& self = m_tree.node(node);
    if (self.field == Field::AttributeName) return setRole(node, Role::Attribute);
    if (self.field == Field::Name && self.parent >= 0 &&
        m_tree.node(static_cast<std::size_t>(self.parent)).kind == Kind::KeywordArgument) {
        return setRole(node, Role::Keyword);
    }
    occur(node, scope, false, true, BindingKind::Variable);
}

void ScopeBuilder::visitFunction(std::uint32_t node, ScopeId scope) {
    const auto& nodes = m_tree.nodes();
    const ScopeId inner = open(ScopeKind::Function, scope, node);
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].field == Field::Name) {
            occur(child, scope, true, false, BindingKind::Function);
        } else if (nodes[child].kind == Kind::Parameters) {
            visitParameters(child, inner, scope);
        } else if (nodes[child].kind == Kind::Block) {
            visitChildren(child, inner);
        } else {
            visit(child, scope);
        }
    }
}

void ScopeBuilder::visitClass(std::uint32_t node, ScopeId scope) {
    const auto& nodes = m_tree.nodes();
    const ScopeId inner = open(ScopeKind::Class, scope, node);
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].field == Field::Name) {
            occur(child, scope, true, false, BindingKind::Class);
        } else {
            visit(child, nodes[child].kind == Kind::Block ? inner : scope);
        }
    }
}

void ScopeBuilder::visitLambda(std::uint32_t node, ScopeId scope) {
    const auto& nodes = m_tree.nodes();
    const ScopeId inner = open(ScopeKind::Function, scope, node);
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].kind == Kind::LambdaParameters) {
            visitParameters(child, inner, scope);
        } else {
            visit(child, inner);
        }
    }
}

void ScopeBuilder::visitParameters(std::uint32_t node, ScopeId inner, ScopeId outer) {
    const auto& nodes = m_tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next)
        visitParameter(child, inner, outer);
}

void ScopeBuilder::visitParameter(std::uint32_t node, ScopeId inner, ScopeId outer) {
    const auto& nodes = m_tree.nodes();
    const Node& self = nodes[node];
    if (self.kind == Kind::Identifier) return occur(node, inner, true, false, BindingKind::Parameter);
    for (std::uint32_t child = node + 1; child < self.next; child = nodes[child].next) {
        const bool isValue = nodes[child].field == Field::Value || nodes[child].field == Field::Type;
        if (isValue) {
            visit(child, outer);
        } else {
            visitParameter(child, inner, outer);
        }
    }
}

/// The first iterable of a comprehension belongs to the scope around it.
void ScopeBuilder::visitComprehension(std::uint32_t node, ScopeId scope) {
    const auto& nodes = m_tree.nodes();
    const ScopeId inner = open(ScopeKind::Comprehension, scope, node);
    bool firstClause = true;
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].kind != Kind::ForInClause || !firstClause) {
            visit(child, inner);
            continue;
        }
        firstClause = false;
        for (std::uint32_t part = child + 1; part < nodes[child].next; part = nodes[part].next) {
            if (nodes[part].field == Field::Left) {
                visitTarget(part, inner, false, BindingKind::Variable);
            } else {
                visit(part, nodes[part].field == Field::Right ? scope : inner);
            }
        }
    }
}

void ScopeBuilder::visitAssignment(std::uint32_t node, ScopeId scope, bool augmented) {
    const auto& nodes = m_tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].field == Field::Left) {
            visitTarget(child, scope, augmented, BindingKind::Variable);
        } else {
            visit(child, scope);
        }
    }
}

/// Identifiers of a target bind; the objects of attributes and subscripts in it are read.
void ScopeBuilder::visitTarget(std::uint32_t node, ScopeId scope, bool alsoReads, BindingKind kind) {
    const auto& nodes = m_tree.nodes();
    switch (nodes[node].kind) {
        case Kind::Identifier:
            return occur(node, scope, true, alsoReads, kind);
        case Kind::Attribute:
        case Kind::Subscript:
        case Kind::Call:
            return visitChildren(node, scope);
        default:
            break;
    }
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        visitTarget(child, scope, alsoReads, kind);
    }
}

void ScopeBuilder::visitImport(std::uint32_t node, ScopeId scope) {
    std::string module;
    const auto from = m_tree.child(node, Field::ModuleName);
    if (from >= 0) module = std::string(m_tree.nodeText(static_cast<std::size_t>(from))) + ":";
    const auto& nodes = m_tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].kind == Kind::WildcardImport) m_out.m_wildcard = true;
        if (nodes[child].field == Field::Name) visitImportedName(child, scope, module);
    }
}

void ScopeBuilder::visitImportedName(std::uint32_t node, ScopeId scope, const std::string& module) {
    if (m_tree.node(node).kind == Kind::AliasedImport) {
        const auto name = m_tree.child(node, Field::Name);
        const auto alias = m_tree.child(node, Field::Alias);
        if (name < 0 || alias < 0) return;
        const std::string origin = module + std::string(m_tree.nodeText(static_cast<std::size_t>(name)));
        occur(static_cast<std::uint32_t>(alias), scope, true, false, BindingKind::Import, origin);
        return;
    }
    // `import a.b` binds `a`; `from m import a` binds `a`.
    const std::uint32_t first = m_tree.node(node).kind == Kind::Identifier ? node : node + 1;
    if (first >= m_tree.node(node).next) return;
    occur(first, scope, true, false, BindingKind::Import, module + std::string(m_tree.nodeText(first)));
}

void ScopeBuilder::visitDeclaration(std::uint32_t node, ScopeId scope, bool global) {
    const auto& nodes = m_tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        if (nodes[child].kind != Kind::Identifier) continue;
        m_declared[scope][std::string(m_tree.nodeText(child))] = global;
        occur(child, scope, false, true, BindingKind::Variable);
    }
}

/// A capture is a bare name; dotted names and class names in a pattern are read.
void ScopeBuilder::visitCasePattern(std::uint32_t node, ScopeId scope) {
    const auto& nodes = m_tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        const Node& inner = nodes[child];
        if (inner.kind == Kind::DottedName && inner.next == child + 2) {
            const bool capture = m_tree.nodeText(child) != "_";
            occur(child + 1, scope, capture, !capture, BindingKind::Variable);
        } else if (inner.kind == Kind::Identifier) {
            occur(child, scope, true, false, BindingKind::Variable);
        } else if (inner.kind == Kind::DottedName) {
            occur(child + 1, scope, false, true, BindingKind::Variable);
        } else {
            visitCasePattern(child, scope);
        }
    }
}

void ScopeBuilder::setRole(std::uint32_t node, Role role) {
    const auto token = m_tree.tokenAt(m_tree.node(node).begin);
    if (token < m_out.m_roles.size() && m_tree.token(token).node == node) m_out.m_roles[token] = role;
}

void ScopeBuilder::occur(std::uint32_t node, ScopeId scope, bool binds, bool reads, BindingKind kind,
                         std::string origin) {
    const auto token = m_tree.tokenAt(m_tree.node(node).begin);
    if (token >= m_out.m_roles.size() || m_tree.token(token).node != node) return;
    m_out.m_roles[token] = kind == BindingKind::Parameter ? Role::Parameter : Role::Name;
    m_occurrences.push_back({static_cast<std::uint32_t>(token), scope, binds, reads, kind, std::move(origin)});
}

ScopeId ScopeBuilder::functionScope(ScopeId scope) const {
    for (ScopeId up = m_out.scope(scope).parent; up > 0; up = m_out.scope(up).parent) {
        if (m_out.scope(up).kind == ScopeKind::Function) return up;
    }
    return 0;
}

BindingId ScopeBuilder::bind(ScopeId scope, const std::string& name, BindingKind kind) {
    auto& names = m_out.m_scopes[static_cast<std::size_t>(scope)].names;
    const auto [found, isNew] = names.emplace(name, static_cast<BindingId>(m_out.m_bindings.size()));
    if (isNew) m_out.m_bindings.push_back({name, scope, kind, {}, {}, {}});
    return found->second;
}

void ScopeBuilder::resolve() {
    for (const Occurrence& occurrence : m_occurrences) {
        if (!occurrence.binds) continue;
        const std::string name(m_tree.tokenText(occurrence.token));
        ScopeId scope = occurrence.scope;
        const auto declared = m_declared.find(scope);
        if (declared != m_declared.end()) {
            const auto how = declared->second.find(name);
            if (how != declared->second.end()) scope = how->second ? 0 : functionScope(scope);
        }
        const BindingId id = bind(scope, name, occurrence.kind);
        Binding& binding = m_out.m_bindings[static_cast<std::size_t>(id)];
        if (binding.origin.empty()) binding.origin = occurrence.origin;
        binding.definitions.push_back(occurrence.token);
        if (occurrence.reads) binding.uses.push_back(occurrence.token);
        m_out.m_bindingOf[occurrence.token] = id;
        m_out.m_defines[occurrence.token] = true;
    }
    for (const Occurrence& occurrence : m_occurrences) {
        if (occurrence.binds) continue;
        const std::string name(m_tree.tokenText(occurrence.token));
        BindingId id = m_out.lookUp(name, occurrence.scope);
        if (id < 0) id = bind(0, name, isBuiltinName(name) ? BindingKind::Builtin : BindingKind::Unresolved);
        m_out.m_bindings[static_cast<std::size_t>(id)].uses.push_back(occurrence.token);
        m_out.m_bindingOf[occurrence.token] = id;
    }
}

}  // namespace hindcast::syntax

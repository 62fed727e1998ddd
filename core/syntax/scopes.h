// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/syntax/syntax_tree.h"

namespace hindcast::syntax {

using ScopeId = std::int32_t;
using BindingId = std::int32_t;  ///< index into Scopes::bindings; -1 is none

enum class ScopeKind : std::uint8_t { Module, Function, Class, Comprehension };

struct Scope {
    ScopeKind kind;
    ScopeId parent;      ///< -1 for the module
    std::uint32_t node;  ///< the definition, lambda or comprehension
    std::unordered_map<std::string, BindingId> names;
};

enum class BindingKind : std::uint8_t {
    Variable,
    Parameter,
    Import,
    Function,
    Class,
    Builtin,     ///< bound nowhere in the file, a builtin of Python
    Unresolved,  ///< bound nowhere in the file
};

/// One name of one scope.
struct Binding {
    std::string name;
    ScopeId scope;
    BindingKind kind;
    std::string origin;                      ///< of an import: "torch.nn.functional" or "torch.optim:SGD"
    std::vector<std::uint32_t> definitions;  ///< tokens that bind it
    std::vector<std::uint32_t> uses;         ///< tokens that read it
};

/// What an identifier token does.
enum class Role : std::uint8_t { None, Name, Attribute, Keyword, Parameter };

/// Which name of which scope every identifier of a source means, by Python's rules (function, class and comprehension
/// scopes, global, nonlocal, walrus, match captures, imports). Built once; immutable.
class Scopes {
public:
    explicit Scopes(const SyntaxTree& tree);

    const std::vector<Scope>& scopes() const { return m_scopes; }
    const std::vector<Binding>& bindings() const { return m_bindings; }
    const Binding& binding(BindingId id) const { return m_bindings[static_cast<std::size_t>(id)]; }
    const Scope& scope(ScopeId id) const { return m_scopes[static_cast<std::size_t>(id)]; }

    Role role(std::size_t token) const { return m_roles[token]; }
    BindingId bindingOf(std::size_t token) const { return m_bindingOf[token]; }
    bool defines(std::size_t token) const { return m_defines[token]; }

    /// The scope of the code at a byte.
    ScopeId scopeAt(const SyntaxTree& tree, std::size_t byte) const;
    /// What `name` means for code in `scope`: a binding, or -1 where the file binds it nowhere.
    BindingId lookUp(std::string_view name, ScopeId scope) const;
    /// Whether the file has `from module import *` of some module.
    bool hasWildcardImport() const { return m_wildcard; }

private:
    friend class ScopeBuilder;
    std::vector<Scope> m_scopes;
    std::vector<Binding> m_bindings;
    std::vector<Role> m_roles;
    std::vector<BindingId> m_bindingOf;
    std::vector<bool> m_defines;
    bool m_wildcard = false;
};

/// Whether Python defines the name itself.
bool isBuiltinName(std::string_view name);

}  // namespace hindcast::syntax

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/syntax/outline.h"
#include "core/syntax/scopes.h"

namespace hindcast::syntax {

/// A call of hindcast's `log` in a source.
struct LogCall {
    std::string name;       ///< the literal name; for a computed one the source text of the expression
    bool literal;           ///< false for f-strings and computed names
    int line;               ///< 1-based, where the call begins
    StatementId statement;  ///< innermost statement that holds it
    std::vector<std::string>
        loops;  ///< names of the `loop`s around it in this file, outermost first; "" for plain loops
};

/// The hindcast function that a call node calls ("log", "loop", "arg" …), or "": through `import hindcast as X`,
/// `from hindcast import log as Y`, or `__import__("hindcast").log`.
std::string hindcastFunction(const SyntaxTree& tree, const Scopes& scopes, std::uint32_t call);

/// Whether a node is or holds a call of hindcast's `log`.
bool callsLog(const SyntaxTree& tree, const Scopes& scopes, std::uint32_t node);

/// The value of a plain string literal node, or "" where it is no such literal (prefixed by f or b, or an expression).
std::string literalString(const SyntaxTree& tree, std::uint32_t node);

/// The name that a `for` (or `with hc.iteration(…)`) gives its loop through hindcast, or "".
std::string loopName(const SyntaxTree& tree, const Scopes& scopes, const Outline& outline, StatementId statement);

/// All `log` calls of the source in order.
std::vector<LogCall> findLogCalls(const SyntaxTree& tree, const Scopes& scopes, const Outline& outline);

/// How code at `byte` can call hindcast's `log` without a new import: "hc.log", "log", or
/// `__import__("hindcast").log` where nothing suitable is imported above.
std::string logCallee(const SyntaxTree& tree, const Scopes& scopes, std::size_t byte);

}  // namespace hindcast::syntax

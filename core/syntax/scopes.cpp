// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/scopes.h"

#include <algorithm>
#include <unordered_set>

#include "core/syntax/scope_builder.h"

namespace hindcast::syntax {

Scopes::Scopes(const SyntaxTree& tree) {
    ScopeBuilder(tree, *this).build();
}

ScopeId Scopes::scopeAt(const SyntaxTree& tree, std::size_t byte) const {
    ScopeId found = 0;
    for (std::size_t i = 1; i < m_scopes.size(); ++i) {
        const Node& node = tree.node(m_scopes[i].node);
        if (node.begin <= byte && byte < node.end) found = static_cast<ScopeId>(i);
    }
    return found;
}

BindingId Scopes::lookUp(std::string_view name, ScopeId scope) const {
    const std::string key(name);
    for (ScopeId up = scope; up >= 0; up = this->scope(up).parent) {
        // A class body is seen only from the class body itself.
        if (up != scope && this->scope(up).kind == ScopeKind::Class) continue;
        const auto found = this->scope(up).names.find(key);
        if (found != this->scope(up).names.end()) return found->second;
    }
    return -1;
}

bool isBuiltinName(std::string_view name) {
    static const std::unordered_set<std::string_view> kNames = {"ArithmeticError",
                                                                "AssertionError",
                                                                "AttributeError",
                                                                "BaseException",
                                                                "BaseExceptionGroup",
                                                                "BlockingIOError",
                                                                "BrokenPipeError",
                                                                "BufferError",
                                                                "BytesWarning",
                                                                "ChildProcessError",
                                                                "ConnectionAbortedError",
                                                                "ConnectionError",
                                                                "ConnectionRefusedError",
                                                                "ConnectionResetError",
                                                                "DeprecationWarning",
                                                                "EOFError",
                                                                "Ellipsis",
                                                                "EncodingWarning",
                                                                "EnvironmentError",
                                                                "Exception",
                                                                "ExceptionGroup",
                                                                "False",
                                                                "FileExistsError",
                                                                "FileNotFoundError",
                                                                "FloatingPointError",
                                                                "FutureWarning",
                                                                "GeneratorExit",
                                                                "IOError",
                                                                "ImportError",
                                                                "ImportWarning",
                                                                "IndentationError",
                                                                "IndexError",
                                                                "InterruptedError",
                                                                "IsADirectoryError",
                                                                "KeyError",
                                                                "KeyboardInterrupt",
                                                                "LookupError",
                                                                "MemoryError",
                                                                "ModuleNotFoundError",
                                                                "NameError",
                                                                "None",
                                                                "NotADirectoryError",
                                                                "NotImplemented",
                                                                "NotImplementedError",
                                                                "OSError",
                                                                "OverflowError",
                                                                "PendingDeprecationWarning",
                                                                "PermissionError",
                                                                "ProcessLookupError",
                                                                "RecursionError",
                                                                "ReferenceError",
                                                                "ResourceWarning",
                                                                "RuntimeError",
                                                                "RuntimeWarning",
                                                                "StopAsyncIteration",
                                                                "StopIteration",
                                                                "SyntaxError",
                                                                "SyntaxWarning",
                                                                "SystemError",
                                                                "SystemExit",
                                                                "TabError",
                                                                "TimeoutError",
                                                                "True",
                                                                "TypeError",
                                                                "UnboundLocalError",
                                                                "UnicodeDecodeError",
                                                                "UnicodeEncodeError",
                                                                "UnicodeError",
                                                                "UnicodeTranslateError",
                                                                "UnicodeWarning",
                                                                "UserWarning",
                                                                "ValueError",
                                                                "Warning",
                                                                "ZeroDivisionError",
                                                                "__build_class__",
                                                                "__builtins__",
                                                                "__debug__",
                                                                "__doc__",
                                                                "__file__",
                                                                "__import__",
                                                                "__loader__",
                                                                "__name__",
                                                                "__package__",
                                                                "__spec__",
                                                                "abs",
                                                                "aiter",
                                                                "all",
                                                                "anext",
                                                                "any",
                                                                "ascii",
                                                                "bin",
                                                                "bool",
                                                                "breakpoint",
                                                                "bytearray",
                                                                "bytes",
                                                                "callable",
                                                                "chr",
                                                                "classmethod",
                                                                "compile",
                                                                "complex",
                                                                "copyright",
                                                                "credits",
                                                                "delattr",
                                                                "dict",
                                                                "dir",
                                                                "divmod",
                                                                "enumerate",
                                                                "eval",
                                                                "exec",
                                                                "exit",
                                                                "filter",
                                                                "float",
                                                                "format",
                                                                "frozenset",
                                                                "getattr",
                                                                "globals",
                                                                "hasattr",
                                                                "hash",
                                                                "help",
                                                                "hex",
                                                                "id",
                                                                "input",
                                                                "int",
                                                                "isinstance",
                                                                "issubclass",
                                                                "iter",
                                                                "len",
                                                                "license",
                                                                "list",
                                                                "locals",
                                                                "map",
                                                                "max",
                                                                "memoryview",
                                                                "min",
                                                                "next",
                                                                "object",
                                                                "oct",
                                                                "open",
                                                                "ord",
                                                                "pow",
                                                                "print",
                                                                "property",
                                                                "quit",
                                                                "range",
                                                                "repr",
                                                                "reversed",
                                                                "round",
                                                                "set",
                                                                "setattr",
                                                                "slice",
                                                                "sorted",
                                                                "staticmethod",
                                                                "str",
                                                                "sum",
                                                                "super",
                                                                "tuple",
                                                                "type",
                                                                "vars",
                                                                "zip"};
    return kNames.count(name) != 0;
}

}  // namespace hindcast::syntax

# SPDX-License-Identifier: Apache-2.0
"""Keeps the names that injected statements bind apart from the script's own.

`for i in range(10): hc.log(…)` in a version whose script has an `i` of its own would change that script's state, and what
follows would no longer be the recorded run. Such a name gets another one within the injected statements of its scope.
"""
import ast

from .scopes import assigned_names, scope_nodes

_SUFFIX = "__hc_probe__"


def separate(tree, ranges):
    """Renames in place. `ranges`: first and last lines of the injected statements."""
    scopes = [tree.body] + [node.body for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for body in scopes:
        injected = [node for node in scope_nodes(body) if isinstance(node, ast.stmt) and _inside(node, ranges)]
        outermost = [node for node in injected if not any(node is not other and node in ast.walk(other) for other in injected)]
        if outermost:
            _separate_scope(body, sorted(outermost, key=lambda node: node.lineno))


def _inside(statement, ranges):
    return any(first <= statement.lineno and (statement.end_lineno or statement.lineno) <= last for first, last in ranges)


def _separate_scope(body, injected):
    kept = {node.arg for statement in injected for node in ast.walk(statement) if isinstance(node, ast.arg)}
    kept |= {name for node in scope_nodes(body) if isinstance(node, (ast.Global, ast.Nonlocal)) for name in node.names}
    bound = set(assigned_names(injected)) - kept
    if not bound:
        return
    mine = {id(node) for statement in injected for node in ast.walk(statement)}
    names = [node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Name)]
    taken = bound & {node.id for node in names if id(node) not in mine}
    for node in names:
        if id(node) in mine and node.id in taken:
            node.id += _SUFFIX
    before = set()
    for statement in injected:
        binds = [name for name in taken if name + _SUFFIX in assigned_names([statement])]
        for name in sorted(set(binds) - before):
            _give_start(body, statement, name)
        before.update(binds)


def _give_start(body, statement, name):
    """The script's value is what the name holds when the statement begins: it may read it before it binds it."""
    copy = ast.Assign(targets=[ast.Name(name + _SUFFIX, ast.Store())], value=ast.Name(name, ast.Load()))
    handler = ast.ExceptHandler(type=ast.Name("NameError", ast.Load()), name=None, body=[ast.Pass()])
    start = ast.Try(body=[copy], handlers=[handler], orelse=[], finalbody=[])
    for node in ast.walk(start):
        ast.copy_location(node, statement)
        node.end_lineno = node.lineno = statement.lineno
    for node in [ast.Module(body, [])] + [inner for outer in body for inner in ast.walk(outer)]:
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and statement in block:
                block.insert(block.index(statement), start)
                return

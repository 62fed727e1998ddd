# SPDX-License-Identifier: Apache-2.0
"""Nodes of a source, those of one scope, and the names it binds."""
import ast


_CONTEXTS = (ast.Load, ast.Store, ast.Del)


def nodes(root):
    """A node and all below it as ast.walk gives them, but for the contexts of names: several times as fast."""
    todo = [root]
    for node in todo:
        yield node
        for value in node.__dict__.values():
            if value.__class__ is list:
                todo += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value.__class__ not in _CONTEXTS:
                todo.append(value)


def scope_nodes(body):
    """Nodes of a scope, nested functions and classes left out."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo.extend(ast.iter_child_nodes(node))


def assigned_names(body):
    """Names that the statements bind in their own scope, in a stable order."""
    found = {}

    def visit(node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] = "code"
            return
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            for inner in ast.walk(node):  # a walrus binds outside the comprehension
                if isinstance(inner, ast.NamedExpr):
                    found.setdefault(inner.target.id, "value")
            return
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id, "value")
        for child in ast.iter_child_nodes(node):
            visit(child)

    for statement in body:
        visit(statement)
    return [name for name, sort in found.items() if sort == "value" and not name.startswith("__")]

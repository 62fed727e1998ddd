# SPDX-License-Identifier: Apache-2.0
"""What belongs to one scope of a source: its own nodes and the names it binds."""
import ast


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

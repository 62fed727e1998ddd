# SPDX-License-Identifier: Apache-2.0
"""Which names statements read and bind, as access paths: `self.model.head` is ("self", "model", "head")."""
import ast

from .outline import FUNCTIONS, blocks, own_expressions

GRADIENTS = frozenset(("grad", "grad_fn", "backward", "retain_grad", "retains_grad", "is_leaf", "requires_grad", "grads", "_grad", "unscale_",
                       "clip_grad_norm_", "clip_grad_value_", "clip_grad_norm", "get_total_norm"))
STORED_GRADIENTS = frozenset(("grad", "grads", "_grad", "clip_grad_norm_", "clip_grad_value_", "clip_grad_norm", "get_total_norm"))  # `.grad` itself
DYNAMIC = frozenset(("eval", "exec", "locals", "globals", "vars", "__import__", "compile"))


def read_paths(node):
    """Paths that a node reads from outside itself: without what it binds before, as the variable of a loop, and without what
    is bound inside comprehensions, lambdas and nested functions."""
    found = set()
    _collect(node, found, frozenset())
    return found


def _collect_block(block, found, hidden):
    for statement in block:
        _collect(statement, found, hidden)
        hidden = hidden | plainly_binds(statement)


def _collect(node, found, hidden):
    if isinstance(node, ast.stmt) and not isinstance(node, FUNCTIONS + (ast.ClassDef,)) and blocks(node):
        for expression in own_expressions(node):
            _collect(expression, found, hidden)
        targets = [node.target] if isinstance(node, (ast.For, ast.AsyncFor)) else []
        targets += [item.optional_vars for item in getattr(node, "items", ()) if item.optional_vars is not None]
        inner = hidden | {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
        for case in getattr(node, "cases", ()):
            _collect(case.pattern, found, hidden)
            inner = inner | _captured(case.pattern)
            if case.guard is not None:
                _collect(case.guard, found, inner)
        for handler in getattr(node, "handlers", ()):
            if handler.type is not None:
                _collect(handler.type, found, hidden)
            inner = inner | ({handler.name} if handler.name else set())
        for block in blocks(node):
            _collect_block(block, found, inner if block is not getattr(node, "orelse", None) else hidden)
        return
    path = _path(node)
    if path is not None:
        read = path if isinstance(node.ctx, ast.Load) else path[:-1]  # `a.b = …` reads a
        if read and path[0] not in hidden:
            found.add(read)
        return
    if isinstance(node, ast.AugAssign) and _path(node.target) is not None and _path(node.target)[0] not in hidden:
        found.add(_path(node.target))
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
        bound = {n.id for c in node.generators for n in ast.walk(c.target) if isinstance(n, ast.Name)}
        hidden = hidden | bound
    elif isinstance(node, ast.Lambda) or isinstance(node, FUNCTIONS):
        arguments = node.args
        hidden = hidden | {a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
        hidden = hidden | {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
        if isinstance(node, FUNCTIONS):
            hidden = hidden | bound_names(node.body)
    for child in ast.iter_child_nodes(node):
        _collect(child, found, hidden)


def _captured(pattern):
    """Names that a pattern of `match` binds."""
    return {name for node in ast.walk(pattern) for name in (getattr(node, "name", None), getattr(node, "rest", None)) if name}


def _path(node):
    """The path of a name or a chain of attributes on a name, else None."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return tuple([node.id] + parts[::-1]) if isinstance(node, ast.Name) else None


def bound_names(body):
    """Names bound by statements in their own scope."""
    found = set()
    todo = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            found.add(node.name)
            continue
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp, ast.Lambda)):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(item.asname or item.name).split(".")[0] for item in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        todo.extend(ast.iter_child_nodes(node))
    return found


def touched_names(statement):
    """Names that a statement binds or may change in place (method calls, items, attributes, arguments of calls)."""
    return bound_names([statement]) | {path[0] for path in touched_paths(statement)}


def touched_paths(statement):
    """Paths of what a statement may change in place."""
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found |= _base(node)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                found |= _base(node.func.value)
            for argument in list(node.args) + [keyword.value for keyword in node.keywords]:
                found |= _base(argument)
    return found


def _base(node):
    """The path below an expression of attributes and items, up to its first item."""
    while isinstance(node, (ast.Subscript, ast.Starred)):
        node = node.value
    path = _path(node)
    while path is None and isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
        path = _path(node)
    return {path} if path is not None else set()


def plainly_binds(statement):
    """Names that a statement always binds anew, whatever they held before."""
    if isinstance(statement, ast.Assign):
        names = set()
        for target in statement.targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    names.add(node.id)
        return names
    if isinstance(statement, ast.AnnAssign) and statement.value is not None and isinstance(statement.target, ast.Name):
        return {statement.target.id}
    if isinstance(statement, ast.With):
        names = {n.id for i in statement.items if i.optional_vars for n in ast.walk(i.optional_vars) if isinstance(n, ast.Name)}
        for inner in statement.body:
            names |= plainly_binds(inner)
        return names
    return bound_names([statement]) if isinstance(statement, FUNCTIONS + (ast.Import, ast.ImportFrom)) else set()


def plainly_bound_in(body):
    """Names that the statements of a block bind anew one after the other."""
    return set().union(*(plainly_binds(statement) for statement in body), set())


def mentions(nodes, words):
    """The first of `words` that the nodes use as attribute, name or text, or None."""
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and inner.attr in words:
                return inner.attr
            if isinstance(inner, ast.Name) and inner.id in words:
                return inner.id
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value in words:
                return inner.value
    return None


def calls_any(nodes, names):
    """The first of `names` that the nodes call as a plain function, or None."""
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in names:
                return inner.func.id
    return None


def globals_of(function):
    """Paths that a function reads from outside itself."""
    arguments = function.args
    own = {a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
    own |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    own |= bound_names(function.body)
    declared = {name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names}
    found = set()
    for statement in function.body:
        found |= read_paths(statement)
    return {path for path in found if path[0] not in own or path[0] in declared}

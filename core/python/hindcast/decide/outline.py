# SPDX-License-Identifier: Apache-2.0
"""What a project's sources say without being run: functions, who calls them, where the recorded loops stand, and on which
chains of calls a statement can be reached."""
import ast

from ..replay.rewrite import Aliases, may_record, recorded_loops
from ..replay.scopes import nodes

_CHAINS, _DEPTH = 64, 10
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Called by Python or by libraries, not by a call that can be seen.
_HIDDEN = frozenset(("forward", "__call__", "__getitem__", "__len__", "__iter__", "__next__", "__enter__", "__exit__", "step_fn"))


class Owner:
    """A function or the top level of a file; `scope` is its name in captures."""

    def __init__(self, file, node, name, class_name=None):
        self.file = file
        self.node = node
        self.name = name
        self.class_name = class_name
        self.scope = "%s:%s" % (file.relative, name)
        self.is_module = not isinstance(node, FUNCTIONS)

    @property
    def body(self):
        """Its statements."""
        return self.node.body


class Place:
    """A statement in an owner: the statements around it, outermost first, itself last."""

    def __init__(self, owner, trail):
        self.owner = owner
        self.trail = trail


class File:
    """One parsed source: its recorded loops, its functions, what it calls and what it uses. Knows nothing of other files,
    so that versions that share it share the work."""

    def __init__(self, relative, text):
        self.relative = relative
        self.tree = ast.parse(text, relative)
        records = may_record(text)
        self.aliases = Aliases(self.tree if records else ast.Module([], []))
        self._loops = recorded_loops(self.tree, self.aliases) if records else {}
        self.imported = {}  # name in this file -> what it is called where it comes from
        for node in nodes(self.tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for item in node.names:
                    self.imported[(item.asname or item.name).split(".")[0]] = item.name
        self.owners = []
        self.functions = {}  # name -> [Owner], methods included
        self.classes = {}  # name -> [Owner of __init__]
        self.calls = {}  # (name, whether it may be a method, whether it may be none) -> [Place]
        self.used = set()  # (name, whether it may be a method) of functions used as values
        self._add_owner(Owner(self, self.tree, "<module>"))

    def loop_name(self, node):
        """(whether the statement is a recorded loop, its name when it is written as a text)."""
        call = self._loops.get(id(node))
        if call is None:
            return False, None
        first = call.args[0]
        return True, first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None

    def target(self, node):
        """(name, whether a method is called) of a call; None when it has no name."""
        if isinstance(node.func, ast.Name):
            return self.imported.get(node.func.id, node.func.id), False
        if isinstance(node.func, ast.Attribute):
            base = node.func.value
            return node.func.attr, not (isinstance(base, ast.Name) and base.id in self.imported)
        return None

    def _add_owner(self, owner):
        self.owners.append(owner)
        self._visit(owner, owner.body, [])

    def _visit(self, owner, block, trail):
        for statement in block:
            here = trail + [statement]
            if isinstance(statement, FUNCTIONS):
                self._function(statement, None)
                continue
            if isinstance(statement, ast.ClassDef):
                for member in statement.body:
                    if isinstance(member, FUNCTIONS):
                        self._function(member, statement.name)
                continue
            for expression in own_expressions(statement):
                self._expression(owner, here, expression)
            for inner in blocks(statement):
                self._visit(owner, inner, here)

    def _function(self, node, class_name):
        function = Owner(self, node, node.name, class_name)
        self.functions.setdefault(node.name, []).append(function)
        if node.name == "__init__" and class_name:
            self.classes.setdefault(class_name, []).append(function)
        self._add_owner(function)

    def _expression(self, owner, trail, expression):
        called, values = set(), []
        for node in nodes(expression):
            if isinstance(node, ast.Call):
                target = self.target(node)
                if target is not None:
                    called.add(id(node.func))
                    self.calls.setdefault(target, []).append(Place(owner, trail))
            elif isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
                values.append(node)
        for node in values:
            if id(node) in called:
                continue
            if isinstance(node, ast.Attribute):
                base = node.value.id if isinstance(node.value, ast.Name) else None
                self.used.add((node.attr, base not in self.imported))
            elif node.id not in local_names(owner):
                self.used.add((self.imported.get(node.id, node.id), False))


class Outline:
    """All sources of a project. `files`: {relative path: text}; SyntaxError only for the main script. `known`: files that
    were parsed before, {(relative path, text): File}, added to."""

    def __init__(self, files, script, known=None):
        self.files, self.script = {}, script
        known = {} if known is None else known
        for relative, text in files.items():
            try:
                file = known.get((relative, text)) or File(relative, text)
            except (SyntaxError, ValueError):
                if relative == script:
                    raise
                continue
            self.files[relative] = known[relative, text] = file
        self.owners = [owner for file in self.files.values() for owner in file.owners]
        self.functions = _joined(file.functions for file in self.files.values())
        self._classes = _joined(file.classes for file in self.files.values())
        self._calls = _joined(file.calls for file in self.files.values())
        self._used = set().union(*(file.used for file in self.files.values()))

    def _named(self, target):
        """Functions that a call of `target` may run."""
        name, method = target
        found = [one for one in self.functions.get(name, ()) if (one.class_name is not None) == method]
        return found if method else found + self._classes.get(name, [])

    def find(self, relative, first, last):
        """Place of the outermost statement whose lines lie in [first, last], or None."""
        for owner in self.owners:
            if owner.file.relative == relative:
                found = self._find(owner, owner.body, [], first, last)
                if found is not None:
                    return found
        return None

    def _find(self, owner, block, trail, first, last):
        for statement in block:
            if statement.lineno >= first and statement.end_lineno <= last:
                return Place(owner, trail + [statement])
            if isinstance(statement, FUNCTIONS + (ast.ClassDef,)):
                continue
            for inner in blocks(statement):
                found = self._find(owner, inner, trail + [statement], first, last)
                if found is not None:
                    return found
        return None

    def chains(self, place, above=()):
        """Ways to reach a place: lists of Places from a file's top level to it. None when they cannot be known."""
        owner = place.owner
        if owner.is_module:
            return [[place]]
        method = owner.class_name is not None and owner.name != "__init__"
        if len(above) > _DEPTH or owner.name in _HIDDEN or (owner.name, method) in self._used and owner.name != "__init__":
            return None
        name = owner.class_name if owner.name == "__init__" else owner.name
        found = []
        for site in self._calls.get((name, method), ()):
            if site.owner is owner or any(site.owner is one for one in above):
                continue  # recursion adds no new way in
            outer = self.chains(site, (*above, owner))
            if outer is None:
                return None
            found += [chain + [place] for chain in outer]
            if len(found) > _CHAINS:
                return None
        return found

    def callees(self, node, file):
        """Functions of the project that a node of `file` may call, transitively."""
        found, todo = {}, [(node, file)]
        while todo:
            node, file = todo.pop()
            for inner in nodes(node):
                target = file.target(inner) if isinstance(inner, ast.Call) else None
                for function in self._named(target) if target else ():
                    if id(function) not in found:
                        found[id(function)] = function
                        todo.append((function.node, function.file))
        return list(found.values())

    def holds_loop(self, owner, node):
        """Recorded loops that running `node` of `owner` begins, calls included: [(name, owner, loop statement)]."""
        found = self._loops_in(owner, node)
        for function in self.callees(node, owner.file):
            found += self.own_loops(function)
        return found

    def own_loops(self, function):
        """Outermost recorded loops in a function's own body."""
        return [one for statement in function.body for one in self._loops_in(function, statement)]

    def _loops_in(self, owner, node):
        """Outermost recorded loops inside `node` (not inside other recorded loops)."""
        is_loop, name = owner.file.loop_name(node)
        if is_loop:
            return [(name, owner, node)]
        found = []
        if not isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            for block in blocks(node):
                for statement in block:
                    found += self._loops_in(owner, statement)
        return found


def _joined(tables):
    """One table {key: list} of several."""
    found = {}
    for table in tables:
        for key, values in table.items():
            found[key] = found[key] + values if key in found else values
    return found


def local_names(owner):
    """Names that a function binds itself: parameters and assignments; nothing for a file's top level."""
    if owner.is_module:
        return frozenset()
    known = getattr(owner, "local", None)
    if known is None:
        arguments = owner.node.args
        known = {one.arg for one in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
        known |= {n.id for n in nodes(owner.node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        owner.local = known
    return known


def blocks(statement):
    """The statement lists inside a compound statement, in order."""
    found = []
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            found.append(block)
    for handler in getattr(statement, "handlers", ()):
        found.append(handler.body)
    for case in getattr(statement, "cases", ()):
        found.append(case.body)
    return found


def own_expressions(statement):
    """Expressions that belong to a statement itself, not to statements inside it."""
    found = []
    for _, value in ast.iter_fields(statement):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.expr):
                found.append(item)
            elif isinstance(item, ast.withitem):
                found += [item.context_expr] + ([item.optional_vars] if item.optional_vars else [])
    return found


def trails(block, trail):
    """Trails of all statements in a block, nested ones included, nested functions not."""
    for statement in block:
        here = trail + [statement]
        yield here
        if not isinstance(statement, FUNCTIONS + (ast.ClassDef,)):
            for inner in blocks(statement):
                yield from trails(inner, here)

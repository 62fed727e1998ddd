# SPDX-License-Identifier: Apache-2.0
"""What a project's sources say without being run: functions, who calls them, where the recorded loops stand, and on which
chains of calls a statement can be reached."""
import ast

from .rewrite import Aliases, recorded_loops

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
    """One parsed source."""

    def __init__(self, relative, text):
        self.relative = relative
        self.tree = ast.parse(text, relative)
        self.aliases = Aliases(self.tree)
        self._loops = recorded_loops(self.tree, self.aliases)

    def loop_name(self, node):
        """(whether the statement is a recorded loop, its name when it is written as a text)."""
        call = self._loops.get(id(node))
        if call is None:
            return False, None
        first = call.args[0]
        return True, first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


class Outline:
    """All sources of a project. `files`: {relative path: text}; SyntaxError only for the main script."""

    def __init__(self, files, script):
        self.files, self.script = {}, script
        self.functions = {}  # name -> [Owner]
        self.classes = {}  # name -> [Owner of __init__]
        self._calls = {}  # callee name -> [Place]
        self._used = set()  # function names used as values
        self.owners = []
        for relative, text in files.items():
            try:
                self.files[relative] = File(relative, text)
            except (SyntaxError, ValueError):
                if relative == script:
                    raise
        for file in self.files.values():
            self._add_owner(Owner(file, file.tree, "<module>"))

    def _add_owner(self, owner):
        self.owners.append(owner)
        self._visit(owner, owner.body, [])

    def _visit(self, owner, block, trail):
        for statement in block:
            here = trail + [statement]
            if isinstance(statement, FUNCTIONS):
                self._function(owner, statement, None)
                continue
            if isinstance(statement, ast.ClassDef):
                for member in statement.body:
                    if isinstance(member, FUNCTIONS):
                        self._function(owner, member, statement.name)
                continue
            for expression in own_expressions(statement):
                self._expression(owner, here, expression)
            for inner in blocks(statement):
                self._visit(owner, inner, here)

    def _function(self, owner, node, class_name):
        function = Owner(owner.file, node, node.name, class_name)
        self.functions.setdefault(node.name, []).append(function)
        if node.name == "__init__" and class_name:
            self.classes.setdefault(class_name, []).append(function)
        self._add_owner(function)

    def _expression(self, owner, trail, expression):
        called = set()
        for node in ast.walk(expression):
            if isinstance(node, ast.Call):
                name = callee(node)
                if name is not None:
                    called.add(id(node.func))
                    self._calls.setdefault(name, []).append(Place(owner, trail))
        for node in ast.walk(expression):
            if isinstance(node, (ast.Name, ast.Attribute)) and id(node) not in called and isinstance(node.ctx, ast.Load):
                self._used.add(node.id if isinstance(node, ast.Name) else node.attr)

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

    def chains(self, place, depth=0):
        """Ways to reach a place: lists of Places from a file's top level to it. None when they cannot be known."""
        owner = place.owner
        if owner.is_module:
            return [[place]]
        if depth > _DEPTH or owner.name in _HIDDEN or owner.name in self._used and owner.name != "__init__":
            return None
        name = owner.class_name if owner.name == "__init__" else owner.name
        found = []
        for site in self._calls.get(name, ()):
            if site.owner is owner:
                continue  # a function that calls itself adds no new way in
            outer = self.chains(site, depth + 1)
            if outer is None:
                return None
            found += [chain + [place] for chain in outer]
            if len(found) > _CHAINS:
                return None
        return found

    def callees(self, node):
        """Functions of the project that an expression or statement may call, transitively."""
        found, todo = {}, [node]
        while todo:
            for inner in ast.walk(todo.pop()):
                name = callee(inner) if isinstance(inner, ast.Call) else None
                for function in self.functions.get(name, []) + self.classes.get(name, []) if name else ():
                    if id(function) not in found:
                        found[id(function)] = function
                        todo.append(function.node)
        return list(found.values())

    def holds_loop(self, owner, node):
        """Recorded loops that running `node` of `owner` begins, itself and calls included: [(name, Place-like owner, node)]."""
        found = self._loops_in(owner, node)
        for function in self.callees(node):
            for statement in function.body:
                found += self._loops_in(function, statement)
        return found

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


def callee(node):
    """Last part of the name that a call calls."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else None


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

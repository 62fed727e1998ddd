# SPDX-License-Identifier: Apache-2.0
"""What a probe depends on that no capture holds: then only a run from the start gives it.

Whatever a statement may change is taken to depend on all that the statement reads, in whatever order they run; so more is
found than there is, never less, as far as names tell.
"""
import ast

from . import kinds, reads
from .outline import blocks, own_expressions

_TELLING = frozenset(("print", "log", "warn", "info", "debug"))
_HARMLESS = ("told: ", "a file that is written", "tensor without data")
MEMORY_OF_CALLS = frozenset(("cache_info", "cache_parameters"))


class Depends:
    """Looks for names and attributes without a value in captures."""

    def __init__(self, outline):
        self._outline = outline

    def uncaptured(self, place, bodies, metas, fresh=frozenset(), iterators=True):
        """The first name that the probe at `place` depends on through `bodies` [(owner, node)] and that `metas` do not
        hold; None when there is none. `fresh`: names that are bound anew before they are read; `iterators`: whether those
        that are plain names count."""
        names, attributes = _without_value(metas, fresh, iterators)
        if not names and not attributes:
            return None
        needed = set(reads.read_paths(place.trail[-1]))
        plain = _plain(metas)  # what is handed a number does not change it
        statements = [
            ({(name,) for name in bound} | {path for path in may if path[0] not in plain}, read)
            for bound, may, read in self._statements(place, bodies)
        ]
        grown = -1
        while grown != len(needed):
            grown = len(needed)
            for touched, read in statements:
                if any(_meet(one, path) for one in touched for path in needed):
                    needed |= read
        for path in sorted(needed):
            if path[0] in names or any(part in attributes for part in path[1:]):
                return ".".join(path)
        return None

    def _statements(self, place, bodies):
        """[(names it binds, paths it may change, paths it reads, those of the functions it calls included)] by statement."""
        found, seen = [], set()
        bodies = list(bodies) + [(place.owner, place.trail[-1])]
        for owner, node in list(bodies):
            bodies += [(function, function.node) for function in self._outline.callees(node, owner.file)]
        for owner, node in bodies:
            if id(node) in seen:
                continue
            seen.add(id(node))
            for statement in _simple(node):
                if _only_tells(statement):
                    continue
                compound = bool(blocks(statement))
                bound = reads.bound_names([statement])
                read, may = set(), set() if compound else reads.touched_paths(statement)
                for part in own_expressions(statement) if compound else [statement]:
                    read |= reads.read_paths(part)
                    for function in self._outline.callees(part, owner.file):
                        read |= set().union(*(reads.read_paths(one) for one in function.body), set())
                found.append((bound, may, read))
        return found


def _meet(one, other):
    """Whether two paths name the same thing or one a part of the other."""
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _simple(node):
    """All statements in a node, those of its blocks one by one."""
    return [one for one in ast.walk(node) if isinstance(one, ast.stmt)]


def _only_tells(statement):
    """Whether a statement only prints or logs."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in _TELLING or name.startswith(("add_scalar", "log_"))


def _plain(metas):
    """Names that held nothing but numbers, texts, functions and modules wherever they were seen."""
    found, others = set(), set()
    for meta in metas:
        for entries in meta.get("locals", {}).values():
            for name, (kind, value) in entries.items():
                same = kind == "code" or kind == "v" and type(value) in (bool, int, float, str)
                (found if same else others).add(name)
    return found - others


def _without_value(metas, fresh, iterators):
    """Names and attributes that the captures have no value for and that may change in an iteration."""
    harmless = _HARMLESS if iterators else (*_HARMLESS, "iterator ")
    names, attributes = set(), set()
    for meta in metas:
        for scope, entries in meta.get("locals", {}).items():
            for name, (kind, reason) in entries.items():
                if kind == "u" and name not in fresh and not str(reason).replace("kept: ", "").startswith(harmless):
                    names.add(name)
        for tag in meta.get("cells", {}).values():
            for name, (kind, reason) in kinds.content(tag).items():
                if kind == "u" and not str(reason).startswith(_HARMLESS):
                    attributes.add(name)
        for one in meta.get("objects", {}).values():
            for entries in one.get("extras", {}).values():
                attributes |= {name for name, (kind, reason) in entries.items() if kind == "u" and not str(reason).startswith(_HARMLESS)}
    return names, attributes

# SPDX-License-Identifier: Apache-2.0
"""Rules R6 to R8: may a statement after an inner loop be answered from the state stored where that loop ended?"""
import ast
import builtins

from . import kinds, reads
from .decision import Decision
from .outline import blocks, trails


class AfterLoop:
    """The backward slice between a replaced loop and a probe, and the whitelist over what it needs."""

    def __init__(self, outline, observed):
        self._outline = outline
        self._observed = observed
        self._builtin = set(dir(builtins)) | {"__name__", "__file__"}

    def refused(self, chain, place, before):
        """R6 to R8 over what runs after the last replaced loop."""
        last, loop_owner, loop, (owner, statement, _) = before[-1]
        probe = place.trail[-1]
        called = self._outline.callees(probe, place.owner.file)
        nodes = [probe] + [function.node for function in called]
        word = self._gradients(nodes, last)
        if word is not None:
            return Decision("deep", "reads-gradients", word, last)
        dynamic = reads.calls_any(nodes, reads.DYNAMIC)
        if dynamic is not None:
            return Decision("deep", "dynamic-code", dynamic)
        for one_owner, paths, extra in self._slice(chain, place, before):
            word = self._gradients(extra, last)
            if word is not None:
                return Decision("deep", "reads-gradients", word, last)
            refusal = self._paths_refused(one_owner, paths, extra, last)
            if refusal is not None:
                return refusal
        return self._rest_refused(before)

    def _gradients(self, nodes, loop):
        """The first word about gradients in the nodes that what is stored where the loop ends does not answer, or None."""
        words = reads.GRADIENTS - reads.STORED_GRADIENTS if self._observed.exits_hold_gradients(loop) else reads.GRADIENTS
        return reads.mentions(nodes, words)

    def _slice(self, chain, place, before):
        """Backward slice over what runs between the last replaced loop and the probe: [(owner, paths, nodes)] still to be
        had from the exit state."""
        found = []
        last, loop_owner, loop, (owner, statement, _) = before[-1]
        needed, nodes = reads.read_paths(place.trail[-1]), [place.trail[-1]]
        for index in range(len(chain) - 1, -1, -1):
            segment = chain[index]
            done = segment.owner is owner
            preceding = self._preceding(segment, statement if done else None)
            if preceding is None:
                done = True
                preceding = self._preceding(segment, None) or []
            for earlier in preceding:
                touched = reads.touched_names(earlier)
                if any(path[0] in touched for path in needed):
                    killed = reads.plainly_binds(earlier)
                    needed = {path for path in needed if path[0] not in killed} | reads.read_paths(earlier)
                    nodes.append(earlier)
            if done:
                remainder = self._remainder(owner, statement, needed, loop_owner, loop)
                if remainder is not None:
                    found.append(remainder)
                    if statement is not loop:  # what the call with the loop in it gives is re-computed from that remainder
                        needed = {path for path in needed if path[0] not in reads.plainly_binds(statement)}
                found.append((segment.owner, needed, nodes))
                return found
            local = reads.bound_names(segment.owner.body) | _parameters(segment.owner)
            found.append((segment.owner, {path for path in needed if path[0] not in local}, nodes))
            site = chain[index - 1].trail[-1]
            needed, nodes = reads.read_paths(site), [site]
        return found

    @staticmethod
    def _preceding(segment, stop):
        """Statements before a place in its owner, nearest first, back to `stop` (exclusive); None when `stop` is not met."""
        found = []
        node = segment.owner.node
        levels = []
        for target in segment.trail:
            block = next((b for b in ([node.body] if hasattr(node, "body") and target in node.body else blocks(node)) if target in b), [])
            levels.append((block, target))
            node = target
        for block, target in reversed(levels):
            for statement in reversed(block[: block.index(target)]):
                if stop is not None and statement is stop:
                    return found
                found.append(statement)
        return found if stop is None else None

    def _remainder(self, owner, statement, needed, loop_owner, loop):
        """What runs of the called function after its loop, when the needed names come from that call."""
        if loop_owner is owner or not any(path[0] in reads.touched_names(statement) for path in needed):
            return None
        trail = next((t for t in trails(loop_owner.body, []) if t[-1] is loop), None)
        rest, node = [], loop_owner.node
        for target in trail or ():
            block = next((b for b in ([node.body] if target in node.body else blocks(node)) if target in b), [])
            rest += block[block.index(target) + 1 :]
            node = target
        paths = set()
        for one in rest:
            paths |= reads.read_paths(one)
        local = reads.bound_names(rest) - reads.bound_names(loop.body)
        return loop_owner, {path for path in paths if path[0] not in local}, rest

    def _paths_refused(self, owner, paths, nodes, last):
        """R7: every name must be known to be safe at the exit of the loop."""
        metas = self._observed.exit_metas(last)
        handed = _handed_on(nodes)
        called = [function for node in nodes for function in self._outline.callees(node, owner.file)]
        wanted = [(owner, path) for path in sorted(paths)]
        for function in called:
            word = self._gradients([function.node], last)
            if word is not None and not self._outline.own_loops(function):
                return Decision("deep", "reads-gradients", word, last)
            module = next(o for o in self._outline.owners if o.is_module and o.file is function.file)
            wanted += [(module, path) for path in sorted(reads.globals_of(function.node))]
        for one_owner, path in wanted:
            for meta in metas:
                reason = self._path_problem(meta, one_owner, path, path in handed)
                if reason == "unknown":
                    return Decision("deep", "unknown-name", ".".join(path), last)
                if reason is not None:
                    return Decision("deep", "computed-in-inner-loop", ".".join(path), last, str(reason).replace("kept: ", ""))
        return None

    def _path_problem(self, meta, owner, path, whole):
        for scope in (owner.scope, owner.file.relative + ":<module>"):
            entries = kinds.scope_in(meta, scope)
            if entries is not None and path[0] in entries:
                return kinds.problem(meta, scope, path, whole)
        if path[0] in self._builtin or path[0] in self._outline.functions or path[0] in owner.file.aliases.modules:
            return None
        if path[0] in owner.file.aliases.functions or path[0] in reads.bound_names(owner.file.tree.body):
            return None  # bound at the top of a file whose names are code
        return self._enclosing(meta, owner, path, whole)

    def _enclosing(self, meta, owner, path, whole):
        """A name of a function around this one."""
        for other in self._outline.owners:
            if not other.is_module and other is not owner and owner.node in list(ast.walk(other.node)):
                if path[0] in (kinds.scope_in(meta, other.scope) or {}):
                    return kinds.problem(meta, other.scope, path, whole)
        return "unknown"

    def _rest_refused(self, before):
        """What else runs after a replaced loop is run too: it must not use a name that has no value."""
        for name, owner, node, (site_owner, statement, _) in before:
            metas = self._observed.exit_metas(name)
            following = self._following(owner, node)
            if site_owner is not owner:
                following += self._following(site_owner, statement)
            for one_owner, rest in following:
                found = self._poison_used(one_owner, rest, metas)
                if found is not None:
                    return Decision("deep", "needed-after-inner-loop", found[0], name, found[1])
        return None

    @staticmethod
    def _poison_used(owner, statements, metas):
        """The first name without a value that the statements use, and why it has none."""
        bound = set()
        for statement in statements:
            alias = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name)
            for path in sorted(reads.read_paths(statement)) if not alias else ():
                for meta in metas:
                    if path[0] not in bound and kinds.is_poison(meta, owner.scope, path[0]):
                        return path[0], kinds.scope_in(meta, owner.scope)[path[0]][1]
            bound |= reads.plainly_binds(statement)
        return None

    def _following(self, owner, node):
        """Statements after `node` in its owner, out to the end of the outer loop's body or of the function."""
        trail = next((t for t in trails(owner.body, []) if t[-1] is node), None)
        if trail is None:
            return []
        rest, parent = [], owner.node
        levels = []
        for target in trail:
            block = next((b for b in ([parent.body] if target in parent.body else blocks(parent)) if target in b), [])
            is_loop, name = owner.file.loop_name(parent)
            if is_loop and name in (self._observed.outer, None):
                levels = []
            levels.append(block[block.index(target) + 1 :])
            parent = target
        for block in reversed(levels):
            rest += block
        return [(owner, rest)]


def _handed_on(nodes):
    """Paths that are passed to calls, called or iterated as whole objects."""
    found = set()
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                for argument in list(inner.args) + [keyword.value for keyword in inner.keywords]:
                    found |= {path for path in reads.read_paths(argument) if isinstance(argument, (ast.Name, ast.Attribute, ast.Starred))}
    return found


def _parameters(owner):
    if owner.is_module:
        return set()
    arguments = owner.node.args
    names = {a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs}
    return names | {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}

# SPDX-License-Identifier: Apache-2.0
"""`python -m hindcast.decide`: which mode answers a probe, decided from the source and from the kinds observed at record time.

A whitelist: whatever is not known to be safe is deep. Nothing is trusted for exactness; fidelity is checked at replay.
The rules are those of design/replay.md; each reason has a key and arguments so that it can be told in any language.
"""
import ast
import builtins
import json
import os
import sys

from . import _native, kinds, reads
from .outline import FUNCTIONS, Outline, Place, blocks

_TEXTS = {
    "before-loop": "it stands before the loop '{0}'",
    "after-loop": "it stands after the loop '{0}'",
    "after-explicit-loop": "it stands after the explicit iterations of '{0}', and the state there was not stored",
    "import-time": "it runs when the module is imported, before the loop '{0}'",
    "inside-inner-loop": "it stands inside the loop '{0}'",
    "before-inner-loop": "it stands before the loop '{0}'; the state there is stored",
    "after-inner-loop": "all it reads is stored where the loop '{0}' ends",
    "reads-gradients": "it uses '{0}', which only running the loop '{1}' gives",
    "computed-in-inner-loop": "it reads '{0}', which is not stored where the loop '{1}' ends ({2})",
    "needed-after-inner-loop": "what follows the loop '{1}' reads '{0}', which is not stored there ({2})",
    "unknown-name": "it reads '{0}', of which nothing is known where the loop '{1}' ends",
    "unknown-callers": "it stands in '{0}', and who calls that cannot be seen",
    "not-called": "no call of '{0}' was found",
    "same-compound-statement": "it shares a compound statement with the loop '{0}'",
    "return-in-loop": "the loop '{0}' may end by return",
    "no-inner-loop": "no inner loop is recorded in '{0}'",
    "no-exit-state": "no state was stored where the loop '{0}' ends",
    "several-runs": "the loop '{0}' runs several times; it is replayed from the beginning",
    "iterator": "the loop '{1}' fetches from '{0}', an iterator whose position is not stored",
    "dynamic-code": "it uses {0}(), which hides what is read",
    "no-captures": "the version has no checkpoint",
    "no-place": "no statement was found at these lines",
    "mixed": "it is reached in several ways; the deepest decides",
}
_DEPTH = {"prefix": 0, "suffix": 0, "pre": 1, "shallow": 2, "deep": 3, "beginning": 4}


class Decision:
    """A mode, and why."""

    def __init__(self, mode, key, *arguments, inner=()):
        self.mode = mode
        self.key = key
        self.arguments = [str(item) for item in arguments]
        self.inner = list(inner)
        self.also = []  # units of their own that the same statement needs besides: it is also reached outside the loop

    def text(self):
        """The reason in plain words."""
        return _TEXTS[self.key].format(*self.arguments)


class Decider:
    """Decides for the probes of one version."""

    def __init__(self, outline, observed):
        self._outline = outline
        self._observed = observed
        self._builtin = set(dir(builtins)) | {"__name__", "__file__"}

    def decide(self, place):
        """The Decision for one injected statement."""
        outer = self._observed.outer
        if outer is None:
            return Decision("beginning", "no-captures")
        if self._observed.repeated:
            return Decision("beginning", "several-runs", outer)
        chains = self._outline.chains(place)
        if chains is None:
            return Decision("deep", "unknown-callers", place.owner.name)
        if not chains:
            return Decision("deep", "not-called", place.owner.name)
        found = [self._chain(chain, place) for chain in chains]
        best = max(found, key=lambda one: _DEPTH[one.mode])
        inside = [one for one in found if one.mode not in ("prefix", "suffix")]
        if best.mode == "beginning":
            return best
        if not inside and len({one.mode for one in found}) > 1:
            return Decision("beginning", "mixed")
        if inside:
            best = max(inside, key=lambda one: _DEPTH[one.mode])
            best.also = sorted({one.mode for one in found} & {"prefix", "suffix"})
        return best

    def level(self, place):
        """Names of the recorded loops around a place, outermost first (of the way in with most of them)."""
        chains = self._outline.chains(place) or [[place]]
        return max(([name for _, _, name in self._loops(chain)] for chain in chains), key=len)

    def _loops(self, chain):
        """Recorded loops on a chain: [(segment, position in its trail, name)]; the statement itself does not count."""
        found = []
        for segment, place in enumerate(chain):
            for position, node in enumerate(place.trail):
                if segment == len(chain) - 1 and position == len(place.trail) - 1:
                    break
                is_loop, name = place.owner.file.loop_name(node)
                if is_loop:
                    found.append((segment, position, name))
        return found

    def _chain(self, chain, place):
        outer = self._observed.outer
        loops = self._loops(chain)
        names = [name for _, _, name in loops]
        if not names or outer not in names and names[0] is not None:
            return self._outside(chain)
        if names[0] not in (outer, None):
            return Decision("deep", "inside-inner-loop", names[-1])
        hazard = self._iterator(chain, loops[0])
        if hazard is not None:
            return hazard
        if len(loops) > 1:
            return Decision("deep", "inside-inner-loop", names[-1] or "?")
        return self._around_inner(chain, loops[0], place)

    def _outside(self, chain):
        """Before or after the outer loop."""
        outer = self._observed.outer
        if chain[0].owner.file.relative != self._outline.script:
            return Decision("prefix", "import-time", outer)
        modes = set()
        for other in self._outer_chains():
            modes.add(_order(chain, other))
        if modes == {"before"}:
            return Decision("prefix", "before-loop", outer)
        if modes == {"after"} and self._explicit() and not self._observed.end_is_stored():
            return Decision("beginning", "after-explicit-loop", outer)
        if modes == {"after"}:
            return Decision("suffix", "after-loop", outer)
        return Decision("beginning", "several-runs", outer)

    def _explicit(self):
        """Whether the outer loop is made of `with hc.iteration(…)` passes."""
        for owner in self._outline.owners:
            for trail in _trails(owner.body, []):
                if owner.file.loop_name(trail[-1]) == (True, self._observed.outer) and isinstance(trail[-1], ast.With):
                    return True
        return False

    def _outer_chains(self):
        found = []
        for owner in self._outline.owners:
            for trail in _trails(owner.body, []):
                is_loop, name = owner.file.loop_name(trail[-1])
                if is_loop and name in (self._observed.outer, None):
                    found += self._outline.chains(Place(owner, trail)) or []
        return found

    def _iterator(self, chain, loop):
        """R10: a name that the iteration fetches from and whose position nobody stored."""
        segment, position, _ = loop
        owner, node = chain[segment].owner, chain[segment].trail[position]
        bodies = list(node.body) + [function.node for function in self._outline.callees(ast.Module(node.body, []), owner.file)]
        used = {path for body in bodies for path in reads.read_paths(body)}
        for meta in self._observed.boundary_metas():
            for scope in {owner.scope} | {o.scope for o in self._outline.owners if o.is_module}:
                for name, (kind, reason) in (kinds.scope_in(meta, scope) or {}).items():
                    if kind == "u" and str(reason).replace("kept: ", "").startswith("iterator ") and (name,) in used:
                        return Decision("beginning", "iterator", name, self._observed.outer)
        return None

    def _around_inner(self, chain, loop, place):
        """Inside the outer loop, outside its inner loops: before or after them."""
        segment, position, _ = loop
        walk = self._walk(chain, segment, position)
        if isinstance(walk, Decision):
            return walk
        before, after = walk
        if not before:
            if after:
                return Decision("pre", "before-inner-loop", after[0][0] or "?")
            return Decision("deep", "no-inner-loop", self._observed.outer)
        last = before[-1][0]
        refusal = self._loops_refused(before) or self._after_refused(chain, place, before)
        if refusal is not None:
            return refusal
        return Decision("shallow", "after-inner-loop", last, inner=dict.fromkeys(name for name, *_ in before))

    def _walk(self, chain, segment, position):
        """Inner loops that run before and after the statement within an iteration: each (name, owner, loop node, block rest).

        Walks down the blocks on the way to the statement; a Decision where that way is unsure.
        """
        before, after = [], []
        node = chain[segment].trail[position]
        for place, start in [(chain[segment], position + 1)] + [(place, 0) for place in chain[segment + 1 :]]:
            if start == 0:
                node = place.owner.node
            for step in range(start, len(place.trail)):
                target = place.trail[step]
                block = next(b for b in ([node.body] if isinstance(node, FUNCTIONS + (ast.Module,)) else blocks(node)) if target in b)
                at = block.index(target)
                for index, statement in enumerate(block):
                    found = [] if index == at else self._outline.holds_loop(place.owner, statement)
                    if index < at:
                        before += [(name, owner, loop, (place.owner, statement, block)) for name, owner, loop in found]
                    else:
                        after += found
                last = step == len(place.trail) - 1
                held = self._outline.holds_loop(place.owner, target)
                if held and not last and not isinstance(target, (ast.With, ast.AsyncWith)):
                    return Decision("deep", "same-compound-statement", held[0][0] or "?")
                if held and last and place is chain[-1]:
                    return Decision("deep", "same-compound-statement", held[0][0] or "?")
                node = target
        return before, after

    def _loops_refused(self, before):
        for name, _, loop, (_, statement, _) in before:
            if name is None or not self._observed.stored_exits(name):
                return Decision("deep", "no-exit-state", name or "?")
            if self._observed.left_early(name):
                guarded = isinstance(statement, ast.Try) or any(isinstance(n, ast.Try) for n in ast.walk(statement))
                if guarded or any(isinstance(n, ast.Return) for n in _same_function(loop)):
                    return Decision("deep", "return-in-loop", name)
        return None

    def _after_refused(self, chain, place, before):
        """R6 to R8 over what runs after the last replaced loop."""
        last, loop_owner, loop, (owner, statement, _) = before[-1]
        probe = place.trail[-1]
        called = self._outline.callees(probe, place.owner.file)
        nodes = [probe] + [function.node for function in called]
        word = reads.mentions(nodes, reads.GRADIENTS)
        if word is not None:
            return Decision("deep", "reads-gradients", word, last)
        dynamic = reads.calls_any(nodes, reads.DYNAMIC)
        if dynamic is not None:
            return Decision("deep", "dynamic-code", dynamic)
        for one_owner, paths, extra in self._slice(chain, place, before):
            word = reads.mentions(extra, reads.GRADIENTS)
            if word is not None:
                return Decision("deep", "reads-gradients", word, last)
            refusal = self._paths_refused(one_owner, paths, extra, last)
            if refusal is not None:
                return refusal
        return self._rest_refused(before)

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
        trail = next((t for t in _trails(loop_owner.body, []) if t[-1] is loop), None)
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
            word = reads.mentions([function.node], reads.GRADIENTS)
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
        trail = next((t for t in _trails(owner.body, []) if t[-1] is node), None)
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


def _trails(block, trail):
    """Trails of all statements in a block, nested ones included, nested functions not."""
    for statement in block:
        here = trail + [statement]
        yield here
        if not isinstance(statement, FUNCTIONS + (ast.ClassDef,)):
            for inner in blocks(statement):
                yield from _trails(inner, here)


def _same_function(loop):
    """Nodes of a loop's body without nested functions."""
    todo = list(loop.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, FUNCTIONS + (ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))


def _order(chain, other):
    """Whether `chain` runs "before" or "after" `other`; "unsure" when a plain loop repeats both."""
    for mine, theirs in zip(chain, other):
        if mine.owner is not theirs.owner:
            return "unsure"
        for a, b in zip(mine.trail, theirs.trail):
            if a is not b:
                return "before" if a.lineno < b.lineno else "after"
            if isinstance(a, (ast.For, ast.While, ast.AsyncFor)):
                return "unsure"
    return "unsure"


def _files(version):
    """Sources of a version: given as texts, or read from its folder."""
    if version.get("files") is not None:
        return dict(version["files"])
    found = {}
    for root, folders, names in os.walk(version["root"]):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ("__pycache__", "node_modules")]
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(root, name)
                with open(path, encoding="utf-8", errors="replace") as file:
                    found[os.path.relpath(path, version["root"])] = file.read()
    return found


def decide_version(version):
    """The answer for one version of the request."""
    answer = {"uuid": version["uuid"], "ok": False, "error": None, "probes": []}
    try:
        outline = Outline(_files(version), version["script"])
        decider = Decider(outline, kinds.Observed(_native.Reader(version["versionFolder"])))
    except SyntaxError as error:
        answer["error"] = "%s line %s: %s" % (error.filename or version["script"], error.lineno, error.msg)
        return answer
    except (OSError, RuntimeError, ValueError) as error:
        answer["error"] = str(error)
        return answer
    for one in version["injected"]:
        answer["probes"].append(_probe(outline, decider, one))
    answer["ok"] = True
    return answer


def _probe(outline, decider, one):
    place = outline.find(one["file"], one["first"], one["last"])
    if place is None:
        decision, level, paths = Decision("deep", "no-place"), [], set()
    else:
        decision, level = decider.decide(place), decider.level(place)
        paths = reads.read_paths(place.trail[-1])
    modules = set(dir(builtins)) | {name for file in outline.files.values() for name in file.aliases.modules}
    return {
        "probe": one["probe"],
        "mode": decision.mode,
        "reason": decision.text(),
        "reasonKey": decision.key,
        "reasonArgs": decision.arguments,
        "loop": decider._observed.outer or "",
        "innerLoops": decision.inner,
        "also": decision.also,
        "level": [name or "?" for name in level],
        "reads": sorted({path[0] for path in paths} - modules),
    }


def main():
    """Reads the request from standard input, writes the answer to standard output."""
    request = json.load(sys.stdin)
    json.dump({"versions": [decide_version(version) for version in request["versions"]]}, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()

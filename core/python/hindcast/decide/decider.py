# SPDX-License-Identifier: Apache-2.0
"""Which mode answers a probe, decided from the source and from the kinds observed at record time.

A whitelist: whatever is not known to be safe is deep. Nothing is trusted for exactness; fidelity is checked at replay.
The rules are those of design/replay.md; each reason has a key and arguments so that it can be told in any language.
"""
import ast
import builtins
import gc
import json
import os
import sys

from .. import _native
from . import kinds, reads
from .after_loop import AfterLoop
from .decision import Decision
from .depends import MEMORY_OF_CALLS, Depends
from .outline import FUNCTIONS, Outline, Place, blocks, trails

_DEPTH = {"prefix": 0, "suffix": 0, "pre": 1, "shallow": 2, "deep": 3, "beginning": 4}


class Decider:
    """Decides for the probes of one version."""

    def __init__(self, outline, observed):
        self._outline = outline
        self._observed = observed
        self._after = {name: AfterLoop(outline, captured) for name, captured in observed.loops.items()}
        self._depends = Depends(outline)

    def decide(self, place):
        """The Decisions for one injected statement: one for each outermost loop around it, one for what lies outside."""
        outer = self._observed.outer
        if outer is None:
            return [Decision("beginning", "no-captures")]
        chains = self._chains(place)
        if chains is None:
            return self._everywhere(place, "unknown-callers")
        if not chains:
            return self._everywhere(place, "not-called")
        deepest = {}
        for chain in chains:
            found = self._chain(chain, place)
            key = found.run[0] if found.run is not None and found.run[1] is None else found.mode
            if key not in deepest or _DEPTH[found.mode] > _DEPTH[deepest[key].mode]:
                deepest[key] = found
        if any(found.mode == "beginning" for found in deepest.values()) and len(deepest) > 1:
            return [found for found in deepest.values() if found.mode == "beginning"][:1]
        if "suffix" in deepest and "prefix" in deepest:
            deepest["suffix"].also = []
        return list(deepest.values())

    def _chains(self, place):
        """As Outline.chains. A function in which an outermost loop ran was on the way to it, whoever called it: where that
        cannot be seen (`args.func(args)`, `fire.Fire(train)`), the way begins there."""
        chains = self._outline.chains(place)
        if chains is None and any(name is None or name in self._observed.loops for name, _, _ in self._outline.own_loops(place.owner)):
            return [[place]]
        return chains

    def _everywhere(self, place, key):
        """A statement of which nobody can see when it is reached: each loop is run, and what lies before and behind them."""
        observed = self._observed
        refused = self._replaced([place])
        if refused is not None:
            return [refused]
        inside = [Decision("deep", key, place.owner.name, run=(name, None)) for name in observed.loops]
        before = Decision("prefix", key, place.owner.name)
        return inside + [before, Decision("suffix", key, place.owner.name, run=observed.runs[-1])]

    @property
    def outer(self):
        """Name of the outermost loop that ran first."""
        return self._observed.outer

    def level(self, place):
        """Names of the recorded loops around a place, outermost first (of the way in with most of them)."""
        chains = self._chains(place) or [[place]]
        return max(([name for _, _, name in self._loops(chain)] for chain in chains), key=len)

    def _loops(self, chain):
        """Recorded loops around the end of a chain: [(segment, position in its trail, name)]. What a `for` iterates over is
        called before its first pass, unless it is a generator, which is run along with the loop."""
        found = []
        for segment, place in enumerate(chain):
            for position, node in enumerate(place.trail):
                last = position == len(place.trail) - 1
                if last and (segment == len(chain) - 1 or not _is_generator(chain[segment + 1].owner.node)):
                    break
                is_loop, name = place.owner.file.loop_name(node)
                if is_loop:
                    found.append((segment, position, name))
        return found

    def _chain(self, chain, place):
        loops = self._loops(chain)
        names = [name for _, _, name in loops]
        later = _run_later(chain)
        if later is not None:
            inside = names and names[0] in self._observed.loops
            return Decision("deep" if inside else "beginning", "run-later", later, run=(names[0], None) if inside else None)
        if not names or names[0] is not None and names[0] not in self._observed.loops:
            return self._outside(chain)
        if names[0] is None and len(self._observed.runs) > 1:
            return Decision("beginning", "several-runs", self._observed.outer)
        captured = self._observed.loops[names[0] or self._observed.outer]
        found = self._inside(chain, loops, place, captured)
        found.run = found.run or (captured.outer, None)
        return found

    def _inside(self, chain, loops, place, captured):
        hazard = self._iterator(chain, loops[0], captured) or self._uncaptured(chain, loops[0], place, captured)
        if hazard is not None:
            return hazard
        if len(loops) == 1:
            return self._around_inner(chain, loops[0], place, captured)
        if len(loops) == 2:
            found = self._around_inner(chain, loops[1], place, captured)
            if found.mode == "shallow":
                return found
        return Decision("deep", "inside-inner-loop", loops[-1][2] or "?")

    def _outside(self, chain):
        """Before, between or after the runs of outermost loops: every run is replaced by the state behind it."""
        observed = self._observed
        if chain[0].owner.is_module and chain[0].owner.file.relative != self._outline.script:
            return Decision("prefix", "import-time", observed.outer)
        orders = {_order(chain, other) for other in self._outer_chains()}
        if orders == {("before", False)}:
            return Decision("prefix", "before-loop", observed.outer)
        if not orders or any(order == "unsure" for order, _ in orders):
            return Decision("beginning", "several-runs", observed.outer)
        if self._explicit() and orders != {("after", False)}:
            return Decision("beginning", "after-explicit-loop", observed.outer)
        refused = self._replaced(chain)
        if refused is not None:
            return refused
        found = Decision("suffix", "after-loop", observed.runs[-1][0], run=observed.runs[-1])
        if any(order == "before" for order, _ in orders) and not any(order == "after" and not again for order, again in orders):
            found.also = ["prefix"]
        return found

    def _replaced(self, chain):
        """None where each run can be replaced by the state behind it and only what stands around them is run; else why not."""
        observed = self._observed
        if self._explicit():
            if len(observed.runs) > 1 or not observed.loops[observed.outer].end_is_stored():
                return Decision("beginning", "after-explicit-loop", observed.outer)
        elif not observed.every_end_is_stored() or self._may_return():
            return Decision("beginning", "several-runs", observed.outer)
        bodies = [(segment.owner, segment.owner.node) for segment in chain]
        word = reads.mentions([chain[-1].trail[-1]], MEMORY_OF_CALLS)
        for captured in observed.loops.values():
            name = word or self._depends.uncaptured(chain[-1], bodies, captured.end_metas())
            if name is not None:
                return Decision("beginning", "uncaptured-state", name)
        return None

    def _may_return(self):
        """Whether a run may have ended by `return`: then what follows it was not reached."""
        for owner in self._outline.owners:
            for trail in trails(owner.body, []):
                is_loop, name = owner.file.loop_name(trail[-1])
                captured = self._observed.loops.get(name)
                if is_loop and captured is not None and captured.broken() and isinstance(trail[-1], (ast.For, ast.AsyncFor)):
                    if any(isinstance(node, ast.Return) for node in _same_function(trail[-1])):
                        return True
        return False

    def _explicit(self):
        """Whether the outer loop is made of `with hc.iteration(…)` passes."""
        for owner in self._outline.owners:
            for trail in trails(owner.body, []):
                is_loop, name = owner.file.loop_name(trail[-1])
                if is_loop and name in self._observed.loops and isinstance(trail[-1], ast.With):
                    return True
        return False

    def _outer_chains(self):
        found = []
        for owner in self._outline.owners:
            for trail in trails(owner.body, []):
                is_loop, name = owner.file.loop_name(trail[-1])
                if is_loop and (name is None or name in self._observed.loops):
                    found += self._chains(Place(owner, trail)) or []
        return found

    def _iterator(self, chain, loop, captured):
        """R10: a name that the iteration fetches from and whose position nobody stored."""
        segment, position, _ = loop
        owner, node = chain[segment].owner, chain[segment].trail[position]
        bodies = list(node.body) + [function.node for function in self._outline.callees(ast.Module(node.body, []), owner.file)]
        used = {path for body in bodies for path in reads.read_paths(body)} & reads.read_paths(node) | {
            path for body in bodies[len(node.body):] for path in reads.read_paths(body)}
        for meta in captured.boundary_metas():
            for scope in {owner.scope} | {o.scope for o in self._outline.owners if o.is_module}:
                for name, (kind, reason) in (kinds.scope_in(meta, scope) or {}).items():
                    if kind == "u" and str(reason).replace("kept: ", "").startswith("iterator ") and (name,) in used:
                        return Decision("beginning", "iterator", name, captured.outer)
        return None

    def _uncaptured(self, chain, loop, place, captured):
        """R10: what the iteration takes along from earlier ones and no capture holds."""
        word = reads.mentions([place.trail[-1]], MEMORY_OF_CALLS)
        segment, position, _ = loop
        owner, node = chain[segment].owner, chain[segment].trail[position]
        fresh = self._fresh(owner, node)
        for name, inner_owner, inner in self._outline.holds_loop(owner, ast.Module(node.body, [])):
            if inner_owner is owner and captured.always_passes(name):
                fresh |= reads.plainly_bound_in(inner.body) - {path[0] for path in reads.read_paths(inner)}
        name = word or self._depends.uncaptured(place, [(owner, node)], captured.boundary_metas(), fresh, iterators=False)
        return Decision("beginning", "uncaptured-state", name) if name is not None else None

    def _fresh(self, owner, node):
        """Names that an iteration binds before it reads them, in whatever block; what its functions read may be older."""
        functions = self._outline.callees(ast.Module(node.body, []), owner.file)
        elsewhere = {path[0] for function in functions for path in reads.globals_of(function.node)}
        bound = reads.plainly_bound_in(node.body) | reads.bound_names(node.body) - elsewhere
        return bound - {path[0] for path in reads.read_paths(node)}

    def _around_inner(self, chain, loop, place, captured):
        """Inside the outer loop, outside its inner loops: before or after them."""
        segment, position, _ = loop
        walk = self._walk(chain, segment, position)
        if isinstance(walk, Decision):
            return walk
        before, after = walk
        if not before:
            if after:
                return Decision("pre", "before-inner-loop", after[0][0] or "?")
            return Decision("deep", "no-inner-loop", captured.outer)
        last = before[-1][0]
        refusal = self._loops_refused(before, captured) or self._after[captured.outer].refused(chain, place, before)
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

    @staticmethod
    def _loops_refused(before, captured):
        for name, _, loop, (_, statement, _) in before:
            if name is None or not captured.stored_exits(name):
                return Decision("deep", "no-exit-state", name or "?")
            if captured.left_early(name):
                guarded = isinstance(statement, ast.Try) or any(isinstance(n, ast.Try) for n in ast.walk(statement))
                if guarded or any(isinstance(n, ast.Return) for n in _same_function(loop)):
                    return Decision("deep", "return-in-loop", name)
        return None


def _same_function(loop):
    """Nodes of a loop's body without nested functions."""
    todo = list(loop.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, FUNCTIONS + (ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))


def _is_generator(function):
    """Whether a function's body is run as its values are asked for."""
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in _same_function(function))


_AT_ONCE = frozenset("list tuple set frozenset dict sorted sum min max any all join deque next".split())


def _run_later(chain):
    """The name of a generator function on the way to the statement that is kept when it is called: its body runs wherever
    somebody asks it for a value. None where it is iterated on the spot."""
    for site, segment in zip(chain, chain[1:]):
        statement, name = site.trail[-1], segment.owner.name
        if not _is_generator(segment.owner.node) or isinstance(statement, (ast.For, ast.AsyncFor)):
            continue
        used = set()
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and _called(node) in _AT_ONCE:
                used |= {id(argument) for argument in node.args}
            elif isinstance(node, ast.YieldFrom):
                used.add(id(node.value))
            elif isinstance(node, ast.comprehension):
                used.add(id(node.iter))
        calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call) and _called(node) == name]
        if any(id(call) not in used for call in calls):
            return name
    return None


def _called(node):
    """The name by which a call calls."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)


def _order(chain, other):
    """(whether `chain` runs "before" or "after" `other` or "unsure", whether a plain loop repeats both)."""
    again = False
    for mine, theirs in zip(chain, other):
        if mine.owner is not theirs.owner:
            return "unsure", again
        for a, b in zip(mine.trail, theirs.trail):
            if a is not b:
                return "before" if a.lineno < b.lineno else "after", again
            if isinstance(a, (ast.For, ast.While, ast.AsyncFor)):
                if len(mine.trail) == mine.trail.index(a) + 1 or len(theirs.trail) == theirs.trail.index(b) + 1:
                    return "before", again  # called for what the loop iterates over
                again = True
    return "unsure", again


def _files(version, texts):
    """Sources of a version {path: text}: places in `texts`, texts, or read from its folder."""
    if version.get("files") is not None:
        return {path: texts[text] if isinstance(text, int) else text for path, text in version["files"].items()}
    found = {}
    for root, folders, names in os.walk(version["root"]):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in ("__pycache__", "node_modules")]
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(root, name)
                with open(path, encoding="utf-8", errors="replace") as file:
                    found[os.path.relpath(path, version["root"])] = file.read()
    return found


def decide_version(version, texts, known):
    """The answer for one version of the request. `known`: as for Outline."""
    answer = {"uuid": version["uuid"], "ok": False, "error": None, "probes": []}
    try:
        outline = Outline(_files(version, texts), version["script"], known)
        decider = Decider(outline, kinds.Observed(_native.Reader(version["versionFolder"])))
    except SyntaxError as error:
        answer["error"] = "%s line %s: %s" % (error.filename or version["script"], error.lineno, error.msg)
        return answer
    except (OSError, RuntimeError, ValueError) as error:
        answer["error"] = str(error)
        return answer
    for one in version["injected"]:
        answer["probes"] += _probe(outline, decider, one)
    answer["ok"] = True
    return answer


def _probe(outline, decider, one):
    """Answers for one injected statement."""
    place = outline.find(one["file"], one["first"], one["last"])
    if place is None:
        decisions, level, paths = [Decision("deep", "no-place")], [], set()
    else:
        decisions, level = decider.decide(place), decider.level(place)
        paths = reads.read_paths(place.trail[-1])
    modules = set(dir(builtins)) | {name for file in outline.files.values() for name in file.aliases.modules}
    return [
        {
            "probe": one["probe"],
            "mode": decision.mode,
            "reason": decision.text(),
            "reasonKey": decision.key,
            "reasonArgs": decision.arguments,
            "loop": (decision.run or (decider.outer or "",))[0],
            "occurrence": decision.run[1] if decision.run is not None else None,
            "innerLoops": decision.inner,
            "also": decision.also,
            "level": [name or "?" for name in level],
            "reads": sorted({path[0] for path in paths} - modules),
        }
        for decision in decisions
    ]


def main():
    """Reads the request from standard input, writes the answer to standard output."""
    gc.disable()  # millions of nodes that all stay: looking for garbage among them takes as long as making them
    request, known = json.load(sys.stdin), {}
    answers = [decide_version(version, request.get("texts", ()), known) for version in request["versions"]]
    json.dump({"versions": answers}, sys.stdout)
    sys.stdout.write("\n")

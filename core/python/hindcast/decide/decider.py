# SPDX-License-Identifier: Apache-2.0
"""Which mode answers a probe, decided from the source and from the kinds observed at record time.

A whitelist: whatever is not known to be safe is deep. Nothing is trusted for exactness; fidelity is checked at replay.
The rules are those of design/replay.md; each reason has a key and arguments so that it can be told in any language.
"""
import ast
import builtins
import json
import os
import sys

from .. import _native
from . import kinds, reads
from .after_loop import AfterLoop
from .decision import Decision
from .outline import FUNCTIONS, Outline, Place, blocks, trails

_DEPTH = {"prefix": 0, "suffix": 0, "pre": 1, "shallow": 2, "deep": 3, "beginning": 4}


class Decider:
    """Decides for the probes of one version."""

    def __init__(self, outline, observed):
        self._outline = outline
        self._observed = observed
        self._after = AfterLoop(outline, observed)

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
            for trail in trails(owner.body, []):
                if owner.file.loop_name(trail[-1]) == (True, self._observed.outer) and isinstance(trail[-1], ast.With):
                    return True
        return False

    def _outer_chains(self):
        found = []
        for owner in self._outline.owners:
            for trail in trails(owner.body, []):
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
        refusal = self._loops_refused(before) or self._after.refused(chain, place, before)
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

# SPDX-License-Identifier: Apache-2.0
"""Is the choice of modes right? Puts a probe on what every statement of a script can see, and compares the sources of its
values bit for bit: a run that logged them from the start, the mode that was decided, and the one that was not chosen: deep where
it is shallow, shallow where it is deep although the statement stands beside the inner loops.

    python tests/python/agreement.py SCRIPT.py [FILES…]      prints what was chosen and whether it was right
"""
import ast
import collections
import pathlib
import random
import sys

LARGEST = 70  # probes on one script

# One number or text for whatever a name holds, by reading only.
SHOWN = (
    "(lambda v: v if isinstance(v, (int, float, str, bool)) else float(v.detach().double().sum()) if type(v).__name__ in ('Tensor', 'Parameter')"
    " else float(sum(p.detach().double().sum() for p in v.parameters())) if hasattr(v, 'parameters')"
    " else float(sum(float(g['lr']) for g in v.param_groups)) if hasattr(v, 'param_groups')"
    " else float(v.sum()) if hasattr(v, 'dtype') else str(v)[:200] if isinstance(v, (list, tuple, dict, set))"
    " else type(v).__name__)(%s)"
)
_LEAVE_OUT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Return, ast.Break, ast.Continue,
              ast.Raise, ast.Global, ast.Nonlocal)

Candidate = collections.namedtuple("Candidate", "file line indent expression name")


def _names(node, scope):
    """What a statement's neighbours can see: names of its scope and attributes of self."""
    own = {n.id for n in ast.walk(scope) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and not n.id.startswith("_")}
    if not isinstance(scope, ast.Module):
        own |= {a.arg for a in scope.args.args if a.arg != "self"}
    own |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id.islower() and len(n.id) > 1}
    shown = sorted(own)
    attributes = {n.attr for n in ast.walk(scope) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "self"}
    return shown + ["self." + name for name in sorted(attributes)]


def candidates(files, seed=0, largest=LARGEST):
    """Probes for a project's sources {name: text}, a sample spread over all statements."""
    found = []
    for file, text in sorted(files.items()):
        tree = ast.parse(text)
        bound = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)} | {
            a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in n.args}
        scopes = [tree] + [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for scope in scopes:
            for statement in _statements(scope.body):
                for name in _names(statement, scope):
                    if name.split(".")[0] in bound | {"self"}:
                        found.append((file, statement.end_lineno, statement.col_offset, SHOWN % name))
    random.Random(seed).shuffle(found)
    chosen = sorted(found[:largest])
    return [Candidate(*one, "probe%d" % number) for number, one in enumerate(chosen)]


def _statements(body):
    for statement in body:
        if isinstance(statement, _LEAVE_OUT):
            continue
        yield statement
        for field in ("body", "orelse", "finalbody"):
            block = getattr(statement, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield from _statements(block)


def spliced(files, chosen, guarded=False):
    """Sources with the probes in them, and where those stand: ({file: text}, [{file, first, last, probe}])."""
    texts, injected = dict(files), []
    for file in files:
        lines, mine = files[file].split("\n"), [one for one in chosen if one.file == file]
        out = []
        for number, line in enumerate(lines, 1):
            out.append(line)
            for one in sorted((one for one in mine if one.line == number), key=lambda one: -one.indent):
                statement = 'hc.log("%s", %s)' % (one.name, one.expression)
                if "hindcast as hc" not in files[file]:
                    statement = '__import__("hindcast").log("%s", %s)' % (one.name, one.expression)
                new = [statement] if not guarded else ["try:", "    " + statement, "except Exception:", "    pass"]
                injected.append({"file": file, "first": len(out) + 1, "last": len(out) + len(new), "probe": chosen.index(one)})
                out += [" " * one.indent + part for part in new]
        texts[file] = "\n".join(out)
    return texts, injected


class Agreement:
    """What became of the probes on one script."""

    def __init__(self):
        self.modes = collections.Counter()  # decided mode -> probes
        self.mode_of = {}  # probe -> deepest mode decided
        self.inside = 0  # probes that logged inside the outer loop, but not inside an inner one
        self.shallow = 0  # of those: decided shallow or cheaper
        self.could = []  # decided deep although shallow gives every value
        self.differ = []  # values that a deep replay of probes decided shallow shows as proven, and that are not the true ones
        self.others = collections.Counter()  # mode not chosen -> probes tried in it
        self.wrong = []  # values shown without a doubt that are not the true ones
        self.missing = []  # values that the decided mode does not give
        self.unproven = []  # iterations whose grade is less than exact, and why
        self.compared = 0

    def line(self, name):
        """One line of the table."""
        share = 100 * self.shallow / self.inside if self.inside else 0
        text = "%-24s %3d probes, %5d values; of %2d beside the inner loops %3.0f %% shallow; wrong %d, missing %d, less than exact %d" % (
            name, sum(self.modes.values()), self.compared, self.inside, share, len(self.wrong), len(self.missing), len(self.unproven))
        if self.others:
            text += "; the other mode: %d tried shallow, %d would have done; %d tried deep, %d differ" % (
                self.others["shallow"], len(self.could), self.others["deep"], len(self.differ))
        return text


def examine(make, files, script="train.py", arguments=(), largest=LARGEST, seed=0, first=1, asked=None, others=False):
    """Records, decides, replays from pass `first` on and compares. `make(files)` makes a Project (conftest); `asked`: Candidates,
    else a sample; `others`: the modes that were not chosen too. Returns an Agreement."""
    project = make(files)
    version = project.record(*arguments, script=script, HINDCAST_BUDGET="100")
    chosen = asked or candidates(files, seed, largest)
    truth = make(spliced(files, chosen, guarded=True)[0]).record(*arguments, script=script).values()
    chosen = [one for one in chosen if any(key[1] == one.name for key in truth)]
    answers = project.decide_each(version, [spliced(files, [one]) for one in chosen])
    found, groups = Agreement(), collections.defaultdict(list)
    runs = collections.defaultdict(dict)  # loop -> {occurrence: passes}
    for row in version.captures(4):
        runs[row["coords"][0][0]][row["coords"][0][1]] = row["passes"]
    for one, answered in zip(chosen, answers):
        _count(found, one, answered, truth)
        for answer in answered:
            inner = tuple(answer["innerLoops"]) if answer["mode"] == "shallow" else ()
            outside = answer["mode"] in ("prefix", "suffix")
            occurrences = [answer["occurrence"] or 0] if outside else list(runs[answer["loop"]])
            for occurrence in occurrences:
                groups[answer["mode"], answer["loop"], occurrence, inner].append(one)
            for mode in answer["also"]:
                groups[mode, answer["loop"], 0, ()].append(one)
    seen = set()
    for (mode, outer, occurrence, inner), probes in sorted(groups.items()):
        last = -1 if mode in ("prefix", "suffix") else runs[outer][occurrence] - 1
        texts, injected = spliced(files, probes)
        unit = {"mode": mode, "loop": outer, "occurrence": occurrence, "first": min(last, first), "last": last, "innerLoops": list(inner)}
        replay = project.replay_spliced(version, texts, injected, **unit)
        _compare(found, replay, truth, mode, seen)
        if replay.status == 3:  # it asks for more than this mode restores: the whole run, as the scheduler does in the end
            unit = {**unit, "mode": "beginning", "innerLoops": []}
            _compare(found, project.replay_spliced(version, texts, injected, **unit), truth, "beginning", seen)
    names = {one.name for one in chosen}
    expected = {key for key in truth if key[1] in names and _is_asked(key, runs, first)}
    found.missing += sorted((key[1], key[0], key[2]) for key in expected - seen)
    found.compared = len(seen)
    if others:
        _try_others(found, project, version, files, chosen, answers, truth, runs, first)
    return found


def _try_others(found, project, version, files, chosen, answers, truth, runs, first):
    """Each probe beside the inner loops in the mode that was not chosen for it; each run of a loop has its last passes tried."""
    exits = sorted({row["coords"][-1][0] for row in version.captures(1)})
    for one, answered in zip(chosen, answers):
        wanted = {key: value for key, value in truth.items() if key[1] == one.name}
        if {len(key[0]) for key in wanted} != {1}:
            continue
        for mode, other in (("shallow", "deep"), ("deep", "shallow")):
            loops = {answer["loop"] for answer in answered if answer["mode"] == mode}
            if not loops or other == "shallow" and not exits:
                continue
            found.others[other] += 1
            right = all(_gives(found, project, version, files, one, other, loop, occurrence, runs, first, wanted, exits)
                        for loop in loops for occurrence in runs[loop])
            if other == "shallow" and right:
                found.could.append(one.expression)


def _gives(found, project, version, files, one, mode, loop, occurrence, runs, first, wanted, exits):
    """Whether a replay in that mode gives every value, all of them proven."""
    last = runs[loop][occurrence] - 1
    texts, injected = spliced(files, [one])
    unit = {"mode": mode, "loop": loop, "occurrence": occurrence, "first": min(first, last), "last": last, "innerLoops": exits if mode == "shallow" else []}
    replay = project.replay_spliced(version, texts, injected, **unit)
    grades = {(frame["loop"], frame["occurrence"], frame["index"]): frame["grade"] for frame in replay.frames()}
    proven = {key: value for key, value in replay.values().items() if grades.get(tuple(key[0][0]) if key[0] else None) == "exact"}
    found.differ += [(mode, key, wanted.get(key), value) for key, value in proven.items() if wanted.get(key) != value]
    asked = {key: value for key, value in wanted.items() if key[0][0][:2] == (loop, occurrence) and key[0][0][2] >= unit["first"]}
    return replay.status == 0 and {key: proven.get(key) for key in asked} == asked


def _is_asked(key, runs, first):
    """Whether the replays that were made ought to give a value of the truth."""
    if not key[0]:
        return True
    loop, occurrence, index = key[0][0]
    return index >= min(first, runs[loop][occurrence] - 1)


def _count(found, one, answered, truth):
    found.modes.update(answer["mode"] for answer in answered)
    found.mode_of[one.name] = answered[-1]["mode"]
    depths = {len(key[0]) for key in truth if key[1] == one.name}
    if depths == {1}:
        found.inside += 1
        found.shallow += all(answer["mode"] in ("shallow", "pre") for answer in answered)


def _compare(found, replay, truth, mode, seen):
    grades = {(frame["loop"], frame["occurrence"], frame["index"]): frame for frame in replay.frames()}
    for key, value in replay.values().items():
        grade = grades.get(key[0][0] if key[0] else ("", 0, -1), {"grade": "unverified"})["grade"]
        if grade != "diverged":
            seen.add(key)
        if truth.get(key) != value and grade not in ("diverged", "unverified"):
            found.wrong.append((mode, key, truth.get(key), value, grade))
    for index, frame in grades.items():
        if frame["grade"] != "exact":
            found.unproven.append((mode, index, frame["grade"], frame["first"], frame["cause"], frame["checks"]))
    if replay.status != 0:
        found.unproven.append((mode, replay.status, [note["reason"] for note in replay.notes("escalate")], replay.output[-600:]))


def main(paths):
    import tempfile

    from conftest import Project

    files = {pathlib.Path(path).name: pathlib.Path(path).read_text() for path in paths}
    made = []

    def make(sources):
        made.append(Project(pathlib.Path(tempfile.mkdtemp(prefix="agreement")) / "project", sources))
        return made[-1]

    found = examine(make, files, script=pathlib.Path(paths[0]).name, others=True)
    print(found.line(pathlib.Path(paths[0]).name))
    print(dict(found.modes))
    for title in ("wrong", "missing", "unproven", "differ", "could"):
        for one in getattr(found, title)[:12]:
            print("  %s: %s" % (title, one))
    return 1 if found.wrong or found.differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

# SPDX-License-Identifier: Apache-2.0
"""Was the replay faithful? Compares living state with stored state and logged values with recorded ones, grades each
iteration, and names the first difference with its likely cause."""
import math
import struct

from .. import _native
from ..state import cbor

PASS, FAIL, NONE = "pass", "fail", "none"


class Tally:
    """What was compared for one iteration."""

    def __init__(self, mode):
        self.mode = mode
        self.checks = {"restore": NONE, "prefix": NONE, "logs": NONE, "state": NONE}
        self.logs = 0
        self.tensors = 0
        self.first = None
        self.parts = []  # every part that differs, for the cause
        self.relative = 0.0
        self.comparable = True  # every difference so far is one of numbers
        self.errors = []
        self.statements = False  # whether an added statement ran that may do more than read

    def passed(self, check):
        """A comparison held; a failure stays a failure."""
        if self.checks[check] == NONE:
            self.checks[check] = PASS

    def failed(self, check, difference):
        """A comparison failed; `difference`: {what, coordinates, name, recorded, replayed}."""
        self.checks[check] = FAIL
        self.parts.append(difference)
        if self.first is None:
            self.first = difference
        if difference["what"] == "value":
            self.comparable = self.comparable and self._measure(difference)
        elif check in ("restore", "prefix"):
            self.comparable = False

    def _measure(self, difference):
        recorded, replayed = difference.get("_pair", (None, None))
        if type(recorded) is not float or type(replayed) is not float or not math.isfinite(recorded + replayed):
            return False
        scale = max(abs(recorded), abs(replayed))
        self.relative = max(self.relative, abs(recorded - replayed) / scale if scale else 0.0)
        return True

    def grade(self, tolerance):
        """The grade by mode: what `exact` needs, and what remains when something could not be compared."""
        checks = self.checks
        if FAIL in checks.values():
            numeric = tolerance is not None and self.comparable and self.relative > 0 and self.relative <= tolerance
            return "numeric" if numeric and checks["logs"] == FAIL else "diverged"
        logs, state = checks["logs"] == PASS, checks["state"] == PASS
        if not logs and not state:
            return "unverified"
        needed = {"prefix": ("prefix",), "suffix": ("restore",), "beginning": ("prefix",)}.get(self.mode, ("restore", "prefix"))
        complete = all(checks[check] == PASS for check in needed)
        if self.mode in ("prefix", "suffix"):
            return "exact" if complete else "exact-logs" if logs else "unverified"
        return "exact" if complete and state else "exact-logs" if logs else "unverified"

    def frame(self, loop, index, tolerance, environment, hazards=()):
        """The FIDELITY frame's content."""
        first = None
        if self.first is not None:
            first = {key: value for key, value in self.first.items() if not key.startswith("_")}
        grade = self.grade(tolerance)
        return {
            "loop": loop,
            "occurrence": 0,
            "index": index,
            "mode": self.mode,
            "grade": grade,
            "checks": dict(self.checks),
            "compared": {"logs": self.logs, "tensors": self.tensors},
            "first": first,
            "cause": cause(self, environment, hazards) if grade in ("diverged", "numeric") else "",
            "largestRelative": repr(self.relative) if self.relative else None,
            "errors": self.errors,
        }


def difference(what, name, recorded, replayed, coordinates=(), pair=None):
    """One difference; values as text, since they may be anything."""
    found = {
        "what": what,
        "coordinates": [list(level) for level in coordinates],
        "name": name,
        "recorded": _short(recorded),
        "replayed": _short(replayed),
    }
    if pair is not None:
        found["_pair"] = pair
    return found


def _short(value):
    if type(value) is float:
        return "%r (%s)" % (value, value.hex())
    text = value if type(value) is str else repr(value)
    return text if len(text) <= 120 else text[:117] + "…"


def same_value(recorded, replayed):
    """Whether two logged values have the same type and bits; NaNs by their bits."""
    if type(recorded) is not type(replayed):
        return False
    if type(recorded) is float:
        return struct.pack("<d", recorded) == struct.pack("<d", replayed)
    return recorded == replayed


def kept_workers(hazards):
    """Loaders whose workers live on from pass to pass."""
    return [note["object"] for note in hazards if note.get("what") == "persistent_workers"]


def cause(tally, environment, hazards=()):
    """The likely cause of a divergence, in words, from the evidence; `hazards`: what was noted while recording."""
    likely = _cause(tally, environment, hazards)
    return "even a replay from the beginning differs: " + likely if tally.mode == "beginning" else likely


def _cause(tally, environment, hazards):
    if environment:
        return "the environment differs: " + "; ".join(environment)
    names = [part["name"] for part in tally.parts]
    first = tally.first or {"what": "", "name": "", "coordinates": []}
    if tally.checks["restore"] == FAIL:
        return "%s did not come back as it was saved" % first["name"]
    if tally.checks["prefix"] == FAIL:
        return _prefix_cause(tally.parts)
    if kept_workers(hazards) and tally.mode != "beginning":
        return "the workers of '%s' live on (persistent_workers) and keep what no checkpoint holds; replay from the beginning" % kept_workers(hazards)[0]
    volatile = [note["object"] for note in hazards if note.get("what") == "volatile data"]
    if volatile:
        return "'%s' is made from the time, or something else that differs from run to run, and is not what it was" % volatile[0]
    if first["what"] == "value":
        steps = [level for level in first["coordinates"]][1:]
        random_differs = any(part["what"] == "random" for part in tally.parts)
        if steps and steps[-1][2] == 0 and not random_differs:
            return "the data of the first step differs: a dataset, sampler or worker holds state that was not captured"
        if steps and steps[-1][2] == 1:
            return "equal at the first step, not at the second: optimizer state, requires_grad, gradients or a type that was cast"
        if tally.checks["state"] == PASS:
            return _unregistered_cause(first["name"], hazards)
    if tally.statements and first["what"] in ("local", "attribute", "object", "tensor"):
        return "%s differs: the added statement may have changed it" % first["name"]
    if any(part["what"] == "random" for part in tally.parts):
        return "random numbers were drawn differently: a generator or control flow that was not captured"
    if any(part["what"] in ("object", "tensor") for part in tally.parts):
        return "the state of %s differs after the replayed statements" % next(
            part["name"] for part in tally.parts if part["what"] in ("object", "tensor")
        )
    return "%s differs" % ", ".join(names[:3])


def _unregistered_cause(name, hazards):
    text = "all captured state agrees: '%s' comes from an object that was not captured" % name
    missing = ["'%s' (%s)" % (note["object"], note["reason"]) for note in hazards if note.get("what") in ("uncaptured", "iterator")]
    return text + (": " + ", ".join(missing[:3]) if missing else "") + "; name it in checkpointing(), with register(type, save, load) where needed"


def _prefix_cause(parts):
    if any(part["what"] == "random" for part in parts):
        return "what runs before the loop drew other random numbers: seed all generators at the start"
    if any(part["what"] == "hash" for part in parts):
        return "strings hash differently in this process: set PYTHONHASHSEED, or record with `hindcast run`"
    return "what runs before the loop gave another %s: set order, time, files or an unseeded choice" % parts[0]["name"]


class View:
    """One side of a state comparison: meta with tensors replaced by their digests."""

    def __init__(self, meta, digests, table):
        self._meta = meta
        self._digests = digests
        self._table = table
        self.keys = {}
        for index, row in enumerate(table):
            self.keys.setdefault(row[0], index)

    def part(self, name):
        """A top-level part of the meta."""
        return self._meta.get(name, {})

    def tensor(self, index):
        """What identifies a tensor's content."""
        return (self._table[index][1], tuple(self._table[index][2]), bytes(self._digests[index]))

    def form(self, tree):
        """A tree with every tensor tag replaced by what identifies its content; comparable with ==."""
        if type(tree) is cbor.Tag:
            if tree.tag == cbor.TENSOR:
                return self.tensor(tree.value[0])
            if tree.tag == cbor.REFERENCE:
                return ("ref", tree.value.lstrip("="))
            return (tree.tag, self.form(tree.value))
        if type(tree) is dict:
            items = [(repr(key), self.form(item)) for key, item in tree.items()]
            return ("map", tuple(sorted(items, key=lambda item: item[0])))  # loading may order keys otherwise
        if type(tree) in (list, tuple):
            return (type(tree).__name__, tuple(self.form(item) for item in tree))
        if type(tree) is float:
            return struct.pack("<d", tree)
        if type(tree) in (bool, int, str, bytes, type(None)):
            return (type(tree).__name__, tree)
        return cbor.encode(tree) if type(tree) is not bytearray else bytes(tree)


def live_view(composition):
    """View of the living process, freshly composed."""
    table = composition.table
    digests = _native.digest([(row[3], row[4]) for row in table]) if table else []
    return View(composition.meta, digests, table)


def stored_view(source):
    """View of a stored capture."""
    return View(source.meta, [row[4] for row in source.table], source.table)


def compare_state(stored, live, volatile, grads=True, unknown=lambda scope, name: False, codes=False):
    """Differences between two views, in the order a reader would look for them; and the number of tensors compared.

    `volatile` tells which names do not count; `unknown(scope, name)` which living names hold no value; `codes`: which function
    a name stands for counts too.
    """
    found = []
    for name, recorded in stored.part("rng").items():
        if name in live.part("rng") and live.part("rng")[name] != recorded:
            found.append(difference("random", name, "state", "another state"))
    for path, recorded in stored.part("generators").items():
        if path in live.part("generators") and live.form(live.part("generators")[path]) != stored.form(recorded):
            found.append(difference("random", path.split("|", 1)[-1], "state", "another state"))
    tensors = _compare_objects(stored, live, grads, volatile, found)
    for scope, entries in stored.part("locals").items():
        others = live.part("locals").get(scope)
        if others is None:
            continue
        for name, entry in entries.items():
            if not volatile.local(scope, name) and not unknown(scope, name):
                _compare_entry("local", name, entry, others.get(name), stored, live, found)
                if codes and _is_other_code(entry, others.get(name)):
                    found.append(difference("local", name, entry[1], others[name][1]))
    for path, tag in stored.part("cells").items():
        other = live.part("cells").get(path)
        if not isinstance(tag, cbor.Tag) or not isinstance(other, cbor.Tag):
            continue
        if volatile.local(path.split("|")[0], path.split("|")[-1].split(".")[0]):
            continue
        for name, entry in tag.value[1].items():
            if not volatile.attribute(name):
                label = "%s.%s" % (path.split("|", 1)[-1], name)
                _compare_entry("attribute", label, entry, other.value[1].get(name), stored, live, found)
    return found, tensors


def _compare_entry(what, name, entry, other, stored, live, found):
    if entry[0] not in ("v", "obj"):
        return
    if other is None:
        found.append(difference(what, name, "a value", "nothing"))
    elif other[0] in ("v", "obj") and live.form(other[1]) != stored.form(entry[1]):
        found.append(difference(what, name, _plain(entry[1]), _plain(other[1])))


def _is_other_code(entry, other):
    return entry[0] == "code" and other is not None and other[0] == "code" and None not in (entry[1], other[1]) and entry[1] != other[1]


def _plain(payload):
    return payload if type(payload) in (bool, int, float, str, type(None)) else "%s …" % type(payload).__name__


def _compare_objects(stored, live, grads, volatile, found):
    compared = 0
    names = stored.part("objects")
    for name, meta in names.items():
        other = live.part("objects").get(name)
        if other is None:
            found.append(difference("object", name, meta["class"], "nothing"))
            continue
        for key in ("signature", "frozen", "hooks"):
            if key in meta and meta[key] != other.get(key):
                found.append(difference("object", "%s %s" % (name, key), meta[key], other.get(key)))
        if meta["kind"] != "pickle" and "state" in meta and stored.form(meta["state"]) != live.form(other.get("state")):
            found.append(difference("object", name, "state", "another state"))
        for path, entries in meta.get("extras", {}).items():
            for attribute, entry in entries.items():
                if not volatile.attribute(attribute):
                    label = ".".join(part for part in (name, path, attribute) if part)
                    _compare_entry("attribute", label, entry, other.get("extras", {}).get(path, {}).get(attribute), stored, live, found)
        compared += _compare_tensors(name, stored, live, grads, found)
        if grads and meta.get("grads", {}) != other.get("grads", {}):
            found.append(difference("object", name + " gradients", "present or absent", "otherwise"))
    return compared


def _compare_tensors(name, stored, live, grads, found):
    compared = 0
    for key, index in stored.keys.items():
        if key != name and not key.startswith(name + "/"):
            continue
        if not grads and key.startswith(name + "/.grad/"):
            continue
        other = live.keys.get(key)
        compared += 1
        if other is None:
            found.append(difference("tensor", key, "a tensor", "nothing"))
        elif stored.tensor(index) != live.tensor(other):
            found.append(difference("tensor", key, stored.tensor(index)[2].hex(), live.tensor(other)[2].hex()))
    return compared

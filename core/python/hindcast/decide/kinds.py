# SPDX-License-Identifier: Apache-2.0
"""Kinds of names as observed when a version was recorded: what the decision rules are a whitelist over."""
import json

from ..state import cbor
from ..state.capture import BOUNDARY, END, EXIT, PREFIX

_SAMPLES = 6


def hazards(reader):
    """What the recorder found that a replay may stumble over (NOTE "hazard")."""
    notes = (json.loads(bytes(frame)) for frame in reader.frames(3))
    return [note for note in notes if note.get("note") == "hazard"]


def final_note(reader):
    """What a run left when it ended by itself (NOTE "final"); empty for another."""
    notes = (json.loads(bytes(frame)) for frame in reader.frames(3))
    return next((note for note in notes if note.get("note") == "final"), {})


class Observed:
    """The captures of one version: its outermost loops, in the order in which they first ran."""

    def __init__(self, reader):
        self.loops = {}  # name -> Captured
        self.runs = []  # (name, occurrence) of each run, in order
        for row in reader.captures():
            coordinates = row["coords"]
            if not coordinates:
                continue
            name, occurrence = coordinates[0][:2]
            if row["point"] == PREFIX and (name, occurrence) not in self.runs:
                self.runs.append((name, occurrence))
                self.loops.setdefault(name, Captured(reader, name))
            if name in self.loops:
                self.loops[name].add(row, coordinates)

    @property
    def outer(self):
        """Name of the outermost loop that ran first; None when nothing was captured."""
        return self.runs[0][0] if self.runs else None

    def every_end_is_stored(self):
        """Whether the state behind each run can take its place."""
        return all(self.loops[name].end_of(occurrence) is not None for name, occurrence in self.runs)


class Captured:
    """The captures of one outermost loop, all its runs together."""

    def __init__(self, reader, name):
        self._reader = reader
        self._metas = {}
        self.outer = name
        self._exits, self._boundaries, self._ends = {}, [], []

    def add(self, row, coordinates):
        """Takes up one capture."""
        if row["point"] == EXIT and len(coordinates) in (2, 3):
            self._exits.setdefault(coordinates[-1][0], []).append(row)
        elif row["point"] == BOUNDARY and len(coordinates) == 1:
            self._boundaries.append(row)
        elif row["point"] == END and len(coordinates) == 1:
            self._ends.append(row)

    def end_of(self, occurrence):
        """The stored state behind a run; None when there is none."""
        ends = [row for row in self._ends if row["coords"][0][1] == occurrence]
        return ends[-1] if ends and ends[-1]["stored"] else None

    def stored_exits(self, loop):
        """Stored exit captures of an inner loop."""
        return [row for row in self._exits.get(loop, ()) if row["stored"]]

    def end_is_stored(self):
        """Whether the state at the end of explicit passes was stored: the newest END must be that of the last pass."""
        last = final_note(self._reader).get("lastPass")
        return bool(self._ends) and self._ends[-1]["stored"] and self._ends[-1]["coords"][0][2] == last

    def left_early(self, loop):
        """Whether the inner loop was ever left otherwise than by exhaustion."""
        return any(row["how"] != 0 for row in self._exits.get(loop, ()))

    def exit_metas(self, loop):
        """Metas of some exit captures, first and last among them."""
        return [self._meta(row) for row in _spread(self.stored_exits(loop))]

    def exits_hold_gradients(self, loop):
        """Whether gradients were stored wherever an inner loop ended."""
        metas = self.exit_metas(loop)
        return bool(metas) and all(any("grads" in one for one in meta.get("objects", {}).values()) for meta in metas)

    def end_metas(self):
        """Metas of the captures behind the loop's runs."""
        newest = {row["coords"][0][1]: row for row in self._ends}
        return [self._meta(row) for row in _spread(list(newest.values()))]

    def always_passes(self, loop):
        """Whether every run of an inner loop that was seen had a pass."""
        return loop in self._exits and all(row["passes"] > 0 for row in self._exits[loop])

    def broken(self):
        """Whether a run of the loop was left otherwise than by exhaustion."""
        return any(row["how"] != 0 for row in self._ends)

    def boundary_metas(self):
        """Metas of some boundary captures after the first."""
        return [self._meta(row) for row in _spread([row for row in self._boundaries if row["coords"][0][2] > 0])]

    def _meta(self, row):
        known = self._metas.get(row["n"])
        if known is None:
            known = self._metas[row["n"]] = cbor.decode(bytes(self._reader.capture(row["n"])[0]))
        return known


def _spread(rows):
    if len(rows) <= _SAMPLES:
        return rows
    step = (len(rows) - 1) / (_SAMPLES - 1)
    return [rows[round(i * step)] for i in range(_SAMPLES)]


def scope_in(meta, scope):
    """Names of a scope in a capture, or None when the capture does not hold that frame."""
    return meta.get("locals", {}).get(scope)


def content(tag):
    """{name: [kind, value or reason]} of an instance or of the state of code."""
    return tag.value[1] if isinstance(tag, cbor.Tag) and isinstance(tag.value, list) and isinstance(tag.value[1], dict) else {}


def problem(meta, scope, path, whole=False):
    """Why the value at an access path cannot be relied on after a restore, or None.

    `whole`: the object is handed on, so everything in it counts. Attributes of state objects and values are part of them.
    """
    entries = scope_in(meta, scope)
    if entries is None or path[0] not in entries:
        return "unknown"
    if entries[path[0]][0] == "code":
        state = content(meta.get("cells", {}).get("%s|%s.<attributes>" % (scope, path[0])))
        return next((entry[1] for name, entry in state.items() if entry[0] == "u" and (whole or len(path) < 2 or path[1] == name)), None)
    return _entry_problem(meta, entries[path[0]], path[1:], whole, set())


def _entry_problem(meta, entry, rest, whole, seen):
    kind, payload = entry
    if kind == "u":
        return payload
    if kind != "obj" or not isinstance(payload, cbor.Tag) or payload.tag != cbor.REFERENCE:
        return None
    name = payload.value
    cell = meta.get("cells", {}).get(name)
    if not isinstance(cell, cbor.Tag) or name in seen:
        return None  # a state object or generator: captured whole
    seen.add(name)
    mapping = cell.value[1]
    if rest and rest[0] in mapping:
        return _entry_problem(meta, mapping[rest[0]], rest[1:], whole, seen)
    if rest and not whole:
        return None  # a method or class attribute: the caller looks at its body
    for inner in mapping.values():
        found = _entry_problem(meta, inner, (), True, seen)
        if found is not None:
            return found
    return None


def is_poison(meta, scope, name):
    """Whether a shallow replay has no value for a name: not captured and rebound by the loop."""
    entries = scope_in(meta, scope)
    if entries is None or name not in entries:
        return False
    kind, payload = entries[name]
    return kind == "u" and not str(payload).startswith("kept: ")

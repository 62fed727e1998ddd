# SPDX-License-Identifier: Apache-2.0
"""Kinds of names as observed when a version was recorded: what the decision rules are a whitelist over."""
import json

from ..state import cbor
from ..state.capture import BOUNDARY, END, EXIT, PREFIX

_SAMPLES = 6


def final_note(reader):
    """What a run left when it ended by itself (NOTE "final"); empty for another."""
    notes = (json.loads(bytes(frame)) for frame in reader.frames(3))
    return next((note for note in notes if note.get("note") == "final"), {})


class Observed:
    """The captures of one version, as far as the rules need them."""

    def __init__(self, reader):
        self._reader = reader
        self._metas = {}
        self.rows = reader.captures()
        self.outer = None  # name of the captured outer loop
        self.repeated = False  # whether it ran more than once
        self._exits, self._boundaries, self._ends = {}, [], []
        for row in self.rows:
            coordinates = row["coords"]
            if row["point"] == PREFIX and self.outer is None:
                self.outer = coordinates[0][0]
            if not coordinates or coordinates[0][0] != self.outer:
                continue
            self.repeated = self.repeated or coordinates[0][1] > 0
            if row["point"] == EXIT and len(coordinates) == 2:
                self._exits.setdefault(coordinates[1][0], []).append(row)
            elif row["point"] == BOUNDARY and len(coordinates) == 1:
                self._boundaries.append(row)
            elif row["point"] == END and len(coordinates) == 1:
                self._ends.append(row)

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

    def boundary_metas(self):
        """Metas of some boundary captures after the first."""
        return [self._meta(row) for row in _spread(self._boundaries[1:])]

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


def problem(meta, scope, path, whole=False):
    """Why the value at an access path cannot be relied on after a restore, or None.

    `whole`: the object is handed on, so everything in it counts. Attributes of state objects and values are part of them.
    """
    entries = scope_in(meta, scope)
    if entries is None or path[0] not in entries:
        return "unknown"
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

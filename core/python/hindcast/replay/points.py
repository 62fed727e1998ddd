# SPDX-License-Identifier: Apache-2.0
"""The captures of a version, found by what a replay asks for."""
import bisect
import json

from ..state import capture
from ..state.restore import Source


_MOST_CHECKS = 200
_MOST_SOURCES = 4  # kept: one is compared with, then restored


def stretches(passes):
    """Passes, ascending, as (first, last) of each stretch without a gap."""
    if isinstance(passes, range):
        return [(passes[0], passes[-1])] if passes else []
    found = []
    for index in passes:
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def _some(rows, passes):
    """Some of many captures {index: row}: spread over all, and those around the passes that are asked for."""
    if len(rows) <= _MOST_CHECKS:
        return rows
    indices = sorted(rows)
    near = indices[-1:]
    for first, last in stretches(passes):
        begin, end = bisect.bisect_left(indices, first), bisect.bisect_right(indices, last)
        near += indices[max(begin - 1, 0) : begin + 2] + indices[max(end - 2, 0) : end + 2]
    return {index: rows[index] for index in sorted({*indices[:: len(indices) // _MOST_CHECKS], *near})}


class Run:
    """The captures of one run of an outermost loop."""

    def __init__(self):
        self.boundaries, self.ends = {}, {}
        self.exits = {}  # outer index -> {(loop, occurrence[, index, loop within it, occurrence]): row}
        self.mids = {}  # outer index -> {(loop, occurrence): {pass about to begin: row}}
        self.prefix = self.end = None
        self.boundary_checks, self.end_checks = self.boundaries, self.ends  # those where a replay compares

    def add(self, row, coordinates):
        """Takes up one capture."""
        point, outer, depth = row["point"], coordinates[0][2], len(coordinates)
        if point == capture.EXIT and depth > 1:
            inner = coordinates[1][:2] if depth == 2 else coordinates[1] + coordinates[2][:2]
            self.exits.setdefault(outer, {})[inner] = row
        elif point == capture.MID and depth == 2:
            self.mids.setdefault(outer, {}).setdefault(coordinates[1][:2], {})[coordinates[1][2]] = row
        elif depth == 1 and point == capture.PREFIX:
            self.prefix = row
        elif depth == 1 and point == capture.BOUNDARY:
            self.boundaries[outer] = row
        elif depth == 1 and point == capture.END:
            self.end = self.ends[outer] = row

    def starts(self, latest):
        """Boundaries at or before `latest` whose tensors are stored, the nearest first."""
        return sorted((index for index, row in self.boundaries.items() if row["stored"] and index <= latest), reverse=True)

    def compared(self, passes):
        """Chooses where the state is compared, for a replay that is asked for these passes (none: outside the loop): everywhere,
        but in a long run of short passes at some places only. A later state that agrees vouches for those before it."""
        self.boundary_checks = _some(self.boundaries, passes)
        self.end_checks = _some(self.ends, passes)

    def is_checked_after(self, last):
        """Whether there is anything to compare with behind the pass `last`: where it or a later one ends, or a later one begins."""
        return any(index >= last for index in self.end_checks) or any(index > last for index in self.boundary_checks)


class Points(Run):
    """Index over the captures of the run that a replay is about; those of the others are in `runs`."""

    def __init__(self, reader, loop, occurrence=0):
        super().__init__()
        self._reader = reader
        self._sources = {}  # those asked for last, by number
        self.runs = {}  # (loop, occurrence) -> Run, in the order in which they began
        for row in _trusted(reader):
            coordinates = [tuple(level) for level in row["coords"]]
            if coordinates:
                key = coordinates[0][:2]
                mine = key == (loop, occurrence)
                self.runs.setdefault(key, self if mine else Run()).add(row, coordinates)
        self.first = next(iter(self.runs.values()), self)

    def source(self, row):
        """The capture's content."""
        number = row["n"]
        source = self._sources.get(number)
        if source is None:
            if len(self._sources) >= _MOST_SOURCES:
                del self._sources[next(iter(self._sources))]
            source = self._sources[number] = Source(self._reader, number)
        return source


def _trusted(reader):
    """The captures; those that may hold a tensor as it was earlier, because it was written unnoticed, count as not stored."""
    notes = (json.loads(bytes(frame)) for frame in reader.frames(3))
    until = max((note["until"] for note in notes if note.get("what") == "silent writes"), default=0)
    first = True
    for row in reader.captures():
        if row["stored"] and row["stamp"] < until and not first:
            row = {**row, "stored": False}
        first = first and not row["stored"]
        yield row

# SPDX-License-Identifier: Apache-2.0
"""The captures of a version, found by what a replay asks for."""
import json

from ..state import capture
from ..state.restore import Source


class Points:
    """Index over the captures of one outer loop (its first occurrence)."""

    def __init__(self, reader, loop):
        self._reader = reader
        self.boundaries, self.exits, self.ends = {}, {}, {}
        self.prefix = self.end = None
        for row in _trusted(reader):
            coordinates = [tuple(level) for level in row["coords"]]
            if not coordinates or coordinates[0][0] != loop or coordinates[0][1] != 0:
                continue
            point = row["point"]
            if point == capture.PREFIX and len(coordinates) == 1:
                self.prefix = row
            elif point == capture.BOUNDARY and len(coordinates) == 1:
                self.boundaries[coordinates[0][2]] = row
            elif point == capture.END and len(coordinates) == 1:
                self.end = self.ends[coordinates[0][2]] = row
            elif point == capture.EXIT and len(coordinates) == 2:
                self.exits.setdefault(coordinates[0][2], {})[coordinates[1][:2]] = row

    def source(self, row):
        """The capture's content."""
        return Source(self._reader, row["n"])

    def start(self, first):
        """Index of the nearest boundary at or before `first` whose tensors are stored; None when there is none."""
        usable = [index for index, row in self.boundaries.items() if row["stored"] and index <= first]
        return max(usable, default=None)

    def next_check(self, last):
        """Index of the first pass after `last` with anything to compare, where it begins or where it ends; None when there is none."""
        return min((index for known in (self.boundaries, self.ends) for index in known if index > last), default=None)


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

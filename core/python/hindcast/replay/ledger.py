# SPDX-License-Identifier: Apache-2.0
"""The recorded values of a version, ticked off as a replay logs them again."""
from ..state import values
from . import fidelity

SYSTEM = "sys/"  # samples of the machine: no part of what the script computes

class Ledger:
    """Recorded values by (coordinates, name, ordinal)."""

    def __init__(self, reader, loop, volatile):
        self._volatile = volatile
        self._loop = loop
        self._expected = {}  # outer index (or "prefix", "suffix") -> {key: value}
        self._counts = {}
        self.arguments = {}
        inside = False
        for coordinates, name, ordinal, value, is_argument, _ in reader.values():
            if name.startswith(SYSTEM):
                continue
            place = tuple(tuple(level) for level in coordinates)
            if is_argument:
                self.arguments.setdefault(name, value)
            mine = bool(place) and place[0][0] == loop and place[0][1] == 0
            inside = inside or mine
            bucket = place[0][2] if mine else "suffix" if inside else "prefix"
            self._expected.setdefault(bucket, {})[(place, name, ordinal)] = value

    def log(self, bucket, place, name, value, tally):
        """A value that the replay logged again; compared with the recorded one."""
        ordinal = self._counts.get((place, name), 0)
        self._counts[(place, name)] = ordinal + 1
        if self._volatile.log(name):
            self._expected.get(bucket, {}).pop((place, name, ordinal), None)
            return
        try:
            produced = values.form(value)
        except values.NotLogged:
            self._counts[(place, name)] = ordinal  # it was not recorded either
            return
        recorded = self._expected.get(bucket, {}).pop((place, name, ordinal), _MISSING)
        if recorded is _MISSING:
            tally.failed("logs", fidelity.difference("value", name, "nothing", produced, place))
        else:
            tally.logs += 1
            if fidelity.same_value(recorded, produced):
                tally.passed("logs")
            else:
                tally.failed("logs", fidelity.difference("value", name, recorded, produced, place, (recorded, produced)))

    def drop_loop(self, bucket, coordinates):
        """Values inside a loop that is replaced by its exit state are not expected."""
        depth = len(coordinates)
        wanted = tuple((loop, occurrence) for loop, occurrence, _ in coordinates[-1:])
        pending = self._expected.get(bucket, {})
        for key in [k for k in pending if len(k[0]) >= depth and tuple(level[:2] for level in k[0][depth - 1 : depth]) == wanted]:
            del pending[key]

    def close(self, bucket, tally):
        """The bucket is over: what has not appeared is missing."""
        for (place, name, _), recorded in self._expected.pop(bucket, {}).items():
            if not self._volatile.log(name):
                tally.failed("logs", fidelity.difference("value", name, recorded, "nothing", place))

    def forget(self, bucket):
        """The bucket is left early (mode "pre"): what has not appeared may still have come."""
        self._expected.pop(bucket, None)


def argument(recorded, default):
    """A recorded argument as a value of the default's type."""
    if default is None or type(recorded) is type(default) or isinstance(recorded, (int, float)) and isinstance(default, (int, float)):
        return recorded
    return default if isinstance(recorded, (str, bytes)) and not isinstance(default, str) else recorded



_MISSING = object()

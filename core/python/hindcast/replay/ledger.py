# SPDX-License-Identifier: Apache-2.0
"""The recorded values of a version, ticked off as a replay logs them again."""
from ..state import values
from . import fidelity

SYSTEM = "sys/"  # samples of the machine: no part of what the script computes


class Ledger:
    """Recorded values by (coordinates, name, ordinal), in buckets that end at different times: the passes of the replayed
    run of an outermost loop (their index), other runs, and the stretches before, between and behind runs."""

    def __init__(self, reader, target, volatile):
        self._volatile = volatile
        self._target = target
        self._expected = {}  # bucket -> {key: value}
        self._counts = {}
        self._stretch = 0  # runs that have begun
        self.arguments = {}
        stretch, main = 0, None
        for coordinates, name, ordinal, value, is_argument, thread in reader.values(entries=True):
            if name is None:  # a run begins
                main = thread if main is None else main
                stretch += main == thread
                continue
            if name.startswith(SYSTEM):
                continue
            place = tuple(tuple(level) for level in coordinates)
            if is_argument:
                self.arguments.setdefault(name, value)
            self._expected.setdefault(self._bucket(place, stretch), {})[(place, name, ordinal)] = value

    def _bucket(self, place, stretch):
        if not place:
            return ("outside", stretch)
        return place[0][2] if place[0][:2] == self._target else ("run", *place[0][:2])

    def log(self, place, name, value, tally):
        """A value that the replay logged again; compared with the recorded one."""
        bucket = self._bucket(place, self._stretch)
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

    def drop_loop(self, index, coordinates):
        """Values inside a loop that is replaced by its exit state are not expected. `index`: the pass of the replayed run."""
        depth = len(coordinates)
        wanted, around = tuple(coordinates[-1][:2]), tuple(tuple(level) for level in coordinates[:-1])
        pending = self._expected.get(index, {})
        for key in [k for k in pending if len(k[0]) >= depth and k[0][: depth - 1] == around and k[0][depth - 1][:2] == wanted]:
            del pending[key]

    def drop_passes(self, index, loop, first, end):
        """Values in passes first…end-1 of an inner loop, named (loop, how often it was begun before), are not expected."""
        pending = self._expected.get(index, {})
        for key in [k for k in pending if len(k[0]) > 1 and k[0][1][:2] == loop and first <= k[0][1][2] < end]:
            del pending[key]

    def keep_passes(self, index, loop, first, end):
        """Of the values in a pass only those in passes first…end-1 of an inner loop are expected."""
        pending = self._expected.get(index, {})
        for key in [k for k in pending if len(k[0]) < 2 or k[0][1][:2] != loop or not first <= k[0][1][2] < end]:
            del pending[key]

    def begin_run(self, tally, replaced=False):
        """A run of an outermost loop begins: what has not appeared before it is missing. Where the run is replaced, what it
        iterates over was not looked at, and what is logged there has no occasion to appear."""
        if replaced:
            self._expected.pop(("outside", self._stretch), None)
        else:
            self._close(("outside", self._stretch), tally)
        self._stretch += 1

    def end_run(self, key, tally):
        """A run that was really run is over."""
        self._close(("run", *key), tally)

    def drop_run(self, key):
        """A run is replaced by the state at its end."""
        self._expected.pop(("run", *key), None)

    def close(self, index, tally):
        """A pass of the replayed run is over: what has not appeared is missing."""
        self._close(index, tally)

    def end(self, tally):
        """The script is over."""
        for bucket in [known for known in self._expected if type(known) is tuple and (known[0] == "run" or known[1] >= self._stretch)]:
            self._close(bucket, tally)

    def forget(self, index):
        """The pass is left early (mode "pre"): what has not appeared may still have come."""
        self._expected.pop(index, None)

    def _close(self, bucket, tally):
        for (place, name, _), recorded in self._expected.pop(bucket, {}).items():
            if not self._volatile.log(name):
                tally.failed("logs", fidelity.difference("value", name, recorded, "nothing", place))


def argument(recorded, default):
    """A recorded argument as a value of the default's type."""
    if default is None or type(recorded) is type(default) or isinstance(recorded, (int, float)) and isinstance(default, (int, float)):
        return recorded
    return default if isinstance(recorded, (str, bytes)) and not isinstance(default, str) else recorded


_MISSING = object()

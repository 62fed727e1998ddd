# SPDX-License-Identifier: Apache-2.0
"""Runs of outermost loops: folds, trials, phases. Those before the replayed one are replaced by the state at their end; what
stands between them is run. Part of the replay runtime."""
from ..state import capture
from . import fidelity
from .stage import Stage


class Exit(dict):
    """Names to assign after a loop that was replaced by its exit state."""

    exhausted = True


class Runs(Stage):
    """Counts runs of outermost loops and replaces them. A run is named (loop, how often that loop was begun before)."""

    def _next_run(self, name):
        return name, self._entered.get(name, 0)

    def _is_target(self, name):
        return not self._over and self._next_run(name) == self._target

    def _begin_run(self, name, frame, replaced=False):
        """A run begins or is replaced; what was run up to here must have been as it was recorded."""
        key = self._next_run(name)
        self._entered[name] = key[1] + 1
        if not self._over:
            self._check_prefix(frame, self.points.runs.get(key), replaced)
        else:
            self.ledger.begin_run(self._prefix)
        return key

    def _end_other_run(self, key):
        """A run that is not the replayed one was run to its end."""
        self.ledger.end_run(key, self._prefix)

    def _replace_run(self, name, frame):
        """The state behind the run that begins here, restored; None when it has to be run."""
        key = self._next_run(name)
        last = key == self._target
        if self._over or self.mode in ("beginning", "prefix") or last and self.mode != "suffix":
            return None
        run = self.points.runs.get(key)
        usable = run is not None and run.end is not None and run.end["stored"] and run.end["how"] in (capture.EXHAUSTED, capture.BREAK)
        if not usable:
            if last:
                self.escalate(-1, "beginning", None, "the state after the loop was not stored")
            return None
        self._begin_run(name, frame, True)
        return self._restore_end(key, run, frame, last)

    def _restore_end(self, key, run, frame, last):
        self.ledger.drop_run(key)
        self.recorder.enter(key[0])
        self.recorder.leave(run.end["how"])
        found = Exit(self._restore(run.end, frame, after_loop=True))
        found.exhausted = run.end["how"] == capture.EXHAUSTED
        if last:
            self._over, self._restored = True, fidelity.PASS
            before, self._prefix = self._prefix, fidelity.Tally("suffix")
            self._prefix.checks["restore"] = fidelity.PASS
            if fidelity.FAIL in before.checks.values():
                self._prefix.failed("prefix", before.first)
        return found

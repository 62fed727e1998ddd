# SPDX-License-Identifier: Apache-2.0
"""The order of events in a replay: where it starts, what happens at each boundary, how passes and loops end."""
import bisect
import sys
import time
import traceback

from ..state import capture
from . import fidelity
from .outcome import DONE
from .runs import Runs


_STARTS = 32  # boundaries that are looked at for one to begin at


def _next_of(passes, index):
    """The first of these passes at or behind `index`, which is not behind the last one."""
    return passes[bisect.bisect_left(passes, index)]


class StopPass(BaseException):
    """Ends a pass early (mode "pre")."""


class Sequence(Runs):
    """Boundaries, passes and ends."""

    def _runs_on(self):
        """Whether a replay from the beginning goes on to the script's end: all passes, or what lies outside, were asked for."""
        last = self.unit["last"]
        return self.mode == "beginning" and (last < 0 or last >= max(self.points.boundaries, default=0) - 1)

    def _start(self, frame):
        """Index of the boundary to begin at: the nearest one that fits what the script has made up to here. An optimizer that a pass
        replaces, or gives more groups, does not: then the passes that do so are run again."""
        latest = self.unit.get("latest")
        latest = self.unit["first"] if latest is None else latest
        self._began_at = self._fitting(frame, latest)
        if self._began_at is None:
            built = "the objects are built differently at the checkpoints before this iteration"
            reason = built if self._starts(latest) else "no checkpoint was stored before this iteration"
            self.escalate(self.unit["first"], "beginning", None, reason)
        return self._began_at

    def _starts(self, latest, after=-1):
        return [index for index in self.points.starts(latest) if index > after and index in self.unit.get("starts", (index,))]

    def _fitting(self, frame, latest, after=-1):
        """The nearest boundary up to `latest` and behind `after` whose objects are those of the script now; None when there is none."""
        starts = self._starts(latest, after)
        live = self._compose(frame, capture.BOUNDARY).walker.objects if starts else {}
        fitting = (index for index in starts[:_STARTS] if self.points.source(self.points.boundaries[index]).fits(live))
        return next(fitting, None)

    def _begin_pass(self, index):
        self._index = index
        self._occurrences = {}
        self._tally()
        self._began = time.perf_counter()

    def _tally(self):
        if self._index is None:
            return self._prefix
        tally = self._tallies.get(self._index)
        if tally is None:
            tally = self._tallies[self._index] = fidelity.Tally(self.mode)
            tally.checks["restore"] = self._restored
            tally.checks["prefix"] = self._prefix.checks["prefix"]
            if self._prefix.checks["logs"] == fidelity.FAIL:
                tally.checks["prefix"] = fidelity.FAIL
            if tally.checks["prefix"] == fidelity.FAIL:
                tally.first, tally.parts, tally.comparable = self._prefix.first, list(self._prefix.parts), False
        return tally

    def _land(self, index, frame):
        """Restores the boundary that the next passes are run from."""
        self._at = self._began_at = index
        self._onward = None
        self._taken = self._restore(self.points.boundaries[index], frame)
        self._restored = fidelity.PASS
        self.progress("restore", index)

    def _in_gap(self, index):
        """Whether this pass was not asked for, but earlier and later ones were."""
        between = self.unit["first"] < index < self.unit["last"]
        return between and self.mode in ("deep", "shallow", "pre") and _next_of(self._asked, index) > index

    def _later_start(self, index, frame):
        """Boundary behind `index` from which the next pass that was asked for is reached sooner; None where the passes up to it
        have to be run, or what was run still waits for its verdict. Looked for again after 1, 2, 4, … passes: one of them may have
        changed the objects as the run did."""
        if self._tallies or not self._in_gap(index):
            return None
        wanted = _next_of(self._asked, index)
        considered, again, step = self._considered
        if wanted == considered and index < again:
            return None
        step = 2 * step if wanted == considered else 1
        self._considered = wanted, index + step, step
        return self._fitting(frame, wanted, index)

    def _at_boundary(self, index, start, frame, code):
        self._at = index
        frame = capture.find(frame, code)
        if index == start and self.mode != "beginning":
            self.progress("prefix", -1)
            self._land(index, frame)
            return
        if self._index is None and index == start:  # from the beginning: nothing is restored
            row = self.points.boundaries.get(index)
            if row is not None:
                self._compare_at(row, frame, code, capture.BOUNDARY, self._prefix, "state")
            return
        row = self.points.boundary_checks.get(index)
        if self._index is not None:
            self._end_pass(row, frame, code, capture.BOUNDARY)
            if row is not None or self.mode == "pre" or not self.points.is_checked_after(index - 1):
                self._decide()
        self._index = None
        if index > self.unit["last"] and not self._tallies and not self._runs_on():
            self.finish(DONE)
        self._onward = self._later_start(index, frame)
        restores = self.mode in ("shallow", "pre") and row is not None and row["stored"]
        if self._onward is None and restores and not self._stands_at(row):
            self._taken = self._restore(row, frame)

    def _stands_at(self, row):
        """Whether the state is this stored one already: it was compared just now, and there are no gradients that were not."""
        return self._agreed is row and not (self.spoiled and self.points.source(row).holds_gradients())

    def _end_pass(self, row, frame, code, point):
        """Compares what the pass has logged and, where `row` was captured behind it, the state that it left."""
        if self.mode == "pre":
            self.ledger.forget(self._index)
        else:
            self.ledger.close(self._index, self._tally())
            if row is not None:
                self._compare_at(row, frame, code, point)
        if self._index >= self.unit["first"]:
            self.progress("iteration", self._index)

    def _end_last_pass(self, frame):
        """The block around explicit passes is left after one whose end was not captured where it was."""
        row = self.points.ends.get(self._index)
        late = row if row is not None and row["how"] == capture.BREAK else None
        self._end_pass(late, frame, self._stack[0][1], capture.END)
        self._decide()
        self._index = None
        if not self._runs_on():
            self.finish(DONE)

    def _leave_outer(self, how, frame, code):
        frame = capture.find(frame, code)
        if self._error is not None and self._index is not None and self._index + 1 in self.points.boundaries:  # the run went on there
            traceback.print_exception(type(self._error), self._error, self._error.__traceback__)
            self.script_raised(self._error)
        if self._index is not None and self._tallies:
            self.ledger.close(self._index, self._tally())
            last = self.points.ends.get(self._index)
            if self._stack[0][0] == "" and last is not None and last["how"] == capture.RETURN:
                self._compare_with(last, self._compose(None, capture.END), self._tally())
            elif self.points.end is not None and frame is not None:
                self._compare_at(self.points.end, frame, code, capture.END)
            self.progress("iteration", self._index)
            self._decide()
        elif self._tallies:  # there was nothing to compare with before the loop was known to be over
            self._index = max(self._tallies)
            if self.points.end is not None:
                self._compare_at(self.points.end, frame, code, capture.END)
            self._decide()
        self._index = None
        if self.skipping:
            self.fail("the loop '%s' was left before the replay began" % self.unit["loop"])
        if not self._runs_on():
            self.finish(DONE)
        self._stack.clear()
        self.recorder.leave(how)
        self._leave_to_suffix()

    def _leave_to_suffix(self):
        self._over = True
        known, self._prefix = self._prefix, fidelity.Tally("beginning")
        self._prefix.checks["prefix"] = fidelity.FAIL if fidelity.FAIL in known.checks.values() else known.checks["prefix"]
        self._prefix.first, self._prefix.parts = known.first, list(known.parts)
        if self._diverged is not None:
            self._prefix.failed("prefix", self._diverged)

    def _stop_pre(self, name):
        row = self.points.exits.get(self._index, {}).get(self._exit_key(name)[0])
        if row is not None:
            self._enter_check(row)
        raise StopPass()

    def _enter_check(self, row):
        """Where an inner loop begins, the random state must be what it was: the statements before it ran alike."""
        recorded = self.points.source(row).meta.get("digests", {}).get("entry")
        if recorded is not None:
            if capture.entry_digest() == recorded:
                if self.mode == "pre":
                    self._tally().passed("state")
            else:
                self._tally().failed("state", fidelity.difference("random", "before the inner loop", "state", "another state"))

    def _replace_explicit(self, frame):
        """Explicit passes are replaced by the state at the end of the last one."""
        if self.points.end is None or not self.points.end["stored"]:
            self.escalate(-1, "beginning", None, "the state after the loop was not stored")
        return self._restore_end(self._target, self.points, frame, True)

    def script_ended(self):
        """The script ran to its end (suffix, or a loop that was never reached)."""
        if self.mode == "suffix" and self._over:
            self.ledger.end(self._prefix)
            self._compare_final()
            self._write_fidelity(self._prefix, "", -1)
            self.finish(DONE)
        if self._stack and self._index is not None:
            self._leave_outer(capture.EXHAUSTED, sys._getframe(1), self._stack[0][1])
        if self.mode == "beginning" and (self._over or self._stack):
            self.ledger.end(self._prefix)
            self._compare_final()
            self._write_fidelity(self._prefix, "", -1)
            for loop, occurrence, index in self._repeated:
                self._write_fidelity(self._prefix, loop, index, occurrence)
            self.finish(DONE)
        if self.mode == "prefix":
            self.ledger.end(self._prefix)
            self._prefix.passed("prefix")
            self._write_fidelity(self._prefix, "", -1)
            self.finish(DONE)
        self.fail("the loop '%s' was not reached in this replay" % self.unit["loop"])

    def _compare_final(self):
        """At the script's end the random state must be what it was: the statements after the loop ran alike."""
        if self._final is not None:
            if capture.entry_digest().hex() == self._final:
                self._prefix.passed("state")
            else:
                self._prefix.failed("state", fidelity.difference("random", "at the end of the script", "state", "another state"))

# SPDX-License-Identifier: Apache-2.0
"""What a replay leaves: grades, probe values, notes; and how it ends. Base of the replay runtime."""
import json
import multiprocessing
import os
import signal
import sys
import time

from ..state import values
from . import fidelity

DONE, FAILED, ESCALATED, ENVIRONMENT = 0, 1, 3, 4


class Refused(Exception):
    """A replay that cannot be done; the text says why."""


class Outcome:
    """Grading, storing and ending. Needs of the classes above: unit, mode, recorder, project, volatile and the running state."""

    def _decide(self):
        """Grades the iterations that are waiting; a failure in a shallow or deep replay asks for a deeper one."""
        state = [tally.checks["state"] for tally in self._tallies.values()]
        for index in list(self._tallies):
            tally = self._tallies.pop(index)
            if tally.checks["state"] == fidelity.NONE and state and state[-1] == fidelity.PASS:
                tally.checks["state"] = fidelity.PASS  # a later boundary that agrees vouches for those before it
            grade = tally.grade(self.unit.get("tolerance"))
            if grade == "diverged" and self._diverged is None:
                self._diverged = tally.first
                self._origin = (index, fidelity.cause(tally, self.environment, self.hazards))
            if self.unit["first"] <= index <= self.unit["last"]:
                self._write_fidelity(tally, self.unit["loop"], index)
            if grade == "diverged" and self.mode != "beginning" and index <= self.unit["last"]:
                self.go_deeper(max(index, self.unit["first"]), fidelity.cause(tally, self.environment, self.hazards), index)

    def _write_fidelity(self, tally, loop, index, occurrence=None):
        frame = tally.frame(loop, index, self.unit.get("tolerance"), self.environment, self.hazards)
        if self._origin is not None and frame["cause"] and index > self._origin[0]:
            frame["cause"] = "%s (since iteration %d)" % (self._origin[1], self._origin[0])
        if self.mode == "mid" and loop:
            frame["steps"] = self.unit["steps"]
        frame["occurrence"] = occurrence if occurrence is not None else self._target[1] if loop else 0
        self.recorder.fidelity(json.dumps(frame, default=str).encode())

    def _store(self, name, value):
        ordinal = self._outside_ordinal(name, value) if self._index is None and not self._stack else None
        if not self._wanted():
            return
        if self.spoiled and self._index is not None and _is_nan(value):
            self.go_deeper(self._from(), "'%s' is NaN, which may come from gradients that were not stored" % name, self._index)
        if ordinal:
            self.recorder.set_ordinal(ordinal)
        self.recorder.set_probe(self.observer.probe)
        try:
            values.log_into(self.recorder, name, value)
        finally:
            self.recorder.set_probe(-1)

    def _wanted(self):
        """Whether a value that a probe logs here was asked for."""
        index = self._index
        if self.mode == "prefix":
            return index is None and not self._entered
        if self.mode == "suffix":
            return bool(self._entered) and not self._stack
        if index is None:
            return self._runs_on()
        return self.unit["first"] <= index <= self.unit["last"] and self._in_range()

    def _outside_ordinal(self, name, value):
        """How many values of that name were logged outside of loops before: those before the loop count, whoever keeps them."""
        values.form(value)
        ordinal = self._outside.get(name, 0)
        self._outside[name] = ordinal + 1
        return ordinal

    def _injected(self, frame):
        relative = self.project.relative(frame.f_code.co_filename)
        line = frame.f_lineno
        return any(one["file"] == relative and one["first"] <= line <= one["last"] for one in self.unit["injected"])

    def probe_failed(self, probe, error):
        """An injected statement raised: told for this iteration, the replay goes on."""
        place = [list(level) for level in self.recorder.stack()]
        text = "%s: %s" % (type(error).__name__, error)
        self._tally().errors.append({"probe": probe, "coordinates": place, "text": text})

    def probe_wrote(self, probe, count):
        """An injected statement changed parameters: what follows is not the recorded run any more."""
        self._tally().failed("state", fidelity.difference("object", "parameters", "unchanged", "%d written by the probe" % count))

    def progress(self, phase, index):
        """Tells how far the replay is."""
        now = time.perf_counter()
        self.note(note="progress", phase=phase, index=index, seconds=round(now - self._began, 6))
        self._began = now

    def note(self, **content):
        """Writes a NOTE frame."""
        self.recorder.note(json.dumps(content, default=str).encode())

    def _touched(self, name, reason):
        self.go_deeper(self._from(), "'%s' was used after the inner loop and is not captured (%s)" % (name, reason), self._index)

    def _from(self):
        index = self._index if self._index is not None else self._at
        return max(index, self.unit["first"])

    def go_deeper(self, first, reason, index=None):
        """Stops: the iterations from `first` on need the next replay on the ladder. Shallow, deep, deep from the boundary before
        that (what was carried over only one boundary is made again there), from the beginning. `index`: the pass that failed."""
        if self.mode in ("shallow", "pre", "mid"):
            self.escalate(first, "deep", None, reason)
        self.escalate(first, *self._earlier(index), reason)

    def _earlier(self, index):
        """("deep", boundary) to begin at, where that may help and was not tried; else ("beginning", None)."""
        tried = self.unit.get("latest") is not None or self._began_at is None or index not in (None, self._began_at)
        hopeless = self.environment or self._prefix.checks["prefix"] == fidelity.FAIL or fidelity.kept_workers(self.hazards)
        if self.mode == "deep" and not tried and not hopeless:
            before = [index for index in self.points.starts(self._began_at - 1) if index in self.unit.get("starts", (index,))]
            if before and before[0] > 0:
                return "deep", before[0]
        return "beginning", None

    def escalate(self, first, to, latest, reason):
        """Stops: the iterations from `first` on need another mode; it begins at boundary `latest` or before, None: wherever is best."""
        self.note(note="escalate", first=first, last=self.unit["last"], to=to, reason=reason, **({} if latest is None else {"from": latest}))
        self.finish(ESCALATED, "needs a %s replay: %s" % (to, reason))

    def script_raised(self, error):
        """The script ended with an exception, which the recorded run did not in these passes: it misses what was not restored. Files
        are another matter: those that came later may be hidden from it."""
        reason = "%s: %s" % (type(error).__name__, error)
        if self._began_at is not None and isinstance(error, Exception) and not isinstance(error, OSError):
            self.go_deeper(self._from(), "the script raised %s" % reason, self._index)
        self.finish(FAILED, reason)

    def fail(self, reason):
        """Stops: this replay cannot be done."""
        sys.stderr.write("hindcast: %s\n" % reason)
        self.finish(FAILED, reason)

    def finish(self, status, reason=""):
        """Seals the replay and leaves the process."""
        self.open = False
        end = {"status": "incomplete" if status else "complete", "reason": reason, "exception": None, "exit": "replay", "counters": {}}
        self.recorder.close(json.dumps(end).encode())
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                continue
        for child in multiprocessing.active_children():
            child.terminate()
        if status == DONE and self.unit.get("leader") is not None:
            signal.pause()  # the rank that was asked may still talk to this one; it ends it
        if self.ranks is not None:
            self.ranks.end()
        os._exit(status)


def _is_nan(value):
    try:
        number = float(value)
    except (TypeError, ValueError, RuntimeError):
        return False
    return number != number

# SPDX-License-Identifier: Apache-2.0
"""What a replay leaves: grades, probe values, notes; and how it ends. Base of the replay runtime."""
import json
import multiprocessing
import os
import sys
import time

from ..state import values
from . import fidelity

DONE, FAILED, ESCALATED, ENVIRONMENT = 0, 1, 3, 4


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
            if self.unit["first"] <= index <= self.unit["last"]:
                self._write_fidelity(tally, self.unit["loop"], index)
            if grade == "diverged" and self._diverged is None:
                self._diverged = tally.first
            if grade == "diverged" and self.mode != "beginning" and index <= self.unit["last"]:
                self.escalate(max(index, self.unit["first"]), self._deeper(), fidelity.cause(tally, self.environment))

    def _write_fidelity(self, tally, loop, index, occurrence=None):
        frame = tally.frame(loop, index, self.unit.get("tolerance"), self.environment)
        frame["occurrence"] = occurrence if occurrence is not None else self._target[1] if loop else 0
        self.recorder.fidelity(json.dumps(frame, default=str).encode())

    def _store(self, name, value):
        ordinal = self._outside_ordinal(name, value) if self._index is None and not self._stack else None
        if not self._wanted():
            return
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
        return index is not None and self.unit["first"] <= index <= self.unit["last"] or index is None and self._runs_on()

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
        self.escalate(self._from(), self._deeper(), "'%s' was used after the inner loop and is not captured (%s)" % (name, reason))

    def _from(self):
        index = self._index if self._index is not None else self.unit["first"]
        return max(index, self.unit["first"])

    def _deeper(self):
        return "deep" if self.mode in ("shallow", "pre") else "beginning"

    def escalate(self, first, to, reason):
        """Stops: the iterations from `first` on need another mode."""
        self.note(note="escalate", first=first, last=self.unit["last"], to=to, reason=reason)
        self.finish(ESCALATED, "needs a %s replay: %s" % (to, reason))

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
        os._exit(status)

# SPDX-License-Identifier: Apache-2.0
"""Runs a rewritten script as a replay: which passes are skipped, what is restored where, what is compared, when to stop.

The replay ends by leaving the process (`os._exit`) as soon as the last comparison is made: no `except:` of the script
can hold it. Nothing here writes into the recorded version.
"""
import sys
import time

from ..decide import kinds
from ..record import arguments
from ..state import capture, locals as walks, names, poison, unseeded
from . import fidelity, observe
from .ledger import Ledger, argument
from ..record.loops import Loop
from .outcome import DONE
from .points import Points
from ..state.restore import restore_generators
from .runs import Exit
from .inside import Inside
from .sequence import StopPass


class Replay(Inside):
    """The backend of the public functions while a replay runs."""

    StopPass = StopPass
    open = True

    def __init__(self, unit, reader, recorder, volatile, flags):
        self.unit = unit
        self.mode = unit["mode"]
        self.recorder = recorder
        self.project = names.Project(unit["project"], unit["script"])
        self.registry = capture.Registry()
        self.memory = walks.Memory()
        self._target = (unit["loop"], unit.get("occurrence", 0))
        self.points = Points(reader, *self._target)
        self._asked = unit.get("iterations") or range(max(unit["first"], 0), unit["last"] + 1)
        if self.mode not in ("shallow", "pre"):  # those restore what they meet
            self.points.compared(self._asked)
        self.ledger = Ledger(reader, self._target, volatile)
        self.volatile = volatile
        self.environment = []
        self._flags = flags
        self._hash_differs = False
        self.skipping = False
        self.observer = None
        self._known = observe.Known()
        self._stack = []  # active loops: [name, code]
        self._index = None  # outer pass that runs, None outside
        self._taken = None
        self._occurrences = {}
        self._tallies = {}
        self._prefix = fidelity.Tally("prefix")
        self._entered = {}  # runs of outermost loops that have begun, by loop
        self._outside = {}  # values of probes outside of loops so far, by name
        self._over = False  # the outer loop has been left (suffix)
        self._origin = None  # index of the first pass that left the recorded run, and the likely cause
        self._diverged = None  # the first difference of the pass in which a replay from the beginning left the recorded run
        self._restored = "none"
        self._began = time.perf_counter()
        self._imported = False
        self._error = None  # what the script raised in the body of the outer loop
        self._jumps = False  # state has been restored: from there on not all that had run before has run here
        self._jumped = False
        self._landed = None  # index of the explicit pass that jump() has gone to from another one
        self._next_pass = 0  # index of the explicit pass that names none
        self._repeated = []  # passes of further runs of the outer loop, as (loop, occurrence, index)
        self.skip_pass = False
        self._fetched = None  # mode "mid": the last item before the stored state
        self._final = kinds.final_note(reader).get("random")
        self._began_at = None  # boundary that was restored last to run passes from
        self._onward = None  # boundary to go on from: those before it are not needed
        self._considered = None, 0, 0  # the pass that a jump was looked for, when to look again, passes between looks
        self._agreed = None  # the capture that the living state was last found equal to, with nothing unknown in it
        self.spoiled = False  # gradients that were not stored have been made NaN
        self.ranks = None  # the other ranks of the job, replayed beside this one
        self._at = -1  # boundary reached last
        self.hazards = kinds.hazards(reader)
        poison.on_touch(self._touched)

    def configure(self, budget=None, lazy=None, grads=None):
        """Settings of recording mean nothing here."""

    # What rewritten sources call

    def imported(self):
        """After `import hindcast`: generators that the recorded run had not seeded yet get the state they had then."""
        if not self._imported and self.points.first.prefix is not None:
            self._imported = True
            saved = self.points.source(self.points.first.prefix).meta.get("fingerprint", {}).get("import")
            if saved:
                unseeded.put_back(saved)

    def take(self):
        """Names to assign in the frame of the outer loop, right after state was restored; else None."""
        taken, self._taken = self._taken, None
        return taken

    def replace(self, name):
        """The exit state of the loop `name` when this replay has it replaced, with everything else restored; else None."""
        if self.observer is not None or self.skipping:
            return None
        frame = sys._getframe(1)
        if not self._stack:
            return self._replace_run(name, frame)
        return self._replace_inner(name, frame)

    def _replace_inner(self, name, frame):
        depth = len(self._stack)
        if self.mode != "shallow" or depth > 2 or self._index is None or name not in self.unit["innerLoops"]:
            return None
        key, occurrence = self._exit_key(name)
        row = self.points.exits.get(self._index, {}).get(key)
        if row is None or not row["stored"] or row["how"] in (capture.RETURN, capture.EXCEPTION):
            return None
        self._enter_check(row)
        self._occurrences[key[:-1]] = occurrence + 1
        self.recorder.enter(name)
        self.ledger.drop_loop(self._index, [tuple(level) for level in self.recorder.stack()])
        self.recorder.leave(row["how"])
        found = Exit(self._restore(row, frame, after_loop=True))
        found.exhausted = row["how"] == capture.EXHAUSTED
        return found

    def _exit_key(self, name):
        """(where its exit is found among those of the pass, how often it was begun in the pass around it) of an inner loop that
        begins."""
        around = tuple(self.recorder.stack()[1]) if len(self._stack) == 2 else ()
        occurrence = self._occurrences.get((*around, name), 0)
        return (*around, name, occurrence), occurrence

    def skips_pass(self):
        """Whether the body of this explicit pass is left out: the state is already that at its end."""
        skip, self.skip_pass = self.skip_pass, False
        return skip

    def observe(self, probe, light):
        """The observer around one execution of an injected statement; `light`: all it does is read."""
        self._tally().statements |= not light
        return observe.Observer(self, probe, light)

    def jump(self, name):
        """Before a pass of an explicit outer loop: goes to where the replay starts, or on from a pass whose rest was left out."""
        frame = sys._getframe(1)
        if self.observer is not None or name != self.unit["loop"]:
            return None
        if self._stack == [("", frame.f_code)] and self._goes_on():
            return self._jump_on(self._next_pass, frame)
        if self._jumped or self._stack:
            return None
        self._jumped = True
        self._begin_run(name, frame)
        if self.mode == "suffix":
            self.skip_pass = True
            return self._replace_explicit(frame)
        if self.mode == "beginning":
            return None
        self._next_pass = self._start(frame)
        taken = self._restore(self.points.boundaries[self._next_pass], frame)
        self._restored = fidelity.PASS
        self.progress("restore", self._next_pass)
        return taken

    def raised(self):
        """An exception leaves the body of a loop: what ends the loop then is not a `break`."""
        if self.observer is None and len(self._stack) == 1:
            self._error = sys.exc_info()[1]

    def _goes_on(self):
        """Whether an explicit pass may be followed by another one than the next: it was left early, or more than one is not needed."""
        if self.mode == "pre":
            return self._index is not None
        return self._next_pass in self.points.boundaries and self._in_gap(self._next_pass)

    def _jump_on(self, index, frame):
        """To where a pass began in the recorded run, as what was left out before it would have led there."""
        self._at_boundary(index, None, frame, frame.f_code)
        if self._onward is not None:
            index = self._onward
            self._land(index, frame)
        elif self.mode == "pre":
            row = self.points.boundaries.get(index)
            if row is None or not row["stored"]:
                self.go_deeper(index, "no checkpoint was stored before pass %d" % index, index)
        else:
            self._taken = None  # it simply goes on
        taken, self._taken = self._taken, None
        self._landed = self._next_pass = index
        return taken

    # The public functions

    def log(self, name, value):
        """A logged value: a probe's is stored, a recorded one compared."""
        if self.observer is not None:
            if self._injected(sys._getframe(1)):
                self._store(name, value)
            return value
        if self.skipping:
            return value
        place = tuple(tuple(level) for level in self.recorder.stack())
        self.ledger.log(place, name, value, self._tally())
        return value

    def argument(self, name, default):
        """The argument as the recorded run had it."""
        if name in arguments.forced():
            value = arguments.value(name, default)
        else:
            value = argument(self.ledger.arguments[name], default) if name in self.ledger.arguments else default
        if self.observer is None and not self.skipping and name in self.ledger.arguments:
            place = tuple(tuple(level) for level in self.recorder.stack())
            self.ledger.log(place, name, self.ledger.arguments[name], fidelity.Tally("prefix"))
        return value

    def checkpointing(self, objects, frame):
        """Registers objects as recording does."""
        for name, value in objects.items():
            self.registry.add(name, value, frame)

    def unregister(self, objects, frame):
        """Ends a `with checkpointing(...)` block."""
        if self._stack and self._stack[0][0] == "":  # explicit passes end here at the latest
            if self._index is not None:
                self._end_last_pass(frame)
            self._stack.clear()
            self.recorder.leave(capture.EXHAUSTED)
            self._leave_to_suffix()
        self.registry.remove(objects)

    def close(self, how):
        """commit() in a replay: the replayed run is over."""
        self.script_ended()

    def detach(self):
        """In a forked child nothing is replayed."""
        self.open = False
        self.recorder.detach()

    def loop(self, name, iterable, frame):
        """A loop of the script, run as this replay wants it."""
        code = frame.f_code
        if self.observer is not None and not self._injected(frame):
            return iterable
        return Loop(lambda: self._run(name, iterable, code), iterable)

    def _run(self, name, iterable, code):
        if self.observer is None and not self._stack and self._is_target(name):
            return self._outer(name, iterable, code)
        return self._inner(name, iterable, code)

    def _inner(self, name, iterable, code):
        depth, observed = len(self._stack), self.observer is not None
        row = self._enter_inner(name) if depth in (1, 2) and self._index is not None and not observed else None
        run = self._begin_run(name, capture.find(sys._getframe(1), code)) if depth == 0 and not observed else None
        inside = not observed and self._is_inside(name)
        self.recorder.enter(name)
        key = tuple(self.recorder.stack()[-1][:2])
        if not observed:
            self._stack.append((name, code))
        how = capture.BREAK
        try:
            if inside:
                yield from self._from_inside(key, iterable, code)
            for item in iterable if not inside else ():
                self._next(item)
                if run is not None:
                    self._repeated.append(tuple(self.recorder.stack()[0]))
                yield item
            how = capture.EXHAUSTED
        finally:
            if self.open and not observed and (name, code) in self._stack:
                while self._stack[-1] != (name, code):
                    self._stack.pop()
                    self.recorder.leave(capture.BREAK)
                if row is not None and self.observer is None:
                    self._compare_at(row, sys._getframe(1), code, capture.EXIT)
                if inside:
                    self._left_inside(key, row)
                self._stack.pop()
            if self.open:
                self.recorder.leave(how)
                if run is not None:
                    self._end_other_run(run)

    def _enter_inner(self, name):
        """The exit capture of an inner loop that begins, if there is one. Ends the pass in mode "pre"."""
        if self.mode == "pre" and len(self._stack) == 1:
            self._stop_pre(name)
        key, occurrence = self._exit_key(name)
        self._occurrences[key[:-1]] = occurrence + 1
        row = self.points.exits.get(self._index, {}).get(key)
        if row is not None:
            self._enter_check(row)
        return row

    def _outer(self, name, iterable, code):
        frame = capture.find(sys._getframe(1), code)
        self._begin_run(name, frame)
        self.recorder.enter(name)
        self._stack.append((name, code))
        start = 0 if self.mode == "beginning" else self._start(frame)
        if start > 0:  # what the iterable draws when it is opened, it drew in the state before the first pass
            source = self.points.source(self.points.boundaries[min(self.points.boundaries)])
            restore_generators(source, self._compose(frame, capture.BOUNDARY).walker)
        iterator, index, how = None, start, capture.BREAK
        try:
            if start > 0:
                iterator = iter(iterable)
                yield from self._skip(iterator, 0, start)
            while True:
                self._at_boundary(index, start, sys._getframe(1), code)
                if self._onward is not None:
                    yield from self._skip(iterator, index, self._onward)
                    index = self._onward
                    self._land(index, capture.find(sys._getframe(1), code))
                if iterator is None:
                    iterator = iter(iterable)
                try:
                    item = next(iterator)
                except StopIteration:
                    how = capture.EXHAUSTED
                    break
                if type(item) in (int, str) and item != index:
                    self.recorder.next(index=index, label=str(item))
                else:
                    self.recorder.next(index=index)
                self._begin_pass(index)
                index += 1
                yield item
        finally:
            if self.open:
                self._leave_outer(how, sys._getframe(1), code)

    def _skip(self, iterator, begin, end):
        self.skipping = True
        for index in range(begin, end):
            try:
                item = next(iterator)
            except StopIteration:
                self.fail("the loop '%s' ends before iteration %d in this replay" % (self.unit["loop"], end))
            self.recorder.next(index=index)
            yield item
        self.skipping = False

    def begin_iteration(self, name, index, label, frame):
        """One explicit pass begins."""
        if self.observer is not None:
            return None
        if name != self.unit["loop"] or self._over or self._stack not in ([], [("", frame.f_code)]):
            self.recorder.enter(name)
            self.recorder.next(index=index, label=label)
            return ("inner", name)
        index = self._next_pass if index is None else index
        self._next_pass = index + 1
        first = not self._stack
        if first:
            if not self._jumped:
                self._begin_run(name, frame)
            self.recorder.enter(name)
            self._stack.append(("", frame.f_code))
        landed, self._landed = index == self._landed, None
        if not landed and not (first and self._jumped and self.mode != "beginning"):  # jump() has restored where it lands
            self._at_boundary(index, index if first else None, frame, frame.f_code)
            self._taken = None
        self.recorder.next(index=index, label=label)
        self._begin_pass(index)
        return ("outer", name)

    def end_iteration(self, active, how, frame):
        """One explicit pass ends; when it is the last one asked for and its end was captured, so does the replay."""
        if active is None or not self.open:
            return
        if active[0] == "inner":
            self.recorder.leave(how)
            return
        row = self.points.end_checks.get(self._index)
        if row is None or row["how"] != capture.EXHAUSTED or how != capture.EXHAUSTED or self._index < self.unit["last"] and self._index + 1 in self.points.boundaries:
            return
        self._end_pass(row, frame, frame.f_code, capture.END)
        self._decide()
        if self._index >= self.unit["last"] and not self._runs_on():
            self.finish(DONE)
        self._index = None

# SPDX-License-Identifier: Apache-2.0
"""Runs a rewritten script as a replay: which passes are skipped, what is restored where, what is compared, when to stop.

The replay ends by leaving the process (`os._exit`) as soon as the last comparison is made: no `except:` of the script
can hold it. Nothing here writes into the recorded version.
"""
import json
import multiprocessing
import os
import sys
import time

from . import arguments, capture, fidelity, locals as walks, names, observe, poison, rng, values
from .ledger import Ledger, argument
from .loops import Loop
from .points import Points
from .restore import Restorer, RestoreError, restore_generators

DONE, FAILED, ESCALATED, ENVIRONMENT = 0, 1, 3, 4

# Settings whose difference explains other bits.
_BITS = {
    "threads": "threads", "torch": "torch", "numpy": "NumPy", "python": "Python", "cpuCapability": "vector instructions",
    "gpu": "GPU", "deterministic": "deterministic algorithms", "defaultDtype": "default type", "cudnnBenchmark": "cuDNN benchmark",
}


class Exit(dict):
    """Names to assign after a loop that was replaced by its exit state."""

    exhausted = True


class _StopPass(BaseException):
    """Ends a pass early (mode "pre")."""


class Replay:
    """The backend of the public functions while a replay runs."""

    StopPass = _StopPass
    open = True

    def __init__(self, unit, reader, recorder, volatile, flags):
        self.unit = unit
        self.mode = unit["mode"]
        self.recorder = recorder
        self.project = names.Project(unit["project"], unit["script"])
        self.registry = capture.Registry()
        self.memory = walks.Memory()
        self.points = Points(reader, unit["loop"])
        self.ledger = Ledger(reader, unit["loop"], volatile)
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
        self._over = False  # the outer loop has been left (suffix)
        self._restored = "none"
        self._began = time.perf_counter()
        self._imported = False
        self._jumped = False
        self._repeated = []  # passes of further runs of the outer loop, as (occurrence, index)
        self.skip_pass = False
        self._final = next((note["random"] for note in map(json.loads, reader.frames(3)) if note.get("note") == "final"), None)
        poison.on_touch(self._touched)

    # What rewritten sources call

    def imported(self):
        """After `import hindcast`: generators that the recorded run had not seeded yet get the state they had then."""
        if not self._imported and self.points.prefix is not None:
            self._imported = True
            saved = self.points.source(self.points.prefix).meta.get("fingerprint", {}).get("import")
            if saved:
                rng.restore(saved)

    def take(self):
        """Names to assign in the frame of the outer loop, right after state was restored; else None."""
        taken, self._taken = self._taken, None
        return taken

    def replace(self, name):
        """The exit state of the loop `name` when this replay has it replaced, with everything else restored; else None."""
        if self.observer is not None or self.skipping:
            return None
        frame = sys._getframe(1)
        if not self._stack and name == self.unit["loop"] and self.mode == "suffix" and not self._over:
            return self._replace_outer(frame)
        if self.mode != "shallow" or len(self._stack) != 1 or self._index is None or name not in self.unit["innerLoops"]:
            return None
        key = (name, self._occurrences.get(name, 0))
        row = self.points.exits.get(self._index, {}).get(key)
        if row is None or not row["stored"] or row["how"] in (capture.RETURN, capture.EXCEPTION):
            return None
        self._enter_check(row)
        self._occurrences[name] = key[1] + 1
        self.recorder.enter(name)
        self.ledger.drop_loop(self._index, [tuple(level) for level in self.recorder.stack()])
        self.recorder.leave(row["how"])
        found = Exit(self._restore(row, frame, after_loop=True))
        found.exhausted = row["how"] == capture.EXHAUSTED
        return found

    def skips_pass(self):
        """Whether the body of this explicit pass is left out: the state is already that at its end."""
        skip, self.skip_pass = self.skip_pass, False
        return skip

    def observe(self, probe, light):
        """The observer around one execution of an injected statement."""
        return observe.Observer(self, probe, light)

    def jump(self, name):
        """Before the first pass of an explicit outer loop: goes to where the replay starts."""
        if self._jumped or self.observer is not None or self._stack or name != self.unit["loop"]:
            return None
        self._jumped = True
        frame = sys._getframe(1)
        self._check_prefix(frame)
        if self.mode == "suffix":
            self.skip_pass = True
            return self._replace_outer(frame)
        if self.mode == "beginning":
            return None
        taken = self._restore(self.points.boundaries[self._start()], frame)
        self._restored = fidelity.PASS
        self.progress("restore", self.unit["first"])
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
        bucket = self._index if self._index is not None else "suffix" if self._over else "prefix"
        place = tuple(tuple(level) for level in self.recorder.stack())
        self.ledger.log(bucket, place, name, value, self._tally())
        return value

    def argument(self, name, default):
        """The argument as the recorded run had it."""
        if name in arguments.forced():
            value = arguments.value(name, default)
        else:
            value = argument(self.ledger.arguments[name], default) if name in self.ledger.arguments else default
        if self.observer is None and not self.skipping and name in self.ledger.arguments:
            bucket = self._index if self._index is not None else "suffix" if self._over else "prefix"
            place = tuple(tuple(level) for level in self.recorder.stack())
            self.ledger.log(bucket, place, name, self.ledger.arguments[name], fidelity.Tally("prefix"))
        return value

    def checkpointing(self, objects, frame):
        """Registers objects as recording does."""
        for name, value in objects.items():
            self.registry.add(name, value, frame)

    def unregister(self, objects):
        """Ends a `with checkpointing(...)` block."""
        if self._stack and self._stack[0][0] == "" and self._index is None:  # explicit passes end here at the latest
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
        if self.observer is None and not self._stack and name == self.unit["loop"] and not self._over:
            return self._outer(name, iterable, code)
        return self._inner(name, iterable, code)

    def _inner(self, name, iterable, code):
        row = None
        depth = len(self._stack)
        if depth == 1 and self._index is not None and self.observer is None:
            if self.mode == "pre" and self._index is not None:
                self._stop_pre(name)
            occurrence = self._occurrences.get(name, 0)
            self._occurrences[name] = occurrence + 1
            row = self.points.exits.get(self._index, {}).get((name, occurrence))
            if row is not None:
                self._enter_check(row)
        observed = self.observer is not None
        self.recorder.enter(name)
        if not observed:
            self._stack.append((name, code))
        how = capture.BREAK
        try:
            for item in iterable:
                if type(item) in (int, str):
                    self.recorder.next(label=str(item))
                else:
                    self.recorder.next()
                if depth == 0 and name == self.unit["loop"] and not observed:
                    self._repeated.append(tuple(self.recorder.stack()[0][1:]))
                yield item
            how = capture.EXHAUSTED
        finally:
            if self.open and not observed and (name, code) in self._stack:
                while self._stack[-1] != (name, code):
                    self._stack.pop()
                    self.recorder.leave(capture.BREAK)
                if row is not None and self.observer is None:
                    self._compare_at(row, sys._getframe(1), code, capture.EXIT)
                self._stack.pop()
            if self.open:
                self.recorder.leave(how)

    def _outer(self, name, iterable, code):
        frame = capture.find(sys._getframe(1), code)
        self.recorder.enter(name)
        self._stack.append((name, code))
        self._check_prefix(frame)
        start = 0 if self.mode == "beginning" else self._start()
        if start > 0:  # what the iterable draws when it is opened, it drew in the state before the first pass
            source = self.points.source(self.points.boundaries[min(self.points.boundaries)])
            restore_generators(source, self._compose(frame, capture.BOUNDARY).walker)
        iterator, index, how = None, start, capture.BREAK
        try:
            if start > 0:
                iterator = iter(iterable)
                yield from self._skip(iterator, start)
            while True:
                self._at_boundary(index, start, sys._getframe(1), code)
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

    def _skip(self, iterator, count):
        self.skipping = True
        for index in range(count):
            try:
                item = next(iterator)
            except StopIteration:
                self.fail("the loop '%s' ends before iteration %d in this replay" % (self.unit["loop"], count))
            self.recorder.next(index=index)
            yield item
        self.skipping = False

    def begin_iteration(self, name, index, label, frame):
        """One explicit pass begins."""
        if self.observer is not None:
            return None
        if name != self.unit["loop"] or self._over or self._stack not in ([], [("", frame.f_code)]):
            self.recorder.enter(name)
            self.recorder.next(index=int(index), label=label)
            return ("inner", name)
        index = int(index)
        first = not self._stack
        if first:
            self.recorder.enter(name)
            self._stack.append(("", frame.f_code))
            if not self._jumped:
                self._check_prefix(frame)
        if not (first and self._jumped and self.mode != "beginning"):  # jump() has restored where it lands
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
        row = self.points.ends.get(self._index)
        if row is None or how != capture.EXHAUSTED or self._index < self.unit["last"] and self._index + 1 in self.points.boundaries:
            return
        if self.mode == "pre":
            self.ledger.forget(self._index)
        else:
            self.ledger.close(self._index, self._tally())
            self._compare_at(row, frame, frame.f_code, capture.END)
        self.progress("iteration", self._index)
        self._decide()
        if self._index >= self.unit["last"] and not self._runs_on():
            self.finish(DONE)
        self._index = None

    # Sequence

    def _runs_on(self):
        """Whether a replay from the beginning goes on to the script's end: all passes were asked for."""
        return self.mode == "beginning" and self.unit["last"] >= max(self.points.boundaries, default=0) - 1

    def _start(self):
        start = self.points.start(self.unit["first"])
        if start is None:
            self.escalate(self.unit["first"], "beginning", "no checkpoint was stored before this iteration")
        return start

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

    def _at_boundary(self, index, start, frame, code):
        frame = capture.find(frame, code)
        if index == start and self.mode != "beginning":
            self.progress("prefix", -1)
            self._taken = self._restore(self.points.boundaries[index], frame)
            self._restored = fidelity.PASS
            self.progress("restore", index)
            return
        if self._index is None and index == start:  # from the beginning: nothing is restored
            row = self.points.boundaries.get(index)
            if row is not None:
                self._compare_at(row, frame, code, capture.BOUNDARY, self._prefix, "state")
            return
        row = self.points.boundaries.get(index)
        if self._index is not None:
            if self.mode == "pre":
                self.ledger.forget(self._index)
            else:
                self.ledger.close(self._index, self._tally())
            if row is not None:
                if self.mode != "pre":
                    self._compare_at(row, frame, code, capture.BOUNDARY)
            self.progress("iteration", self._index)
            if row is not None or self.mode == "pre" or self.points.next_check(index - 1) is None:
                self._decide()
        self._index = None
        if index > self.unit["last"] and not self._tallies and not self._runs_on():
            self.finish(DONE)
        if self.mode in ("shallow", "pre") and row is not None and row["stored"]:
            self._taken = self._restore(row, frame)

    def _leave_outer(self, how, frame, code):
        frame = capture.find(frame, code)
        if self._index is not None and self._tallies:
            self.ledger.close(self._index, self._tally())
            if self.points.end is not None and frame is not None and self.mode != "pre":
                self._compare_at(self.points.end, frame, code, capture.END)
            self.progress("iteration", self._index)
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

    def _stop_pre(self, name):
        row = self.points.exits.get(self._index, {}).get((name, self._occurrences.get(name, 0)))
        if row is not None:
            self._enter_check(row)
        raise _StopPass()

    def _enter_check(self, row):
        """Where an inner loop begins, the random state must be what it was: the statements before it ran alike."""
        recorded = self.points.source(row).meta.get("digests", {}).get("entry")
        if recorded is not None:
            if capture.entry_digest() == recorded:
                if self.mode == "pre":
                    self._tally().passed("state")
            else:
                self._tally().failed("state", fidelity.difference("random", "before the inner loop", "state", "another state"))

    def _replace_outer(self, frame):
        row = self.points.end
        if not self._jumped:
            self._check_prefix(frame)
        if row is None or not row["stored"]:
            self.escalate(-1, "beginning", "the state after the loop was not stored")
        self._over = True
        self._prefix_grade = self._prefix
        self.recorder.enter(self.unit["loop"])
        self.recorder.leave(row["how"])
        found = Exit(self._restore(row, frame, after_loop=True))
        found.exhausted = row["how"] == capture.EXHAUSTED
        self._restored = fidelity.PASS
        self._prefix = fidelity.Tally("suffix")
        self._prefix.checks["restore"] = fidelity.PASS
        return found

    def script_ended(self):
        """The script ran to its end (suffix, or a loop that was never reached)."""
        if self.mode == "suffix" and self._over:
            self.ledger.close("suffix", self._prefix)
            self._compare_final()
            self._write_fidelity(self._prefix, "", -1)
            self.finish(DONE)
        if self._stack and self._index is not None:
            self._leave_outer(capture.EXHAUSTED, sys._getframe(1), self._stack[0][1])
        if self.mode == "beginning" and (self._over or self._stack):
            self.ledger.close("suffix", self._prefix)
            self._compare_final()
            self._write_fidelity(self._prefix, "", -1)
            for occurrence, index in self._repeated:
                self._write_fidelity(self._prefix, self.unit["loop"], index, occurrence)
            self.finish(DONE)
        if self.mode == "prefix":
            self.ledger.close("prefix", self._prefix)
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

    # State

    def _compose(self, frame, point):
        composition = capture.compose(self.project, self.registry, self.memory, frame, point)
        self._known = observe.Known(composition.walker)
        return composition

    def known(self):
        """Objects that observers protect."""
        return self._known

    def _check_prefix(self, frame):
        self.progress("prefix", -1)
        composition = self._compose(frame, capture.PREFIX)
        row = self.points.prefix
        if row is not None:
            self._compare_flags(composition.meta["flags"])
            self._compare_prefix(self.points.source(row), composition)
        self.ledger.close("prefix", self._prefix)
        if self.mode == "prefix":
            self._write_fidelity(self._prefix, "", -1)
            self.finish(DONE)

    def _compare_flags(self, mine):
        for key, recorded in self._flags.items():
            if key == "hashFingerprint":
                self._hash_differs = mine.get(key) != recorded
            elif key in _BITS and key in mine and mine[key] != recorded:
                self.environment.append("%s: recorded %s, replayed %s" % (_BITS[key], recorded, mine[key]))

    def _compare_prefix(self, source, composition):
        """Check 2. What a restore puts right is only told where nothing is restored."""
        stored, live = fidelity.stored_view(source), fidelity.live_view(composition)
        found = []
        for path, digest in source.meta.get("fingerprint", {}).get("large", {}).items():
            mine = composition.walker.large.get(path)
            scope, _, name = path.partition("|")
            if mine is not None and mine != digest and not self.volatile.local(scope, name.split(".")[0]):
                found.append(fidelity.difference("data", name, "content", "other content"))
        if self.mode in ("prefix", "beginning"):
            differences, self._prefix.tensors = fidelity.compare_state(stored, live, self.volatile)
            found += differences
        if found and self._hash_differs:
            found.insert(0, fidelity.difference("hash", "string hashing", "one seed", "another"))
        for one in found:
            self._prefix.failed("prefix", one)
        self._prefix.passed("prefix")
        if self.mode == "prefix" and not found:
            self._prefix.passed("state")

    def _restore(self, row, frame, after_loop=False):
        """Restores a capture; returns names still to be assigned in `frame`. Checks itself before random state goes back."""
        source = self.points.source(row)
        walker = self._compose(frame, capture.EXIT if after_loop else capture.BOUNDARY).walker
        restorer = Restorer(source, walker)
        try:
            restorer.objects()
            restorer.cells()
            assign = self._restore_names(source, restorer, frame, after_loop)
        except RestoreError as error:
            self.escalate(self._from(), self._deeper(), str(error))
        except ValueError as error:  # damaged chunk
            self.fail(str(error))
        if after_loop:
            self._spoil_gradients(walker)
        restore_generators(source, walker)
        self._self_check(source, frame, assign, after_loop)
        restore_generators(source, walker)
        return assign

    def _restore_names(self, source, restorer, frame, after_loop):
        assign = {}
        frames = {key: one for key, one in self.project.chain(frame) if one.f_code.co_name != "<module>"}
        modules = self.project.modules()
        for scope, entries in source.meta.get("locals", {}).items():
            mapping = modules.get(scope)
            own = mapping is frame.f_locals or frames.get(scope) is frame
            if mapping is None and scope in frames:
                mapping = frames[scope].f_locals
            if mapping is None:
                continue
            found = self._values(restorer, scope, entries, mapping)
            if own:
                for name, (kind, reason) in entries.items():
                    unbound = name not in mapping and name not in found
                    if after_loop and (kind == "u" and not reason.startswith("kept: ") or kind in ("same", "code") and unbound):
                        found[name] = poison.Poison(name, reason or "it was bound inside the loop")
                    elif not after_loop and kind == "u" and unbound:
                        found[name] = poison.Poison(name, reason)
                assign.update(found)
            if mapping is modules.get(scope):
                mapping.update(found)
        return assign

    def _values(self, restorer, scope, entries, mapping):
        found = {}
        for name, entry in entries.items():
            try:
                found.update(restorer.scope(scope + "|", {name: entry}, mapping))
            except RestoreError as error:
                found[name] = poison.Poison(name, str(error))
        return found

    def _spoil_gradients(self, walker):
        """Gradients are not part of an exit state: NaN makes a use of them visible."""
        torch = rng.torch_module()
        for name, value in walker.objects.items() if torch is not None else ():
            for param in value.parameters() if hasattr(value, "parameters") and hasattr(value, "training") else ():
                if param.requires_grad:
                    param.grad = torch.full_like(param, float("nan"), requires_grad=False)

    def _self_check(self, source, frame, assign, after_loop):
        """Check 1: what was just restored, captured again, equals what was stored."""
        composition = self._compose(frame, capture.EXIT if after_loop else capture.BOUNDARY)
        found, _ = fidelity.compare_state(
            fidelity.stored_view(source),
            fidelity.live_view(composition),
            self.volatile,
            not after_loop,
            lambda scope, name: name in assign or poison.is_poison(assign.get(name)),
        )
        if found:
            first = found[0]
            self._tally_failed(first)
            self.escalate(self._from(), self._deeper(), "%s did not come back as it was saved" % first["name"])

    def _tally_failed(self, first):
        tally = self._tallies.get(self._index) or fidelity.Tally(self.mode)
        tally.failed("restore", first)
        index = self._from()
        self._write_fidelity(tally, self.unit["loop"] if index >= 0 else "", index)

    def _compare_at(self, row, frame, code, point, tally=None, check="state"):
        frame = capture.find(frame, code)
        if frame is None:
            return
        tally = tally or self._tally()
        source = self.points.source(row)
        composition = self._compose(frame, point)
        grads = point != capture.EXIT and self.mode not in ("shallow", "pre")
        unknown = self._unknown(frame)
        found, compared = fidelity.compare_state(
            fidelity.stored_view(source), fidelity.live_view(composition), self.volatile, grads, unknown
        )
        tally.tensors += compared
        for one in found:
            tally.failed(check, one)
        if point != capture.EXIT:
            tally.passed(check)

    def _unknown(self, frame):
        scopes = {key: one.f_locals for key, one in self.project.chain(frame)}
        scopes.update(self.project.modules())
        return lambda scope, name: poison.is_poison(scopes.get(scope, {}).get(name))

    # Results

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
            if grade == "diverged" and self.mode != "beginning" and index <= self.unit["last"]:
                self.escalate(max(index, self.unit["first"]), self._deeper(), fidelity.cause(tally, self.environment))

    def _write_fidelity(self, tally, loop, index, occurrence=0):
        frame = tally.frame(loop, index, self.unit.get("tolerance"), self.environment)
        frame["occurrence"] = occurrence
        self.recorder.fidelity(json.dumps(frame, default=str).encode())

    def _store(self, name, value):
        index = self._index
        if self.mode == "prefix":
            wanted = index is None and not self._over
        elif self.mode == "suffix":
            wanted = self._over
        else:
            wanted = index is not None and self.unit["first"] <= index <= self.unit["last"]
            wanted = wanted or index is None and self._runs_on()
        if not wanted:
            return
        self.recorder.set_probe(self.observer.probe)
        try:
            value = values.plain(value)
            if type(value) is int and not -(1 << 63) <= value < 1 << 63:
                self.recorder.log_bigint(name, str(value))
            elif type(value) in (bool, int, float, str, type(None)):
                self.recorder.log(name, value)
            else:
                self.recorder.log_rich(name, values.rich(value))
        finally:
            self.recorder.set_probe(-1)

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

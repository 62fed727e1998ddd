# SPDX-License-Identifier: Apache-2.0
"""A recording session: made on first use, ended with the process or by commit(). A fault of the recorder switches it off
with one line on standard error and never reaches the script."""
import datetime
import json
import os
import sys
import time

from .. import _native
from ..state import capture, deferred, locals as walks, names, objects, rng, values
from . import arguments, children, contents, environment, lazy, loops, place, report, snapshot
from .policy import Policy

_SYSTEM_SECONDS = 10.0
_QUEUE_BYTES = 0  # what the state needs
_HINTS = 100  # a script whose every name is a puzzle is told about these


class Session:
    """Everything one recorded version needs while it runs."""

    def __init__(self, import_state):
        started = time.time_ns() // 1000
        self.pid = os.getpid()
        self.uuid = environment.uuid7(started)
        self.place = place.find()
        self.import_state = import_state
        self.recorder = _native.Recorder(
            os.path.join(place.prepare(self.place), "versions", self.uuid),
            json.dumps(self._run(started), ensure_ascii=False).encode("utf-8", "surrogateescape"),
            1.0,
            5.0,
            _QUEUE_BYTES,
            0.0 if is_off("HINDCAST_SYSTEM") else _SYSTEM_SECONDS,
        )
        self.open = True
        self.exception = None
        self.policy = Policy()
        self.contents = contents.Contents()
        self.lazy = lazy.LazyCaptures(self.recorder, self._lazy_given_up)
        self.lazy.wanted = os.environ.get("HINDCAST_LAZY", "").lower() in ("1", "on", "yes", "true")
        self.grads = os.environ.get("HINDCAST_GRADS", "").lower() in ("1", "on", "yes", "true")  # also where inner loops end
        self.memory = walks.Memory()
        self.registry = capture.Registry()
        self.project = names.Project(self.place.project, self.place.script)
        self.loops = loops.LoopRecorder(self)
        self.deferred = deferred.Deferred(self.recorder, self._refuse)
        self._hinted = set()
        self._reserved = 0  # bytes of the largest capture so far
        self._refused = set()
        _native.set_current(self.recorder)
        if children.is_started_by_multiprocessing():
            self.note("hazard", what="child process", reason="a replay starts the script, not a process that the script starts")
        self._snapshot = None
        self._take_snapshot()

    def _run(self, started):
        stamp = datetime.datetime.fromtimestamp(started / 1e6, datetime.timezone.utc)
        return {
            "format": 1,
            "kind": "version",
            "uuid": self.uuid,
            "started": stamp.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "startedMicros": started,
            "project": self.place.project,
            "script": self.place.script,
            "module": place.module(),
            "folder": os.getcwd(),
            "argv": [str(item) for item in sys.argv],
            "arguments": arguments.forced(),
            "interpreter": environment.interpreter(),
            "environment": environment.variables(),
            "packages": environment.packages(),
            "host": environment.host(),
            "git": environment.git(self.place.project),
            "job": environment.job(),
            "parent": children.origin(),
            "hashSeed": environment.hash_seed(),
            "terminal": environment.terminal(),
            "pid": self.pid,
            "bootId": environment.boot_id(),
        }

    def _take_snapshot(self):
        """Without its source a version can be looked at but not replayed: a failure is told, recording goes on."""
        folder = os.path.join(self.place.project, ".hindcast", "versions", self.uuid)
        try:
            self._snapshot = snapshot.Snapshot(self.place.project, self.uuid, folder, self.note)
            for relative in snapshot.changed_while_starting(self.project, _process_started()):
                self.note("hazard", what="source changed", object=relative)
        except (OSError, RuntimeError) as error:
            self.note("hazard", what="no source", reason=str(error))
            say("the source could not be stored: " + sentence(error))

    def guard(self, function, *parameters):
        """Runs a part of the recorder; an exception there switches recording off."""
        if self.open:
            try:
                function(*parameters)
            except Exception as error:
                self.disable(sentence(error))

    def log(self, name, value):
        """A value that the native path did not take."""
        if self.open:
            self.guard(self._log, name, value)

    def _log(self, name, value):
        self.loops.strands.select()
        try:
            if not self.deferred.take(name, value):
                values.log_into(self.recorder, name, value)
        except values.NotLogged as reason:
            self._refuse(name, str(reason))

    def _refuse(self, name, reason):
        """A value that has no form: told once for each name, the script goes on."""
        if name not in self._refused:
            self._refused.add(name)
            self.note("hazard", what="not recorded", object=name, reason=reason)
            say("'%s' is not recorded: %s" % (name, reason))

    def strands_begin(self):
        """Tasks take turns with loops of their own: from here on each value has to find its task."""
        _native.set_current(None)
        self.note("hazard", what="concurrent tasks", reason="tasks of asyncio run loops side by side: a replay cannot make them take the same turns")

    def waits(self):
        """The script is slowed down to what the disk takes."""
        self.note("hint", what="slow disk")
        say("values are logged faster than the disk takes them; log() waits for it from now on, so that none is lost")

    def argument(self, name, default):
        """Value of an argument, noted with the version."""
        value = arguments.value(name, default)
        self.guard(self._log_argument, name, value)
        return value

    def _log_argument(self, name, value):
        value = values.plain(value)
        if type(value) not in (bool, int, float, str, type(None)) or type(value) is int and not -(1 << 63) <= value < 1 << 63:
            value = json.dumps(value, default=str)
        self.recorder.log_arg(name, value)

    def checkpointing(self, objects, frame):
        """Registers objects; what cannot come back is refused here, not found out at replay."""
        for name, value in objects.items():
            self.guard(self._register, name, value, frame)

    def _register(self, name, value, frame):
        kind = objects.named_kind(value)
        problem = "a %s has no state that can be put back" % type(value).__name__ if kind is None else None
        if kind == "pickle":
            problem = objects.check_round_trip(value)
        if problem is not None:
            self.note("hazard", what="refused", object=name, reason=problem)
            say("'%s' cannot be checkpointed: %s. Use hindcast.register(type, save, load)." % (name, problem))
            return
        self.registry.add(name, value, frame)

    def unregister(self, objects, frame):
        """Ends a `with checkpointing(...)` block."""
        self.loops.close_iterations(frame)
        self.registry.remove(objects)

    def compose(self, frame, point, bound_before=None):
        """Composes a capture; hints at objects found without being named."""
        self.lazy.settle()
        composition = capture.compose(self.project, self.registry, self.memory, frame, point, bound_before, self.grads)
        if point == capture.BOUNDARY:
            self._hint(composition, frame)
        return composition

    def _hint(self, composition, frame):
        named = self.registry.resolve([])
        implicit = [name for name in composition.meta["objects"] if name not in named and name not in self._hinted]
        if implicit:
            self._hinted.update(implicit)
            self.note("hint", what="implicit", objects=[name.split("|", 1)[-1] for name in implicit])
        for scope, entries in composition.meta["locals"].items():
            for name, (kind, reason) in entries.items():
                key = scope + "|" + name
                if kind == "u" and key not in self._hinted and len(self._hinted) < _HINTS:
                    self._hinted.add(key)
                    what = "iterator" if "iterator " in reason else "uncaptured"
                    self.note("hazard", what=what, object=name, reason=reason)
        for name, meta in composition.meta["objects"].items():
            for key in meta.get("lost", ()):
                if name + "/" + key not in self._hinted:
                    self._hinted.add(name + "/" + key)
                    self.note("hazard", what="uncaptured", object="%s.%s" % (name.split("|", 1)[-1], key), reason="tensors of this sort are not")
        for path, live in composition.walker.live.items():
            if path not in self._hinted and _keeps_workers(live):
                self._hinted.add(path)
                self.note("hazard", what="persistent_workers", object=path.split("|", 1)[-1])

    def write(self, composition, point, how, coordinates, passes, stored):
        """Hands a composed capture to the native recorder."""
        late = self.lazy.choose(composition) if stored and point in (capture.BOUNDARY, capture.EXIT) else frozenset()
        rows = []
        for index, row in enumerate(composition.table):
            source = composition.walker.sources.get(index)
            number = self.contents.number(row[0], source, self.memory.arrays) if source is not None else 0
            rows.append(row + (-1, 0, number, index in late))
        size = sum(row[4] for row in rows)
        if size > self._reserved:
            self._reserved = size
            self.recorder.reserve(2 * size)  # faulted in before the next capture needs it
        levels = [tuple(level) for level in coordinates]
        taken = self.recorder.capture(point, how, levels, passes, rows, composition.encoded(), stored)
        if late and taken >= 0:
            self.lazy.watch(composition, late)
        failure = self.recorder.failure()
        if failure:
            raise OSError(failure)

    def configure(self, budget=None, lazy=None, grads=None):
        """Settings of the recording; None leaves one as it is."""
        if grads is not None:
            self.grads = bool(grads)
        if budget is not None:
            self.policy.set_budget(budget)
        if lazy is not None:
            self.guard(self.lazy.settle)
            self.lazy.wanted = bool(lazy)

    def _lazy_given_up(self):
        self.note("hint", what="lazy off", reason="a parameter or optimizer state changed before optimizer.step()")

    def note(self, what_note, **content):
        """Writes a NOTE frame."""
        self.recorder.note(json.dumps(dict(content, note=what_note), default=str).encode())

    def disable(self, reason):
        """Switches recording off for the rest of the run."""
        if self.open and os.getpid() == self.pid:
            self._finish("incomplete", reason, "disabled")
            say("recording is off: " + reason)

    def close(self, how):
        """Ends the version."""
        if self.open and os.getpid() == self.pid:
            try:
                self.loops.close_iterations(script_ends=True)
                self.lazy.settle()
            except Exception as error:
                self.disable(sentence(error))
                return
            self._finish("complete", "", how)

    def _finish(self, status, reason, how):
        _native.set_current(None)
        self.open = False
        try:
            self.deferred.close()
            if how in ("normal", "commit"):
                self.note("final", random=capture.entry_digest().hex(), lastPass=self.loops.last_pass)
            self.note("overhead", **self.policy.report())
            cells = environment.cells()
            if cells:
                self.note("cells", texts=cells)
            self.note("environment", packages=environment.packages(), flags=capture.flags())
            if self._snapshot is not None:
                self._snapshot.finish()
            self.recorder.flush(False)  # so that the counters count everything
            stats = {key: value for key, value in self.recorder.stats().items() if isinstance(value, (int, float))}
            end = {"status": status, "reason": reason, "exception": self.exception, "exit": how, "counters": stats}
            self.recorder.close(json.dumps(end).encode())
            failure = self.recorder.failure()
            if failure and status == "complete":
                say("the recording ends before the run did: " + failure)
            if status == "complete":
                say(report.line(self.uuid, self.recorder.stats(), self.policy.report()))
        except Exception as error:
            say("the end of the run could not be recorded: " + sentence(error))

    def detach(self):
        """In a forked child: the version belongs to the parent."""
        self.open = False
        self.recorder.detach()


def is_off(variable):
    """Whether an environment variable says no."""
    return os.environ.get(variable, "").lower() in ("0", "off", "no", "false")


def _process_started():
    """When this process began, in seconds since 1970; now, where that cannot be known."""
    try:
        with open("/proc/self/stat", encoding="ascii", errors="replace") as file:
            ticks = int(file.read().rsplit(")", 1)[1].split()[19])
        with open("/proc/uptime", encoding="ascii") as file:
            uptime = float(file.read().split()[0])
        return time.time() - uptime + ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return time.time()


def _keeps_workers(live):
    try:
        return getattr(live, "persistent_workers", False) is True
    except Exception:  # an object of the script's that answers in its own way
        return False


def say(text):
    """One line on standard error."""
    try:
        sys.stderr.write("hindcast: %s\n" % text)
    except Exception:
        pass


def sentence(error):
    """What an exception says, in one line."""
    return (str(error) or type(error).__name__).splitlines()[0]

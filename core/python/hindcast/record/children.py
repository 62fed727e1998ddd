# SPDX-License-Identifier: Apache-2.0
"""Processes that were started by another one of this program: workers, forks, ranks.

A process that multiprocessing started (by fork, spawn or forkserver) and that runs a loop of its own is a run of its own:
a rank of torch.multiprocessing.spawn, one training of a sweep. Loader workers and bare forks are helpers: what they log
is not recorded, which is said once.
"""
import mmap
import os
import sys

from ..state import tensors, values

_shared = None  # bytes that forked processes share: [0] somebody said it; the others, by process, that it has something to say
_SHARED_BYTES = 4096


def prepare():
    """Before the first fork: the children of this process say things once between them."""
    global _shared
    if _shared is None:
        try:
            _shared = mmap.mmap(-1, _SHARED_BYTES)
        except OSError:
            pass


def _mark(unsaid):
    if _shared is not None:
        _shared[1 + os.getpid() % (_SHARED_BYTES - 1)] = unsaid


def close(say):
    """The end of the parent: says what children could not say any more, because they were ended by a signal."""
    if _shared is not None and not _shared[0] and any(_shared[:]):
        say("what child processes logged is not recorded")


def is_started_by_multiprocessing():
    """Whether this is a process that multiprocessing started."""
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is None:
        return False
    importing = getattr(multiprocessing.current_process(), "_inheriting", False)  # the main module, before it is a child
    return importing or multiprocessing.parent_process() is not None


def _can_be_a_run():
    """Not a bare fork, nor a worker of a torch DataLoader."""
    worker = sys.modules.get("torch.utils.data._utils.worker")
    return is_started_by_multiprocessing() and (worker is None or worker.get_worker_info() is None)


def at_exit(function):
    """Has `function` called when this process ends, if multiprocessing started it by fork: atexit is not run there."""
    if is_started_by_multiprocessing():
        from multiprocessing import util

        util.Finalize(None, function, exitpriority=-100)


def origin():
    """What run.json says of the parent: null for a process of its own."""
    if not is_started_by_multiprocessing():
        return None
    multiprocessing = sys.modules["multiprocessing"]
    process = multiprocessing.current_process()
    return {"pid": os.getppid(), "process": process.name, "start": multiprocessing.get_start_method(allow_none=True)}


class Helper:
    """Stands in where a child records nothing, and says so when it is asked to."""

    open = False

    def __init__(self, say, argument):
        self._say = say
        self.argument = argument

    def log(self, name, value):
        """Forgets a value."""
        self._tell()

    def loop(self, name, iterable, frame):
        """The iterable itself."""
        self._tell()
        return iterable

    def begin_iteration(self, name, index, label, frame):
        """Nothing to remember."""
        self._tell()

    def _tell(self):
        if self._say is not None and (_shared is None or _shared[0] == 0):
            if _shared is not None:
                _shared[0] = 1
            self._say("this is a child process (%d): what it logs is not recorded" % os.getpid())
        self._say = None

    def _nothing(self, *parameters):
        """Nothing to do."""

    end_iteration = checkpointing = unregister = configure = close = detach = _nothing


def _as_it_is_now(value):
    value = values.plain(value)
    if tensors.is_tensor(value):
        return value.detach().clone()
    return value.copy() if tensors.is_array(value) else value


class Candidate(Helper):
    """Stands in for a child until it shows what it is: a loop makes it a run of its own, with what came before."""

    _KEPT = 1000  # values before the first loop

    def __init__(self, say, argument, start):
        super().__init__(say, self._argument)
        self._value, self._start = argument, start
        self._before = []  # (method, parameters)
        self._values = 0

    def _argument(self, name, default):
        value = self._value(name, default)
        self._before.append(("argument", (name, default)))
        return value

    def log(self, name, value):
        """Keeps a value until there is a loop."""
        if not _can_be_a_run():
            self._tell()
            return
        if not self._values:
            at_exit(self._end)
            _mark(1)
        self._values += 1
        if self._values <= self._KEPT:
            self._before.append(("log", (name, _as_it_is_now(value))))

    def checkpointing(self, objects, frame):
        """Keeps the objects until there is a loop."""
        self._before.append(("checkpointing", (objects, frame)))

    def unregister(self, objects, frame):
        """Keeps the end of the block until there is a loop."""
        self._before.append(("unregister", (objects, frame)))

    def loop(self, name, iterable, frame):
        """A loop: from here on this is a run."""
        if not _can_be_a_run():
            return super().loop(name, iterable, frame)
        return self._begin().loop(name, iterable, frame)

    def begin_iteration(self, name, index, label, frame):
        """A pass: from here on this is a run."""
        if not _can_be_a_run():
            return super().begin_iteration(name, index, label, frame)
        return self._begin().begin_iteration(name, index, label, frame)

    def _begin(self):
        backend = self._start()
        for method, parameters in self._before:
            getattr(backend, method)(*parameters)
        self._before, self._values = [], 0
        _mark(0)
        return backend

    def _end(self):
        """The child ends without a loop: it was a helper."""
        if self._values:
            self._tell()

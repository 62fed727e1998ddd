# SPDX-License-Identifier: Apache-2.0
"""The recording of this process: begun by the first call of the public functions, ended with the process or by commit(),
left alone in children."""
import atexit
import os
import signal
import sys
import threading
import traceback

from .. import _native
from ..state.unseeded import FirstState
from . import arguments, children
from .session import Session, is_off, say, sentence


class Recording:
    """The public functions' view of a session."""

    def __init__(self, session):
        self.session = session
        self.log = session.log
        self.argument = session.argument
        self.checkpointing = session.checkpointing
        self.unregister = session.unregister
        self.configure = session.configure
        self.close = session.close
        self.detach = session.detach

    def loop(self, name, iterable, frame):
        """A recorded loop."""
        return self.session.loops.loop(name, iterable, frame) if self.session.open else iterable

    def begin_iteration(self, name, index, label, frame):
        """An explicit pass begins."""
        return self.session.loops.begin_iteration(name, index, label, frame) if self.session.open else None

    def end_iteration(self, active, how, frame):
        """An explicit pass ends."""
        if self.session.open:
            self.session.loops.end_iteration(active, how, frame)


class Starting(children.Helper):
    """Stands in while the recording is being made: keeps what a signal handler logs meanwhile."""

    def __init__(self):
        super().__init__(None, arguments.value)
        self.early = []

    def log(self, name, value):
        """Keeps a value for the recording."""
        self.early.append((name, value))


_backend = None
_starting = threading.RLock()  # held while a recording is being made: other threads wait for it
_first_state = FirstState()
_hooked = False
_forked = False  # this process was forked from one that recorded


def backend():
    """What the public functions talk to; starts recording on first use."""
    global _backend
    if _backend is None or type(_backend) is Starting:
        with _starting:
            if _backend is None:
                _backend = _first()
    return _backend


def _first():
    if is_off("HINDCAST"):
        return _nobody()
    return _candidate() if _forked or children.is_started_by_multiprocessing() else _start()


def _nobody():
    """Where nothing is recorded: the script runs as if it logged into the void."""
    return children.Helper(None, arguments.value)


def _candidate():
    return children.Candidate(say, arguments.value, _start)


def _start():
    """Starts to record; where that fails the script runs without."""
    global _backend, _first_state
    with _starting:
        _backend = starting = Starting()
        try:
            _first_state = _first_state or FirstState()
            _backend = Recording(Session(_first_state.state()))
            _hook()
            children.at_exit(_at_exit)
        except Exception as error:
            _backend = _nobody()
            say("nothing is recorded: " + sentence(error))
        for name, value in starting.early:
            _backend.log(name, value)
    return _backend


def set_backend(other):
    """Puts another backend in place (the replay runtime does)."""
    global _backend
    _backend = other


def commit():
    """Seals the version; the next call of the API starts another."""
    global _backend, _first_state
    if _backend is not None:
        _backend.close("commit")
        _backend = None
        _first_state = None


def _hook():
    global _hooked
    if _hooked:
        return
    _hooked = True
    atexit.register(_at_exit)
    watch_forks()
    previous = sys.excepthook

    def excepthook(kind, error, trace):
        session = getattr(_backend, "session", None)
        if session is not None:
            session.exception = _described(error)
        previous(kind, error, trace)

    sys.excepthook = excepthook
    try:
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _on_terminate)
    except ValueError:
        pass  # not the main thread: SIGTERM then ends the run as a crash, which readers know


def watch_forks():
    """A forked child (a DataLoader worker) leaves the recording or replay of its parent alone."""
    children.prepare()
    os.register_at_fork(after_in_child=_after_fork)


def _at_exit():
    """Also what multiprocessing calls at the end of a child, while an exception of the child's is on its way."""
    if _backend is not None:
        session = getattr(_backend, "session", None)
        error = sys.exc_info()[1]
        if session is not None and isinstance(error, Exception):
            session.exception = _described(error)
        _backend.close("exception" if session is not None and session.exception else "normal")
        if not _forked:
            children.close(say)


def _after_fork():
    global _backend, _forked, _starting
    _starting = threading.RLock()  # another thread may have held it
    if _backend is not None:
        _native.set_current(None)
        _backend.detach()
        _forked = isinstance(_backend, (Recording, children.Candidate)) and not is_off("HINDCAST")
        _backend = _candidate() if _forked else _nobody()


def _on_terminate(number, frame):
    session = getattr(_backend, "session", None)
    if session is not None and session.pid == os.getpid():
        session.close("SIGTERM")
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _described(error):
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def _waits():
    session = getattr(_backend, "session", None)
    if session is not None and session.open:
        session.waits()


def _slow_log(name, value):
    backend().log(name, value)
    return value


_native.set_slow_log(_slow_log)
_native.set_wait_notice(_waits)

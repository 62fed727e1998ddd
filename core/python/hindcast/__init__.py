# SPDX-License-Identifier: Apache-2.0
"""Hindcast: log now what you forgot to log then.

    import hindcast as hc
    lr = hc.arg("lr", 1e-3)
    with hc.checkpointing(model=net, optimizer=opt):
        for epoch in hc.loop("epoch", range(hc.arg("epochs", 10))):
            for batch in hc.loop("step", loader):
                hc.log("loss", loss.item())
"""
import sys as _sys

from .record import arguments as _arguments

_arguments.take_from_command_line(_sys.argv)

from .record import process as _process  # noqa: E402  (reads what was just taken from the command line)
from ._native import log  # noqa: E402
from .query import dataframe, query, sql  # noqa: E402
from .rich import histogram, image, matrix  # noqa: E402
from .state.objects import register  # noqa: E402

__all__ = [
    "log", "arg", "loop", "iteration", "checkpointing", "configure", "commit", "histogram", "matrix", "image",
    "dataframe", "sql", "query", "register",
]
__version__ = "0.1.0"


def arg(name, default=None):
    """An argument of the run: `default`, unless set by `--kwargs name=value` or `hindcast run --arg name=value`."""
    return _process.backend().argument(name, default)


def loop(name, iterable):
    """`iterable`, with its passes named: values logged inside carry their place."""
    return _process.backend().loop(name, iterable, _sys._getframe(1))


class iteration:  # noqa: N801  (used like a function: `with hc.iteration("epoch", i): …`)
    """One explicit pass of a loop, for loops that are no `for`. `index` None: one more than in the pass before, from 0."""

    def __init__(self, name, index=None, value=None):
        self._name, self._index, self._value = name, None if index is None else int(index), value
        self._active = None

    def __enter__(self):
        label = str(self._value) if isinstance(self._value, (int, float, str)) else None
        self._active = _process.backend().begin_iteration(self._name, self._index, label, _sys._getframe(1))
        return self._value

    def __exit__(self, *problem):
        _process.backend().end_iteration(self._active, 0 if problem[0] is None else 3, _sys._getframe(1))
        return False


class checkpointing:  # noqa: N801  (used like a function)
    """Names the objects whose state the run needs; for the length of a `with` block, or from here on without one."""

    def __init__(self, **objects):
        self._objects = objects
        _process.backend().checkpointing(objects, _sys._getframe(1))

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        _process.backend().unregister(self._objects, _sys._getframe(1))
        return False


def configure(budget=None, lazy=None, grads=None):
    """How this process records: `budget` is the percentage of the run's time that captures may take (2 unless set, also by
    HINDCAST_BUDGET); `lazy=True` copies parameters and optimizer state in the background until `optimizer.step()` (also
    HINDCAST_LAZY=1): it hides the copy where parameters change nowhere else; `grads=True` stores gradients where an inner loop
    ends too (also HINDCAST_GRADS=1): statements behind it that read them need no training then."""
    _process.backend().configure(budget, lazy, grads)


def commit():
    """Seals the version; what follows is recorded as another."""
    _process.commit()

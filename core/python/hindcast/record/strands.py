# SPDX-License-Identifier: Apache-2.0
"""Tasks of asyncio that take turns in one thread. The first one that begins a loop is recorded as the thread is, with captures;
each other one that begins a loop meanwhile is a strand of its own: its values stand in its own loops. A task that begins none
logs where the task stood that made it."""
import contextvars
import sys
import weakref

_strand = contextvars.ContextVar("hindcast_strand", default=0)


class Strands:
    """The strands of one recording. `several`: whether there is more than one, so that everything has to select its own."""

    def __init__(self, recorder, begun):
        self.several = False
        self._recorder = recorder
        self._begun = begun  # called when there is a second one
        self._owner = None  # the task that is recorded as the thread is
        self._tasks = weakref.WeakKeyDictionary()  # task -> its strand
        self._guest = None
        self._count = 0

    def enter(self, free):
        """The strand of the loop that begins here; `free`: no loop is being captured."""
        task = current_task()
        if free and (task is None or task not in self._tasks):
            self._owner = task
        if task is self._owner or task not in self._tasks and self._waits_for(task):
            return 0
        if not self.several:
            self.several = True
            self._begun()
        if self._tasks.get(task) is None:  # a task that another one made begins with the strand of that one
            self._count += 1
            self._tasks[task] = self._count
            _strand.set(self._count)
        return self._tasks[task]

    def _waits_for(self, task):
        """Whether the task whose loop is captured does nothing but wait for this one: then its loops lie inside that loop."""
        if self._owner is not None:
            return getattr(self._owner, "_fut_waiter", None) is task
        guest = self._guest() if self._guest is not None else None
        if guest is None or guest.done():  # asyncio.run() inside a loop
            self._guest = weakref.ref(task)
        return self._guest() is task

    def select(self, strand=None):
        """What is logged next belongs to this strand; None: to that of the task that runs."""
        if self.several:
            self._recorder.strand(_strand.get() if strand is None else strand)


def current_task():
    """The task of asyncio that runs here, or None."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    try:
        return asyncio.current_task()
    except RuntimeError:  # no loop of events is running
        return None

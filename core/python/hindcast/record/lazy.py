# SPDX-License-Identifier: Apache-2.0
"""Lazy captures: what only optimizers write (parameters, their state) is copied while the next forward and backward pass run.

`optimizer.step` waits until the copy is done. A tensor that changed earlier, in whatever way, gives that capture up, and
lazy captures with it: the script writes at moments that cannot be foreseen.
"""
import functools
import types

from ..state import tensors


class LazyCaptures:
    """Marks what may be copied late, and stands before the optimizers until it is copied."""

    def __init__(self, recorder, given_up):
        self.wanted = False
        self._recorder = recorder
        self._given_up = given_up  # called once, when a capture was given up
        self._waiting = []  # (tensor, its version) of the capture that is being copied
        self._barriers = []  # (optimizer, the `step` put before its own)

    def choose(self, composition):
        """Rows of the capture's table that may be copied late."""
        if not self.wanted:
            return frozenset()
        written = set()
        for optimizer in _optimizers(composition):
            for group in optimizer.param_groups:
                written.update(id(param) for param in group["params"])
            for state in optimizer.state.values():
                written.update(id(item) for item in state.values() if tensors.is_tensor(item))
        return frozenset(
            index for index, value in composition.walker.sources.items() if id(value) in written and _stays(value, composition.table[index])
        )

    def watch(self, composition, rows):
        """A capture was taken in which these rows are still to be copied."""
        sources = composition.walker.sources
        self._waiting = [(sources[index], sources[index]._version) for index in rows]
        for optimizer in _optimizers(composition):
            self._stand_before(optimizer)

    def settle(self):
        """From here on the tensors may change: returns when they are copied."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        for optimizer, barrier in self._barriers:
            if optimizer.__dict__.get("step") is barrier:
                _take_away(optimizer, barrier)
        self._barriers = []
        valid = all(tensor._version == version for tensor, version in waiting)
        if not self._recorder.settle(valid):
            self.wanted = False
            self._given_up()

    def _stand_before(self, optimizer):
        # Not register_step_pre_hook, which torch 1 lacks. A bound method, as learning rate schedulers expect of `step`.
        own = optimizer.__dict__.get("step")
        step = optimizer.step
        settle = self.settle

        @functools.wraps(step)
        def barrier(_, *positional, **named):
            settle()
            return step(*positional, **named)

        barrier.hindcast_own = own
        bound = types.MethodType(barrier, optimizer)
        optimizer.__dict__["step"] = bound
        self._barriers.append((optimizer, bound))


def _take_away(optimizer, barrier):
    if barrier.hindcast_own is None:
        del optimizer.__dict__["step"]
    else:
        optimizer.__dict__["step"] = barrier.hindcast_own


def _optimizers(composition):
    return [value for name, value in composition.walker.objects.items() if composition.meta["objects"][name]["kind"] == "optimizer"]


def _stays(value, row):
    """Whether the row's address is the tensor's own memory on the host: a copy made for the capture needs no waiting."""
    return value.device.type == "cpu" and row[4] > 0 and row[3] == value.data_ptr()

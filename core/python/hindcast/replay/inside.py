# SPDX-License-Identifier: Apache-2.0
"""Passes in the middle of a long inner loop (mode "mid"): what comes before them is fetched but not computed, then the state that
was stored inside the loop is put back. Part of the replay runtime.

The items before are really fetched: workers and samplers have their own history. What was fetched in vain shows when worker
processes give other items than they gave, and else when values or state differ from the recorded ones: then the replay is deep.
"""
import sys

from ..state import capture, tensors
from .outcome import DONE
from .sequence import Sequence


class Inside(Sequence):
    """Starts, ends and checks a range of passes of an inner loop."""

    def _is_inside(self, name):
        """Whether the loop that begins is the one of which some passes were asked for."""
        asked = self.mode == "mid" and len(self._stack) == 1 and self._index == self.unit["first"]
        return asked and name == self.unit["steps"]["loop"]

    def _from_inside(self, key, iterable, code):
        """The passes from the stored state on, up to the first one behind the range where something can be compared."""
        stored = self.points.mids.get(self._index, {}).get(key, {})
        usable = [at for at, row in stored.items() if row["stored"] and at <= self.unit["steps"]["first"]]
        if not usable:
            self.go_deeper(self._index, "no state was stored inside the loop '%s' before these passes" % key[0], self._index)
        begin = max(usable)
        self._enter_check(stored[begin])
        iterator = iter(iterable)
        yield from self._fetch(iterator, begin)
        self._restore_inside(stored[begin], key, iterable, capture.find(sys._getframe(), code))
        last, index = self.unit["steps"]["last"], begin
        while True:
            if index > last and index in stored:
                self._compare_at(stored[index], sys._getframe(), code, capture.MID)
            if index > last and (index in stored or not self._comparable_later(stored, key, index)):
                self._end_inside(key, begin, index)
            try:
                item = next(iterator)
            except StopIteration:
                return
            self._next(item)
            yield item
            index += 1

    def _fetch(self, iterator, count):
        """The items before the stored state; the rewritten loop passes over them, so that whatever counts them does so."""
        self.skipping = True
        for index in range(count):
            try:
                self._fetched = next(iterator)
            except StopIteration:
                self.go_deeper(self._index, "the inner loop ends before pass %d in this replay" % count, self._index)
            self._next(self._fetched)
            yield self._fetched
        self.skipping = False

    def _restore_inside(self, row, key, iterable, frame):
        recorded = self.points.source(row).meta.get("digests", {}).get("item")
        if getattr(iterable, "num_workers", 0) > 0 and recorded is not None and tensors.digest_of(self._fetched) != recorded:
            self.go_deeper(self._index, "the loader's workers give other items of '%s' than they gave" % key[0], self._index)
        self.ledger.drop_passes(self._index, key, 0, row["coords"][1][2])
        self._taken = self._restore(row, frame, inside=True)
        self.progress("restore", self._index)

    def _comparable_later(self, stored, key, index):
        """Whether a state was captured at or behind a pass: inside the loop, or where it ends."""
        return key in self.points.exits.get(self._index, {}) or any(at >= index for at in stored)

    def _end_inside(self, key, begin, end):
        """All passes that were asked for have run, and were compared as far as that is possible."""
        self.ledger.keep_passes(self._index, key, begin, end)
        self.ledger.close(self._index, self._tally())
        self.progress("iteration", self._index)
        self._decide()
        self.finish(DONE)

    def _left_inside(self, key, row):
        """The loop has ended before the range was over, or there was nothing to compare inside it: its end was compared."""
        if row is not None:
            self._tally().passed("state")
            self._end_inside(key, 0, row["passes"])

    def _in_range(self):
        """Whether a value that is logged now belongs to the passes that were asked for."""
        steps = self.unit.get("steps")
        if self.mode != "mid" or steps is None:
            return True
        stack = self.recorder.stack()
        return len(stack) > 1 and stack[1][0] == steps["loop"] and steps["first"] <= stack[1][2] <= steps["last"]

    def _next(self, item):
        if type(item) in (int, str):
            self.recorder.next(label=str(item))
        else:
            self.recorder.next()

# SPDX-License-Identifier: Apache-2.0
"""Loops while recording. A pass of an inner loop costs about a microsecond; captures happen around the passes of outer
loops, always before the next item is fetched, and when an inner loop ends, however it ends."""
import sys
import threading
import time

from ..state import capture, tensors
from . import policy as budget
from .strands import Strands


class Loop:
    """What `hc.loop(name, iterable)` returns: to be iterated once, like the iterable it stands for."""

    def __init__(self, start, iterable):
        self._start = start
        self._iterable = iterable
        self._own = None

    def __iter__(self):
        return self._start()

    def __next__(self):
        if self._own is None:
            self._own = self._start()
        return next(self._own)

    def __len__(self):
        return len(self._iterable)

    def __length_hint__(self):
        return len(self._iterable) if hasattr(type(self._iterable), "__len__") else 0

    def __bool__(self):
        return True


class Active:
    """A loop that is being run by the thread whose loops are captured. `token`: the native recorder's name for this run of it."""

    __slots__ = ("token", "name", "code", "outer", "open", "inner_seen", "passes", "before", "wanted", "entry", "end_known", "inside", "following")

    def __init__(self, token, name, code, outer):
        self.token = token
        self.name = name
        self.code = code
        self.outer = outer
        self.open = True
        self.inner_seen = False
        self.passes = 0
        self.before = None
        self.wanted = budget.SKIP
        self.entry = None
        self.following = 0  # explicit passes: index of the next one that names none
        self.inside = False  # explicit passes: one has begun and not ended
        self.end_known = True  # explicit passes: the state at the end of the newest one was captured


_SAID = (int, str, float, bool)  # items that say what a pass was


class LoopRecorder:
    """The loops of one recording session."""

    def __init__(self, session):
        self._session = session
        self._recorder = session.recorder
        self._stack = []
        self._implicit = None  # the loop that `iteration` opened, outermost
        self.last_pass = None  # index of the newest explicit pass of an outermost loop
        self._thread = None  # the one whose loops are captured
        self.strands = Strands(self._recorder, session.strands_begin)

    def loop(self, name, iterable, frame):
        """Returns the Loop for `hc.loop` called by `frame`."""
        code = frame.f_code
        return Loop(lambda: self._run(name, iterable, code), iterable)

    def _run(self, name, iterable, code):
        if not self._session.open or not self._owns_captures():
            return self._plain(name, iterable)
        depth = len(self._stack)
        strand = self.strands.enter(depth == 0)
        if strand:
            return self._plain(name, iterable, strand)
        if depth == 0:
            return self._outer(name, iterable, code)
        return self._inner(name, iterable, code, depth) if depth <= 2 else self._plain(name, iterable)

    def _owns_captures(self):
        """Whether this thread's loops are captured: those of the first thread that begins one, or of the main thread."""
        thread = threading.get_ident()
        if self._thread is None or not self._stack and thread == threading.main_thread().ident:
            self._thread = thread
        return self._thread == thread

    def _plain(self, name, iterable, strand=0):
        """A loop that is never captured: coordinates only."""
        step, select = self._recorder.step, self.strands.select
        select(strand)
        token = self._recorder.enter(name)
        how = capture.BREAK
        try:
            for item in iterable:
                select(strand)
                if type(item) in _SAID:
                    step(token, str(item))
                else:
                    step(token)
                yield item
            how = capture.EXHAUSTED
        finally:
            select(strand)
            self._leave(how, token)

    def _inner(self, name, iterable, code, depth):
        """A loop inside an outermost one, or inside such a loop: epochs of a fold hold steps."""
        if len(self._stack) != depth:  # begun later than it was made, as by zip()
            yield from self._run(name, iterable, code)
            return
        self.strands.select(0)
        step = self._recorder.step
        token = self._recorder.enter(name)
        active = Active(token, name, code, False)
        self._session.guard(self._enter_inner, active, sys._getframe(1))
        how = capture.BREAK
        clock, item = time.perf_counter, None
        due = clock() + budget.MID_SECONDS
        try:
            source = iter(iterable)
            while True:
                self.strands.select(0)
                if clock() >= due and depth == 1:
                    self._session.guard(self._mid, active, sys._getframe(1), item)
                    due = clock() + budget.MID_SECONDS
                try:
                    item = next(source)
                except StopIteration:
                    how = capture.EXHAUSTED
                    break
                if type(item) in _SAID:
                    step(token, str(item))
                else:
                    step(token)
                yield item
        except GeneratorExit:
            raise
        except BaseException:
            how = capture.EXCEPTION
            raise
        finally:
            self.strands.select(0)
            if active.open:
                self._session.guard(self._leave_inner, active, how, sys._getframe(1))
                active.open = False
                self._leave(how, token)

    def _leave(self, how, token):
        if self._session.open:
            self._recorder.leave(how, token)

    def _outer(self, name, iterable, code):
        if self._stack:
            yield from self._run(name, iterable, code)
            return
        self.strands.select(0)
        step, guard = self._recorder.step, self._session.guard
        self.close_iterations()
        token = self._recorder.enter(name)
        active = Active(token, name, code, True)
        self._stack.append(active)
        how = capture.BREAK
        try:
            guard(self._prefix, active, sys._getframe(1))
            source, index = None, 0
            while True:
                self.strands.select(0)
                now = time.perf_counter()
                if active.inner_seen or index < budget.TRIAL_PASSES or now >= self._session.policy.quiet_until:
                    guard(self._boundary, active, sys._getframe(1), index, now)
                if source is None:
                    source = iter(iterable)
                try:
                    item = next(source)
                except StopIteration:
                    how = capture.EXHAUSTED
                    break
                if type(item) in _SAID and (item != index or type(item) is not int):
                    step(token, str(item))
                else:
                    step(token)
                active.passes = index = index + 1
                yield item
        except GeneratorExit:
            raise
        except BaseException:
            how = capture.EXCEPTION
            raise
        finally:
            self.strands.select(0)
            if active.open:
                guard(self._leave_outer, active, how, sys._getframe(1))
                active.open = False
                self._leave(how, token)

    # What follows runs under guard(): an exception here switches recording off and never reaches the script.

    def _prefix(self, active, frame):
        frame = capture.find(frame, active.code)
        self._session.memory.forget()
        composition = self._session.compose(frame, capture.PREFIX)
        composition.meta["fingerprint"]["import"] = self._session.import_state
        self._session.write(composition, capture.PREFIX, 0, self._coordinates(), 0, False)

    def _boundary(self, active, frame, index, now):
        self._close_above(active)
        short = not active.inner_seen and index >= budget.TRIAL_PASSES
        choice = budget.FULL if index == 0 else self._session.policy.choose(now, short)
        if choice == budget.SKIP:
            active.wanted = choice
            return
        active.wanted = choice
        frame = capture.find(frame, active.code)
        if frame is None:
            return
        coordinates = self._coordinates()
        coordinates[-1] = (coordinates[-1][0], coordinates[-1][1], index)
        composition = self._session.compose(frame, capture.BOUNDARY)
        self._session.write(composition, capture.BOUNDARY, 0, coordinates, index, choice == budget.FULL)
        self._session.policy.account(choice, now, time.perf_counter())

    def _enter_inner(self, active, frame):
        outer = self._stack[-1]
        outer.inner_seen = True
        self._stack.append(active)
        active.wanted = outer.wanted
        if outer.wanted == budget.SKIP or len(self._stack) > 2 and not self._session.policy.may_take_nested(time.perf_counter()):
            return
        frame = capture.find(frame, active.code)
        if frame is not None:
            active.before = capture.bindings(frame)
            active.entry = capture.entry_digest()

    def _mid(self, active, frame, item):
        """A capture before the next item of a long inner loop is fetched; the item before shows a replay that it is there."""
        began = time.perf_counter()
        frame = capture.find(frame, active.code)
        if active.before is None or frame is None or not self._session.policy.may_take_inside(began):
            return
        coordinates = self._coordinates()
        name, occurrence, last = coordinates[-1]
        coordinates[-1] = (name, occurrence, last + 1)
        composition = self._session.compose(frame, capture.MID, active.before)
        composition.meta["digests"] = {"entry": active.entry, "item": tensors.digest_of(item)}
        self._session.write(composition, capture.MID, 0, coordinates, last + 1, True)
        self._session.policy.account(budget.FULL, began, time.perf_counter())

    def _leave_inner(self, active, how, frame):
        self._close_above(active)
        self._stack.remove(active)
        outer = self._stack[-1]
        began = time.perf_counter()
        choice = self._session.policy.choose(began, False) if outer.wanted != budget.SKIP else budget.SKIP
        if choice == budget.SKIP or active.before is None:
            return
        frame = capture.find(frame, active.code)
        if frame is None:
            return  # closed late, from somewhere else: the names are not what they were
        coordinates = self._recorder.stack()
        composition = self._session.compose(frame, capture.EXIT, active.before)
        composition.meta["digests"] = {"entry": active.entry}
        self._session.write(
            composition, capture.EXIT, how, coordinates, coordinates[-1][2] + 1, choice == budget.FULL
        )
        self._session.policy.account(choice, began, time.perf_counter(), len(coordinates) > 2)

    def _leave_outer(self, active, how, frame):
        self._close_above(active)
        self._stack.remove(active)
        frame = capture.find(frame, active.code)
        if frame is None or how == capture.EXCEPTION:
            return
        began = time.perf_counter()
        composition = self._session.compose(frame, capture.END)
        self._session.write(composition, capture.END, how, self._recorder.stack(), active.passes, True)
        self._session.policy.account(budget.FULL, began, time.perf_counter())

    def _coordinates(self):
        return [tuple(level) for level in self._recorder.stack()]

    def _close_above(self, active):
        """Ends loops whose iterator the script still holds, although it has left them or goes on with one around them."""
        while self._stack and self._stack[-1] is not active:
            stale = self._stack.pop()
            if stale.open:
                stale.open = False
                self._recorder.suspend(stale.token)

    # iteration(): one explicit pass, mostly inside `while`.

    def begin_iteration(self, name, index, label, frame):
        """A pass begins; opens the loop when this is its first pass here. `index` None: the one after the pass before. What it
        returns is for end_iteration()."""
        if not self._owns_captures() or self.strands.enter(not self._stack):
            self.strands.select()
            return self._begin_plain(name, index, label)
        self.strands.select(0)
        if self._implicit is not None and self._stack == [self._implicit] and not self._implicit.inside and self._implicit.name != name:
            self.close_iterations()
        if self._implicit is None and not self._stack:
            active = Active(self._recorder.enter(name), name, frame.f_code, True)
            self._stack.append(active)
            self._implicit = active
            self._session.guard(self._prefix, active, frame)
        active = self._implicit
        if active is None or self._stack != [active] or active.inside:
            return self._begin_plain(name, index, label)
        index = active.following if index is None else index
        now = time.perf_counter()
        short = not active.inner_seen and active.passes >= budget.TRIAL_PASSES
        if not short or now >= self._session.policy.quiet_until:
            self._session.guard(self._boundary, active, frame, index, now)
        active.passes += 1
        active.end_known = False
        active.inside = True
        active.following = index + 1
        self.last_pass = index
        self._recorder.next(index=index, label=label)
        return active

    def _begin_plain(self, name, index, label):
        """A pass inside another loop, or of another thread: coordinates only."""
        token = self._recorder.enter(name)
        self._recorder.next(index=index, label=label)
        return token

    def end_iteration(self, active, how, frame):
        """A pass ends. What it leaves behind is captured as the loop's end: which pass is the last, nobody knows yet."""
        if not isinstance(active, Active):
            self.strands.select()
            self._leave(how, active)
            return
        active.inside = False
        if active.open and active.wanted != budget.SKIP and how != capture.EXCEPTION:
            self._session.guard(self._end_pass, active, frame)

    def _end_pass(self, active, frame):
        self._close_above(active)
        now = time.perf_counter()
        choice = self._session.policy.choose(now, not active.inner_seen and active.passes >= budget.TRIAL_PASSES)
        if choice == budget.SKIP:
            return
        composition = self._session.compose(frame, capture.END)
        self._session.write(composition, capture.END, 0, self._coordinates(), active.passes, choice == budget.FULL)
        active.end_known = True
        self._session.policy.account(choice, now, time.perf_counter())

    def close_iterations(self, frame=None, script_ends=False):
        """Leaves the loop that `iteration` opened, when something outside it begins. `frame`: where the block around the loop
        ends; digests of the state there, or of the modules at the end of the script, are kept when those at the end of the last
        pass were not."""
        active, self._implicit = self._implicit, None
        if active is not None and active.open:
            self._close_above(active)
            if frame is not None and not active.end_known:
                self._session.guard(self._late_end, active, frame)
            elif script_ends and not active.end_known and not active.inside and active.code.co_name == "<module>":
                self._session.guard(self._digest_end, active, None, capture.RETURN)
            if self._stack and self._stack[-1] is active:
                self._stack.pop()
            active.open = False
            self._leave(capture.EXHAUSTED, active.token)

    def _late_end(self, active, frame):
        frame = capture.find(frame, active.code)
        if frame is not None:
            self._digest_end(active, frame, capture.BREAK)

    def _digest_end(self, active, frame, how):
        composition = self._session.compose(frame, capture.END)
        self._session.write(composition, capture.END, how, self._coordinates(), active.passes, False)

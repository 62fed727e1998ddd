# SPDX-License-Identifier: Apache-2.0
"""When a capture may be taken: measured cost against the budget (a share of the wall time, 2 % unless set)."""
import os
import time

GRACE_SECONDS = 1.0  # short scripts are captured whole
TRIAL_PASSES = 16  # a loop without inner loops is treated like an epoch loop for this many passes
MID_SECONDS = 30.0  # an inner loop that runs longer is captured inside, about this often
SMALL_SECONDS = 1.0  # small state about this often where passes are short

SKIP, SMALL, FULL = range(3)


class Policy:
    """Keeps account of the time that captures took on the training thread."""

    def __init__(self):
        self.budget = 0.02
        try:
            self.set_budget(os.environ.get("HINDCAST_BUDGET", "2"))
        except ValueError:
            pass  # a variable that says nothing is no reason to stop a training run
        self.started = time.perf_counter()
        self.spent = 0.0
        self._nested = 0.0  # of that, for loops within inner loops
        self.skipped = 0
        self.small = 0  # captures without tensor bytes, because those would have cost too much
        self._cost = {SMALL: 0.0, FULL: 0.0}
        self._not_before = {SMALL: 0.0, FULL: 0.0}
        self.quiet_until = 0.0  # no capture in a loop of short passes before this time

    def set_budget(self, percent):
        """The share of the wall time that captures may take, in percent: a number or a text like "0.5%"."""
        share = float(str(percent).strip().rstrip("%")) / 100.0
        if not 0.0 <= share <= 1.0:
            raise ValueError("the budget is a percentage of the run's time: %s is not between 0 and 100" % percent)
        self.budget = share

    def choose(self, now, short_passes):
        """SKIP, SMALL (no tensor bytes) or FULL for a capture point reached at `now`."""
        allowance = GRACE_SECONDS + self.budget * (now - self.started)
        if short_passes:
            if now >= self._not_before[FULL] and self.spent + self._cost[FULL] <= allowance:
                return FULL
            return SMALL if now >= self._not_before[SMALL] else self._skip()
        if self.spent + self._cost[FULL] <= allowance:
            return FULL
        if self.spent + self._cost[SMALL] <= allowance or now >= self._not_before[SMALL]:
            return SMALL
        return self._skip()

    def may_take_inside(self, now):
        """Whether a capture with tensors inside a long inner loop is within the budget."""
        return now >= self._not_before[FULL] and self.spent + self._cost[FULL] <= GRACE_SECONDS + self.budget * (now - self.started)

    def may_take_nested(self, now):
        """Whether a loop within an inner loop may be captured at its end: those take half of the budget at most."""
        return self._nested + self._cost[FULL] <= (GRACE_SECONDS + self.budget * (now - self.started)) / 2

    def account(self, kind, began, ended, nested=False):
        """A capture of this kind took from `began` to `ended`."""
        cost = ended - began
        self.spent += cost
        self._nested += cost if nested else 0.0
        self.small += kind == SMALL
        known = self._cost[kind]
        self._cost[kind] = cost if known == 0.0 else 0.7 * known + 0.3 * cost
        pause = cost / self.budget if self.budget > 0 else 60.0
        self._not_before[kind] = ended + pause
        self._not_before[SMALL] = max(ended + max(SMALL_SECONDS, pause if kind == SMALL else 0.0), 0.0)
        self.quiet_until = min(self._not_before[SMALL], self._not_before[FULL])

    def report(self):
        """Numbers for the overhead note."""
        elapsed = time.perf_counter() - self.started
        return {
            "seconds": round(self.spent, 6),
            "elapsed": round(elapsed, 6),
            "share": round(self.spent / elapsed, 6) if elapsed > 0 else 0.0,
            "budget": self.budget,
            "skippedPoints": self.skipped,
            "smallCaptures": self.small,
        }

    def _skip(self):
        self.skipped += 1
        return SKIP

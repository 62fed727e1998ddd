# SPDX-License-Identifier: Apache-2.0
"""A decision about a probe: the mode, and the reason in plain words with a stable key and arguments for translation."""

_TEXTS = {
    "before-loop": "it stands before the loop '{0}'",
    "after-loop": "it stands after the loop '{0}'",
    "after-explicit-loop": "it stands after the explicit iterations of '{0}', and the state there was not stored",
    "import-time": "it runs when the module is imported, before the loop '{0}'",
    "inside-inner-loop": "it stands inside the loop '{0}'",
    "before-inner-loop": "it stands before the loop '{0}'; the state there is stored",
    "after-inner-loop": "all it reads is stored where the loop '{0}' ends",
    "reads-gradients": "it uses '{0}', which only running the loop '{1}' gives",
    "computed-in-inner-loop": "it reads '{0}', which is not stored where the loop '{1}' ends ({2})",
    "needed-after-inner-loop": "what follows the loop '{1}' reads '{0}', which is not stored there ({2})",
    "unknown-name": "it reads '{0}', of which nothing is known where the loop '{1}' ends",
    "unknown-callers": "it stands in '{0}', and who calls that cannot be seen",
    "not-called": "no call of '{0}' was found",
    "same-compound-statement": "it shares a compound statement with the loop '{0}'",
    "return-in-loop": "the loop '{0}' may end by return",
    "no-inner-loop": "no inner loop is recorded in '{0}'",
    "no-exit-state": "no state was stored where the loop '{0}' ends",
    "several-runs": "it stands between runs of the loop '{0}', and not all of them can be skipped",
    "iterator": "the loop '{1}' fetches from '{0}', an iterator whose position is not stored",
    "uncaptured-state": "it depends on '{0}', whose state is not stored",
    "dynamic-code": "it uses {0}(), which hides what is read",
    "no-captures": "the version has no checkpoint",
    "run-later": "it stands in the generator '{0}', which runs where its values are asked for",
    "no-place": "no statement was found at these lines",
    "mixed": "it is reached in several ways; the deepest decides",
}


class Decision:
    """A mode, and why."""

    def __init__(self, mode, key, *arguments, inner=(), run=None):
        self.mode = mode
        self.key = key
        self.arguments = [str(item) for item in arguments]
        self.inner = list(inner)
        self.run = run  # (outermost loop, which of its runs); None: the loop around the statement, all of its runs
        self.also = []  # units of their own that the same statement needs besides: it is also reached outside the loop

    def text(self):
        """The reason in plain words."""
        return _TEXTS[self.key].format(*self.arguments)

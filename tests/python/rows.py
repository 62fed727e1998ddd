# SPDX-License-Identifier: Apache-2.0
"""A row of the hazard table as a test: a script is recorded, a second run logs the probes from the start, and replays go up
the ladder of modes as the scheduler does. Whatever a replay shows as proven must be what the second run logged."""
PROVEN = ("exact", "exact-logs", "numeric")
HIGHEST = 5  # replays on one ladder


class Climb:
    """The replays of one question, in the order in which they were tried."""

    def __init__(self, replays, modes):
        self.replays = replays
        self.modes = modes

    @property
    def last(self):
        return self.replays[-1]

    @property
    def grades(self):
        """Grades of the last replay."""
        return self.last.grades()

    @property
    def causes(self):
        """What is said of every iteration that was not faithful, and of every step up."""
        told = [frame["cause"] for replay in self.replays for frame in replay.frames() if frame["cause"]]
        return told + [note["reason"] for replay in self.replays for note in replay.notes("escalate")]

    def describe(self):
        return [(mode, replay.frames(), replay.notes("escalate"), replay.output[-800:]) for mode, replay in zip(self.modes, self.replays)]


class Row:
    """One script, recorded, and the values that a run with the probes in it gave."""

    def __init__(self, made, probes, *arguments, truth=None, **environment):
        self.made, self.probes = made, list(probes)
        self.environment = {}  # of the replays
        self.loop, self.inner = "epoch", ("step",)
        self.version = made.record(*arguments, **environment)
        self.truth = truth(self.version) if truth is not None else made.truth(self.probes, *arguments, **environment).values()

    def climb(self, mode, first, last, **unit):
        """Replays in `mode`, then deeper as long as a replay asks for that; proven values are compared with the truth."""
        tried, modes, limit = [], [], None
        while not tried or tried[-1].status == 3:
            assert len(tried) < HIGHEST, modes
            fields = {**unit, **({} if limit is None else {"latest": limit})}
            tried.append(self.made.replay(self.version, mode, first, last, self.probes, loop=self.loop, inner=self.inner, unit=fields, **self.environment))
            modes.append(mode if limit is None else "%s from %d" % (mode, limit))
            if tried[-1].status == 3:
                note = tried[-1].notes("escalate")[0]
                mode, first, limit = note["to"], max(first, note["first"]), note.get("from")
        found = Climb(tried, modes)
        for replay in tried:
            self._compare(replay, found)
        return found

    def _compare(self, replay, found):
        grades = {(frame["loop"], frame["occurrence"], frame["index"]): frame["grade"] for frame in replay.frames()}
        for key, value in replay.values().items():
            place = tuple(key[0][0]) if key[0] else ("", 0, -1)
            if grades.get(place) in PROVEN:
                assert key in self.truth and self.truth[key] == value, (key, value, self.truth.get(key), found.describe())

    def expect(self, mode, first, last, modes=None, name=None, **unit):
        """The ladder ends with every asked value, exact; `modes`: what was tried."""
        found = self.climb(mode, first, last, **unit)
        indices = range(first, last + 1)
        ended = [replay.grades() for replay in found.replays]
        best = {index: [grades[index] for grades in ended if index in grades][-1] for index in indices if any(index in grades for grades in ended)}
        assert best == dict.fromkeys(indices, "exact"), found.describe()
        if modes is not None:
            assert found.modes == modes, found.describe()
        shown = {}
        for replay in found.replays:
            shown.update({key: value for key, value in replay.values().items() if replay.grades().get(key[0][0][2]) == "exact"})
        names = {key[1] for replay in found.replays for key in replay.values()} if name is None else {name}
        wanted = {key: value for key, value in self.truth.items() if key[1] in names and key[0] and key[0][0][2] in indices}
        assert wanted and {key: shown.get(key) for key in wanted} == wanted, (wanted, shown, found.describe())
        return found

# SPDX-License-Identifier: Apache-2.0
"""Loops of 100,000 short passes without epochs: few of them are captured, and some in the middle are replayed from the nearest
capture alone, exactly."""
import pathlib

import pytest
from rows import Row

SHAPES = pathlib.Path(__file__).parent / "shapes"
LOOPS = {
    "steps_while": ("step", ("train.py", "smooth = 0.999", 'hc.log("seen", float(np.abs(weights).sum()) + float(smooth))')),
    "steps_count": ("iter", ("train.py", "proposal = position", 'hc.log("seen", float(np.abs(position).sum()) + accepted)')),
}
PASSES = 100000


@pytest.fixture(scope="module", params=sorted(LOOPS))
def recorded(request, tmp_path_factory):
    from conftest import Project

    loop, probe = LOOPS[request.param]
    made = Project(tmp_path_factory.mktemp("steps") / "project", {"train.py": (SHAPES / (request.param + ".py")).read_text()})
    return Row(made, [probe]), loop


def test_few_passes_are_captured_and_all_are_counted(recorded):
    made, loop = recorded
    counters = made.version.end()["counters"]
    assert 10 <= counters["captures"] <= PASSES / 100, counters
    assert made.version.end()["status"] == "complete" and len(made.version.values()) > 150


@pytest.mark.parametrize("first", [33333, 50000, PASSES - 10])
def test_passes_are_replayed_from_the_nearest_capture(recorded, first):
    made, loop = recorded
    boundaries = [row["coords"][0][2] for row in made.version.captures(0) if row["stored"]]
    made.loop = loop
    replay = made.climb("deep", first, first + 9).last
    assert replay.status == 0 and set(replay.grades().values()) == {"exact"}, (replay.frames()[:2], replay.notes("escalate"), replay.output)
    begun = [note["index"] for note in replay.notes("progress") if note["phase"] == "restore"]
    assert replay.values() == {key: value for key, value in made.truth.items() if key[1] == "seen" and first <= key[0][0][2] < first + 10}
    assert begun == [max(index for index in boundaries if index <= first)]

# SPDX-License-Identifier: Apache-2.0
"""Tasks of asyncio in one script: a loop in one task is a loop like any other; loops side by side keep their values apart, and a
replay of them is refused by name."""
import pytest

ONE = '''
import asyncio
import numpy as np
import hindcast as hc
np.random.seed(0)
async def main():
    weight = 1.0
    for epoch in hc.loop("epoch", range(4)):
        for step in hc.loop("step", range(3)):
            await asyncio.sleep(0)
            weight += float(np.random.rand())
            hc.log("loss", weight)
        hc.log("end", epoch)
asyncio.run(main())
'''
PROBE = ("train.py", 'hc.log("end"', 'hc.log("seen", 2 * weight)')


@pytest.mark.parametrize("mode", ["deep", "shallow"])
def test_a_loop_in_one_task_is_replayed_exactly(project, mode):
    made = project({"train.py": ONE})
    version = made.record()
    assert version.notes("hazard") == []
    replay = made.replay(version, mode, 2, 2, [PROBE])
    assert replay.grades() == {2: "exact"}, (replay.frames(), replay.output)
    assert replay.values() == {key: value for key, value in made.truth([PROBE]).values("seen").items() if key[0][0][2] == 2}


SEVERAL = '''
import asyncio
import hindcast as hc
async def train(name, passes):
    total = 0
    for epoch in hc.loop(name, range(passes)):
        for step in hc.loop("step", range(3)):
            await asyncio.sleep(0)
            total += step + epoch
            hc.log("x", "%s %d %d" % (name, epoch, step))
        await later(name, epoch)
        hc.log("end", "%s %d" % (name, epoch))
async def later(name, epoch):
    await asyncio.sleep(0)
    await asyncio.create_task(inside(name, epoch))
async def inside(name, epoch):
    await asyncio.sleep(0)
    hc.log("inside", "%s %d" % (name, epoch))
async def main():
    await asyncio.gather(train("a", 3), train("b", 4), train("c", 2))
asyncio.run(main())
for epoch in hc.loop("after", range(2)):
    hc.log("x", "after %d" % epoch)
'''


def test_loops_side_by_side_keep_their_values_apart_and_are_not_replayed(project):
    made = project({"train.py": SEVERAL})
    version = made.record()
    assert version.end()["status"] == "complete" and any(note["what"] == "concurrent tasks" for note in version.notes("hazard"))
    values = version.values()
    assert len(values) == 3 * 9 + 2 * 9 + 2
    for (place, name, ordinal), value in values.items():
        parts = value.split()
        assert ordinal == 0 and place[0][0] == parts[0] and place[0][2] == int(parts[1]), (place, name, value)
        assert len(place) == len(parts) - 1 and (len(parts) < 3 or place[1][2] == int(parts[2])), (place, value)
    replay = made.replay(version, "deep", 1, 1, [("train.py", 'hc.log("end"', 'hc.log("seen", total)')], loop="a")
    assert replay.status == 1 and "tasks of asyncio ran loops side by side" in replay.end()["reason"] and replay.values() == {}


NESTED = '''
import asyncio
import hindcast as hc
async def parts(epoch):
    for part in hc.loop("part", range(2)):
        await asyncio.sleep(0)
        hc.log("x", "%d %d" % (epoch, part))
async def main():
    for epoch in hc.loop("later", range(2)):
        await asyncio.create_task(parts(epoch))
for epoch in hc.loop("epoch", range(2)):
    asyncio.run(parts(epoch))
asyncio.run(main())
'''


def test_a_task_that_a_loop_waits_for_lies_inside_that_loop(project):
    version = project({"train.py": NESTED}).record()
    assert version.notes("hazard") == [] and version.end()["status"] == "complete"
    values = {(loop, value): place for (place, _, _), value in version.values().items() for loop in [place[0][0]]}
    assert len(values) == 8
    for (loop, value), place in values.items():
        assert loop in ("epoch", "later") and [level[2] for level in place] == [int(part) for part in value.split()]

# SPDX-License-Identifier: Apache-2.0
"""Loops in every place where scripts have them: which values stand where."""


def recorded(project, text, **environment):
    """{name: [(coordinates, value), …]} of a script that ends well."""
    version = project({"train.py": "import hindcast as hc\n" + text}).record(**environment)
    assert version.end()["status"] == "complete", version.end()
    found = {}
    for (coordinates, name, _), value in version.values().items():
        found.setdefault(name, []).append((coordinates, value))
    return found


def places(values):
    return [coordinates for coordinates, _ in values]


def test_several_loops_one_after_another_and_three_deep(project):
    found = recorded(project, '''
for epoch in hc.loop("epoch", range(2)):
    for batch in hc.loop("batch", range(2)):
        for part in hc.loop("part", "ab"):
            hc.log("deep", f"{epoch}{batch}{part}")
    for batch in hc.loop("batch", range(1)):
        hc.log("second", batch)
    hc.log("after", epoch)
for epoch in hc.loop("epoch", range(2)):
    hc.log("again", epoch)
for test in hc.loop("test", range(1)):
    hc.log("other", test)
hc.log("end", 1)
''')
    assert found["deep"] == [
        ((("epoch", 0, e), ("batch", 0, b), ("part", 0, p)), f"{e}{b}{'ab'[p]}") for e in range(2) for b in range(2) for p in range(2)
    ]
    assert places(found["second"]) == [(("epoch", 0, e), ("batch", 1, 0)) for e in range(2)]
    assert places(found["after"]) == [(("epoch", 0, e),) for e in range(2)]
    assert places(found["again"]) == [(("epoch", 1, e),) for e in range(2)]
    assert places(found["other"]) == [(("test", 0, 0),)] and places(found["end"]) == [()]


def test_break_return_continue_else_and_exceptions_leave_loops_where_they_stand(project):
    found = recorded(project, '''
def find(limit):
    for row in hc.loop("row", range(10)):
        for cell in hc.loop("cell", range(10)):
            if cell == 1:
                continue
            if (row, cell) == limit:
                return hc.log("found", row * 10 + cell)
            if cell == 2:
                break

for epoch in hc.loop("epoch", range(3)):
    find((epoch, 2))
    try:
        for step in hc.loop("step", range(5)):
            hc.log("step value", step)
            if step == epoch:
                raise ValueError("stop")
    except ValueError:
        hc.log("caught", epoch)
    for nothing in hc.loop("empty", []):
        hc.log("never", 1)
    else:
        hc.log("else", epoch)
hc.log("end", 1)
''')
    assert found["found"] == [((("epoch", 0, e), ("row", 0, e), ("cell", 0, 2)), e * 10 + 2) for e in range(3)]
    assert places(found["step value"]) == [(("epoch", 0, e), ("step", 0, s)) for e in range(3) for s in range(e + 1)]
    assert places(found["caught"]) == places(found["else"]) == [(("epoch", 0, e),) for e in range(3)]
    assert "never" not in found and places(found["end"]) == [()]


def test_generators_that_are_abandoned_or_go_on_later(project):
    found = recorded(project, '''
def batches(name, count):
    for item in hc.loop(name, range(count)):
        yield item

kept = []
for epoch in hc.loop("epoch", range(3)):
    steps = batches("step", 5)
    kept.append(steps)
    hc.log("first", next(steps))
    hc.log("second", next(steps))
    for other in batches("other", 2):
        hc.log("other value", other)
hc.log("outside", 1)
''')
    assert places(found["first"]) == [(("epoch", 0, e), ("step", 0, 0)) for e in range(3)]
    assert places(found["second"]) == [(("epoch", 0, e), ("step", 0, 1)) for e in range(3)]
    assert [place[0] for place in places(found["other value"])] == [("epoch", 0, e) for e in range(3) for _ in range(2)]
    assert [place[-1] for place in places(found["other value"])] == [("other", 0, o) for _ in range(3) for o in range(2)]
    assert places(found["outside"]) == [()]


def test_two_loops_in_one_zip(project):
    found = recorded(project, '''
for a, b in zip(hc.loop("a", range(3)), hc.loop("b", "xyz")):
    hc.log("both", b)
    for inner in hc.loop("inner", range(2)):
        hc.log("inside", inner)
for epoch in hc.loop("epoch", range(2)):
    for a, b in zip(hc.loop("a", range(2)), hc.loop("b", range(2))):
        hc.log("nested", b)
    hc.log("after", epoch)
hc.log("end", 1)
''')
    assert found["both"] == [((("a", 0, i), ("b", 0, i)), "xyz"[i]) for i in range(3)]
    assert places(found["inside"]) == [(("a", 0, i), ("b", 0, i), ("inner", 0, j)) for i in range(3) for j in range(2)]
    assert places(found["nested"]) == [(("epoch", 0, e), ("a", 0, i), ("b", 0, i)) for e in range(2) for i in range(2)]
    assert places(found["after"]) == [(("epoch", 0, e),) for e in range(2)] and places(found["end"]) == [()]


def test_methods_recursion_comprehensions_and_lambdas(project):
    found = recorded(project, '''
class Trainer:
    def fit(self, epochs):
        for self.epoch in hc.loop("epoch", range(epochs)):
            self.run(self.epoch)

    def run(self, depth):
        for level in hc.loop("level", range(1)):
            if depth:
                self.run(depth - 1)
            else:
                hc.log("bottom", self.epoch)

Trainer().fit(3)
squares = [hc.log("square", i * i) for i in hc.loop("i", range(3))]
total = sum(map(lambda i: hc.log("mapped", i), hc.loop("m", range(2))))
def deep(n):
    return hc.log("deepest", n) if n == 0 else deep(n - 1)
for epoch in hc.loop("last", range(1)):
    deep(900)
''')
    assert places(found["bottom"]) == [(("epoch", 0, e),) + (("level", 0, 0),) * (e + 1) for e in range(3)]
    assert found["square"] == [((("i", 0, i),), i * i) for i in range(3)]
    assert places(found["mapped"]) == [(("m", 0, i),) for i in range(2)] and places(found["deepest"]) == [(("last", 0, 0),)]


def test_loops_a_hundred_deep(project):
    found = recorded(project, '''
def nest(depth):
    for i in hc.loop("d%d" % depth, range(2)):
        if depth < 100:
            if i == 1:
                nest(depth + 1)
        else:
            hc.log("x", i)
nest(1)
''')
    assert places(found["x"]) == [tuple(("d%d" % d, 0, 1) for d in range(1, 100)) + (("d100", 0, i),) for i in range(2)]


def test_async_functions_and_asynchronous_generators(project):
    found = recorded(project, '''
import asyncio

async def step(epoch, i):
    await asyncio.sleep(0)
    hc.log("x", epoch * 10 + i)

async def main():
    for epoch in hc.loop("epoch", range(2)):
        for i in hc.loop("step", range(2)):
            await step(epoch, i)
        hc.log("y", epoch)

asyncio.run(main())
hc.log("end", 1)
''')
    assert found["x"] == [((("epoch", 0, e), ("step", 0, i)), e * 10 + i) for e in range(2) for i in range(2)]
    assert places(found["y"]) == [(("epoch", 0, e),) for e in range(2)] and places(found["end"]) == [()]


def test_tasks_that_run_their_loops_by_turns_lose_nothing(project):
    found = recorded(project, '''
import asyncio

async def work(name):
    for i in hc.loop(name, range(3)):
        hc.log(name + " value", i)
        await asyncio.sleep(0)

async def main():
    await asyncio.gather(work("a"), work("b"))

asyncio.run(main())
hc.log("end", 1)
''')
    for name in "ab":
        assert [place[-1] for place in places(found[name + " value"])] == [(name, 0, i) for i in range(3)]
        assert [value for _, value in found[name + " value"]] == [0, 1, 2]
    assert places(found["end"]) == [()]


def test_threads_have_loops_of_their_own(project):
    found = recorded(project, '''
import threading

def work(number):
    for i in hc.loop("item %d" % number, range(50)):
        hc.log("from", i)
        with hc.iteration("part", i):
            hc.log("part value", i)

for epoch in hc.loop("epoch", range(2)):
    threads = [threading.Thread(target=work, args=(n + 4 * epoch,)) for n in range(4)]
    [thread.start() for thread in threads]
    for step in hc.loop("step", range(100)):
        hc.log("main", step)
    [thread.join() for thread in threads]
''')
    assert places(found["main"]) == [(("epoch", 0, e), ("step", 0, s)) for e in range(2) for s in range(100)]
    assert sorted(places(found["from"])) == [(("item %d" % n, 0, i),) for n in range(8) for i in range(50)]
    assert sorted((place[0], place[1][0], place[1][2]) for place in places(found["part value"])) == [
        (("item %d" % n, 0, i), "part", i) for n in range(8) for i in range(50)
    ]


def test_a_training_thread_is_captured_as_the_main_thread_would_be(project):
    version = project({"train.py": '''
import threading
import hindcast as hc
hc.arg("lr", 0.5)

def train():
    total = 0
    for epoch in hc.loop("epoch", range(3)):
        for step in hc.loop("step", range(2)):
            total += step
        hc.log("total", total)

thread = threading.Thread(target=train)
thread.start()
thread.join()
'''}).record()
    assert [row["coords"][0][2] for row in version.captures(0)] == [0, 1, 2, 3] and len(version.captures(1)) == 3
    assert list(version.values("total").values()) == [1, 2, 3]


def test_iterations_within_iterations(project):
    found = recorded(project, '''
epoch = 0
while epoch < 2:
    with hc.iteration("epoch", epoch):
        step = 0
        while step < 3:
            with hc.iteration("step", step):
                hc.log("x", step)
                for part in hc.loop("part", range(1)):
                    hc.log("part value", part)
            step += 1
        hc.log("y", epoch)
    epoch += 1
''')
    assert [(place[0], place[1][0], place[1][2]) for place in places(found["x"])] == [
        (("epoch", 0, e), "step", s) for e in range(2) for s in range(3)
    ]
    assert [place[2] for place in places(found["part value"])] == [("part", 0, 0)] * 6
    assert places(found["y"]) == [(("epoch", 0, e),) for e in range(2)]


def test_a_loop_keeps_the_length_and_truth_of_what_it_stands_for(project):
    found = recorded(project, '''
items = hc.loop("item", [1, 2, 3])
hc.log("length", len(items))
assert list(hc.loop("list", iter([1, 2]))) == [1, 2]
first = iter(hc.loop("one", range(5)))
hc.log("next", next(first))
del first
hc.log("end", 1)
''')
    assert [value for _, value in found["length"]] == [3] and places(found["next"]) == [(("one", 0, 0),)]
    assert places(found["end"]) == [()]


def test_commit_in_the_middle_of_loops_seals_what_was_and_starts_anew(project):
    made = project({"train.py": '''
import hindcast as hc
for run in range(2):
    for epoch in hc.loop("epoch", range(5)):
        hc.log("x", epoch)
        if epoch == 2:
            hc.commit()
            break
    hc.log("late", run)
'''})
    assert made.execute().returncode == 0
    versions = made.versions()
    assert [len(version.values("x")) for version in versions] == [3, 3, 0]
    assert [len(version.values("late")) for version in versions] == [0, 1, 1] and versions[2].end()["exit"] == "normal"


def test_two_trainings_in_one_process_by_runpy(project):
    made = project({
        "one.py": 'import hindcast as hc\nfor epoch in hc.loop("epoch", range(2)):\n    hc.log("x", epoch)\nhc.commit()\n',
        "train.py": 'import runpy\nfor i in range(2):\n    runpy.run_path("one.py", run_name="__main__")\n',
    })
    assert made.execute().returncode == 0
    assert [len(version.values("x")) for version in made.versions()] == [2, 2]
    assert all(version.end()["exit"] == "commit" for version in made.versions())

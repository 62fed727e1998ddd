# SPDX-License-Identifier: Apache-2.0
"""Some passes of a long inner loop (mode mid): from a state stored inside the loop, bit for bit what a run that logged them from
the start gave; where fetching ahead is not sound, the replay asks for a deep one."""
import pytest
from rows import Row
from scripts import DATA, STEP, script

OFTEN = "import hindcast.record.policy as often\noften.MID_SECONDS = 0.0\noften.Policy.may_take_inside = lambda policy, now: True\n"  # a state before every pass
INSIDE = ("train.py", "loss.backward()", 'hc.log("grad", float(sum(p.grad.norm() for p in net.parameters())) + float(x.sum()))')
SETUP = OFTEN + (
    "net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))\n"
    "opt = torch.optim.Adam(net.parameters(), lr=0.01)\ncount, total = 0, 0.0\n"
)
LOADER = "loader = torch.utils.data.DataLoader(Noisy(), batch_size=4, num_workers=%d, %s)\n"
BODY = STEP + '            count += 1\n            total = 0.9 * total + loss.item()\n            hc.log("count", count + total)\n        hc.log("end", total)\n'
SAMPLER = (
    "class Sampler(torch.utils.data.Sampler):\n    def __init__(self):\n        pass\n    def __len__(self):\n        return 48\n"
    "    def __iter__(self):\n        for _ in range(48):\n            yield int(torch.randint(48, (1,)))\n"
)
STEPS = {"loop": "step", "first": 6, "last": 8}


def row(project, setup, body=BODY, text=None):
    made = Row(project({"train.py": text or script(SETUP + setup, body), "data.py": DATA}), [INSIDE], HINDCAST_BUDGET="100")
    assert len(made.version.captures(2)) > 20
    return made


def wanted(made, epoch, steps=STEPS):
    return {key: value for key, value in made.truth.items()
            if key[1] == "grad" and key[0][0][2] == epoch and steps["first"] <= key[0][1][2] <= steps["last"]}


def check(made, epoch=2, steps=STEPS):
    """The passes are replayed from the state before the first of them; nothing else is shown."""
    replay = made.climb("mid", epoch, epoch, steps=steps).last
    frame = replay.fidelity()[epoch]
    assert replay.status == 0 and (frame["mode"], frame["grade"], frame.get("steps")) == ("mid", "exact", steps), (replay.frames(), replay.notes("escalate"), replay.output)
    assert replay.values() == wanted(made, epoch, steps) and replay.values()
    return frame


@pytest.mark.parametrize("how", ["shuffle=True", "shuffle=True, generator=torch.Generator().manual_seed(3)", "shuffle=False"])
@pytest.mark.parametrize("workers", [0, 2])
def test_passes_are_replayed_from_the_state_before_them(project, workers, how):
    frame = check(row(project, LOADER % (workers, how)))
    assert frame["compared"]["logs"] == 2 * 3  # no more passes than were asked for


@pytest.mark.parametrize("wrapped", ["enumerate(hc.loop('step', loader))", "enumerate(log(hc.loop('step', loader)), 1)", "zip(turns, hc.loop('step', loader))"])
def test_loops_in_wrappers_go_on_counting(project, wrapped):
    setup = LOADER % (2, "shuffle=True") + "turns = list(range(1, 100))\ndef log(items):\n    for item in items:\n        yield item\n"
    body = BODY.replace('for x, y in hc.loop("step", loader)', "for turn, (x, y) in " + wrapped).replace("count + total", "count + total + 100 * turn")
    check(row(project, setup, body), 3)


def test_the_last_passes_are_compared_where_the_loop_ends(project):
    check(row(project, LOADER % (0, "shuffle=True")), 2, {"loop": "step", "first": 10, "last": 11})


def test_a_loop_in_a_function_is_replayed_from_inside(project):
    text = script(SETUP + LOADER % (0, "shuffle=True") + "def fit(seen):\n" + BODY.split("        hc.log(\"end\"")[0].replace("count += 1", "seen += 1").replace("count + total", "seen + len(kept)")
                  .replace("            total = 0.9 * total + loss.item()\n", "            kept.append(loss.item())\n") + "        return seen\nkept = []\n",
                  '        count = fit(count)\n        hc.log("end", count)\n')
    check(row(project, "", text=text))


def test_gradients_that_live_over_passes_are_put_back(project):
    body = BODY.replace("            opt.zero_grad()\n", "").replace("            opt.step()\n", "            if count % 4 == 3:\n                opt.step()\n                opt.zero_grad()\n")
    check(row(project, LOADER % (0, "shuffle=True"), body))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_sampler_that_draws_from_the_global_generator_is_exact_or_deep(project, workers):
    made = row(project, SAMPLER + LOADER % (workers, "sampler=Sampler()"))
    found = made.climb("mid", 2, 2, steps=STEPS)  # whatever is shown as proven is compared with the truth
    assert set(found.grades.values()) == {"exact"} and found.modes == (["mid"] if workers == 0 else ["mid", "deep"]), found.describe()
    shown = {key: value for key, value in found.last.values().items() if key in wanted(made, 2)}
    assert shown == wanted(made, 2)

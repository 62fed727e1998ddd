# SPDX-License-Identifier: Apache-2.0
"""Passes with gaps between them, asked of one worker: what nobody asked for is not run where a stored state lies behind it, and what
was asked for is bit for bit what a run that logged it from the start gave."""
import pytest
from rows import Row
from scripts import DATA, FLAT

ASKED = [1, 4, 5, 9]
DEEP = ("train.py", "opt.step()", 'hc.log("grad", float(sum(p.grad.norm() for p in net.parameters())))')
SHALLOW = ("train.py", "history.append(acc)", 'hc.log("norm", float(sum(p.detach().norm() for p in net.parameters())) + len(history))')
PRE = ("train.py", "total = 0.0", 'hc.log("before", float(sum(p.detach().norm() for p in net.parameters())) + best)')
# Tensors are stored before the passes 0, 3, 6 and 9 only, and nowhere else.
SELDOM = (
    "import hindcast.record.policy as seldom\n"
    "seldom.Policy.choose = lambda policy, now, short: seldom.FULL\n"
    "def often(epoch):\n"
    "    seldom.Policy.choose = lambda policy, now, short: seldom.FULL if epoch % 3 == 2 else seldom.SMALL\n"
)
COUNTED = '''
import torch
import hindcast as hc

torch.manual_seed(0)
net = torch.nn.Linear(3, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
done = 0
while True:
    with hc.iteration("epoch"):
        rate = 0.1 / (1 + done)
        for group in opt.param_groups:
            group["lr"] = rate
        for part in hc.loop("part", range(2)):
            net(torch.randn(4, 3)).pow(2).mean().backward()
            opt.step()
            opt.zero_grad()
        done += 1
        hc.log("weight", net.weight.sum().item())
    if done > 11:
        break
'''


def flat(change=lambda text: text):
    return {"train.py": change(FLAT.replace('hc.arg("epochs", 5)', 'hc.arg("epochs", 11)')), "data.py": DATA}


def passes_run(replay):
    """The passes that the replay really ran."""
    return [note["index"] for note in replay.notes("progress") if note["phase"] == "iteration"]


def check(row, mode, run, asked=ASKED, **unit):
    """The asked passes are exact, and these are the ones that were run."""
    found = row.climb(mode, asked[0], asked[-1], iterations=asked, **unit)
    replay = found.last
    assert found.modes == [mode] and replay.status == 0, found.describe()
    assert {index: grade for index, grade in replay.grades().items() if index in asked} == dict.fromkeys(asked, "exact"), found.describe()
    assert passes_run(replay) == run, found.describe()
    names = {key[1] for key in replay.values()}
    wanted = {key: value for key, value in row.truth.items() if key[1] in names and key[0] and key[0][0][2] in asked}
    assert wanted and {key: value for key, value in replay.values().items() if key[0][0][2] in asked} == wanted, found.describe()


@pytest.mark.parametrize("mode, probe", [("shallow", SHALLOW), ("deep", DEEP), ("pre", PRE)])
@pytest.mark.parametrize("workers", ["0", "2"])
def test_only_the_passes_that_are_asked_for_are_run(project, mode, probe, workers):
    check(Row(project(flat()), [probe], "--workers", workers), mode, ASKED)


@pytest.mark.parametrize("mode, probe", [("shallow", SHALLOW), ("deep", DEEP)])
@pytest.mark.parametrize("wrapped", ["turn, epoch in enumerate(said(hc.loop('epoch', drawn())))", "epoch, turn in zip(hc.loop('epoch', drawn()), range(10, 30))"])
def test_wrappers_go_on_counting_and_what_the_iterable_draws_is_put_right(project, mode, probe, wrapped):
    def change(text):
        before = "def said(items):\n    for item in items:\n        yield item\ndef drawn():\n    for number in range(11):\n        torch.rand(number + 1)\n        yield number\n"
        text = text.replace("best, history", before + "best, history").replace("for epoch in hc.loop(\"epoch\", range(hc.arg(\"epochs\", 11)))", "for " + wrapped)
        return text.replace('hc.log("acc", acc)', 'hc.log("acc", acc)\n        hc.log("turn", turn + float(torch.rand(1)))')

    check(Row(project(flat(change)), [probe]), mode, ASKED)


@pytest.mark.parametrize("mode, probe", [("deep", DEEP), ("shallow", SHALLOW)])
def test_where_states_are_rare_a_pass_is_reached_from_the_one_before_it(project, mode, probe):
    def change(text):
        text = text.replace("best, history", SELDOM + "best, history")
        return text.replace("        sched.step()\n", "        sched.step()\n        often(epoch)\n")

    row = Row(project(flat(change)), [probe], HINDCAST_BUDGET="100")
    assert [one["coords"][0][2] for one in row.version.captures(0) if one["stored"]] == [0, 3, 6, 9]
    check(row, mode, [1, 3, 4, 5, 9])


def test_passes_that_change_the_optimizer_are_run_for_those_behind_them(project):
    def change(text):
        frozen = "for p in net[0].parameters():\n    p.requires_grad_(False)\nopt = torch.optim.Adam(net[1:].parameters(), lr=0.01)\n"
        text = text.replace('opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 0.01))\n', frozen)
        thaw = "        if epoch == 6:\n            for p in net[0].parameters():\n                p.requires_grad_(True)\n            opt.add_param_group({'params': list(net[0].parameters())})\n"
        return text.replace("        net.train()\n", thaw + "        net.train()\n").replace("sched = torch.optim.lr_scheduler.StepLR(opt, 2)\n", "").replace(", scheduler=sched", "").replace("        sched.step()\n", "")

    row = Row(project(flat(change)), [("train.py", "opt.step()", 'hc.log("grad", float(sum(p.detach().norm() for p in net.parameters())))')])
    check(row, "deep", [1, 4, 5, 6, 9])


@pytest.mark.parametrize("mode, probe", [
    ("deep", ("train.py", "opt.step()", 'hc.log("grad", float(net.weight.norm()) + done)')),
    ("shallow", ("train.py", "done += 1", 'hc.log("norm", float(net.weight.norm()) + done + rate)')),
    ("pre", ("train.py", "rate = ", 'hc.log("rate", rate * float(net.weight.norm()))')),
])
@pytest.mark.parametrize("begin", ['hc.iteration("epoch")', 'hc.iteration("epoch", done)'])
def test_explicit_passes(project, mode, probe, begin):
    made = project({"train.py": COUNTED.replace('hc.iteration("epoch")', begin)})
    row = Row(made, [probe])
    row.inner = ("part",)
    check(row, mode, ASKED)


def test_a_pass_that_needs_more_takes_the_later_ones_along(project):
    """What a local of the inner loop holds is not stored: from the pass that meets it on, passes are run whole."""
    def change(text):
        text = text.replace("            total += loss.item()\n", "            total += loss.item()\n            odd = (value for value in [loss.item()])\n")
        return text.replace("        history.append(acc)\n", "        history.append(acc)\n        if epoch == 4:\n            kept = next(odd)\n            hc.log('kept', kept)\n")

    row = Row(project(flat(change)), [SHALLOW])
    found = row.climb("shallow", 1, 9, iterations=ASKED)
    assert found.modes == ["shallow", "deep"] and set(found.last.grades().values()) == {"exact"}, found.describe()
    assert passes_run(found.last) == [4, 5, 9], found.describe()

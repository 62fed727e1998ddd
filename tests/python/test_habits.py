# SPDX-License-Identifier: Apache-2.0
"""Habits of public training scripts that a replay has to cope with."""
import shutil

import pytest
from test_replay import assert_same

COUNTED = """
import hindcast as hc
import torch

torch.manual_seed(0)
net = torch.nn.Linear(3, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
done = 0
while True:
    with hc.iteration("iter", done, done):
        rate = 0.1 / (1 + done)
        for group in opt.param_groups:
            group["lr"] = rate
        for part in hc.loop("part", range(2)):
            net(torch.randn(4, 3)).pow(2).mean().backward()
        opt.step()
        opt.zero_grad()
        done += 1
        hc.log("weight", net.weight.sum().item())
    if done > 6:
        break
"""


@pytest.mark.parametrize("mode", ["pre", "deep"])
@pytest.mark.parametrize("first", [0, 3])
def test_explicit_passes_whose_index_the_script_counts_itself(project, mode, first):
    probe = ("train.py", "rate = ", 'hc.log("rate", rate * float(net.weight.norm()))')
    made = project({"train.py": COUNTED})
    version, truth = made.record(), made.truth([probe])
    replay = made.replay(version, mode, first, 6, [probe], loop="iter", inner=("part",))
    assert replay.status == 0, (replay.output, replay.fidelity())
    assert replay.grades() == dict.fromkeys(range(first, 7), "exact"), replay.fidelity()
    assert_same(replay, truth, "rate", range(first, 7))


DATED = {
    "settings.py": "import datetime\nSTARTED = datetime.datetime.now().strftime('%H_%M_%S_%f')\n",
    "train.py": """
        import os
        import hindcast as hc
        import settings
        import torch

        torch.manual_seed(0)
        net = torch.nn.Linear(2, 1)
        folder = os.path.join("out", settings.STARTED)
        os.makedirs(folder)
        for epoch in hc.loop("epoch", range(4)):
            for step in hc.loop("step", range(2)):
                with torch.no_grad():
                    net.weight += torch.randn(1, 2)
            torch.save(net.state_dict(), os.path.join(folder, "%d.pt" % epoch))
            with open(os.path.join(folder, "log.txt"), "a") as file:
                file.write("%d\\n" % epoch)
            os.mkdir(os.path.join(folder, str(epoch)))
            hc.log("sum", net.weight.sum().item())
        """,
}


@pytest.mark.parametrize("mode, first", [("shallow", 1), ("deep", 1), ("beginning", 0), ("prefix", -1)])
def test_output_goes_to_the_folder_that_the_run_had_made_and_named_after_the_time(project, mode, first):
    where = 'os.makedirs(folder)' if mode == "prefix" else "net.weight += torch" if mode == "deep" else "torch.save(net"
    probe = ("train.py", where, 'hc.log("norm", net.weight.norm().item())')
    made = project(DATED)
    version, truth = made.record(), made.truth([probe])
    shutil.rmtree(made.folder / "out")  # a replay does not see what the run itself wrote
    replay = made.replay(version, mode, first, 3 if first >= 0 else -1, [probe])
    assert set(replay.grades().values()) == {"exact"}, (replay.output, replay.fidelity())
    wanted = {key: value for key, value in truth.values("norm").items() if first < 0 or key[0][0][2] >= first}
    assert wanted and replay.values("norm") == wanted


NAMED_AT_RANDOM = """
import argparse
import time
import hindcast as hc
import torch

parser = argparse.ArgumentParser()
parser.add_argument("--save-as", type=str, default="".join(str(time.time()).split(".")) + ".pt")
parser.add_argument("--lr", type=float, default=0.5)
args = parser.parse_args()
torch.manual_seed(0)
net = torch.nn.Linear(2, 1)
for epoch in hc.loop("epoch", range(5)):
    for step in hc.loop("step", range(2)):
        with torch.no_grad():
            net.weight += args.lr * torch.randn(1, 2)
    if epoch > 1:
        kept = {}
        for param in net.parameters():
            kept[param] = param.data.clone()
            param.data = torch.zeros_like(param)
        hc.log("zero", net.weight.sum().item())
        for param in net.parameters():
            param.data = kept[param].clone()
    hc.log("sum", net.weight.sum().item())
"""


@pytest.mark.parametrize("mode, first", [("deep", 3), ("shallow", 3), ("beginning", 0)])
def test_a_default_made_of_the_time_and_a_name_that_every_pass_binds_anew_stand_in_the_way_of_nothing(project, mode, first):
    probe = ("train.py", "net.weight += args.lr", 'hc.log("norm", net.weight.norm().item())')
    after = ("train.py", "param.data = kept[param]", 'hc.log("norm", net.weight.norm().item())')
    made = project({"train.py": NAMED_AT_RANDOM})
    version = made.record()
    assert [answer["mode"] for answer in made.decide(version, [probe, after])] == ["deep", "shallow"]
    asked = after if mode == "shallow" else probe
    replay, truth = made.replay(version, mode, first, 4, [asked]), made.truth([asked])
    assert replay.grades() == {**dict.fromkeys(range(first, 5), "exact"), **({-1: "exact"} if mode == "beginning" else {})}, replay.fidelity()
    assert_same(replay, truth, "norm", range(first, 5))


READS_A_FILE = """
import hindcast as hc
import torch

torch.manual_seed(0)
net = torch.nn.Linear(2, 1)
with open("scale.txt") as file:
    scale = float(file.read())
for epoch in hc.loop("epoch", range(4)):
    for step in hc.loop("step", range(2)):
        with torch.no_grad():
            net.weight += torch.randn(1, 2)
    if epoch == 2:
        with open("late.txt") as file:
            scale = float(file.read())
    hc.log("sum", net.weight.sum().item() * scale)
"""


@pytest.mark.parametrize("mode", ["shallow", "deep"])
def test_what_the_script_raises_is_the_reason_and_not_what_differs_after_it(project, mode):
    made = project({"train.py": READS_A_FILE, "scale.txt": "2", "late.txt": "3"})
    version = made.record()
    (made.folder / "late.txt").unlink()
    replay = made.replay(version, mode, 1, 3, [("train.py", 'hc.log("sum"', 'hc.log("norm", net.weight.norm().item())')])
    assert replay.status == 1 and "No such file or directory: 'late.txt'" in replay.output, replay.output
    assert "late.txt" in replay.end()["reason"]
    assert replay.grades() == {1: "exact"}


@pytest.mark.parametrize("leaves", ["if epoch == 4:\n            break", "if net.weight.sum().item() and epoch == 4:\n            raise SystemExit"])
def test_a_pass_that_is_left_before_the_inner_loop_is_compared_where_it_was_left(project, leaves):
    """Asked for what stands before the inner loop, the last pass never comes to that loop."""
    text = COUNTED.split("done = 0")[0] + """
for epoch in hc.loop("epoch", range(10)):
    torch.rand(1)
    LEAVES
    first = torch.rand(1)
    for part in hc.loop("part", range(2)):
        net(torch.randn(4, 3)).pow(2).mean().backward()
        opt.step()
        opt.zero_grad()
    hc.log("weight", net.weight.sum().item())
""".replace("    LEAVES", "    " + leaves.replace("\n    ", "\n"))
    probe = ("train.py", "torch.rand(1)", 'hc.log("before", float(net.weight.norm()))')
    made = project({"train.py": text})
    version, truth = made.record(), made.truth([probe])
    replay = made.replay(version, "pre", 0, 4, [probe], inner=("part",))
    assert replay.status == 0 and replay.grades() == dict.fromkeys(range(5), "exact"), (replay.output, replay.fidelity())
    assert replay.values() == truth.values("before")


@pytest.mark.parametrize("mode, place", [("prefix", "# before"), ("beginning", "# inside"), ("deep", "# inside")])
@pytest.mark.parametrize("order", ["hindcast as hc|torch|numpy", "torch|hindcast as hc|numpy", "numpy|torch|hindcast as hc", "hindcast as hc|importlib.util|torch|numpy"])
def test_what_nobody_seeded_is_drawn_again(project, mode, place, order):
    """NumPy and torch seed themselves from the system when they are imported, before or after the package."""
    text = "".join("import %s\n" % name for name in order.split("|")) + """
if "importlib" in dir():
    assert importlib.util.find_spec("torch").loader.get_filename("torch") and importlib.util.find_spec("numpy")
net = torch.nn.Linear(3, 1)
drawn = float(torch.rand(1)) + numpy.random.rand()
hc.log("drawn", drawn)
# before
with hc.checkpointing(net=net):
    for epoch in hc.loop("epoch", range(3)):
        net(torch.randn(4, 3)).mean().backward()
        hc.log("loss", float(net.weight.grad.sum()))
        # inside
"""
    made = project({"train.py": text})
    version = made.record()
    probe = ("train.py", place, 'hc.log("again", drawn)')
    first, last = (-1, -1) if mode == "prefix" else (0, 2)
    replay = made.replay(version, mode, first, last, [probe], inner=())
    (drawn,) = version.values("drawn").values()
    assert replay.status == 0 and set(replay.grades().values()) == {"exact"}, (replay.output, replay.frames())
    assert set(replay.values("again").values()) == {drawn}


@pytest.mark.parametrize("first", [0, 30, 49])
def test_the_last_of_many_short_passes_are_compared_where_the_loop_ends(project, first):
    """A loop without inner loops is captured now and then; behind the last time there is only its end."""
    text = COUNTED.split("done = 0")[0] + """
for epoch in hc.loop("epoch", range(50)):
    opt.zero_grad()
    net(torch.randn(4, 3)).pow(2).mean().backward()
    opt.step()
    hc.log("weight", net.weight.sum().item())
"""
    probe = ("train.py", "opt.step()", 'hc.log("norm", float(net.weight.norm()))')
    made = project({"train.py": text})
    version, truth = made.record(), made.truth([probe])
    assert not [row for row in version.captures(0) if row["coords"][0][2] > 40]
    replay = made.replay(version, "deep", first, 49, [probe], inner=())
    assert replay.status == 0 and replay.grades() == dict.fromkeys(range(first, 50), "exact"), (replay.output, replay.fidelity())
    assert replay.values("norm") == {key: value for key, value in truth.values("norm").items() if key[0][0][2] >= first}

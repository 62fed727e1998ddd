# SPDX-License-Identifier: Apache-2.0
"""Replays give the very numbers that the run would have logged: compared bit for bit with runs that did log them."""
import shutil

import pytest
from scripts import DATA, ENGINE, FLAT, FUNCTIONS

AFTER = ("train.py", 'hc.log("acc", acc)', 'hc.log("norm", sum(p.norm() for p in net.parameters()).item())')
INSIDE = ("train.py", "loss.backward()", 'hc.log("grad", sum(p.grad.norm() for p in net.parameters()).item())')
DRAWING = ("train.py", 'hc.log("acc", acc)', 'net.train(); hc.log("noisy", net(torch.randn(8, 8)).sum().item())')


def assert_same(replay, truth, name, epochs):
    wanted = {key: value for key, value in truth.values(name).items() if key[0][0][2] in epochs}
    assert wanted
    assert replay.values(name) == wanted


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_deep_replay_of_every_epoch_gives_the_values_of_a_run_that_logged_them(project, workers):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record("--kwargs", "workers=" + workers)
    truth = flat.truth([AFTER, INSIDE], "--kwargs", "workers=" + workers)
    for epoch in range(5):
        replay = flat.replay(version, "deep", epoch, epoch, [AFTER, INSIDE])
        assert replay.status == 0, replay.output
        assert replay.grades() == {epoch: "exact"}, replay.fidelity()
        assert_same(replay, truth, "norm", [epoch])
        assert_same(replay, truth, "grad", [epoch])


def test_a_shallow_replay_skips_the_inner_loop_and_gives_the_same_values(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    truth = flat.truth([AFTER])
    replay = flat.replay(version, "shallow", 0, 4, [AFTER])
    assert replay.grades() == dict.fromkeys(range(5), "exact"), replay.fidelity()
    assert_same(replay, truth, "norm", range(5))
    assert all(frame["compared"]["logs"] == 3 for frame in replay.fidelity().values())  # no step ran


def test_a_drawing_statement_is_isolated_from_the_run(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    shallow = flat.replay(version, "shallow", 1, 3, [DRAWING])
    deep = flat.replay(version, "deep", 1, 3, [DRAWING])
    assert shallow.grades() == deep.grades() == dict.fromkeys((1, 2, 3), "exact")
    assert shallow.values("noisy") == deep.values("noisy") and len(deep.values("noisy")) == 3


BINDING_INSIDE = ("train.py", "loss.backward()", 'loss = loss.item() * 2; hc.log("twice", loss)')
BINDING_AFTER = ("train.py", 'hc.log("acc", acc)', 'for best in (1, 2):\n    hc.log("raised", acc + best)\nacc += 1; hc.log("more", acc)')


@pytest.mark.parametrize("mode", ["shallow", "deep"])
def test_names_that_a_statement_binds_do_not_reach_the_script(project, mode):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    probes = [BINDING_AFTER] if mode == "shallow" else [BINDING_AFTER, BINDING_INSIDE]
    replay = flat.replay(version, mode, 0, 4, probes)
    assert replay.grades() == dict.fromkeys(range(5), "exact"), (replay.fidelity(), replay.output)
    recorded = version.values("acc")
    assert sorted(replay.values("more").values()) == sorted((float.fromhex(value) + 1).hex() for value in recorded.values())
    assert len(replay.values("raised")) >= 5
    if mode == "deep":
        losses = {place: float.fromhex(value) for (place, _, _), value in version.values("loss").items()}
        assert {place: float.fromhex(value) / 2 for (place, _, _), value in replay.values("twice").items()} == losses


@pytest.mark.parametrize("mode", ["shallow", "deep"])
def test_loops_in_functions_of_other_modules_replay_through_wrappers_break_and_else(project, mode):
    files = {"train.py": FUNCTIONS, "data.py": DATA, "engine.py": ENGINE}
    probe = ("train.py", 'hc.log("acc", acc)', 'hc.log("weights", sum(p.sum() for p in model.parameters()).item() + train_loss)')
    inner = ("engine.py", "model.eval()", 'hc.log("seen", meter.total)')
    several = project(files)
    version = several.record()
    truth = several.truth([probe, inner])
    for epochs in ((0, 0), (1, 3), (4, 4)):
        replay = several.replay(version, mode, *epochs, [probe, inner])
        assert replay.status == 0, replay.output
        assert set(replay.grades().values()) == {"exact"}, replay.fidelity()
        assert_same(replay, truth, "weights", range(epochs[0], epochs[1] + 1))
        assert_same(replay, truth, "seen", range(epochs[0], epochs[1] + 1))


def test_statements_before_the_inner_loop_before_the_loop_and_after_it_need_no_training(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    before = ("train.py", "total = 0.0", 'hc.log("w", net[0].weight.sum().item() + len(history))')
    truth = flat.truth([before])
    replay = flat.replay(version, "pre", 1, 4, [before])
    assert replay.grades() == dict.fromkeys(range(1, 5), "exact"), replay.fidelity()
    assert_same(replay, truth, "w", range(1, 5))
    start = ("train.py", "best, history", 'hc.log("size", sum(p.numel() for p in net.parameters()))')
    replay = flat.replay(version, "prefix", probes=[start])
    assert replay.grades() == {-1: "exact"} and list(replay.values("size").values()) == [210]
    end = ("train.py", 'hc.log("final", best)', 'hc.log("w", net[0].weight.sum().item())')
    truth = flat.truth([end])
    replay = flat.replay(version, "suffix", probes=[end])
    assert replay.grades() == {-1: "exact"}, replay.fidelity()
    assert replay.values("w") == truth.values("w")


def test_a_replay_from_the_beginning_restores_nothing_and_is_exact(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    replay = flat.replay(version, "beginning", 2, 4, [INSIDE])
    truth = flat.truth([INSIDE])
    assert replay.grades() == dict.fromkeys((2, 3, 4, -1), "exact")
    assert_same(replay, truth, "grad", (2, 3, 4))


def test_a_probe_that_raises_is_told_for_its_iteration_and_does_not_stop_the_replay(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    failing = ("train.py", 'hc.log("acc", acc)', 'hc.log("x", 1 / (epoch - 2))')
    replay = flat.replay(version, "shallow", 1, 3, [failing])
    assert replay.status == 0 and set(replay.grades().values()) == {"exact"}
    assert [key[0][0][2] for key in replay.values("x")] == [1, 3]
    assert [error["text"] for error in replay.fidelity()[2]["errors"]] == ["ZeroDivisionError: division by zero"]


def test_a_probe_that_writes_parameters_is_never_exact(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    writing = ("train.py", 'hc.log("acc", acc)', 'net[0].weight.data.mul_(1.5); hc.log("x", 1.0)')
    replay = flat.replay(version, "deep", 1, 1, [writing])
    assert replay.grades() == {1: "diverged"}


def test_replaying_leaves_the_recorded_version_untouched(project):
    flat = project({"train.py": FLAT, "data.py": DATA})
    version = flat.record()
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in version.folder.rglob("*") if path.is_file()}
    flat.replay(version, "deep", 1, 2, [INSIDE])
    assert before == {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in version.folder.rglob("*") if path.is_file()}


def test_a_script_run_as_a_module_of_a_package_replays_with_its_relative_imports(project):
    train = FLAT.replace("from data import", "from .data import")
    package = project({"pkg/__init__.py": "", "pkg/train.py": train, "pkg/data.py": DATA})
    version = package.record("pkg.train", script="-m")
    assert version.run["script"] == "pkg/train.py" and version.folder.parent.parent.parent == package.folder
    probe = ("pkg/train.py", "loss.backward()", INSIDE[2])
    replay = package.replay(version, "deep", 1, 2, [probe])
    assert replay.grades() == {1: "exact", 2: "exact"}, (replay.fidelity(), replay.output)
    assert len(replay.values("grad")) == 2 * 6


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

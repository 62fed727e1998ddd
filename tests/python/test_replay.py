# SPDX-License-Identifier: Apache-2.0
"""Replays give the very numbers that the run would have logged: compared bit for bit with runs that did log them."""
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

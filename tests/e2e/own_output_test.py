# SPDX-License-Identifier: Apache-2.0
"""What a run wrote beside its code does not reach its replay, unless the replay cannot do without."""
import os

import history
import tiny_project

RESUME = """
if os.path.exists("last.pt"):
    net.load_state_dict(torch.load("last.pt"))
"""
SAVE = """
        torch.save(net.state_dict(), "last.pt")
"""


def with_resume(source):
    begins = source.index("with hc.checkpointing")
    return "import os\n" + source[:begins] + RESUME.lstrip("\n") + source[begins:].rstrip("\n") + SAVE


def test_a_checkpoint_that_the_run_left_is_not_resumed_from(tmp_path):
    project, truth = (history.new_project(tmp_path / name) for name in ("project", "truth"))
    tiny_project.write(project, with_resume(tiny_project.SCRIPT))
    history.record(project)
    assert os.path.exists(os.path.join(project, "last.pt"))
    tiny_project.write(truth, with_resume(tiny_project.with_probe()))
    history.record(truth)
    tiny_project.write(project, with_resume(tiny_project.with_probe()))
    history.replay(project, "grad_norm")
    found, proof = history.values(project, "grad_norm")
    assert found == history.values(truth, "grad_norm")[0] and found
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}


def test_data_that_was_touched_since_is_seen_when_the_replay_fails_without_it(tmp_path):
    project = history.new_project(tmp_path / "project")
    reading = "open('seed.txt', encoding='utf-8').read()\n"
    with open(os.path.join(project, "seed.txt"), "w", encoding="utf-8") as file:
        file.write("7\n")
    tiny_project.write(project, tiny_project.SCRIPT.replace("import torch\n", "import torch\n" + reading, 1))
    history.record(project)
    os.utime(os.path.join(project, "seed.txt"))
    tiny_project.write(project, tiny_project.with_probe().replace("import torch\n", "import torch\n" + reading, 1))
    history.replay(project, "grad_norm")
    _, proof = history.values(project, "grad_norm")
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}

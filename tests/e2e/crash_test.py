# SPDX-License-Identifier: Apache-2.0
"""kill -9 in the middle of a run: what was logged more than a second before is there, and what was captured can be replayed."""
import json
import os
import signal
import subprocess
import sys
import time

import history
import tiny_project

# Waits at the end of epoch 2 until it is killed; says when it got there.
STOPPING = tiny_project.SCRIPT + '''
        if epoch == 2:
            import time
            print("there", flush=True)
            time.sleep(600)
'''


def test_a_killed_run_keeps_its_values_and_its_captured_passes_replay_exactly(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project, STOPPING)
    run = subprocess.Popen([history.PROGRAM, "run", "--python", sys.executable, "train.py"], cwd=project, stdout=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "there\n"
    time.sleep(1.5)  # the promise is about what is older than a second
    run.send_signal(signal.SIGKILL)
    run.wait()

    listing = json.loads(history.hindcast("ls", "--json", cwd=project).stdout)
    assert [version["state"] for version in listing["versions"]] == ["crashed"]
    losses, _ = history.values(project, "loss")
    assert len(losses) == 3 * 6
    assert len(history.values(project, "accuracy")[0]) == 3
    history.hindcast("fsck", cwd=project)

    whole = history.new_project(tmp_path / "whole")
    tiny_project.write(whole, tiny_project.with_probe())
    history.record(whole)
    wanted, _ = history.values(whole, "grad_norm")

    tiny_project.write(project, tiny_project.with_probe())
    history.hindcast("replay", "grad_norm", "--iterations", "epoch=0..1", "--yes", cwd=project)
    found, proof = history.values(project, "grad_norm")
    assert found == {key: value for key, value in wanted.items() if int(key[1]) < 2}
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}

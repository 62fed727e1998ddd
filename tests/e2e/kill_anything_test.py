# SPDX-License-Identifier: Apache-2.0
"""The program and its workers killed in any phase of a replay: nothing stays behind, what was finished is kept, and a
resumed replay completes with the values of an undisturbed one. HINDCAST_KILL_ROUNDS says how often (default 5)."""
import json
import os
import random
import shutil
import signal
import subprocess
import time

import pytest

import history
import tiny_project

ROUNDS = int(os.environ.get("HINDCAST_KILL_ROUNDS", "5"))


def descendants(root):
    """Processes that descend from `root` now, itself left out."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    children.setdefault(int(file.read().rpartition(")")[2].split()[1]), []).append(int(name))
            except (OSError, IndexError):
                continue
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found[1:]


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(project, *arguments):
    return subprocess.Popen([history.PROGRAM, "replay", *arguments, "--yes"], cwd=project, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def wait_until_gone(processes):
    """A second is promised; a busy machine may need longer to run the kernel's part."""
    until = time.monotonic() + 20
    while any(map(is_alive, processes)):
        assert time.monotonic() < until, "workers outlived the program"
        time.sleep(0.02)


def requests(project):
    folder = os.path.join(project, ".hindcast", "requests")
    return os.listdir(folder) if os.path.isdir(folder) else []


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    project = history.new_project(tmp_path_factory.mktemp("kill") / "project")
    for seed in (3, 4):
        tiny_project.write(project, tiny_project.SCRIPT.replace("manual_seed(3)", f"manual_seed({seed})"))
        history.record(project)
    tiny_project.write(project, tiny_project.with_probe().replace("manual_seed(3)", "manual_seed(4)"))
    return project


def values_so_far(project):
    done = history.hindcast("dataframe", "grad_norm", "--format", "csv", cwd=project, expect=(0, 2))
    return 0 if done.returncode else done.stdout.count("\n") - 1


def copy_of(recorded, tmp_path, name):
    """The project at its recorded place is what replays expect; a copy replays too, because its path is mounted."""
    return shutil.copytree(recorded, tmp_path / name, symlinks=True)


@pytest.fixture(scope="module")
def undisturbed(recorded, tmp_path_factory):
    project = copy_of(recorded, tmp_path_factory.mktemp("undisturbed"), "project")
    began = time.monotonic()
    history.replay(project, "grad_norm")
    found, proof = history.values(project, "grad_norm")
    assert len(found) == 2 * 4 * 6 and {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    return found, time.monotonic() - began


def finish(project):
    """What a user does: goes on with what is unfinished, then asks again. A unit that was killed twice counts as failed."""
    if requests(project):
        history.hindcast("replay", "--resume", "--yes", cwd=project, expect=(0, 5))
    history.hindcast("replay", "grad_norm", "--yes", cwd=project)


def test_a_killed_program_leaves_nothing_running_and_is_gone_on_with(recorded, undisturbed, tmp_path):
    project = copy_of(recorded, tmp_path, "project")
    run = start(project, "grad_norm", "--workers", "1")
    while run.poll() is None:  # until the first version is there and the second is not
        if values_so_far(project) >= 24:
            break
    workers = descendants(run.pid)
    run.kill()
    run.wait()
    wait_until_gone(workers)
    assert history.plan(project, "grad_norm")["iterations"] <= 4 < 8
    told = history.hindcast("replay", "grad_norm", "--versions", "v1", "--iterations", "0", "--yes", cwd=project).stderr
    assert "hindcast replay --resume" in told
    before = history.plan(project, "grad_norm")
    assert before["iterations"] > 0
    done = json.loads(history.hindcast("replay", "--resume", "--yes", "--json", cwd=project).stdout)
    assert done["done"] == done["total"] == before["iterations"]
    assert not requests(project)
    assert history.values(project, "grad_norm")[0] == undisturbed[0]
    assert history.hindcast("replay", "--resume", "--yes", cwd=project, expect=(3,)).returncode == 3




def test_killed_in_any_phase_a_replay_completes_with_the_same_values(recorded, undisturbed, tmp_path):
    wanted, seconds = undisturbed
    chance = random.Random(ROUNDS)
    project, copies = copy_of(recorded, tmp_path, "0"), 1
    for _ in range(ROUNDS):
        run = start(project, "--resume") if requests(project) else start(project, "grad_norm")
        time.sleep(chance.random() * seconds)
        family = descendants(run.pid)
        if chance.random() < 0.5 or not family:
            run.kill()
        else:
            try:
                os.kill(chance.choice(family), signal.SIGKILL)
            except ProcessLookupError:
                pass  # it ended by itself
            if chance.random() < 0.5:
                time.sleep(chance.random() * seconds / 2)
                run.kill()
        run.wait()
        wait_until_gone(family)
        if not requests(project):
            history.hindcast("replay", "grad_norm", "--yes", cwd=project)
            assert history.values(project, "grad_norm")[0] == wanted
            project, copies = copy_of(recorded, tmp_path, str(copies)), copies + 1
    finish(project)
    found, proof = history.values(project, "grad_norm")
    assert found == wanted
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    history.hindcast("fsck", cwd=project)

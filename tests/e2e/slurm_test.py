# SPDX-License-Identifier: Apache-2.0
"""The same units on Slurm, a real one that the test starts: same bits as here, the queue's reason shown, cancel and preemption survived."""
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time

import pytest

import history
import tiny_project

sys.path.insert(0, os.path.join(history.ROOT, "tests", "support"))
import slurm_cluster  # noqa: E402

# While the file `slow` stands in the project, each epoch of a replay takes its time.
SLOW = "        import os, time\n        time.sleep(0.4 if os.path.exists('slow') else 0)\n"
ONE_THREAD = {"OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def cluster():
    if slurm_cluster.why_not():
        pytest.skip(slurm_cluster.why_not())
    with slurm_cluster.SlurmCluster() as running:
        yield running


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A project with three versions that lack the probe, which stands in the work tree; and what it would have logged."""
    project, truth = (history.new_project(tmp_path_factory.mktemp("slurm") / name) for name in ("project", "truth"))
    for source, folder in ((tiny_project.SCRIPT, project), (tiny_project.with_probe(), truth)):
        tiny_project.write(folder, source + SLOW)
        for lr in ("0.01", "0.02", "0.05"):
            history.hindcast("run", "--python", sys.executable, "--arg", "lr=" + lr, "train.py", cwd=folder, env=ONE_THREAD)
    tiny_project.write(project, tiny_project.with_probe() + SLOW)
    return project, history.values(truth, "grad_norm")[0]


@pytest.fixture
def project(recorded, tmp_path):
    """A fresh copy: each test replays from nothing."""
    folder = str(tmp_path / "project")
    shutil.copytree(recorded[0], folder)
    return folder


def slow_down(project):
    path = os.path.join(project, "slow")
    with open(path, "w", encoding="utf-8"):
        pass
    os.utime(path, (1, 1))  # older than the runs: their replays see it


def replay(cluster, project, *options, expect=(0,)):
    return history.hindcast("replay", "grad_norm", "--yes", "--json", *options, cwd=project, env=cluster.environment, expect=expect)


def start(cluster, project, *options):
    return subprocess.Popen([history.PROGRAM, "replay", "grad_norm", "--yes", *options], cwd=project, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=dict(os.environ, **cluster.environment))


def wait_for(condition, what, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def verdicts(project):
    """Bytes that replays have written so far."""
    folder = os.path.join(project, ".hindcast", "replays")
    paths = [os.path.join(folder, name, "journal") for name in (os.listdir(folder) if os.path.isdir(folder) else [])]
    return sum(os.path.getsize(path) for path in paths if os.path.exists(path))


def ours(cluster):
    return [line for line in cluster.run("squeue", "--noheader", "--array", "--format=%j %T").splitlines() if line.startswith("hindcast-")]


def assert_exact(project, wanted):
    found, proof = history.values(project, "grad_norm")
    assert found == wanted and found
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}


def test_units_run_as_a_job_array_and_give_the_same_bits(cluster, recorded, project):
    history.hindcast("resources", "add", "batch", "--slurm", "replay", "--workers", "4", "--price", "0.36", "--speed", "2", cwd=project)
    plan = json.loads(history.hindcast("plan", "grad_norm", "--on", "batch", "--json", cwd=project).stdout)
    assert plan["resource"] == "batch" and plan["workers"] == 4 and plan["price"] > 0
    done = json.loads(replay(cluster, project, "--on", "batch").stdout)
    assert done["done"] == done["total"] == 12
    assert_exact(project, recorded[1])
    jobs = cluster.run("squeue", "--noheader", "--array", "--states=all", "--format=%A %K %P")
    assert len({line.split()[1] for line in jobs.splitlines()}) > 1, "tasks of an array\n" + jobs
    history.hindcast("fsck", cwd=project)
    assert not [name for name in os.listdir(os.path.join(project, ".hindcast", "scratch")) if name.startswith("slurm-")]


def test_a_partition_that_is_not_there_is_said_in_slurms_words(cluster, project):
    done = replay(cluster, project, "--on", "slurm:nowhere", expect=(1,))
    assert "invalid partition" in done.stderr.lower()
    assert "local" in replay(cluster, project, "--on", "nowhere", expect=(2,)).stderr


def test_the_reason_for_waiting_shows_and_cancel_empties_the_queue(cluster, project):
    blocker = cluster.submit("sleep 600", "--cpus-per-task=4")
    try:
        wait_for(lambda: cluster.run("squeue", "--noheader", "--job=" + blocker, "--format=%T") == "RUNNING", "the blocker runs")
        pid, screen = pty.fork()
        if pid == 0:
            os.chdir(project)
            os.execve(history.PROGRAM, [history.PROGRAM, "replay", "grad_norm", "--yes", "--on", "slurm:replay"], dict(os.environ, **cluster.environment))
        seen = b""
        while b"waiting in Slurm's queue (" not in seen:
            seen += os.read(screen, 4096)
        os.kill(pid, signal.SIGINT)
        try:
            while os.read(screen, 4096):
                pass
        except OSError:  # the other end of a pty is gone
            pass
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
        assert ours(cluster) == []
        assert verdicts(project) == 0
    finally:
        cluster.run("scancel", blocker)


def test_cancel_ends_what_runs_and_keeps_what_is_finished(cluster, recorded, project):
    slow_down(project)
    running = start(cluster, project, "--on", "slurm:replay")
    wait_for(lambda: verdicts(project) > 0, "a worker begins")
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    wait_for(lambda: ours(cluster) == [], "nothing of it is left in Slurm")
    os.remove(os.path.join(project, "slow"))
    replay(cluster, project, "--on", "slurm:replay")
    assert_exact(project, recorded[1])


def test_a_preempted_unit_goes_on_with_what_it_has_left(cluster, recorded, project):
    slow_down(project)
    running = start(cluster, project, "--on", "slurm:spare")
    wait_for(lambda: verdicts(project) > 0, "a worker begins")
    urgent = cluster.submit("sleep 1", "--cpus-per-task=4", "--partition=replay")
    wait_for(lambda: cluster.run("squeue", "--noheader", "--states=all", "--job=" + urgent, "--format=%T") == "COMPLETED", "the urgent job is done")
    os.remove(os.path.join(project, "slow"))
    assert running.wait(120) == 0, running.stderr.read()
    assert "PREEMPTED" in cluster.run("squeue", "--noheader", "--states=all", "--format=%T")
    assert_exact(project, recorded[1])


def test_a_node_that_fails_takes_no_value_along(cluster, recorded, project):
    slow_down(project)
    running = start(cluster, project, "--on", "slurm:replay")
    wait_for(lambda: verdicts(project) > 0, "a worker begins")
    node = cluster.run("sinfo", "--noheader", "--partition=replay", "--format=%n")
    cluster.run("scontrol", "update", "nodename=" + node, "state=down", "reason=test")
    os.remove(os.path.join(project, "slow"))
    wait_for(lambda: "NODE_FAIL" in cluster.run("squeue", "--noheader", "--states=all", "--format=%T"), "Slurm sees it")
    cluster.run("scontrol", "update", "nodename=" + node, "state=resume")
    assert running.wait(120) == 0, running.stderr.read()
    assert_exact(project, recorded[1])

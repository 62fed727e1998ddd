# SPDX-License-Identifier: Apache-2.0
"""The training machine behind ssh, a real sshd on loopback: its values come here by pull, its units run there, with the same bits."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import history
import tiny_project

sys.path.insert(0, os.path.join(history.ROOT, "tests", "support"))
import ssh_server  # noqa: E402

# While the file `slow` stands in the project, each epoch takes its time.
SLOW = "        import os, time\n        time.sleep(0.4 if os.path.exists('slow') else 0)\n"


@pytest.fixture(scope="module")
def server():
    if ssh_server.why_not():
        pytest.skip(ssh_server.why_not())
    with ssh_server.SshServer() as running:
        yield running


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """What the training machine has, and what the probe would have logged there."""
    project, truth = (history.new_project(tmp_path_factory.mktemp("ssh") / name) for name in ("project", "truth"))
    for source, folder in ((tiny_project.SCRIPT, project), (tiny_project.with_probe(), truth)):
        tiny_project.write(folder, source + SLOW)
        for lr in ("0.01", "0.02"):
            history.record(folder, given=["lr=" + lr])
    history.hindcast("ls", cwd=project)
    return project, history.values(truth, "grad_norm")[0]


@pytest.fixture
def there(recorded, tmp_path):
    folder = str(tmp_path / "there")
    shutil.copytree(recorded[0], folder)
    return folder


@pytest.fixture
def here(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    return str(folder)


def pull(server, here, there, *options, expect=(0,)):
    return history.hindcast("pull", "training:" + there, "--program", history.PROGRAM, *options, cwd=here, env=server.environment, expect=expect)


def replay(server, here, *options, expect=(0,)):
    return history.hindcast("replay", "grad_norm", "--on", "ssh:training", "--yes", *options, cwd=here, env=server.environment, expect=expect)


def start(server, here, *words):
    return subprocess.Popen([history.PROGRAM, *words], cwd=here, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                            text=True, env=dict(os.environ, **server.environment))


def type_probe(here):
    tiny_project.write(here, tiny_project.with_probe() + SLOW)


def slow_down(project):
    with open(os.path.join(project, "slow"), "w", encoding="utf-8"):
        pass
    os.utime(os.path.join(project, "slow"), (1, 1))


def wait_for(condition, what, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def workers(project):
    """Processes on this machine that replay something of the project."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                command = file.read()
        except OSError:
            continue
        if b"hindcast.replay.worker" in command and project.encode() in command:
            found.append(int(name))
    return found


def journals(project):
    folder = os.path.join(project, ".hindcast", "replays")
    paths = [os.path.join(folder, name, "journal") for name in (os.listdir(folder) if os.path.isdir(folder) else [])]
    return sum(os.path.getsize(path) for path in paths if os.path.exists(path))


def assert_exact(project, wanted):
    found, proof = history.values(project, "grad_norm")
    assert found == wanted and found
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}


def stored(project, what):
    """{path: content} of a part of the store."""
    root = os.path.join(project, ".hindcast", what)
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                found[os.path.relpath(os.path.join(folder, name), root)] = file.read()
    return found


def test_values_come_and_captures_stay_unless_asked_for(server, here, there):
    report = json.loads(pull(server, here, there, "--json").stdout)
    assert len(report["newVersions"]) == 2 and report["bytes"] > 0
    assert history.values(here, "loss") == history.values(there, "loss")
    assert json.loads(history.hindcast("ls", "--json", cwd=here).stdout)["versions"][0]["version"] == 2
    assert not [path for path in stored(here, "versions") if "segments" in path]
    history.hindcast("fsck", cwd=here)
    assert pull(server, here, there, expect=(3,)).stdout.startswith("0 new versions")

    type_probe(here)
    refused = history.hindcast("replay", "grad_norm", "--yes", cwd=here, expect=(3,))
    assert "--on ssh:training:" + there in refused.stderr

    pull(server, here, there, "--captures", "v2")
    with_captures = [path for path in stored(here, "versions") if "segments" in path]
    assert with_captures and len({path.split(os.sep)[0] for path in with_captures}) == 1
    history.hindcast("replay", "grad_norm", "--versions", "v2", "--yes", cwd=here)
    assert {version for version, *_ in history.values(here, "grad_norm")[0]} == {"2"}
    pull(server, here, there, "--captures", "all")
    theirs = stored(there, "versions")
    assert stored(here, "versions") == theirs


def test_packed_captures_are_told_from_missing_ones(server, here, there, tmp_path):
    history.hindcast("pack", cwd=there)
    pull(server, here, there)
    history.hindcast("fsck", cwd=here)
    bundle = history.hindcast("bundle", "export", "v1", str(tmp_path / "b.tar"), cwd=here, expect=(1,))
    assert "captures of" in bundle.stderr and "training:" + there in bundle.stderr
    pull(server, here, there, "--captures", "v1")
    history.hindcast("fsck", cwd=here)
    type_probe(here)
    history.hindcast("replay", "grad_norm", "--versions", "v1", "--yes", cwd=here)
    assert {version for version, *_ in history.values(here, "grad_norm")[0]} == {"1"}


def test_units_run_there_and_their_values_come_back(server, recorded, here, there):
    pull(server, here, there)
    type_probe(here)
    replay(server, here, "--workers", "2")
    assert_exact(here, recorded[1])
    assert stored(here, "replays") == stored(there, "replays"), "the same folders, byte for byte"
    history.hindcast("fsck", cwd=here)
    wait_for(lambda: not workers(there), "no worker is left")


def test_cancel_ends_everything_there(server, recorded, here, there):
    pull(server, here, there)
    type_probe(here)
    slow_down(there)
    running = start(server, here, "replay", "grad_norm", "--on", "ssh:training", "--yes")
    wait_for(lambda: journals(here) > 0, "results come while they are written")
    running.send_signal(signal.SIGINT)
    assert running.wait(30) == 130
    wait_for(lambda: not workers(there), "no worker is left")
    os.remove(os.path.join(there, "slow"))
    replay(server, here)
    assert_exact(here, recorded[1])


def test_a_lost_connection_costs_no_value(server, recorded, here, there):
    pull(server, here, there)
    type_probe(here)
    slow_down(there)
    running = start(server, here, "replay", "grad_norm", "--on", "ssh:training", "--yes")
    wait_for(lambda: journals(here) > 0, "a worker begins")
    server.cut()
    os.remove(os.path.join(there, "slow"))
    assert running.wait(120) == 0, running.stderr.read()
    assert_exact(here, recorded[1])
    wait_for(lambda: not workers(there), "no worker is left")


def test_one_store_seen_by_both_is_not_copied_onto_itself(server, recorded, there):
    type_probe(there)
    history.hindcast("resources", "add", "box", "--ssh", "training", "--program", history.PROGRAM, cwd=there)
    history.hindcast("replay", "grad_norm", "--on", "box", "--yes", cwd=there, env=server.environment)
    assert_exact(there, recorded[1])
    assert pull(server, there, there, expect=(2,)).stderr


def test_a_pull_that_is_killed_goes_on_where_it_was(server, here, there):
    for moment in (0.05, 0.15, 0.25, 0.4):
        running = start(server, here, "pull", "training:" + there, "--program", history.PROGRAM, "--captures", "all")
        time.sleep(moment)  # whatever it is doing then
        running.kill()
        running.wait()
        running.stderr.close()
    pull(server, here, there, "--captures", "all", expect=(0, 3))
    for part in ("versions", "annotations"):
        assert stored(here, part) == stored(there, part)
    history.hindcast("fsck", cwd=here)
    assert history.values(here, "loss") == history.values(there, "loss")


def test_a_version_that_records_just_now_grows_here(server, here, there):
    slow_down(there)
    recording = subprocess.Popen([history.PROGRAM, "run", "--python", sys.executable, "--arg", "epochs=8", "train.py"], cwd=there,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: history.values(there, "loss")[0].keys() and max(int(key[0]) for key in history.values(there, "loss")[0]) == 3, "v3 logs")
        pull(server, here, there)
        early = {key for key in history.values(here, "loss")[0] if key[0] == "3"}
        assert early
    finally:
        os.remove(os.path.join(there, "slow"))
        recording.wait()
    report = json.loads(pull(server, here, there, "--json").stdout)
    assert len(report["grownVersions"]) == 1 and not report["newVersions"]
    assert history.values(here, "loss") == history.values(there, "loss")
    assert len(early) < len({key for key in history.values(here, "loss")[0] if key[0] == "3"})


def test_what_is_wrong_is_said_in_one_sentence(server, here, there):
    nowhere = history.hindcast("pull", "nobody.invalid:/x", cwd=here, env=server.environment, expect=(1,))
    assert nowhere.stderr.startswith("hindcast: ssh nobody.invalid: ") and nowhere.stderr.count("\n") == 1
    missing = history.hindcast("pull", "training:" + there, "--program", "/no/such/hindcast", cwd=here, env=server.environment, expect=(1,))
    assert "has no program /no/such/hindcast" in missing.stderr
    assert "absolute path" in history.hindcast("pull", "training", cwd=here, env=server.environment, expect=(2,)).stderr


def test_the_speed_of_a_place_is_measured_and_teaches_nothing_about_here(server, here, there):
    pull(server, here, there)
    type_probe(here)
    slow_down(there)
    add = ("resources", "add", "box", "--ssh", "training", "--path", there, "--program", history.PROGRAM)
    history.hindcast(*add, cwd=here)

    def box():
        return next(entry for entry in json.loads(history.hindcast("resources", "list", "--json", cwd=here).stdout)["resources"] if entry["name"] == "box")

    assert box()["measuredSpeed"] is None and "1 (not known)" in history.hindcast("resources", "list", cwd=here).stdout
    before = history.plan(here, "grad_norm", "--on", "box", "--versions", "v2")
    history.hindcast("replay", "grad_norm", "--on", "box", "--versions", "v1", "--yes", cwd=here, env=server.environment)
    count = len(os.listdir(os.path.join(here, ".hindcast", "replays")))
    measured = box()
    assert measured["speed"] == 1 and measured["speedReplays"] == count and measured["measuredSpeed"] not in (None, 1)
    after = history.plan(here, "grad_norm", "--on", "box", "--versions", "v2")
    assert after["learned"] == before["learned"] == {"replays": 0, "typicalMiss": 0.0}
    assert after["seconds"] == pytest.approx(before["seconds"] / measured["measuredSpeed"])
    for option in after["options"]:  # where it is slower than here it is none
        assert option["resource"] != "box" or (option["speed"], option["speedReplays"]) == (measured["measuredSpeed"], count)
    history.hindcast(*add, "--speed", "6", cwd=here)
    assert box()["speedReplays"] == (0 if count < 3 else count)  # what was said counts until there are three

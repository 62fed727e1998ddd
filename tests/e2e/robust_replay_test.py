# SPDX-License-Identifier: Apache-2.0
"""Past code that misbehaves in a replay: what it is refused is named with how to allow it, what never ends is ended, and
other versions go on."""
import json
import os
import shutil
import socket
import subprocess
import threading
import uuid

import pytest

import history
import tiny_project

EPILOGUE = '''
        import os
        if "HINDCAST_REPLAY" in os.environ and epoch == 1:
            {act}
'''


@pytest.fixture
def project(tmp_path):
    return history.new_project(tmp_path / "project")


@pytest.fixture
def outside():
    """A folder that is neither the project nor temporary."""
    folder = os.path.join(os.path.dirname(os.path.dirname(history.PROGRAM)), f"outside-{uuid.uuid4().hex}")
    os.makedirs(folder)
    yield folder
    shutil.rmtree(folder)


def need_sandbox(project):
    if history.sandbox(project) == "none":
        pytest.skip("nothing is refused on this machine")


def replay_of(project, body, name="grad_norm", *options, expect=(1, 5)):
    """Records the script with `body` at the end of each epoch, then asks for the gradient norm."""
    tiny_project.write(project, tiny_project.SCRIPT + body)
    history.record(project)
    tiny_project.write(project, tiny_project.with_probe() + body)
    return history.hindcast("replay", name, "--yes", "--json", *options, cwd=project, expect=expect)


def test_a_refused_write_is_named_with_its_path_and_can_be_allowed(project, outside):
    body = f'''
        with open("{outside}/epochs.txt", "a") as file:
            file.write("x")
'''
    refused = replay_of(project, body, expect=None)
    need_sandbox(project)
    assert refused.returncode in (1, 5)
    assert f"replays may not write to {outside}/epochs.txt" in refused.stderr
    assert f"hindcast allow write {outside}" in refused.stderr
    with open(f"{outside}/epochs.txt", encoding="utf-8") as file:
        assert file.read() == "xxxx"

    history.hindcast("allow", "write", outside, cwd=project)
    assert json.loads(history.hindcast("allow", "--json", cwd=project).stdout)["allowed"] == [f"write {outside}"]
    history.replay(project, "grad_norm")
    history.hindcast("allow", "write", outside, "--revoke", cwd=project)
    assert "without network" in history.hindcast("allow", cwd=project).stdout


def test_the_network_is_refused_and_can_be_allowed(project):
    with socket.create_server(("127.0.0.1", 0)) as server:
        def serve():
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return
        threading.Thread(target=serve, daemon=True).start()
        body = f'''
        import socket
        socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), timeout=5).close()
'''
        refused = replay_of(project, body, expect=None)
        need_sandbox(project)
        assert refused.returncode in (1, 5)
        assert "hindcast allow network" in refused.stderr
        history.hindcast("allow", "network", cwd=project)
        history.replay(project, "grad_norm")


def test_a_version_that_hangs_is_ended_with_the_reason_and_what_it_printed_is_kept(project):
    result = replay_of(project, EPILOGUE.format(act='print("stuck here", flush=True); import time; time.sleep(10000)'), "grad_norm",
                       "--time-limit", "12s", expect=(5,))
    row = json.loads(result.stdout)["rows"][0]
    assert row["state"] == "failed" and 1 <= row["done"] < 4
    assert "longer than its limit of 12 seconds" in row["message"] and "--time-limit" in row["message"]
    with open(row["output"], encoding="utf-8") as file:
        assert "stuck here" in file.read()
    assert history.values(project, "grad_norm")[0]


def test_a_version_that_takes_all_memory_is_ended_with_the_reason(project):
    result = replay_of(project, EPILOGUE.format(act="hoard = bytearray(3 << 30); import time; time.sleep(10000)"), "grad_norm",
                       "--memory-limit", "1500M", expect=(5,))
    row = json.loads(result.stdout)["rows"][0]
    assert "more memory than its limit of" in row["message"], row


IN_A_SMALL_DISK = '''
mount -t tmpfs -o size=130m hindcast "$1"
cp -a "$2/." "$1"
cd "$1"
set +e
"$3" replay grad_norm --yes
echo "first $?"
mount -o remount,size=700m "$1"
"$3" replay grad_norm --yes
echo "second $?"
"$3" fsck
echo "fsck $?"
"$3" dataframe grad_norm --format csv
'''


def test_a_full_disk_ends_the_replay_with_the_reason_and_with_room_it_completes(project, tmp_path):
    if subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "hindcast", "/mnt"], capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    body = EPILOGUE.format(act='''import shutil, time
            with open("big.bin", "wb") as file:
                file.write(bytes(90 << 20))
            while shutil.disk_usage(".").free < 64 << 20:
                time.sleep(0.1)''')
    tiny_project.write(project, tiny_project.SCRIPT + body)
    history.record(project)
    tiny_project.write(project, tiny_project.with_probe() + body)
    small = tmp_path / "small"
    small.mkdir()
    done = subprocess.run(["unshare", "-rm", "sh", "-ec", IN_A_SMALL_DISK, "small-disk", str(small), project, history.PROGRAM],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "the disk that holds the store is full" in done.stderr, done.stderr
    assert "first 5" in done.stdout or "first 1" in done.stdout
    assert "second 0\n" in done.stdout and "fsck 0\n" in done.stdout, done.stdout + done.stderr
    assert sum(line[:2] in ("1,", "v1") for line in done.stdout.splitlines()) == 24

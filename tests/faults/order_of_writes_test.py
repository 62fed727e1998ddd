# SPDX-License-Identifier: Apache-2.0
"""The order of writes that FORMAT.md promises, as the kernel sees it: what a readable frame names is on the disk before the frame."""
import os
import subprocess
import sys

import pytest
import recorded
import sweep
from recorded import page


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """(folder of the version, [(kind, name within it, bytes)] in the order of the calls)."""
    folder = str(tmp_path_factory.mktemp("order") / "project")
    os.makedirs(os.path.join(folder, ".hindcast"))
    operation = sweep.Operation("order", recorded.command, None, None)
    outcome, calls = sweep.run(operation, folder)
    assert outcome.out.endswith("closed\n")
    version = os.path.join(os.path.realpath(folder), ".hindcast", "versions", recorded.UUID % 1)
    return version, [(kind, os.path.relpath(path, version), count) for kind, path, count, _ in calls]


def index_of(calls, *wanted, start=0):
    """The first call from `start` on with this kind and name."""
    return next(i for i in range(start, len(calls)) if calls[i][:2] == wanted)


def written(calls, name):
    """[(index of the call, first byte, behind the last)] of the writes to a file."""
    found, at = [], 0
    for index, (kind, path, count) in enumerate(calls):
        if kind == "write" and path == name:
            found.append((index, at, at + count))
            at += count
    return found


def frame_writes(recording):
    """[(kind, payload, index of the write that holds its end)] of the journal's frames, and the index of the seal's."""
    version, calls = recording
    writes = written(calls, "journal")
    found, at = [], 40
    with open(os.path.join(version, "journal"), "rb") as file:
        data = file.read()
    frames = page.Framed(os.path.join(version, "journal"), b"HCJOURNL").frames
    for frame in frames:
        at += 32 + int.from_bytes(data[at + 4 : at + 8], "little")
        found.append((frame.kind, frame.payload, next(index for index, first, last in writes if first < at <= last)))
    return found, writes[-1][0]


def test_run_json_is_whole_and_on_the_disk_before_the_journal_exists(recording):
    _, calls = recording
    journal = index_of(calls, "open", "journal")
    renamed = index_of(calls, "rename", "run.json")
    fresh = calls[index_of(calls, "open", calls[next(i for i, c in enumerate(calls) if c[1].startswith("run.json."))][1])][1]
    assert index_of(calls, "write", fresh) < index_of(calls, "synced", fresh) < renamed
    assert renamed < index_of(calls, "synced", ".", start=renamed) < journal
    assert index_of(calls, "synced", "..") < journal


def test_chunks_are_on_the_disk_before_the_frame_that_names_them(recording):
    _, calls = recording
    frames, _ = frame_writes(recording)
    captures = [(page.capture_of(payload), index) for kind, payload, index in frames if kind == page.CAPTURE]
    assert len(captures) == recorded.PASSES
    for capture, index in captures:
        for tensor in capture.tensors:
            for segment, offset in tensor.chunks:
                name = os.path.join("segments", "seg-%06d" % segment)
                chunk = next(call for call, first, last in written(calls, name) if first <= offset < last)
                assert chunk < index_of(calls, "sync", name, start=chunk) < index_of(calls, "synced", name, start=chunk) < index
    first = min(index for _, index in captures)
    assert index_of(calls, "synced", "segments") < first


def test_the_end_is_on_the_disk_before_the_seal(recording):
    _, calls = recording
    frames, seal = frame_writes(recording)
    kind, _, end = frames[-1]
    assert kind == page.END
    assert end < index_of(calls, "synced", "journal", start=end) < seal
    assert seal < index_of(calls, "synced", "journal", start=seal)
    for name in {name for kind, name, _ in calls if kind == "write" and name.startswith("segments")}:
        last = written(calls, name)[-1][0]
        assert last < index_of(calls, "synced", name, start=last) < seal


WAITING = '''
import sys, time
from hindcast import _native
recorder = _native.Recorder(sys.argv[1], b"{}", 0.05, 0.1, 1 << 26)
_native.set_current(recorder)
_native.log("x", 1.5)
def place(kind, lines):
    return max([i for i, line in enumerate(lines) if line.startswith(kind + " ") and "/journal " in line], default=-1)
for _ in range(1200):
    with open(sys.argv[2]) as file:
        lines = file.read().splitlines()
    values = [i for i, line in enumerate(lines) if line.startswith("write ") and "/journal 40" not in line and "/journal " in line]
    if values and place("synced", lines) > values[0]:
        print("on the disk")
        break
    time.sleep(0.05)
'''


def test_values_reach_the_kernel_and_the_disk_without_being_asked_for(tmp_path):
    folder = tmp_path / "project"
    (folder / ".hindcast").mkdir(parents=True)
    log = str(tmp_path / "project.log")
    version = str(folder / ".hindcast" / "versions" / (recorded.UUID % 1))
    environment = {**os.environ, "LD_PRELOAD": sweep.PRELOADED, "HINDCAST_FAULT_LOG": log,
                   "HINDCAST_FAULT_FOLDER": os.path.join(os.path.realpath(folder), ".hindcast")}
    done = subprocess.run([sys.executable, "-c", WAITING, version, log], env=environment, stdout=subprocess.PIPE, universal_newlines=True,
                          timeout=sweep.SECONDS, check=False)
    assert done.stdout == "on the disk\n"

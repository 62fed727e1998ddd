# SPDX-License-Identifier: Apache-2.0
"""Stored bytes of ten captures of real trainings, against torch.save, zstd, borg and restic.

    PYTHONPATH=<build>/python stored_bench.py SERIES_FOLDER        (made by train_series.py where it is not there)
"""
import os
import shutil
import subprocess
import sys
import tempfile

import torch
from measure import native_module, new_recorder, row, tensor_views
from train_series import DTYPES, EPOCHS, series

GOALS = {"adam": 0.75, "frozen": 0.40, "bf16": 0.52, "sgd": None}


def states(folder):
    """The state of each epoch as the training had it, by key."""
    types = {number: dtype for dtype, number in DTYPES.items()}
    with open(os.path.join(folder, "index"), encoding="ascii") as index:
        tensors = [(key, types[int(number)], int(size)) for key, number, size in map(str.split, index)]
    for epoch in range(EPOCHS):
        with open(os.path.join(folder, f"epoch-{epoch:02d}"), "rb") as source:
            yield {key: torch.frombuffer(bytearray(source.read(size)), dtype=dtype) if size else torch.empty(0, dtype=dtype)
                   for key, dtype, size in tensors}


def folder_bytes(folder):
    return sum(os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(folder) for name in names)


def ours(folder, top):
    recorder, store = new_recorder(native_module(), top, 1 << 30)
    for epoch, state in enumerate(states(folder)):
        if recorder.capture(0, 0, [("epoch", 0, epoch)], 0, tensor_views(state), b"", True) < 0:
            raise SystemExit("a capture was skipped")
        recorder.flush(False)
    recorder.close(b'{"status": "complete"}')
    return folder_bytes(store)


def saved_files(folder, top):
    paths = []
    for epoch, state in enumerate(states(folder)):
        paths.append(os.path.join(top, f"{epoch}.pt"))
        torch.save(state, paths[-1])
    return paths


def zstd(paths):
    return sum(len(subprocess.run(["zstd", "-3", "-c", path], capture_output=True, check=True).stdout) for path in paths)


def borg(paths, top):
    repository = os.path.join(top, "borg")
    environment = {**os.environ, "BORG_BASE_DIR": os.path.join(top, "borg-home"), "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}
    subprocess.run(["borg", "init", "-e", "none", repository], env=environment, check=True, capture_output=True)
    for path in paths:
        command = ["borg", "create", "-C", "zstd,3", f"{repository}::{os.path.basename(path)}", path]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    return folder_bytes(repository)


def restic(paths, top):
    repository = os.path.join(top, "restic")
    environment = {**os.environ, "RESTIC_PASSWORD": "bench", "RESTIC_CACHE_DIR": os.path.join(top, "restic-cache")}
    subprocess.run(["restic", "-r", repository, "init"], env=environment, check=True, capture_output=True)
    for path in paths:
        subprocess.run(["restic", "-r", repository, "backup", path], env=environment, check=True, capture_output=True)
    return folder_bytes(repository)


def measure(name, folder):
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as top:
        paths = saved_files(folder, top)
        saved = sum(os.path.getsize(path) for path in paths)
        peers = []
        for tool, count in (("zstd", lambda: zstd(paths)), ("borg", lambda: borg(paths, top)), ("restic", lambda: restic(paths, top))):
            peers.append(f"{tool} {count() / saved:.3f}" if shutil.which(tool) else f"{tool} not installed")
        stored = ours(folder, top)
    goal = f"{GOALS[name]:.2f}" if GOALS[name] else ""
    row(f"stored bytes, 10 captures `{name}`, {saved / 1e7:.0f} MB each", goal, "torch.save 1.0; " + "; ".join(peers), f"{stored / saved:.3f}")


if __name__ == "__main__":
    for one, place in series(sys.argv[1]).items():
        measure(one, place)

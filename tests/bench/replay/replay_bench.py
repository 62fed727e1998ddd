# SPDX-License-Identifier: Apache-2.0
"""Replays of an epoch-level and of a deep probe over ten versions, against the least that has to be run: the scripts
without their inner loops, and the whole scripts, as plain processes side by side, as many as there are workers.

    PYTHONPATH=<build>/python PATH=<build>/bin:$PATH replay_bench.py FOLDER [VERSIONS [PAIRS]]
"""
import concurrent.futures
import csv
import io
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "record"))

import cnn_history
from measure import median, row

WORKERS = max(1, min(2, os.cpu_count() or 1))
FLOR_SECONDS = 2.45  # a version, of 2.2 to 2.7, one after the other; see the performance page
# The interface without a recorder.
STUB = '''
import contextlib
def arg(name, default=None): return default
def loop(name, iterable): return iterable
def log(name, value): pass
def checkpointing(**objects): return contextlib.nullcontext()
'''


def measured(body):
    """Wall seconds: what runs inside a sandbox leaves its parent no CPU time to read."""
    began = time.perf_counter()
    body()
    return time.perf_counter() - began


def plain(folder, texts):
    """Runs the scripts without Hindcast, WORKERS at a time."""
    environment = dict(cnn_history.environment(), PYTHONPATH=os.path.join(folder, "stub"))

    def one(at):
        place = os.path.join(folder, str(at))
        os.makedirs(place, exist_ok=True)
        cnn_history.write(place, texts[at])
        subprocess.run([sys.executable, "train.py"], cwd=place, env=environment, check=True)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, range(len(texts))))


def fresh(folder, history, **statements):
    """A copy of the recorded history whose newest script has the statement."""
    project = tempfile.mkdtemp(dir=folder)
    shutil.copytree(history, project, dirs_exist_ok=True, symlinks=True)
    versions = sum(1 for _ in os.scandir(os.path.join(history, ".hindcast", "versions")))
    cnn_history.write(project, cnn_history.script(versions, **statements))
    return project


def replay(project, name):
    subprocess.run(["hindcast", "replay", name, "--yes", "--workers", str(WORKERS)], cwd=project, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def count_exact(project, name):
    done = subprocess.run(["hindcast", "dataframe", name, "--provenance", "--format", "csv"], cwd=project, check=True, capture_output=True, text=True)
    return sum(line[f"{name}.fidelity"] == "exact" for line in csv.DictReader(io.StringIO(done.stdout)) if line[name])


def first_value(project, name, reading):
    """Seconds from the user's yes, given `reading` seconds after the plan is shown, to the first pass that is there."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(project)
        os.execvp("hindcast", ["hindcast", "replay", name, "--workers", str(WORKERS)])
    seen, answered = b"", None
    while True:
        if select.select([terminal], [], [], 60)[0]:
            try:
                seen += os.read(terminal, 65536)
            except OSError:
                break
        if answered is None and b"[y/N]" in seen:
            time.sleep(reading)
            os.write(terminal, b"y\n")
            answered, seen = time.perf_counter(), b""
        elif answered is not None and re.search(rb"[1-9]\d* of \d+ passes", seen):
            latency = time.perf_counter() - answered
            os.write(terminal, b"\x03")
            while True:
                try:
                    if not os.read(terminal, 65536):
                        break
                except OSError:
                    break
            break
    os.close(terminal)
    os.waitpid(child, 0)
    return latency


def compare(folder, history, versions, pairs, name, statements, reference):
    """Ratio of wall seconds, pairs in turn, the seconds of one replay, and how many values are exact."""
    ratios, seconds = [], []
    for _ in range(pairs):
        project = fresh(folder, history, **statements)
        mine = measured(lambda: replay(project, name))
        exact = count_exact(project, name)
        peer = measured(lambda: plain(os.path.join(folder, "plain"), reference))
        ratios.append(mine / peer)
        seconds.append(mine)
        print(f"{name}: {mine:.1f} s, plain processes {peer:.1f} s; {exact} values exact", flush=True)
        shutil.rmtree(project)
    return median(ratios), median(seconds), exact


def main(folder, versions, pairs):
    os.makedirs(os.path.join(folder, "plain", "stub"), exist_ok=True)
    with open(os.path.join(folder, "plain", "stub", "hindcast.py"), "w", encoding="utf-8") as file:
        file.write(STUB)
    history = os.path.join(folder, f"history-{versions}")
    cnn_history.record(history, versions)
    numbers = range(1, versions + 1)
    what = f"{versions} versions x 10 epochs, {WORKERS} workers"

    ratio, seconds, exact = compare(folder, history, versions, pairs, "norm", {"shallow": True},
                                    [cnn_history.script(number, shallow=True, empty=True) for number in numbers])
    flor = FLOR_SECONDS * versions / seconds
    row(f"epoch-level probe, {what}: x (prefix + work after the loop)", "1.3", f"FlorDB takes {flor:.1f} x as long, values wrong",
        f"{ratio:.2f}, {exact} values exact")

    ratio, seconds, exact = compare(folder, history, versions, pairs, "grad_norm", {"deep": True},
                                    [cnn_history.script(number, deep=True) for number in numbers])
    row(f"deep probe, {what}: x running all versions", "1.1", "1.0", f"{ratio:.2f}, {exact} values exact")

    alone = measured(lambda: plain(os.path.join(folder, "plain"), [cnn_history.script(versions, shallow=True, empty=True)]))
    for reading in (0, 4):
        latencies = []
        for _ in range(pairs):
            project = fresh(folder, history, shallow=True)
            latencies.append(first_value(project, "norm", reading))
            shutil.rmtree(project)
        row(f"first value after confirming, plan read for {reading} s", "1 s + prefix + an iteration", f"the script without its loop, {alone:.1f} s",
            f"{median(latencies):.1f} s")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10, int(sys.argv[3]) if len(sys.argv) > 3 else 3)

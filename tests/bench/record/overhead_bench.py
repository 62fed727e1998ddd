# SPDX-License-Identifier: Apache-2.0
"""What recording costs a whole script: the same training without (A) and with (B) a capture of all state each epoch, in turn;
and what the recorder itself says that captures held up the training thread, which a busy machine disturbs less.

    PYTHONPATH=<build>/python PATH=<build>/bin:$PATH overhead_bench.py [PAIRS]
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

from measure import median, native_module, row

EPOCHS = 6
SCRIPT = '''
import time
import torch
import hindcast as hc

torch.manual_seed(0)
torch.set_num_threads(1)
model = torch.nn.Sequential(torch.nn.Linear(256, 1024), torch.nn.ReLU(), torch.nn.Linear(1024, 512), torch.nn.ReLU(), torch.nn.Linear(512, 10))
optimizer = torch.optim.Adam(model.parameters())
steps = hc.arg("steps", 40)
with hc.checkpointing(model=model, optimizer=optimizer):
    begin, busy = time.perf_counter(), time.process_time()
    for epoch in hc.loop("epoch", range(hc.arg("epochs", 1))):
        for step in hc.loop("step", range(steps)):
            x = torch.randn(128, 256)
            loss = (model(x) - x[:, :10]).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            hc.log("loss", loss.item())
    print("MEASURED", time.perf_counter() - begin, time.process_time() - busy)
'''
# The interface without a recorder: what is compared is recording, not the loops' own cost.
STUB = '''
import contextlib, sys
def arg(name, default=None):
    for item in sys.argv[1:]:
        if item.startswith(name + "="): return type(default)(item.split("=")[1])
    return default
def loop(name, iterable): return iterable
def log(name, value): pass
def checkpointing(**objects): return contextlib.nullcontext()
'''


def run(folder, recorded, epochs):
    """Wall seconds and CPU seconds of the loop, and wall seconds of everything."""
    environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    if recorded:
        command = [sys.executable, "train.py", "--kwargs", f"epochs={epochs}"]
    else:
        environment["PYTHONPATH"] = os.path.join(folder, "stub")
        command = [sys.executable, "train.py", f"epochs={epochs}"]
    done = subprocess.run(command, cwd=os.path.join(folder, "project"), env=environment, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("MEASURED"))
    return [float(part) for part in line.split()[1:]]


def own_account(native, folder):
    """The share of the time that captures took, as each recorded run noted it."""
    for version in glob.glob(os.path.join(folder, "project", ".hindcast", "versions", "*")):
        notes = [json.loads(bytes(frame)) for frame in native.Reader(version).frames(3)]
        yield next(note["seconds"] / note["elapsed"] for note in notes if note["note"] == "overhead")


def main():
    native = native_module()
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as folder:
        for place, text in (("project/train.py", SCRIPT), ("stub/hindcast.py", STUB)):
            os.makedirs(os.path.dirname(os.path.join(folder, place)), exist_ok=True)
            with open(os.path.join(folder, place), "w", encoding="utf-8") as out:
                out.write(text)
        measured = {False: [], True: []}
        for _ in range(pairs):
            for recorded in (False, True):
                measured[recorded].append(run(folder, recorded, EPOCHS))
        wall = [median([times[0] for times in measured[recorded]]) for recorded in (False, True)]
        cpu = [median([times[1] for times in measured[recorded]]) for recorded in (False, True)]
        each = sorted(b[0] / a[0] for a, b in zip(measured[False], measured[True]))
        row(f"record overhead of a script, {EPOCHS} epochs of {wall[0] / EPOCHS:.1f} s, 9.5 MB changed in each", "1 % wall", "Flor 6.7 %, CheckFreq 3.5 %",
            f"{100 * (wall[1] / wall[0] - 1):+.1f} % wall (pairs {100 * (each[0] - 1):+.1f} … {100 * (each[-1] - 1):+.1f} %), "
            f"{100 * (cpu[1] / cpu[0] - 1):+.1f} % CPU of all threads; by its own account {100 * median(own_account(native, folder)):.2f} % of the wall")


if __name__ == "__main__":
    main()

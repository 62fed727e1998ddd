# SPDX-License-Identifier: Apache-2.0
"""Writers, readers and housekeeping on one store at the same time; then everything that was acknowledged must be there.

    soak.py [--minutes 30] [--writers 2] [--readers 1] [--seed 1] [--json]

Writers record training runs whose every value and tensor follows from the run's number, and now and then one is killed. Readers list and
read tables all the time, and compare what they see. Housekeeping packs, thins, removes, collects and checks. At the end every version
that nobody removed is read in full: values, tensors, digests, fsck. Exits 1, and says what, when anything was lost or wrong.

Needs HINDCAST_PROGRAM and the Python package on PYTHONPATH; runs with any Python that has PyTorch.
"""
import argparse
import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.environ["HINDCAST_PROGRAM"]
EPOCHS, STEPS, SIDE = 4, 50, 96

SCRIPT = f'''\
import torch

import hindcast as hc

number = hc.arg("number", 0)
pause = hc.arg("pause", 0.0)
net = torch.nn.Linear({SIDE}, {SIDE}, bias=False)


def fill(epoch):
    base = torch.arange({SIDE * SIDE}, dtype=torch.float32).reshape({SIDE}, {SIDE})
    with torch.no_grad():
        # The first rows are alike in all runs, as frozen layers are.
        net.weight.copy_(base * 0.001 + epoch)
        net.weight[{SIDE // 2}:] += number


fill(0)
with hc.checkpointing(net=net):
    for epoch in hc.loop("epoch", range({EPOCHS})):
        for step in hc.loop("step", range({STEPS})):
            hc.log("value", number * 1000 + epoch + step / 1024)
        hc.log("whole", number * 10 + epoch)
        fill(epoch + 1)
        if pause:
            import time
            time.sleep(pause)
'''


def expected_weights(number, epoch):
    """The tensor of boundary `epoch` as the script computes it, in 32-bit floats."""
    import torch
    weight = torch.arange(SIDE * SIDE, dtype=torch.float32).reshape(SIDE, SIDE) * 0.001 + epoch
    weight[SIDE // 2:] += number
    return weight


class Soak:
    def __init__(self, project, seed):
        self.project = project
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.stop = threading.Event()
        self.problems = []
        self.counts = {}
        self.next_number = 1
        self.finished = set()  # numbers of runs that ended by themselves
        self.killed = set()
        self.removed = set()  # numbers whose removal was asked for

    def count(self, what, by=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + by

    def problem(self, text):
        with self.lock:
            self.problems.append(text)
        print("PROBLEM:", text, file=sys.stderr, flush=True)

    def hindcast(self, *arguments, expect=(0,)):
        done = subprocess.run([PROGRAM, *arguments], cwd=self.project, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        gone = "no version" in done.stderr  # removed while the command was on its way
        if done.returncode not in expect and not gone:
            self.problem(f"hindcast {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
            return None
        return done.stdout

    def write(self, once=False):
        while once or not self.stop.is_set():
            with self.lock:
                number = self.next_number
                self.next_number += 1
                kill = self.random.random() < 0.15
            run = subprocess.Popen([PROGRAM, "run", "--python", sys.executable, "--arg", f"number={number}", "--arg", f"pause={0.6 if kill else 0.0}",
                                    "train.py"], cwd=self.project, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if kill:
                time.sleep(self.random.uniform(1.0, 5.0))
                run.send_signal(signal.SIGKILL)
            error = run.communicate()[1]
            if run.returncode == 0:
                with self.lock:
                    self.finished.add(number)
                self.count("runs finished")
            elif kill:
                with self.lock:
                    self.killed.add(number)
                self.count("runs killed")
            else:
                self.problem(f"run {number} ended with {run.returncode}: {error[-400:]}")
            if once:
                return

    def versions(self):
        """{run's number: (version's name, state)} of what is listed; versions that had no time to log their number are left out."""
        text = self.hindcast("ls", "--json")
        if text is None:
            return {}
        rows = json.loads(text)["versions"]
        return {int(row["arguments"]["number"]): (f"v{row['version']}", row["state"]) for row in rows if "number" in row["arguments"]}

    def check_values(self, numbers):
        """Values of these finished runs, as they stand in a table. A version may be removed between the listing and the table."""
        listed = self.versions()
        known = {number: listed[number][0] for number in numbers if number in listed}
        text = self.hindcast("dataframe", "number", "value", "--versions", ",".join(known.values()), "--format", "csv", expect=(0, 2)) if known else ""
        rows = {}
        for row in csv.DictReader(io.StringIO(text or "")):
            rows.setdefault("v" + row["version"], []).append(row)
        for number, name in known.items():
            found = rows.get(name, [])
            with self.lock:
                removed = number in self.removed
            if removed and len(found) != EPOCHS * STEPS:
                continue
            if not found and not text:
                continue
            right = len(found) == EPOCHS * STEPS and all(
                float(row["value"]) == number * 1000 + int(row["epoch"]) + int(row["step"]) / 1024 for row in found)
            if not right:
                self.problem(f"run {number} ({name}): {len(found)} values instead of {EPOCHS * STEPS}, or wrong ones")
            self.count("values read", len(found))
        self.count("tables read")

    def read(self):
        while not self.stop.is_set():
            with self.lock:
                numbers = sorted(self.finished - self.removed)
            self.check_values(self.random.sample(numbers, min(4, len(numbers))))
            time.sleep(0.05)

    def keep(self):
        jobs = [self.pack, self.collect, self.remove, self.thin, self.pack, self.collect, self.verify]
        while not self.stop.is_set():
            for job in jobs:
                if self.stop.is_set():
                    return
                job()

    def pack(self):
        if self.hindcast("pack", expect=(0, 3)) is not None:
            self.count("packs")

    def collect(self):
        if self.hindcast("gc") is not None:
            self.count("collections")

    def thin(self):
        if self.hindcast("retain", "--thin-after", "0h", "--every", "2", "--yes", expect=(0, 3)) is not None:
            self.count("thinnings")

    def verify(self):
        text = self.hindcast("fsck", "--json", expect=(0, 6))
        for damage in json.loads(text)["damages"] if text else []:
            self.problem(f"fsck: {damage}")
        self.count("checks")

    def remove(self):
        with self.lock:
            candidates = sorted(self.finished - self.removed)[:-6]
            chosen = self.random.sample(candidates, min(2, len(candidates)))
            self.removed |= set(chosen)
        names = [name for number, (name, _) in self.versions().items() if number in chosen]
        if names and self.hindcast("rm", ",".join(names), "--yes") is not None:
            self.count("versions removed", len(names))

    def read_all_tensors(self):
        """Every stored tensor of every version, compared with what the script put there."""
        from hindcast import _native
        import torch
        folder = os.path.join(self.project, ".hindcast", "versions")
        for uuid in sorted(os.listdir(folder)):
            path = os.path.join(folder, uuid)
            if not os.path.exists(os.path.join(path, "journal")):
                continue
            reader = _native.Reader(path)
            number = json.loads(reader.run()).get("arguments", {}).get("number")
            for capture in reader.captures():
                if not capture["stored"] or capture["point"] != 0:
                    continue
                for index, (key, _, _, size, _, state) in enumerate(reader.capture(capture["n"])[1]):
                    if state != 0 or not key.endswith("weight"):
                        continue
                    out = torch.empty(SIDE, SIDE)
                    reader.read_tensor(capture["n"], index, out.data_ptr(), size)
                    if not torch.equal(out, expected_weights(int(number), capture["coords"][0][2])):
                        self.problem(f"{uuid}: {key} at {capture['coords']} is not what was captured")
                    self.count("tensors compared")

    def finish(self):
        self.verify()
        listed = self.versions()
        for number in sorted(self.finished - self.removed):
            if number not in listed or listed[number][1] != "complete":
                self.problem(f"run {number} is {listed.get(number, ('', 'lost'))[1]}")
        numbers = sorted(self.finished - self.removed)
        for at in range(0, len(numbers), 20):
            self.check_values(numbers[at:at + 20])
        self.read_all_tensors()
        self.hindcast("reindex")
        for at in range(0, len(numbers), 20):
            self.check_values(numbers[at:at + 20])
        self.count("versions at the end", len(listed))

    def run(self, minutes, writers, readers):
        self.write(once=True)
        tasks = [self.write] * writers + [self.read] * readers + [self.keep]
        threads = [threading.Thread(target=task) for task in tasks]
        for thread in threads:
            thread.start()
        end = time.monotonic() + minutes * 60
        while time.monotonic() < end and not self.problems:
            time.sleep(0.2)
        self.stop.set()
        for thread in threads:
            thread.join()
        self.finish()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--readers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hindcast-soak-") as folder:
        os.makedirs(os.path.join(folder, ".hindcast"))
        with open(os.path.join(folder, ".hindcast", "FORMAT"), "w", encoding="ascii") as file:
            file.write("hindcast-store 1\n")  # readers come before the first writer
        with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
            file.write(SCRIPT)
        soak = Soak(folder, options.seed)
        soak.run(options.minutes, options.writers, options.readers)
    if options.json:
        print(json.dumps({"counts": soak.counts, "problems": soak.problems}))
    else:
        for what, number in sorted(soak.counts.items()):
            print(f"{number:10}  {what}")
        print(f"{len(soak.problems):10}  problems")
    return 1 if soak.problems else 0


if __name__ == "__main__":
    sys.exit(main())

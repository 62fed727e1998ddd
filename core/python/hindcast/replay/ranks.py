# SPDX-License-Identifier: Apache-2.0
"""A version that was one of several ranks of a job (torchrun, srun): a rank waits for the others, so all of them are replayed
together, each from its own captures, on this machine. One of them is asked; what the others say again is thrown away.

The others get the same unit in files of their own and are ended with this process.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import uuid

from .. import _native
from .outcome import ESCALATED, FAILED, Refused
from .points import Points

_RUNS = 4096  # versions that are looked at for the other ranks


def is_follower(unit):
    """Whether this process replays a rank for the sake of another one."""
    return unit.get("leader") is not None


def follow(unit):
    """A follower lives as long as the rank that was asked: the pipe to that process ends when it does."""

    def wait():
        os.read(unit["leader"], 1)
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


class Ranks:
    """The other ranks of a job, in processes of their own."""

    def __init__(self, unit, run):
        self._unit = unit
        self._folders = _folders(unit["versionFolder"], run["job"])
        self._mine = run["job"]["rank"]
        self._processes = {}
        self._place = None
        self._replay = None

    def agree(self):
        """Leaves in the unit only what all ranks can do alike: boundaries that each of them has stored. A shallow replay of passes
        whose inner loops ended stored in some ranks only is made deep."""
        unit = self._unit
        points = {rank: Points(_native.Reader(folder), unit["loop"], unit.get("occurrence", 0)) for rank, folder in self._folders.items()}
        common = set.intersection(*({i for i, row in one.boundaries.items() if row["stored"]} for one in points.values()))
        unit["starts"] = sorted(common)
        if unit["mode"] == "shallow":
            passes = range(unit["first"], unit["last"] + 1)
            stored = [{(i, key) for i in passes for key, row in one.exits.get(i, {}).items() if row["stored"]} for one in points.values()]
            if any(one != stored[0] for one in stored):
                return "not every rank has stored where the inner loops of these iterations end"
        return None

    def start(self):
        """Starts the others, and has all of them meet here."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1]), "GLOO_SOCKET_IFNAME": "lo"}
        os.environ.update(meeting)
        self._place = tempfile.mkdtemp(prefix="hindcast-ranks-")
        alive, self._alive = os.pipe()
        for rank, folder in self._folders.items():
            if rank != self._mine:
                self._processes[rank] = self._follower(rank, folder, meeting, alive)
        os.close(alive)

    def _follower(self, rank, folder, meeting, alive):
        run = _run_of(folder)
        place = os.path.join(self._place, str(uuid.uuid4()))
        kind = {"kind": "replay", "uuid": os.path.basename(place), "job": None, "replay": self._unit["run"]["replay"]}
        unit = {**self._unit, "replay": os.path.basename(place), "folder": place, "versionFolder": folder, "argv": run["argv"],
                "arguments": run["arguments"], "run": {**run, **kind}, "leader": alive}
        path = place + ".json"
        with open(path, "w", encoding="utf-8") as file:
            json.dump(unit, file)
        os.set_inheritable(alive, True)
        with open(place + ".output", "wb") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "hindcast.replay.worker", path], env={**os.environ, **run["environment"], **meeting}, pass_fds=(alive,),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            ), place

    def watch(self, replay):
        """From here on an end of another rank that is not this replay's end is its end too."""
        self._replay = replay
        for rank, (process, place) in self._processes.items():
            threading.Thread(target=self._wait, args=(rank, process, place), daemon=True).start()

    def _wait(self, rank, process, place):
        status = process.wait()
        if self._replay is None or not self._replay.open:
            return
        notes = []
        if os.path.exists(os.path.join(place, "journal")):
            notes = [json.loads(bytes(frame)) for frame in _native.Reader(place).frames(3)]
        asked = next((note for note in notes if note.get("note") == "escalate"), None)
        if status == ESCALATED and asked is not None:
            self._replay.escalate(asked["first"], asked["to"], asked.get("from"), "rank %d: %s" % (rank, asked["reason"]))
        self._replay.finish(FAILED, "rank %d of the job ended: %s" % (rank, _last_line(place + ".output")))

    def end(self):
        """Ends the others."""
        self._replay = None
        for process, _ in self._processes.values():
            process.kill()
        for process, _ in self._processes.values():
            process.wait()
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)


def ranks_of(unit, run, hazards):
    """The Ranks that have to be replayed with this version; None for a process of its own. Refused where that cannot be."""
    if run.get("parent"):
        started = run["parent"].get("process") or "a child"
        raise Refused("it was recorded in a process that the script itself started (%s): a replay starts scripts only" % started)
    if any(note.get("what") == "concurrent tasks" for note in hazards):
        raise Refused("tasks of asyncio ran loops side by side in it: a replay cannot make them take the same turns")
    job = run.get("job")
    return Ranks(unit, run) if job and job["worldSize"] > 1 and _meets(run) and not is_follower(unit) else None


def _meets(run):
    """Whether the ranks can meet: they were told where by variables that were recorded."""
    return "MASTER_ADDR" in run["environment"]


def _folders(folder, job):
    """{rank: version folder} of the whole job."""
    around, found = os.path.dirname(folder), {}
    for name in sorted(os.listdir(around), reverse=True)[:_RUNS]:
        run = _run_of(os.path.join(around, name))
        if run and (run.get("job") or {}).get("id") == job["id"]:
            found[run["job"]["rank"]] = os.path.join(around, name)
    missing = [str(rank) for rank in range(job["worldSize"]) if rank not in found]
    if missing:
        raise Refused("it was one of %d ranks, which wait for each other, and rank %s has no version here" % (job["worldSize"], ", ".join(missing)))
    return found


def _run_of(folder):
    try:
        with open(os.path.join(folder, "run.json"), encoding="utf-8", errors="surrogateescape") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def _last_line(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = [line.strip() for line in file if line.strip()]
    except OSError:
        lines = []
    return lines[-1] if lines else "without a word"

# SPDX-License-Identifier: Apache-2.0
"""A worker that follows the contract and does what the version's script says instead of training.

train.py of the test's version holds lines like `2 fail`, `3 crash once`, `4 escalate deep`: what happens at which iteration.
"""
import json
import os
import sys

from hindcast import _native


def actions(unit):
    found = {}
    with open(os.path.join(unit["project"], unit["script"]), encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words:
                found[int(words[0])] = words[1:]
    return found


def main():
    path, _, folder = sys.stdin.readline().rstrip("\n").partition("\t")
    os.chdir(folder)
    with open(path, encoding="utf-8") as file:
        unit = json.load(file)
    todo = actions(unit)
    if todo.get(-1) == ["environment"]:
        print("torch is not installed for this Python")
        sys.exit(4)
    recorder = _native.Recorder(unit["folder"], json.dumps(unit["run"]).encode(), 0.05, 5.0, 1 << 20)
    note = lambda **content: recorder.note(json.dumps(content).encode())
    note(note="progress", phase="import", index=None, seconds=0.01)
    note(note="progress", phase="prefix", index=None, seconds=0.01)
    recorder.enter(unit["loop"])
    for index in range(unit["first"], unit["last"] + 1):
        words = todo.get(index, [])
        if words == ["crash", "once"] and not first_time_seen(unit):
            words = []
        if words[:1] == ["crash"]:
            recorder.flush(False)
            os.kill(os.getpid(), 9)
        if words == ["fail"]:
            recorder.close(json.dumps({"status": "incomplete", "reason": "ValueError: no such class"}).encode())
            print("Traceback …\nValueError: no such class")
            sys.exit(1)
        if words == ["hang"]:
            recorder.flush(False)
            while True:
                pass
        if words[:1] == ["escalate"] and unit["mode"] == "shallow":
            note(note="escalate", first=index, last=unit["last"], to=words[1], reason="`out` was not captured")
            recorder.close(json.dumps({"status": "incomplete", "reason": "escalated"}).encode())
            sys.exit(3)
        if words == ["climb"] and (unit["mode"], "latest" in unit) != ("beginning", False):  # every rung of the ladder
            rung = {"shallow": ("deep", {}), "deep": ("beginning", {}) if "latest" in unit else ("deep", {"from": index - 1})}[unit["mode"]]
            note(note="escalate", first=index, last=unit["last"], to=rung[0], reason="not yet", **rung[1])
            recorder.close(json.dumps({"status": "incomplete", "reason": "escalated"}).encode())
            sys.exit(3)
        recorder.next(index)
        recorder.set_probe(0)
        recorder.log("norm", index + 0.5)
        recorder.set_probe(-1)
        grade = words[1] if words[:1] == ["grade"] else "exact"
        recorder.fidelity(json.dumps({"loop": unit["loop"], "occurrence": 0, "index": index, "mode": unit["mode"], "grade": grade,
                                      "checks": {}, "compared": {}, "first": None, "cause": "", "largestRelative": None,
                                      "errors": []}).encode())
        note(note="progress", phase="iteration", index=index, seconds=0.01)
    recorder.leave(0)
    recorder.close(json.dumps({"status": "complete", "reason": ""}).encode())


def first_time_seen(unit):
    """Whether no replay of this version has a journal besides this one: the first attempt."""
    return os.environ.get("HINDCAST_TEST_ATTEMPTS") and not mark_attempt(unit["run"]["replay"]["version"])


def mark_attempt(version):
    path = os.path.join(os.environ["HINDCAST_TEST_ATTEMPTS"], version)
    if os.path.exists(path):
        return True
    open(path, "w").close()
    return False


main()

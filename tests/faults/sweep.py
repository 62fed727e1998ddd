# SPDX-License-Identifier: Apache-2.0
"""Runs a program again and again, each time with another of its system calls on the store failing, and hands every outcome to a
check. A new operation is one row of a table: what stands before, the command, what must hold after."""
import collections
import os
import shutil
import signal
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.environ["HINDCAST_PROGRAM"]
PRELOADED = os.environ["HINDCAST_FAILING_CALLS"]
EVERY = os.environ.get("HINDCAST_FAULTS") == "all"  # every n instead of a sample
SECONDS = 120  # longer is a hang

Fault = collections.namedtuple("Fault", "call how")
FAULTS = tuple(
    Fault(call, how)
    for call, ways in {
        "write": ("error", "full", "short", "kill"), "sync": ("error", "kill"), "rename": ("error", "kill"), "open": ("error", "kill"),
        "truncate": ("error", "kill"), "mkdir": ("error",), "remove": ("error", "kill"), "read": ("error", "short"),
    }.items()
    for how in ways
)

Outcome = collections.namedtuple("Outcome", "fault at folder status out err")


class Operation(collections.namedtuple("Operation", "name command prepare check environment program limit")):
    """`command(folder)` is run in a copy of what `prepare(folder)` made, with faults in processes named `program` only; then
    `check(outcome)`. `limit`: how many places of each kind of call are tried."""

    def __new__(cls, name, command, prepare, check, environment=None, program="", limit=8):
        return super().__new__(cls, name, command, prepare, check, environment or {}, program, limit)


def run(operation, folder, fault=Fault("", "error"), at=0):
    """The outcome, and the log of calls: [(kind, path, bytes, whether it was made to fail)]."""
    log = folder + ".log"
    environment = {
        **{key: value for key, value in os.environ.items() if key != "HINDCAST"}, **operation.environment, "LD_PRELOAD": PRELOADED,
        "HINDCAST_FAULT_FOLDER": os.path.join(os.path.realpath(folder), ".hindcast"), "HINDCAST_FAULT_CALL": fault.call,
        "HINDCAST_FAULT_AT": str(at), "HINDCAST_FAULT_HOW": fault.how, "HINDCAST_FAULT_LOG": log,
        "HINDCAST_FAULT_PROGRAM": operation.program,
    }
    done = subprocess.run(operation.command(folder), cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=SECONDS, check=False)
    return Outcome(fault, at, folder, done.returncode, done.stdout, done.stderr), calls_of(log)


def calls_of(log):
    calls = []
    if os.path.exists(log):
        with open(log, encoding="utf-8") as file:
            for line in file:
                kind, rest = line.rstrip("\n").split(" ", 1)
                failed = rest.endswith(" FAULT")
                path, count = rest[: -len(" FAULT")].rsplit(" ", 1) if failed else rest.rsplit(" ", 1)
                calls.append((kind, path, int(count), failed))
        os.remove(log)
    return calls


def places(count, limit):
    """Which of `count` calls to fail: all, or the first, the last and some between."""
    if EVERY or count <= limit:
        return range(1, count + 1)
    third = limit // 3
    ends = set(range(1, third + 1)) | set(range(count - third + 1, count + 1))
    between = limit - len(ends)
    return sorted(ends | {third + (count - 2 * third) * (i + 1) // (between + 1) for i in range(between)})


def sweep(operation, folder, faults=FAULTS):
    """Tries all faults; returns how many were met. The check sees first the outcome without any fault."""
    template = os.path.join(folder, "template")
    os.makedirs(os.path.join(template, ".hindcast"))
    with open(os.path.join(template, ".hindcast", "FORMAT"), "w", encoding="ascii") as file:
        file.write("hindcast-store 1\n")
    operation.prepare(template)

    def attempt(fault, at):
        copy = os.path.join(folder, "copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(template, copy, symlinks=True)
        outcome, calls = run(operation, copy, fault, at)
        met = any(failed for *_, failed in calls)
        if not met:  # how often a program writes depends on the clock: this time not as often as the fault is far
            outcome = outcome._replace(fault=Fault("", "error"), at=0)
        told = f"{operation.name}: {fault.how} at {fault.call} {at}: exit {outcome.status}\n{outcome.out}{outcome.err}"
        killed = met and fault.how == "kill"
        assert outcome.status >= 0 or killed and outcome.status == -signal.SIGKILL, told
        try:
            operation.check(outcome)
        except Exception as error:
            failing = [call[:3] for call in calls if call[3]]
            raise AssertionError(f"{told}\nfailed calls: {failing}\n{error}") from error
        return calls, met

    counts = collections.Counter(kind for kind, *_ in attempt(Fault("", "error"), 0)[0])
    met = 0
    for fault in faults:
        for at in places(counts[fault.call], operation.limit):
            met += attempt(fault, at)[1]
    return met


def hindcast(folder, *arguments, expect=(0,)):
    """The program without faults."""
    done = subprocess.run([PROGRAM, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, timeout=SECONDS, check=False)
    assert done.returncode in expect, f"hindcast {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout

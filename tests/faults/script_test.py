# SPDX-License-Identifier: Apache-2.0
"""A script that records itself while calls on the store fail: its output and exit status stay the same, silence means that all was
recorded, and the next run records again."""
import json
import os
import sys

import sweep
from recorded import page

EPOCHS, STEPS = 3, 4
SCRIPT = f'''
import hindcast as hc
total = 0
for epoch in hc.loop("epoch", range({EPOCHS})):
    for step in hc.loop("step", range({STEPS})):
        total += epoch * step
        hc.log("total", total)
    hc.log("words", "epoch %d" % epoch)
    print("epoch", epoch, total)
print("result", total)
'''
OUTPUT = "epoch 0 0\nepoch 1 6\nepoch 2 18\nresult 18\n"


def prepare(folder):
    with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
        file.write(SCRIPT)


def command(folder):
    return [sys.executable, "train.py"]


def wanted_totals():
    totals, total = {}, 0
    for epoch in range(EPOCHS):
        for step in range(STEPS):
            total += epoch * step
            totals[epoch, step] = total
    return totals


def check_version(folder, silent):
    """What is there is right, and all of it is there when nothing was said."""
    run = page.Run(folder, "")
    found = {(v.coordinates[0][2], v.coordinates[1][2]): v.value for v in run.values if v.name == "total"}
    wanted = wanted_totals()
    assert found == dict(list(wanted.items())[: len(found)])
    if silent:
        assert run.state() == "complete" and found == wanted
        assert [v.value for v in run.values if v.name == "words"] == ["epoch %d" % epoch for epoch in range(EPOCHS)]
    return run


def complaints(err):
    """What was said but for the line that tells how it went."""
    return [line for line in err.splitlines() if not line.startswith("hindcast: recorded ")]


def readable_versions(outcome):
    parent = os.path.join(outcome.folder, ".hindcast", "versions")
    folders = [os.path.join(parent, name) for name in (sorted(os.listdir(parent)) if os.path.isdir(parent) else [])]
    journals = [(folder, os.path.join(folder, "journal")) for folder in folders]
    return [folder for folder, journal in journals if os.path.exists(journal) and os.path.getsize(journal) >= 40]


def check_script(outcome):
    killed = outcome.status < 0
    if not killed:
        assert outcome.status == 0
        assert outcome.out == OUTPUT
    silent = not killed and not complaints(outcome.err)
    folders = readable_versions(outcome)
    if silent:
        assert len(folders) == 1
    for folder in folders:
        check_version(folder, silent)
    # The next run records, whatever this one left behind.
    if outcome.at % 3 == 1:
        operation = sweep.Operation("again", command, prepare, None, ENVIRONMENT)
        again, _ = sweep.run(operation, outcome.folder)
        assert again.status == 0 and again.out == OUTPUT and not complaints(again.err)
        newest = readable_versions(outcome)[-1]
        assert newest not in folders
        check_version(newest, True)
        sweep.hindcast(outcome.folder, "fsck")
        listed = json.loads(sweep.hindcast(outcome.folder, "ls", "--json"))["versions"]
        assert listed[0]["state"] == "complete"


ENVIRONMENT = {"HINDCAST_PROGRAM": ""}


def test_every_call_of_a_recorded_script_may_fail(tmp_path):
    operation = sweep.Operation("script", command, prepare, check_script, ENVIRONMENT, limit=5)
    assert sweep.sweep(operation, str(tmp_path)) > 20


def test_the_snapshot_that_runs_beside_a_script_may_fail(tmp_path):
    environment = {"HINDCAST_PROGRAM": sweep.PROGRAM}
    operation = sweep.Operation("snapshot", command, prepare, check_script, environment, "hindcast", limit=3)
    faults = [fault for fault in sweep.FAULTS if fault.how in ("error", "kill")]
    assert sweep.sweep(operation, str(tmp_path), faults) > 5

# SPDX-License-Identifier: Apache-2.0
"""The recorder when the disk fails under it: what it acknowledged is there, nothing wrong is read, the program it lives in goes on."""
import os
import re

import recorded
import sweep
from recorded import page


def version_of(outcome):
    """The recorded version, or None where it never came to be one."""
    folder = os.path.join(outcome.folder, ".hindcast", "versions", recorded.UUID % 1)
    journal = os.path.join(folder, "journal")
    if not os.path.exists(journal) or os.path.getsize(journal) < 40:
        return None
    return page.Run(folder, "")


def check_recording(outcome):
    acknowledged = [int(number) for number in re.findall(r"^acknowledged (\d+)$", outcome.out, re.MULTILINE)]
    assert acknowledged == list(range(len(acknowledged)))
    closed = outcome.out.endswith("closed\n")
    killed = outcome.status != 0
    assert killed or closed or "switched off: " in outcome.out or outcome.out.startswith("not started: ")
    run = version_of(outcome)
    if run is None:
        assert not acknowledged and not closed
    else:
        recorded.check_content(run, closed, len(acknowledged) - 1)
        assert run.state() == "complete" if closed else True
        if "switched off: " in outcome.out and run.state() == "incomplete":
            assert run.journal.documents(page.END)[-1]["reason"] in outcome.out
    if outcome.fault.how in ("full", "error") and outcome.fault.call in ("write", "sync") and outcome.at:
        assert not closed, "a failed %s went unnoticed" % outcome.fault.call
    if outcome.fault.how == "short":
        assert closed, "a short write is no failure"
    sweep.hindcast(outcome.folder, "fsck")
    sweep.hindcast(outcome.folder, "ls")


def test_every_call_of_the_recorder_may_fail(tmp_path):
    operation = sweep.Operation("recorder", recorded.command, lambda folder: None, check_recording, limit=24)
    assert sweep.sweep(operation, str(tmp_path)) > 40

# SPDX-License-Identifier: Apache-2.0
"""The short form of tests/bench/soak: writers, readers and housekeeping at once, nothing lost."""
import json
import os
import subprocess
import sys

import history


def test_nothing_is_lost_while_writers_readers_and_housekeeping_meet():
    soak = os.path.join(history.ROOT, "tests", "bench", "soak", "soak.py")
    done = subprocess.run([sys.executable, soak, "--minutes", "0.15", "--writers", "1", "--json"], capture_output=True, text=True, timeout=600)
    report = json.loads(done.stdout)
    assert report["problems"] == [] and done.returncode == 0, done.stderr
    for what in ("runs finished", "packs", "collections", "tables read", "tensors compared"):
        assert report["counts"].get(what, 0) > 0, report

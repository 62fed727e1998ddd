# SPDX-License-Identifier: Apache-2.0
"""One module for every Python from 3.9 on."""
import glob
import os
import subprocess
import sys

import pytest

from native_module import module_path

SCRIPT = """
import importlib.util, os, sys, tempfile
spec = importlib.util.spec_from_file_location("hindcast._native", sys.argv[1])
native = importlib.util.module_from_spec(spec)
spec.loader.exec_module(native)
with tempfile.TemporaryDirectory() as top:
    folder = os.path.join(top, "0190a7b2-1234-7abc-8def-000000000001")
    recorder = native.Recorder(folder, b"{}", 1.0, 5.0, 1 << 26)
    native.set_current(recorder)
    recorder.enter("epoch")
    for i in range(1000):
        recorder.next()
        native.log("x", i / 3)
        native.log("s", "text %d" % i)
    recorder.leave(0)
    assert recorder.capture(0, 0, recorder.stack(), 0, [("empty", 8, (0,), 0, 0, None)], b"", True) == 0
    recorder.close(b"{}")
    rows = native.Reader(folder).values()
    assert [row[3] for row in rows[::2]] == [i / 3 for i in range(1000)]
    assert recorder.stats()["values"] == 2000
print("ok")
"""


def interpreters():
    found = {}
    for path in [sys.executable, *glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python")), *glob.glob("/usr/bin/python3.[0-9]*")]:
        query = "import sys; print(sys.implementation.name, *sys.version_info[:2], getattr(sys, 'abiflags', ''))"
        answer = subprocess.run([path, "-c", query], capture_output=True, text=True)
        parts = answer.stdout.split()
        if answer.returncode == 0 and parts[0] == "cpython" and (int(parts[1]), int(parts[2])) >= (3, 9) and "t" not in parts[3:]:
            found.setdefault((int(parts[1]), int(parts[2])), path)
    return sorted(found.items())


@pytest.mark.parametrize("version,path", interpreters(), ids=lambda item: str(item))
def test_the_same_module_records_and_reads(version, path):
    done = subprocess.run([path, "-c", SCRIPT, module_path()], capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("ok\n", "", 0)

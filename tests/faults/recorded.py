# SPDX-License-Identifier: Apache-2.0
"""What record_run records, checked with the reader that was written from FORMAT.md alone."""
import array
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "format"))
import independent_reader as page  # noqa: E402

RECORD_RUN = os.environ["HINDCAST_RECORD_RUN"]
UUID = "0192f3c4-0000-7000-8000-%012x"
PASSES = 4


def command(folder, number=1, passes=PASSES):
    return [RECORD_RUN, os.path.join(folder, ".hindcast", "versions", UUID % number), str(passes)]


def record(folder, number, passes=PASSES):
    subprocess.run(command(folder, number, passes), check=True, stdout=subprocess.DEVNULL)


def numbers(start, count):
    return array.array("i", range(start, start + count)).tobytes()


def check_content(run, closed=False, acknowledged=-1, passes=PASSES):
    """Every value and tensor that is there is right, and what was acknowledged is there."""
    values = {name: [value.value for value in run.values if value.name == name] for name in ("pass", "quarter", "words")}
    count = len(values["pass"])
    assert values["pass"] == list(range(count))
    assert values["quarter"] == [page.Double(struct.unpack("<Q", struct.pack("<d", i / 4))[0]) for i in range(len(values["quarter"]))]
    assert values["words"] == ["pass %d" % i for i in range(len(values["words"]))]
    assert [value.coordinates for value in run.values if value.name == "pass"] == [(("epoch", 0, i),) for i in range(count)]
    for index, capture in enumerate(run.captures):
        assert capture.coordinates == (("epoch", 0, index),)
        weights, frozen = capture.tensors
        assert run.segments.tensor(weights) == numbers(index * 1000, 5000)
        assert run.segments.tensor(frozen) == numbers(0, 70_000)
    least = passes if closed else acknowledged + 1
    assert min(count, len(values["quarter"]), len(values["words"]), len(run.captures)) >= least
    assert max(count, len(run.captures)) <= passes

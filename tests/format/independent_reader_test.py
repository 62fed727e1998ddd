# SPDX-License-Identifier: Apache-2.0
"""FORMAT.md is enough: a reader written from that page alone finds in real recordings what the programs say is there."""
import csv
import ctypes
import io
import json
import os
import subprocess
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
os.environ["HINDCAST"] = "0"
import independent_reader as page  # noqa: E402
from hindcast import _native  # noqa: E402

GOLDEN = os.path.join(HERE, "golden", "v1")

# All that a journal can hold: nested and repeated loops, breaks, threads, every type of value, states whose tensors change a
# little (differences), not at all (shared chunks) and span several chunks.
SCRIPT = '''
import threading
import numpy as np
import torch
import hindcast as hc

torch.manual_seed(hc.arg("seed", 3))
net = torch.nn.Sequential(torch.nn.Linear(300, 400), torch.nn.ReLU(), torch.nn.Linear(400, 4))
net[2].weight.requires_grad_(False)
opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 1e-4))
half = torch.arange(7, dtype=torch.float64).to(torch.bfloat16)


def beside(number):
    for tick in hc.loop("tick", range(50)):
        hc.log("beside", number * 1000 + tick)


with hc.checkpointing(model=net, optimizer=opt, half=half):
    for epoch in hc.loop("epoch", range(6)):
        threads = [threading.Thread(target=beside, args=(n,)) for n in range(2)]
        [thread.start() for thread in threads]
        for step in hc.loop("step", range(4)):
            loss = net(torch.randn(8, 300)).square().mean()
            opt.zero_grad()
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
            hc.log("loss", float(step) / 3)
            if epoch == 3 and step == 1:
                break
        for name in hc.loop("name", ["a", "b"]):
            for part in hc.loop("part", range(2)):
                hc.log("text", "%s ü %d" % (name, part))
        for step in hc.loop("step", range(1)):
            hc.log("again", step == 0)
        hc.log("big", 10 ** 40 + epoch)
        hc.log("negative", -epoch)
        hc.log("nothing", None)
        hc.log("odd", [float("nan"), float("inf"), -0.0][epoch % 3])
        hc.log("array", np.arange(epoch + 1, dtype=np.float32))
        half += 1
        [thread.join() for thread in threads]
hc.log("after", 1.5)
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with one recorded run."""
    folder = tmp_path_factory.mktemp("project")
    (folder / ".hindcast").mkdir()
    (folder / "train.py").write_text(SCRIPT, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key != "HINDCAST"}
    subprocess.run([os.environ["HINDCAST_PROGRAM"], "run", "--python", sys.executable, "train.py"], cwd=folder, env=environment,
                   check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def run(project):
    found, = page.Store(str(project / ".hindcast")).runs()
    return found


def asked(project, *arguments):
    return subprocess.run([os.environ["HINDCAST_PROGRAM"], *arguments], cwd=project, stdout=subprocess.PIPE, check=True, timeout=120).stdout


def plain(value):
    """What the program's own reader makes of a value; floats by their bits."""
    if isinstance(value, page.Double):
        return ("float", value.bits)
    if isinstance(value, page.BigInteger):
        return int(value.text)
    if isinstance(value, page.Rich):
        return value.cbor
    return value


def program_value(value):
    if isinstance(value, float):
        return ("float", ctypes.c_uint64.from_buffer_copy(ctypes.c_double(value)).value)
    return bytes(value) if isinstance(value, (bytes, memoryview)) else value


# ---- the golden store -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def golden():
    with open(os.path.join(GOLDEN, "expected.json"), encoding="utf-8") as file:
        return json.load(file)


@pytest.fixture(scope="module")
def golden_run():
    found, = page.Store(GOLDEN).runs()
    return found


def described(value):
    """As expected.json describes values."""
    content = value.value
    if isinstance(content, page.Double):
        content = {"bits": content.bits}
    elif isinstance(content, page.BigInteger):
        content = {"integer": content.text}
    elif isinstance(content, page.Rich):
        content = {"cbor": content.cbor.hex()}
    return {
        "coordinates": [list(level) for level in value.coordinates], "name": value.name, "ordinal": value.ordinal, "value": content,
        "argument": value.argument, "probe": -1 if value.probe is None else value.probe, "thread": value.thread,
    }


def test_the_golden_values_are_read(golden, golden_run):
    assert [described(value) for value in golden_run.values] == golden["values"]


def test_the_golden_captures_and_every_byte_of_their_tensors_are_read(golden, golden_run):
    assert len(golden_run.captures) == len(golden["captures"])
    for found, wanted in zip(golden_run.captures, golden["captures"]):
        assert page.POINTS.index(found.point) == wanted["point"]
        assert (found.how, found.stored, found.stamp, found.passes) == (wanted["how"], wanted["stored"], wanted["stamp"], wanted["passes"])
        assert [list(level) for level in found.coordinates] == wanted["coordinates"]
        assert found.meta.hex() == wanted["meta"]
        for tensor, one in zip(found.tensors, wanted["tensors"], strict=True):
            raw = golden_run.segments.tensor(tensor) if tensor.state == 0 else b""
            assert (tensor.key, tensor.dtype, tensor.state, tensor.shape, tensor.size, tensor.digest.hex()) == (
                one["key"], one["dtype"], one["state"], one["shape"], one["bytes"], one["digest"])
            assert (raw.hex() if len(raw) <= 4096 else "") == one["raw"]


def test_the_golden_seal_number_and_source_are_read(golden, golden_run):
    assert golden_run.state() == "complete"
    assert len(golden_run.journal.frames) == golden["frames"]
    assert page.Store(GOLDEN).numbers() == {golden["version"]: 1}
    files, sealed = page.source_pack(os.path.join(GOLDEN, "versions", golden["version"], "source.pack"))
    assert (files[0][:2], sealed) == (("pkg/train.py", 0o100644), True)


# ---- a recorded run ---------------------------------------------------------------------------------------------------------


def test_every_recorded_value_is_read_with_its_coordinates(run, project):
    reader = _native.Reader(str(project / ".hindcast" / "versions" / run.info["uuid"]))
    program = [
        (tuple(map(tuple, coordinates)), name, ordinal, program_value(value), bool(argument), thread)
        for coordinates, name, ordinal, value, argument, thread in reader.values()
    ]
    mine = [(v.coordinates, v.name, v.ordinal, plain(v.value), v.argument, v.thread) for v in run.values]
    assert mine == program
    assert {v.name for v in run.values} >= {"seed", "lr", "loss", "text", "big", "negative", "nothing", "odd", "array", "after", "beside"}
    assert len({v.thread for v in run.values}) >= 3
    assert {type(v.value) for v in run.values} >= {page.Double, page.BigInteger, page.Rich, str, int, bool, type(None)}


def test_rich_values_are_read_down_to_their_numbers(run):
    arrays = [page.cbor(v.value.cbor) for v in run.values if v.name == "array"]
    assert [one["shape"] for one in arrays] == [[n + 1] for n in range(6)]
    assert all(one["type"] == "array" and one["dtype"] in ("f32", "float32") for one in arrays)
    assert [list(memoryview(one["data"]).cast("f")) for one in arrays] == [[float(i) for i in range(n + 1)] for n in range(6)]


def test_every_byte_of_every_captured_tensor_is_read(run, project):
    reader = _native.Reader(str(project / ".hindcast" / "versions" / run.info["uuid"]))
    rows = reader.captures()
    assert len(rows) == len(run.captures) >= 6
    stored = 0
    for row, capture in zip(rows, run.captures):
        assert (row["point"], row["how"], row["passes"], row["stored"], row["stamp"]) == (
            page.POINTS.index(capture.point), capture.how, capture.passes, capture.stored, capture.stamp)
        assert tuple(map(tuple, row["coords"])) == capture.coordinates
        meta, tensors = reader.capture(row["n"])
        assert bytes(meta) == capture.meta
        assert isinstance(page.cbor(capture.meta), dict)
        assert len(tensors) == len(capture.tensors)
        for index, ((key, _, shape, size, digest, state), mine) in enumerate(zip(tensors, capture.tensors)):
            assert (key, list(shape), size, bytes(digest), state) == (mine.key, mine.shape, mine.size, mine.digest, mine.state)
            if mine.state == 0:
                memory = ctypes.create_string_buffer(max(size, 1))
                reader.read_tensor(row["n"], index, ctypes.addressof(memory), size)
                assert run.segments.tensor(mine) == memory.raw[:size]
                stored += 1
    assert stored > 20


def test_the_run_holds_differences_and_chunks_that_several_captures_share(run):
    """So that the test above has read them."""
    places = [place for capture in run.captures for tensor in capture.tensors for place in tensor.chunks]
    assert len(set(places)) < len(places)
    transforms = {run.segments.file(segment)[offset + 4] for segment, offset in places}
    assert 2 in transforms


def test_state_end_and_number_are_read(run, project):
    assert run.state() == "complete"
    end, = run.journal.documents(page.END)
    assert end["status"] == "complete" and end["exception"] is None
    asked(project, "ls")  # numbers are given when a program first looks
    assert page.Store(str(project / ".hindcast")).numbers() == {run.info["uuid"]: 1}


def test_dataframe_says_the_same_as_the_page(run, project):
    rows = list(csv.DictReader(io.StringIO(asked(project, "dataframe", "loss", "--format", "csv").decode("utf-8"))))
    program = {(int(row["epoch"]), int(row["step"])): float(row["loss"]) for row in rows if row["loss"] != ""}
    mine = {}
    for value in run.values:
        if value.name == "loss":
            place = {loop: index for loop, _, index in value.coordinates}
            mine[place["epoch"], place["step"]] = ctypes.c_double.from_buffer_copy(ctypes.c_uint64(value.value.bits)).value
    assert program == mine and len(mine) == 22

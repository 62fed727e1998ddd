# SPDX-License-Identifier: Apache-2.0
"""What scripts log: numbers of every library, texts, arrays, pictures, values on devices; and far too much of it."""
import json
import struct
import subprocess

import numpy
import pytest

from hindcast.state import cbor, values


def logged(project, text, **environment):
    """[(name, value)] of a script that ends well, and what it said."""
    made = project({"train.py": "import hindcast as hc\n" + text})
    result = made.execute(**environment)
    assert result.returncode == 0, result.stderr
    version = made.versions()[0]
    assert version.end()["status"] == "complete", version.end()
    return [(key[1], value) for key, value in version.values().items()], result.stderr


def form(value):
    return cbor.decode(bytes(value))


def test_scalars_of_numpy_and_torch_are_numbers(project):
    found, _ = logged(project, '''
import enum, numpy as np, torch
class Phase(enum.IntEnum):
    WARM = 3
hc.log("f16", np.float16(0.1)); hc.log("f32", np.float32(0.1)); hc.log("f64", np.float64(0.1)); hc.log("long double", np.longdouble(0.25))
for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "longlong", "ulonglong", "intc", "uintp"):
    info = np.iinfo(name)
    hc.log(name, info.dtype.type(info.max)); hc.log(name, info.dtype.type(info.min))
hc.log("bool", np.bool_(True)); hc.log("zero", np.array(1.5)); hc.log("text", np.str_("a")); hc.log("enum", Phase.WARM)
hc.log("tensor", torch.tensor(0.1)); hc.log("int tensor", torch.tensor(-7)); hc.log("bool tensor", torch.tensor(False))
hc.log("half", torch.tensor(0.1, dtype=torch.bfloat16)); hc.log("grad", torch.tensor(2.5, requires_grad=True))
''')
    got = dict(found)
    assert got["f32"] == float(struct.unpack("f", struct.pack("f", 0.1))[0]).hex() == got["tensor"] and got["f64"] == (0.1).hex()
    assert got["f16"] == float(struct.unpack("e", struct.pack("e", 0.1))[0]).hex() and got["long double"] == (0.25).hex()
    integers = [(name, value) for name, value in found if name in numpy.sctypeDict and name.rstrip("0123456789") in ("int", "uint")]
    assert integers == [(name, value) for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
                        for value in (int(numpy.iinfo(name).max), int(numpy.iinfo(name).min))]
    assert got["ulonglong"] == 0 and ("ulonglong", 2**64 - 1) in found and ("longlong", 2**63 - 1) in found
    assert got["bool"] is True and got["zero"] == (1.5).hex() and got["text"] == "a" and got["enum"] == 3
    assert got["int tensor"] == -7 and got["bool tensor"] is False and got["half"] == (0.10009765625).hex() and got["grad"] == (2.5).hex()


def test_integers_of_any_size_and_a_name_that_changes_its_type(project):
    found, _ = logged(project, '''
for value in (2**63 - 1, 2**63, -2**63, -2**63 - 1, 10**400, -10**400):
    hc.log("int", value)
for value in (1, 1.0, True, None, "1", [1], 10**30, float("inf")):
    hc.log("x", value)
''')
    assert [value for name, value in found if name == "int"] == [2**63 - 1, 2**63, -2**63, -2**63 - 1, 10**400, -10**400]
    x = [value for name, value in found if name == "x"]
    assert x[:5] == [1, (1.0).hex(), True, None, "1"] and form(x[5])["shape"] == [1] and x[6:] == [10**30, "inf"]
    assert type(x[0]) is int and x[2] is True


def test_names_and_texts_of_every_sort(project):
    found, _ = logged(project, '''
for name in ("", " ", "größe ✓", "a\\nb", "x" * 100000, "quote\\"'", "\\ud800", "\\x00"):
    hc.log(name, 1)
    for item in hc.loop(name, ["label\\n", "\\udcff"]):
        hc.log("inside", name[:9])
for text in ("", "line\\nline", "\\udcff", "\\x00end", "x" * 1000000):
    hc.log("text", text)
for i in range(3000):
    hc.log("name %d" % i, i)
''')
    names = ["", " ", "größe ✓", "a\nb", "x" * 100000, "quote\"'", "\\ud800", "\x00"]
    assert [name for name, _ in found if name in names] == names
    assert [value for name, value in found if name == "text"] == ["", "line\nline", "\\udcff", "\x00end", "x" * 1000000]
    assert [(name, value) for name, value in found if name.startswith("name ")] == [("name %d" % i, i) for i in range(3000)]


def test_arrays_of_every_type_come_back_as_they_were(project):
    found, _ = logged(project, '''
import numpy as np, torch
hc.log("swapped", np.arange(3, dtype=">i4")); hc.log("strided", np.arange(12.0).reshape(3, 4)[::2, ::-1]); hc.log("empty", np.zeros((0, 3)))
hc.log("complex", np.array([1 + 2j])); hc.log("one complex", 3 - 4j); hc.log("half", torch.tensor([1.5, -2.0], dtype=torch.bfloat16))
hc.log("bools", torch.tensor([True, False])); hc.log("sparse", torch.eye(2).to_sparse()); hc.log("grad", torch.ones(2, requires_grad=True) * 2)
hc.log("list", [1, 2, 3]); hc.log("floats", [0.5, 2]); hc.log("nested", {"a": [1, {"b": np.float32(0.5)}], "c": {3, 1}})
hc.log("objects", np.array(["a", None], dtype=object)); hc.log("huge", [1 << 70])
''')
    got = {name: values.read(bytes(value)) for name, value in found}
    assert got["swapped"].tolist() == [0, 1, 2] and got["swapped"].dtype == "int32"
    assert numpy.array_equal(got["strided"], numpy.arange(12.0).reshape(3, 4)[::2, ::-1]) and got["empty"].shape == (0, 3)
    assert got["complex"].tolist() == [1 + 2j] and got["one complex"][()] == 3 - 4j and got["half"].tolist() == [1.5, -2.0]
    assert got["bools"].tolist() == [True, False] and got["sparse"].tolist() == [[1, 0], [0, 1]] and got["grad"].tolist() == [2, 2]
    assert got["list"].tolist() == [1, 2, 3] and got["floats"].tolist() == [0.5, 2.0] and got["huge"] == [1 << 70]
    assert got["nested"] == {"a": [1, {"b": 0.5}], "c": [1, 3]} and got["objects"] == ["a", None]


def test_histograms_matrices_and_images(project):
    found, _ = logged(project, '''
import numpy as np, torch
hc.log("histogram", hc.histogram([0, 1, 1, 2, float("nan")], bins=2)); hc.log("edges", hc.histogram(torch.arange(10), bins=[0, 5, 8]))
hc.log("known", hc.histogram(counts=[3, 4], edges=[0.0, 0.5, 1.0]))
hc.log("matrix", hc.matrix([[5, 1], [0, 7]], rows=["cat", "dog"], columns=["cat", "dog"]))
hc.log("grey", hc.image(np.array([[0.0, 0.5, 1.0]]))); hc.log("planes", hc.image(torch.tensor([[[255]], [[0]], [[7]]], dtype=torch.uint8)))
hc.log("rows", hc.image(np.array([[[255, 0, 7]]], dtype=np.uint8))); hc.log("mask", hc.image(np.eye(5, dtype=bool)))
''')
    got = {name: values.read(bytes(value)) for name, value in found}
    assert (got["histogram"].edges.tolist(), got["histogram"].counts.tolist(), got["histogram"].left_out) == ([0.0, 1.0, 2.0], [1, 3], 1)
    assert got["edges"].counts.tolist() == [5, 4] and got["edges"].left_out == 1 and got["known"].counts.tolist() == [3, 4]
    assert got["matrix"].data.tolist() == [[5, 1], [0, 7]] and got["matrix"].rows == ["cat", "dog"] == got["matrix"].columns
    grey, planes, mask = got["grey"], got["planes"], got["mask"]
    assert (grey.height, grey.width, grey.channels, grey.data) == (1, 3, 1, bytes([0, 128, 255]))
    assert (planes.height, planes.width, planes.channels, planes.data) == (1, 1, 3, bytes([255, 0, 7])) and got["rows"].data == planes.data and mask.data[:6] == bytes([255, 0, 0, 0, 0, 0])
    png = planes.png()
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", png[16:24]) == (1, 1)


def test_what_cannot_be_recorded_is_said_once_and_the_run_goes_on(project):
    found, said = logged(project, '''
import numpy as np
class Odd:
    def __str__(self):
        raise RuntimeError("no text")
for i in range(3):
    hc.log("object", object()); hc.log("odd", Odd()); hc.log("text", "x" * (17 << 20)); hc.log("array", np.zeros(3 << 20)); hc.log("bytes", b"x")
    hc.log("image", hc.image(np.zeros((2, 2, 2, 2)))); hc.log("matrix", hc.matrix([[1]], rows=["a", "b"])); hc.log("histogram", hc.histogram())
    hc.log("good", i)
''')
    assert found == [("good", 0), ("good", 1), ("good", 2)]
    for name in ("object", "odd", "text", "array", "bytes", "image", "matrix", "histogram"):
        assert said.count("'%s' is not recorded: " % name) == 1, said
    assert "24 MiB are more than one value may have (16 MiB)" in said


LATE = '''
import threading, time, torch
from hindcast.state import deferred

class Late:
    """A copy that takes its time, like one from a busy device."""
    def __init__(self, tensor):
        self.host, self.there = tensor.clone(), time.monotonic() + 0.05
    def ready(self):
        return time.monotonic() >= self.there
    def tensor(self):
        time.sleep(max(0.0, self.there - time.monotonic()))
        return self.host

reads = deferred.start_copy
deferred.start_copy = lambda value: Late(value) if torch.is_tensor(value) else reads(value)
'''


def test_values_on_a_device_are_not_waited_for_and_stand_where_they_were_logged(project):
    found, _ = logged(project, LATE + '''
began = time.monotonic()
loss = torch.zeros(())
for epoch in hc.loop("epoch", range(2)):
    for step in hc.loop("step", range(50)):
        loss += 1  # what is changed in place afterwards does not change what was logged
        hc.log("loss", loss)
        hc.log("step number", step)
    hc.log("vector", torch.arange(3))
hc.log("waited", 1)
''')
    assert [value for name, value in found if name == "loss"] == [float(i).hex() for i in range(1, 101)]
    order = [name for name, _ in found]
    assert order == (["loss", "step number"] * 50 + ["vector"]) * 2 + ["waited"]
    assert values.read(bytes(found[100][1])).tolist() == [0, 1, 2]


def test_values_on_a_device_arrive_while_the_script_does_something_else(project):
    made = project({"train.py": "import hindcast as hc" + LATE + '''
for epoch in hc.loop("epoch", range(1)):
    hc.log("loss", torch.tensor(1.5))
    hc.log("next", 1)
    print("ready", flush=True)
    input()
'''})
    process = subprocess.Popen(made.command(), cwd=made.folder, env=made.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, universal_newlines=True)
    assert process.stdout.readline() == "ready\n"
    version = made.versions()[0]
    while len(version.values()) < 2:
        version.reader.refresh()
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    assert [(key[1], value) for key, value in made.versions()[0].values().items()] == [("loss", (1.5).hex()), ("next", 1)]


def test_a_device_that_fails_costs_the_value_and_not_the_run(project):
    found, said = logged(project, LATE + '''
class Broken(Late):
    def tensor(self):
        raise RuntimeError("device lost")
hc.log("before", 1)
deferred.start_copy = Broken
hc.log("lost", torch.tensor(1.0))
deferred.start_copy = reads
hc.log("after", 2)
''')
    assert found == [("before", 1), ("after", 2)] and "'lost' is not recorded: device lost" in said


def test_a_million_values_arrive_each_in_its_place(project):
    made = project({"train.py": '''
import hindcast as hc
for epoch in hc.loop("epoch", range(10)):
    log = hc.log
    for i in range(100000):
        log("x", i * 0.5)
'''})
    version = made.record()
    found = [(coordinates[0][2], ordinal, value) for coordinates, name, ordinal, value, _, _ in version.reader.values() if name == "x"]
    assert found == [(epoch, i, i * 0.5) for epoch in range(10) for i in range(100000)]
    assert version.end()["counters"]["values"] == 1000000


def test_values_that_the_disk_does_not_take_slow_the_script_down_and_are_kept(project):
    found, said = logged(project, LATE + '''
text = "x" * 1000000
from hindcast import _native
from hindcast.record import process
late = Late(torch.tensor(1.0))
late.there += 1e9
def waits():
    process._waits()
    late.there = 0.0
_native.set_wait_notice(waits)
deferred.start_copy = lambda value: late if torch.is_tensor(value) else None
hc.log("late", torch.tensor(1.0))  # nothing behind it can be written before it is there
for i in range(300):
    hc.log("text", text)
hc.log("end", 1)
''')
    assert [name for name, _ in found] == ["late"] + ["text"] * 300 + ["end"]
    assert said.count("log() waits for it") == 1


@pytest.mark.parametrize("mode", ["deep", "shallow"])
def test_rich_values_are_logged_again_bit_by_bit_by_a_replay(project, mode):
    made = project({"train.py": '''
import numpy as np, torch
import hindcast as hc
torch.manual_seed(0)
net = torch.nn.Linear(4, 4)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
with hc.checkpointing(net=net, opt=opt):
    for epoch in hc.loop("epoch", range(3)):
        for step in hc.loop("step", range(2)):
            opt.zero_grad()
            out = net(torch.ones(2, 4))
            out.sum().backward()
            opt.step()
        hc.log("weights", hc.histogram(net.weight, 8))
        hc.log("bias", net.bias)
        hc.log("matrix", hc.matrix(net.weight, rows="abcd"))
        hc.log("image", hc.image(torch.sigmoid(net.weight)))
        hc.log("object", {"epoch": epoch, "norm": net.weight.norm()})
        hc.log("nothing", object())
        hc.log("first", net.weight[0, 0])
'''})
    version = made.record()
    replay = made.replay(version, mode, 1, 2, [("train.py", 'hc.log("bias"', 'hc.log("probe", hc.histogram(net.bias, 4))')])
    assert replay.grades() == {1: "exact", 2: "exact"}, replay.fidelity()
    assert {name for _, name, _ in replay.values()} == {"probe"} and replay.fidelity()[1]["compared"]["logs"] == 6


def test_the_query_gives_rich_values_back_as_arrays_and_objects(project, monkeypatch):
    pytest.importorskip("pandas")
    import os

    program = os.environ.get("HINDCAST_PROGRAM", "")
    if not os.access(program, os.X_OK):
        pytest.skip("the hindcast program is not built")
    made = project({"train.py": '''
import numpy as np
import hindcast as hc
for epoch in hc.loop("epoch", range(2)):
    hc.log("array", np.arange(3, dtype="int16") + epoch)
    hc.log("histogram", hc.histogram([epoch, epoch + 1], bins=2))
    hc.log("matrix", hc.matrix([[epoch, 1]], columns=["a", "b"]))
    hc.log("image", hc.image(np.zeros((2, 3))))
    hc.log("object", {"a": epoch})
    hc.log("mixed", epoch if epoch else [1.5, float("nan")])
'''})
    made.record()
    import hindcast

    frame = hindcast.dataframe("array", "histogram", "matrix", "image", "object", "mixed", project=str(made.folder))
    assert frame["array"][1].dtype == "int16" and frame["array"][1].tolist() == [1, 2, 3]
    assert frame["histogram"][1].counts.tolist() == [1, 1] and frame["matrix"][0].columns == ["a", "b"]
    assert (frame["image"][0].height, frame["image"][0].width) == (2, 3) and frame["object"].tolist() == [{"a": 0}, {"a": 1}]
    assert numpy.isnan(frame["mixed"][0][1]) and frame["mixed"][1] == 1
    result = subprocess.run([program, "dataframe", "array", "histogram", "image", "--format", "json"], cwd=made.folder, stdout=subprocess.PIPE, check=True)
    row = json.loads(result.stdout)[0]
    assert row["array"] == [0, 1, 2] and row["histogram"]["counts"] == [1, 1] and row["image"]["width"] == 3

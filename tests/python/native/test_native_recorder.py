# SPDX-License-Identifier: Apache-2.0
"""What a script records through the native module is what a reader gives back."""
import enum
import json
import math
import os
import struct
import threading

import numpy
import pytest
import torch

END = b'{"status": "complete", "reason": ""}'
DTYPES = {
    torch.uint8: 1, torch.int8: 2, torch.int16: 3, torch.int32: 4, torch.int64: 5, torch.float16: 6, torch.bfloat16: 7,
    torch.float32: 8, torch.float64: 9, torch.bool: 10, torch.complex64: 11, torch.complex128: 12,
}


def view(key, tensor):
    return (key, DTYPES[tensor.dtype], tuple(tensor.shape), tensor.data_ptr(), tensor.numel() * tensor.element_size(), tensor)


def same_bytes(a, b):
    return a.shape == b.shape and a.dtype == b.dtype and bytes(a.flatten().view(torch.uint8).tolist()) == bytes(b.flatten().view(torch.uint8).tolist())


def restored(reader, n, index, like):
    out = torch.zeros_like(like)
    reader.read_tensor(n, index, out.data_ptr(), out.numel() * out.element_size())
    return out


def test_log_returns_its_value_with_or_without_a_recorder(native, recorder):
    marker = object()
    assert native.log("x", marker) is marker
    value = 1.25
    assert native.log("x", value) is value
    assert native.log(value=3, name="y") == 3
    native.set_current(None)
    assert native.log("x", value) is value


def test_wrong_calls_are_type_errors(native, recorder):
    for wrong in (lambda: native.log("x"), lambda: native.log(1, 2), lambda: native.log("x", other=2), lambda: native.log("x", 1, 2),
                  lambda: native.set_current(5), lambda: recorder.log(3, 4)):
        with pytest.raises(TypeError):
            wrong()


def test_every_plain_value_comes_back(native, recorder, folder):
    class Color(enum.IntEnum):
        RED = 7

    values = [0.0, -0.0, 0.1, 1e300, math.inf, -math.inf, 5e-324, 0, -1, 2**63 - 1, -(2**63), True, False, None, "", "naïve 名前 😀",
              Color.RED, numpy.float64(0.1)]
    for value in values:
        native.log("v", value)
    native.log("nan", struct.unpack("<d", struct.pack("<Q", 0xFFF80000DEADBEEF))[0])
    native.log("lone", "a\udc80b")
    recorder.flush(False)
    read = native.Reader(folder).values()
    assert [repr(row[3]) for row in read[: len(values)]] == [repr(float(v)) if isinstance(v, float) else repr(int(v) if isinstance(v, Color) else v)
                                                             for v in values]
    assert struct.pack("<d", read[-2][3]) == struct.pack("<Q", 0xFFF80000DEADBEEF)
    assert read[-1][3] == "a\\udc80b"
    assert [row[2] for row in read[: len(values)]] == list(range(len(values)))


def test_what_is_no_plain_value_goes_to_the_slow_handler(native, recorder, folder):
    seen = []

    def slow(name, value):
        seen.append((name, value))
        recorder.log_bigint(name, str(value)) if isinstance(value, int) else recorder.log_rich(name, b"\xa0")
        return "from handler"

    native.set_slow_log(slow)
    assert native.log("big", 2**64) == "from handler"
    assert native.log("array", [1]) == "from handler"
    assert recorder.log("big", 2**64) is False
    assert native.log("plain", 1) == 1
    recorder.flush(False)
    assert [(row[1], row[3]) for row in native.Reader(folder).values()] == [("big", 2**64), ("array", b"\xa0"), ("plain", 1)]
    assert [name for name, _ in seen] == ["big", "array"]


def test_loops_give_coordinates_and_values_are_found_by_them(native, recorder, folder):
    recorder.log_arg("lr", 0.5)
    recorder.enter("epoch")
    for epoch in range(3):
        recorder.next()
        for phase in range(2):
            recorder.enter("step")
            for step in range(4):
                recorder.next(index=10 * step, label=f"batch {step}")
                native.log("loss", epoch + step / 10)
                assert recorder.stack() == [("epoch", 0, epoch), ("step", phase, 10 * step)]
            recorder.leave(1)
        native.log("acc", epoch)
    recorder.leave(0)
    assert recorder.stack() == []
    recorder.flush(False)
    reader = native.Reader(folder)
    assert len(reader.values()) == 1 + 3 * (2 * 4 + 1)
    middle = reader.values("epoch", 0, 1, 1)
    assert len(middle) == 9
    assert middle[0] == ([("epoch", 0, 1), ("step", 0, 0)], "loss", 0, 1.0, False, 0)
    assert middle[-1] == ([("epoch", 0, 1)], "acc", 0, 1, False, 0)
    assert reader.values()[0] == ([], "lr", 0, 0.5, True, 0)
    assert reader.values("epoch", 1) == []


def test_ordinals_and_probes_can_be_set(native, recorder, folder):
    recorder.set_probe(3)
    recorder.set_ordinal(7)
    native.log("x", 1)
    native.log("x", 2)
    recorder.set_probe(-1)
    recorder.flush(False)
    assert [row[2] for row in native.Reader(folder).values()] == [7, 8]


def test_threads_have_their_own_loops(native, recorder, folder):
    native.log("main", 1)

    def work(number):
        recorder.enter(f"worker {number}")
        for i in range(1000):
            recorder.next()
            native.log("i", i)
        recorder.leave(0)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.flush(False)
    rows = [row for row in native.Reader(folder).values() if row[1] == "i"]
    assert len(rows) == 4000
    assert all(coords[0][2] == value for coords, _, _, value, _, _ in rows)
    assert len({(coords[0][0], thread) for coords, _, _, _, _, thread in rows}) == 4


def test_names_made_at_run_time_are_told_apart(native, recorder, folder):
    for i in range(5000):
        native.log(f"layer/{i % 1500}", i)
    recorder.flush(False)
    assert [(row[1], row[3]) for row in native.Reader(folder).values()] == [(f"layer/{i % 1500}", i) for i in range(5000)]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_tensors_of_every_type_are_restored_bit_for_bit(native, recorder, folder, dtype):
    torch.manual_seed(1)
    shapes = [(), (0, 3), (7,), (3, 5, 7), (300, 301)]
    tensors = [(torch.randn(shape) * 50).to(dtype) for shape in shapes]
    assert recorder.capture(0, 0, [("epoch", 0, 0)], 0, [view(str(i), t) for i, t in enumerate(tensors)], b"\xa0", True) == 0
    recorder.flush(False)
    reader = native.Reader(folder)
    meta, listed = reader.capture(0)
    assert meta == b"\xa0"
    for i, tensor in enumerate(tensors):
        assert listed[i][:4] == (str(i), DTYPES[dtype], tuple(tensor.shape), tensor.numel() * tensor.element_size())
        assert same_bytes(restored(reader, 0, i, tensor), tensor)


def test_a_training_run_is_captured_and_restored(native, recorder, folder):
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(300, 400), torch.nn.ReLU(), torch.nn.Linear(400, 10))
    optimizer = torch.optim.Adam(model.parameters())
    expected = []
    for epoch in range(10):
        state = {f"m/{k}": v for k, v in model.state_dict().items()}
        for i, entry in enumerate(optimizer.state.values()):
            state.update({f"o/{i}/{k}": v for k, v in entry.items() if torch.is_tensor(v)})
        coords = [("epoch", 0, epoch)]
        assert recorder.capture(0, 0, coords, 0, [view(k, v) for k, v in state.items()], b"\xa0", True) == epoch
        expected.append({k: v.clone() for k, v in state.items()})
        for _ in range(5):
            optimizer.zero_grad()
            model(torch.randn(32, 300)).square().mean().backward()
            optimizer.step()
    recorder.flush(True)
    reader = native.Reader(folder)
    assert [c["coords"] for c in reader.captures()] == [[("epoch", 0, e)] for e in range(10)]
    for n, state in enumerate(expected):
        _, listed = reader.capture(n)
        for index, row in enumerate(listed):
            assert same_bytes(restored(reader, n, index, state[row[0]]), state[row[0]])
    stats = recorder.stats()
    assert stats["captures"] == 10 and stats["bytes_stored"] < 0.85 * stats["bytes_raw"]


def test_a_digest_only_capture_tells_equal_from_different(native, recorder, folder):
    a, b = torch.arange(10.0), torch.arange(10.0)
    recorder.capture(1, 2, [("epoch", 0, 0)], 5, [view("a", a), view("b", b)], b"\xa0", False)
    b[3] = 99
    recorder.capture(1, 0, [("epoch", 0, 1)], 5, [view("a", a), view("b", b)], b"\xa0", False)
    recorder.flush(False)
    reader = native.Reader(folder)
    first, second = (reader.capture(n)[1] for n in (0, 1))
    assert first[0][4] == first[1][4] == second[0][4] != second[1][4]
    assert [row[5] for row in first] == [1, 1]
    assert native.digest([(a.data_ptr(), 40), (0, 0)])[0] == first[0][4]
    entry = reader.captures()[0]
    assert (entry["point"], entry["how"], entry["passes"], entry["stored"]) == (1, 2, 5, False)
    with pytest.raises(FileNotFoundError):
        reader.read_tensor(0, 0, a.data_ptr(), 40)


def test_documents_come_back_in_order(native, recorder, folder):
    recorder.note(b'{"note": "hint", "text": "a"}')
    recorder.fidelity(b'{"grade": "exact"}')
    recorder.note(b'{"note": "hint", "text": "b"}')
    recorder.flush(False)
    reader = native.Reader(folder)
    assert [json.loads(n)["text"] for n in reader.frames(3)] == ["a", "b"]
    assert reader.frames(5) == [b'{"grade": "exact"}']
    assert reader.run() == b'{"format": 1}'


def test_a_reader_sees_more_after_refresh(native, recorder, folder):
    recorder.flush(False)
    reader = native.Reader(folder)
    native.log("x", 1)
    recorder.flush(False)
    assert reader.values() == []
    reader.refresh()
    assert len(reader.values()) == 1


def test_a_full_queue_skips_the_capture_and_notes_it(native, folder):
    recorder = native.Recorder(folder, b"{}", 1.0, 5.0, 4 << 20)
    big = torch.zeros(3_000_000)
    assert recorder.capture(0, 0, [("epoch", 0, 4)], 0, [view("big", big)], b"\xa0", True) == -1
    recorder.close(END)
    note = json.loads(native.Reader(folder).frames(3)[0])
    assert (note["note"], note["loop"], note["index"], note["bytes"]) == ("skip", "epoch", 4, 12_582_912)  # memory comes in slabs of 4 MiB


def test_after_close_everything_is_silent(native, folder):
    recorder = native.Recorder(folder, b"{}", 1.0, 5.0, 1 << 26)
    native.set_current(recorder)
    native.log("x", 1)
    recorder.close(END)
    assert native.log("x", 2) == 2
    recorder.note(b"{}")
    recorder.flush(True)
    recorder.close(END)
    assert recorder.capture(0, 0, [], 0, [], b"", True) == -1
    native.set_current(None)
    assert len(native.Reader(folder).values()) == 1
    assert recorder.failure() is None


def test_a_folder_that_cannot_be_used_is_a_runtime_error(native, recorder, folder):
    for path in (folder, "/proc/0190a7b2-1234-7abc-8def-000000000001", folder + "x"):
        with pytest.raises(RuntimeError):
            native.Recorder(path, b"{}", 1.0, 5.0, 1 << 26)
    with pytest.raises(FileNotFoundError):
        native.Reader(folder[:-1] + "z")


def test_a_damaged_segment_is_a_value_error(native, recorder, folder):
    tensor = torch.randn(1000)
    recorder.capture(0, 0, [], 0, [view("t", tensor)], b"\xa0", True)
    recorder.flush(False)
    path = folder + "/segments/seg-000000"
    data = bytearray(open(path, "rb").read())
    data[500] ^= 1
    open(path, "wb").write(data)
    with pytest.raises(ValueError, match="damaged"):
        restored(native.Reader(folder), 0, 0, tensor)


def test_a_source_pack_holds_every_file(native, folder, tmp_path):
    path = str(tmp_path / "source.pack")
    native.write_source_pack(path, os.path.basename(folder), [("train.py", 0o100644, b"print(1)\r\n"), ("pkg/ü.py", 0o100755, b"")])
    data = open(path, "rb").read()
    assert data[:8] == b"HCSOURCE" and data[-8:] == b"HCSEALED"
    assert b"\x08train.py\xa4\x83\x02print(1)\r\n" in data
    with pytest.raises(OSError):
        native.write_source_pack(path, os.path.basename(folder), [])

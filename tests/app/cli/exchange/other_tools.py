# SPDX-License-Identifier: Apache-2.0
"""Files as other tools write them, by their public formats and by nothing of Hindcast's own."""
import json
import os
import sqlite3
import struct
import zlib


# TensorBoard: TFRecord with masked CRC-32C around Event messages.

def _crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC32C = _crc32c_table()


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC32C[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(data):
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", masked_crc(head)) + data + struct.pack("<I", masked_crc(data))


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """One field: bytes and text as such, float as double, int as varint."""
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def float_field(number, value):
    return varint(number << 3 | 5) + struct.pack("<f", value)


def event(step, *values, time=1_700_000_000.0):
    return field(1, time) + field(2, step) + field(5, b"".join(field(1, value) for value in values))


def scalar(tag, value):
    return field(1, tag) + float_field(2, value)


def plugin(name, content=b""):
    return field(9, field(1, field(1, name) + field(2, content)))


def tensor_scalar(tag, value, first=True):
    tensor = field(1, 1) + field(2, b"") + field(5, struct.pack("<f", value))
    return field(1, tag) + field(8, tensor) + (plugin("scalars") if first else b"")


def tensor_text(tag, text):
    tensor = field(1, 7) + field(2, field(2, field(1, 1))) + field(8, text)
    return field(1, tag) + field(8, tensor) + plugin("text")


def histogram(tag, limits, counts, smallest, largest):
    body = field(1, smallest) + field(2, largest) + field(3, float(sum(counts)))
    body += field(6, struct.pack(f"<{len(limits)}d", *limits)) + field(7, struct.pack(f"<{len(counts)}d", *counts))
    return field(1, tag) + field(5, body)


def tensor_histogram(tag, rows):
    flat = [number for row in rows for number in row]
    shape = field(2, field(1, len(rows))) + field(2, field(1, 3))
    tensor = field(1, 2) + field(2, shape) + field(4, struct.pack(f"<{len(flat)}d", *flat))
    return field(1, tag) + field(8, tensor) + plugin("histograms")


def image(tag):
    return field(1, tag) + field(4, field(1, 2) + field(2, 2) + field(4, b"png"))


def hyperparameters(**values):
    entries = b""
    for name, value in values.items():
        body = field(4, int(value)) if isinstance(value, bool) else field(3, value) if isinstance(value, str) else field(2, float(value))
        entries += field(1, field(1, name) + field(2, body))
    return field(1, "_hparams_/session_start_info") + plugin("hparams", field(1, 0) + field(3, entries))


def write_events(folder, *events, name="events.out.tfevents.1700000000.host.1.0"):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(record(field(1, 1_700_000_000.0) + field(3, "brain.Event:2")))
        for each in events:
            file.write(record(each))
    return path


def read_events(path):
    """(step, tag, float) of all scalars of a file, in order; fails on a wrong checksum."""
    data = open(path, "rb").read()
    found, at = [], 0
    while at < len(data):
        length, head = struct.unpack_from("<QI", data, at)
        assert head == masked_crc(data[at:at + 8])
        body = data[at + 12:at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc(body)
        at += 16 + length
        fields = dict(parse(body))
        for number, value in parse(fields.get(5, b"")):
            inner = dict(parse(value))
            if 2 in inner:
                found.append((fields.get(2, 0), inner[1].decode(), struct.unpack("<f", inner[2])[0]))
    return found


def parse(data):
    at = 0

    def take():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(data):
        tag = take()
        if tag & 7 == 0:
            yield tag >> 3, take()
            continue
        size = {1: 8, 5: 4}.get(tag & 7) or take()
        yield tag >> 3, data[at:at + size]
        at += size


# MLflow's file store.

def write_mlflow(root, run_id="a" * 32, params=(), metrics=(), status=3, name="kind-owl", experiment="0"):
    folder = os.path.join(root, experiment, run_id)
    for part in ("metrics", "params", "tags"):
        os.makedirs(os.path.join(folder, part))
    with open(os.path.join(root, experiment, "meta.yaml"), "w") as file:
        file.write(f"artifact_location: file:///x\nexperiment_id: '{experiment}'\nlifecycle_stage: active\nname: Default\n")
    with open(os.path.join(folder, "meta.yaml"), "w") as file:
        file.write(f"artifact_uri: file:///x/artifacts\nend_time: 1700000060000\nentry_point_name: ''\nexperiment_id: '{experiment}'\n"
                   f"lifecycle_stage: active\nrun_id: {run_id}\nrun_name: {name}\nrun_uuid: {run_id}\nsource_name: ''\n"
                   f"source_type: 4\nsource_version: ''\nstart_time: 1700000000000\nstatus: {status}\ntags: []\nuser_id: ann\n")
    for key, text in dict(params).items():
        with open(os.path.join(folder, "params", key), "w") as file:
            file.write(text)
    for key, rows in dict(metrics).items():
        path = os.path.join(folder, "metrics", key)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.writelines(f"{time} {value} {step}\n" for time, value, step in rows)
    with open(os.path.join(folder, "tags", "mlflow.source.name"), "w") as file:
        file.write("train.py")
    return folder


# Weights & Biases: LevelDB's log format around Record messages.

BLOCK = 32768


def write_wandb(folder, records, run_id="abcd1234"):
    os.makedirs(folder, exist_ok=True)
    out = bytearray(b":W&B" + struct.pack("<HB", 0xBEE1, 0))
    for data in records:
        first = True
        while True:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += b"\0" * room
                room = BLOCK
            piece, data = data[:room - 7], data[room - 7:]
            kind = (1 if not data else 2) if first else (4 if not data else 3)
            out += struct.pack("<IHB", zlib.crc32(bytes([kind]) + piece) & 0xFFFFFFFF, len(piece), kind) + piece
            first = False
            if not data:
                break
    path = os.path.join(folder, f"run-{run_id}.wandb")
    with open(path, "wb") as file:
        file.write(bytes(out))
    return path


def wandb_items(number, values, **nested):
    body = b"".join(field(number, field(1, key) + field(16, json.dumps(value))) for key, value in values.items())
    return body + b"".join(field(number, field(2, key.split("__")[0]) + field(2, key.split("__")[1]) + field(16, json.dumps(value)))
                           for key, value in nested.items())


def wandb_history(step, values, time=1_700_000_000.5):
    return field(1, step + 1) + field(2, wandb_items(1, dict(values, _step=step, _timestamp=time)))


def wandb_run(config, name="fast-fox-3", started=1_700_000_000):
    return field(17, field(1, "abcd1234") + field(4, wandb_items(1, config)) + field(8, name) + field(13, "node7") + field(17, field(1, started)))


def wandb_exit(code=0):
    return field(18, field(1, code))


# FlorDB.

def flor_record(name, value, context=(), time="2024-05-06T12:34:56", kind=1):
    """Version 3: `context` is ((loop, iteration, value), …), outermost first, as FlorDB nests it."""
    nested = None
    for number, (loop, iteration, text) in enumerate(context):
        nested = {"ctx_id": 1000 + hash((context[:number + 1])) % 10_000_000, "p_ctx": nested, "name": loop, "iteration": iteration, "value": text}
    return {"projid": "proj", "tstamp": time, "filename": "train.py", "ctx": nested, "name": name, "value": value, "type": kind}


def write_flor_database(path, records):
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE loops(ctx_id INTEGER, p_ctx_id INTEGER, l_name TEXT, iteration INTEGER, l_value TEXT)")
    base.execute("CREATE TABLE logs(projid TEXT, tstamp TEXT, filename TEXT, ctx_id INTEGER, value_name TEXT, value TEXT, value_type INTEGER)")

    def insert(context):
        if context is None:
            return None
        parent = insert(context["p_ctx"])
        base.execute("INSERT INTO loops VALUES(?, ?, ?, ?, ?)", (context["ctx_id"], parent, context["name"], context["iteration"], context["value"]))
        return context["ctx_id"]

    for each in records:
        base.execute("INSERT INTO logs VALUES(?, ?, ?, ?, ?, ?, ?)", (each["projid"], each["tstamp"], each["filename"], insert(each["ctx"]),
                                                                    each["name"], str(each["value"]), each["type"]))
    base.commit()
    base.close()

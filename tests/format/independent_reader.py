# SPDX-License-Identifier: Apache-2.0
"""Reads a Hindcast store from what core/format/FORMAT.md says, and shares no line with the programs that write it. Whatever this
file has to guess is a gap in that page. Needs the system's libzstd and libxxhash, and nothing of Hindcast's."""
import array
import ctypes
import json
import os
import struct
from collections import namedtuple

zstd = ctypes.CDLL("libzstd.so.1")
zstd.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
zstd.ZSTD_getFrameContentSize.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
zstd.ZSTD_decompress.restype = ctypes.c_size_t
zstd.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
zstd.ZSTD_isError.argtypes = [ctypes.c_size_t]


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


xxhash = ctypes.CDLL("libxxhash.so.0")
xxhash.XXH3_64bits.restype = ctypes.c_uint64
xxhash.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
xxhash.XXH3_128bits.restype = Hash128
xxhash.XXH3_128bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]

CHUNK = 262_144
PACKED = 1 << 40
EVENTS, CAPTURE, NOTE, HEARTBEAT, FIDELITY, END, ANNOTATION, FILE = range(1, 9)
POINTS = ("boundary", "exit", "mid", "prefix", "end")
DTYPES = ("", "u8", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64", "bool", "c64", "c128", "u16", "u32", "u64", "f8e4m3fn",
          "f8e5m2", "f8e4m3fnuz", "f8e5m2fnuz", "c32", "raw")


class Damaged(Exception):
    """The bytes do not verify."""


def need(condition, what):
    if not condition:
        raise Damaged(what)


def hash64(data):
    return xxhash.XXH3_64bits(bytes(data), len(data))


def hash128(data):
    found = xxhash.XXH3_128bits(bytes(data), len(data))
    return struct.pack(">QQ", found.high, found.low)


def unzstd(data, limit):
    size = zstd.ZSTD_getFrameContentSize(bytes(data), len(data))
    need(size <= limit, "a zstd frame that does not state a possible size")
    out = ctypes.create_string_buffer(size or 1)
    done = zstd.ZSTD_decompress(out, size, bytes(data), len(data))
    need(not zstd.ZSTD_isError(done) and done == size, "a zstd frame that does not decode")
    return out.raw[:size]


class Cursor:
    """Takes fields from bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        need(count <= self.left(), "a record that ends early")
        self.at += count
        return bytes(self.data[self.at - count : self.at])

    def fields(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def one(self, letter):
        return self.fields(letter)[0]

    def varint(self):
        value = 0
        for shift in range(0, 70, 7):
            byte = self.one("B")
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                need(value < 1 << 64, "a varint beyond 64 bits")
                return value
        raise Damaged("a varint of more than ten bytes")

    def svarint(self):
        raw = self.varint()
        return (raw >> 1) ^ -(raw & 1)

    def blob(self):
        return self.take(self.varint())

    def text(self):
        return self.blob().decode("utf-8")


# ---- section 5.1: CBOR ------------------------------------------------------------------------------------------------------

Tagged = namedtuple("Tagged", "tag content")


def cbor(data):
    cursor = Cursor(data)
    value = cbor_item(cursor)
    need(cursor.left() == 0, "bytes behind a CBOR item")
    return value


def cbor_item(cursor):
    first = cursor.one("B")
    major, small = first >> 5, first & 31
    if first == 0xFB:
        return struct.unpack(">d", cursor.take(8))[0]
    if major == 7:
        need(small in (20, 21, 22), "a CBOR item that the page does not allow")
        return {20: False, 21: True, 22: None}[small]
    need(small <= 27, "a CBOR length that is not definite")
    number = small if small < 24 else int.from_bytes(cursor.take(1 << (small - 24)), "big")
    if major == 0:
        return number
    if major == 1:
        return -1 - number
    if major == 2:
        return cursor.take(number)
    if major == 3:
        return cursor.take(number).decode("utf-8")
    if major == 4:
        return [cbor_item(cursor) for _ in range(number)]
    if major == 5:
        return {hashable(cbor_item(cursor)): cbor_item(cursor) for _ in range(number)}
    content = cbor_item(cursor)
    if number in (2, 3):
        magnitude = int.from_bytes(content, "big")
        return magnitude if number == 2 else -1 - magnitude
    return Tagged(number, content)


def hashable(key):
    need(isinstance(key, (str, int, bytes)), "a CBOR key that is neither text nor a number")
    return key


# ---- section 3: frames ------------------------------------------------------------------------------------------------------

Frame = namedtuple("Frame", "kind sequence stamp payload")


class Framed:
    """A journal, annotation file or source pack: its head, its whole frames, and whether it is sealed."""

    def __init__(self, path, magic):
        with open(path, "rb") as file:
            data = file.read()
        cursor = Cursor(data)
        name, major, _, reserved, uuid, self.started = cursor.fields("8sHHI16sQ")
        need(name == magic and major == 1 and reserved == 0, "not a file of this kind")
        self.uuid = uuid.hex()
        self.frames, self.sealed = [], False
        while cursor.left():
            frame = self.frame(cursor)
            if frame is None:
                rest = data[cursor.at :]
                self.sealed = rest == struct.pack("<Q8s", len(self.frames), b"HCSEALED")
                return
            self.frames.append(frame)

    def frame(self, cursor):
        """The next one, or None where no whole frame follows; then the cursor has not moved."""
        start = cursor.at
        try:
            magic, stored, kind, flags, sequence, stamp, check = cursor.fields("4sIHHIQQ")
            need(magic == b"HCFR" and stored <= 1 << 30 and not flags & 0xFE and sequence == len(self.frames), "no frame")
            payload = cursor.take(stored)
            need(hash64(cursor.data[start + 4 : start + 24] + payload) == check, "no frame")
            if flags & 1:
                packed = Cursor(payload)
                size = packed.one("I")
                payload = unzstd(packed.take(packed.left()), 1 << 30)
                need(len(payload) == size, "no frame")
            return Frame(kind, sequence, stamp, payload)
        except Damaged:
            cursor.at = start
            return None

    def documents(self, kind):
        return [json.loads(frame.payload.decode("utf-8")) for frame in self.frames if frame.kind == kind]


# ---- section 4: values and loops --------------------------------------------------------------------------------------------

Value = namedtuple("Value", "coordinates name ordinal value argument probe thread")
BigInteger = namedtuple("BigInteger", "text")
Rich = namedtuple("Rich", "cbor")


def widened(bits):
    """The bits of the double that has the value of a float32's bits; payloads of NaN are kept."""
    sign, exponent, mantissa = bits >> 31, bits >> 23 & 0xFF, bits & 0x7FFFFF
    if exponent == 0xFF:
        return sign << 63 | 0x7FF << 52 | mantissa << 29
    return struct.unpack("<Q", struct.pack("<d", struct.unpack("<f", struct.pack("<I", bits))[0]))[0]


class Double(namedtuple("Double", "bits")):
    """A double by its bits: two NaN are equal when their payloads are."""


class Level:
    def __init__(self, loop, occurrence, index):
        self.loop, self.occurrence, self.index = loop, occurrence, index
        self.counts = {}


def streams_of(cursor, count):
    found = {}
    for _ in range(count):
        number, codec, width, reserved, raw, stored = cursor.fields("BBBBII")
        need(reserved == 0 and number not in found and codec <= 2 and raw > 0, "a stream that is not allowed")
        need((width in (2, 4, 8)) if codec == 2 else width == 0, "a stream's width")
        data = cursor.take(stored)
        if codec:
            data = unzstd(data, raw)
        need(len(data) == raw, "a stream of another length than it says")
        if codec == 2:
            whole = raw // width
            joined = bytearray(raw)
            for byte in range(width):
                joined[byte : whole * width : width] = data[byte * whole : (byte + 1) * whole]
            joined[whole * width :] = data[whole * width :]
            data = bytes(joined)
        found[number] = Cursor(data)
    return found


class Block:
    """One EVENTS payload: `values` in order, and `passes`, [(coordinates, label or None, stamp)] as they begin."""

    def __init__(self, payload):
        head = Cursor(payload)
        version, streams, self.thread, count, self.stamp = head.fields("BBHIQ")
        need(version == 1, "a block of another version")
        self.streams = streams_of(head, streams)
        need(head.left() == 0, "bytes behind a block's streams")
        self.names, self.loops, self.values, self.passes, self.leaves = {}, {}, [], [], []
        self.time = self.stamp
        self.stack, self.counts = None, {}
        self.forget()
        ops = self.streams[0]
        while ops.left():
            self.operation(ops.one("B"), ops)
        need(self.stack is not None and all(not stream.left() for stream in self.streams.values()), "entries left over")
        need(len(self.values) == count, "another number of values than the head says")

    def stream(self, number):
        return self.streams.get(number, Cursor(b""))

    def forget(self):
        self.argument, self.probe, self.again = False, None, None

    def tick(self):
        self.time += self.stream(5).varint()
        return self.time

    def coordinates(self):
        return tuple((level.loop, level.occurrence, level.index) for level in self.stack)

    def operation(self, op, ops):
        if op in (1, 2):
            table, number = (self.names if op == 1 else self.loops), ops.varint()
            need(number not in table, "a name defined twice")
            table[number] = self.stream(4).text()
            return
        if op == 3:
            need(self.stack is None, "a second STACK")
            places = [(self.loops[ops.varint()], ops.varint()) for _ in range(ops.varint())]
            self.stack = [Level(*place, self.stream(3).svarint()) for place in places]
            return
        need(self.stack is not None, "an operation before STACK")
        if op in (0x04, 0x05, 0x06, 0x07, 0x08):
            self.loop_operation(op, ops)
        elif op == 0x20:
            self.argument = True
        elif op == 0x21:
            self.probe = ops.varint()
        elif op == 0x22:
            self.again = ops.varint()
        else:
            self.add(self.names[ops.varint()], self.taken(op))

    def loop_operation(self, op, ops):
        if op == 0x04:
            loop, occurrence = self.loops[ops.varint()], ops.varint()
            self.stack.append(Level(loop, occurrence, -1))
            self.tick()
            return
        top = self.stack[-1]
        if op == 0x08:
            self.leaves.append((self.coordinates(), ops.one("B"), self.tick()))
            self.stack.pop()
        elif op == 0x07:
            coordinates, _, stamp = self.passes.pop()
            self.passes.append((coordinates, self.stream(4).text(), stamp))
        else:
            top.index = top.index + 1 if op == 0x05 else self.stream(3).svarint()
            top.counts = {}
            self.passes.append((self.coordinates(), None, self.tick()))

    def taken(self, op):
        if op == 0x10:
            return Double(widened(self.stream(1).one("I")))
        if op == 0x11:
            return Double(self.stream(2).one("Q"))
        if op == 0x12:
            return self.stream(3).svarint()
        if op in (0x13, 0x14, 0x15):
            return {0x13: True, 0x14: False, 0x15: None}[op]
        if op == 0x16:
            return self.stream(4).text()
        if op == 0x17:
            return BigInteger(self.stream(4).text())
        need(op == 0x18, "an operation that the page does not name")
        return Rich(self.stream(4).blob())

    def add(self, name, value):
        counts = self.stack[-1].counts if self.stack else self.counts
        ordinal = counts.get(name, 0) if self.again is None else self.again
        counts[name] = ordinal + 1
        self.values.append(Value(self.coordinates(), name, ordinal, value, self.argument, self.probe, self.thread))
        self.forget()


# ---- sections 5 and 6: captures and tensors ---------------------------------------------------------------------------------

Tensor = namedtuple("Tensor", "key dtype state shape size digest chunks")
Capture = namedtuple("Capture", "point how stored stamp coordinates passes tensors meta")


def capture_of(payload):
    cursor = Cursor(payload)
    version, point, how, flags, stamp = cursor.fields("BBBBQ")
    need(version == 1 and point < len(POINTS) and not flags & 0x0E, "a capture that is not allowed")
    coordinates = tuple((cursor.text(), cursor.varint(), cursor.svarint()) for _ in range(cursor.varint()))
    passes = cursor.varint()
    tensors = []
    for _ in range(cursor.varint()):
        key, (dtype, state) = cursor.text(), cursor.fields("BB")
        shape = [cursor.varint() for _ in range(cursor.varint())]
        size, digest = cursor.varint(), cursor.take(16)
        chunks = [(cursor.varint(), cursor.varint()) for _ in range(cursor.varint())] if state == 0 else []
        need(1 <= dtype < len(DTYPES) and state <= 2, "a tensor that is not allowed")
        need(state != 0 or len(chunks) == (size + CHUNK - 1) // CHUNK, "a tensor with another number of chunks than it needs")
        tensors.append(Tensor(key, DTYPES[dtype], state, shape, size, digest, chunks))
    meta = cursor.blob()
    need(cursor.left() == 0, "bytes behind a capture")
    return Capture(POINTS[point], how, bool(flags & 1), stamp, coordinates, passes, tensors, meta)


def ordered(bits, sign, mask):
    return bits ^ mask if bits & sign else bits ^ sign


def unordered(number, sign, mask):
    return number ^ sign if number & sign else number ^ mask


LETTERS = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Segments:
    """Chunks of one version."""

    def __init__(self, folder, packs):
        self.folder, self.packs, self.files = folder, packs, {}

    def file(self, number):
        if number not in self.files:
            path = os.path.join(self.packs if number & PACKED else self.folder, "seg-%06d" % (number & (PACKED - 1)))
            with open(path, "rb") as file:
                data = file.read()
            magic, major, _, reserved, _, own = Cursor(data).fields("8sHHI16sQ")
            need(magic == b"HCSEGMNT" and major == 1 and reserved == 0 and own == number & (PACKED - 1), "not this segment")
            self.files[number] = data
        return self.files[number]

    def chunk(self, segment, offset, depth=0):
        """Raw bytes of a chunk and their digest."""
        need(depth <= 3, "a chain of more than three differences")
        cursor = Cursor(memoryview(self.file(segment))[offset:])
        magic, transform, width, flags, raw, stored, digest, base, place, base_digest, check = cursor.fields("4sBBHII16sQQ16sQ")
        need(magic == b"HCCK" and transform <= 2 and width in (0, 1, 2, 4, 8) and flags == 0, "not a chunk")
        need(1 <= raw <= CHUNK and (width or transform == 0), "not a chunk")
        data = cursor.take(stored)
        need(hash64(bytes(cursor.data[:64]) + data) == check, "a chunk that does not verify")
        out = self.joined(Cursor(data), raw, width)
        if transform == 1:
            out = self.rotated(out, width)
        elif transform == 2:
            before, found = self.chunk(base, place, depth + 1)
            need(found == base_digest and len(before) == raw, "a difference from another base")
            out = self.added(out, before, width)
        need(hash128(out) == digest, "a chunk that decodes to something else")
        return out, digest

    @staticmethod
    def joined(cursor, raw, width):
        planes, each = max(width, 1), raw // max(width, 1)
        out = bytearray(raw)
        for plane in range(planes):
            codec, r0, r1, r2, stored = cursor.fields("BBBBI")
            need(not (r0 or r1 or r2) and codec <= 2, "a plane that is not allowed")
            size = each + (raw - each * planes if plane == planes - 1 else 0)
            data = cursor.take(stored)
            if codec == 1:
                need(len(data) == 1, "a constant of several bytes")
                data = data * size
            elif codec == 2:
                data = unzstd(data, size)
            need(len(data) == size, "a plane of another length")
            out[plane : each * planes : planes] = data[:each]
            if plane == planes - 1:
                out[each * planes :] = data[each:]
        need(cursor.left() == 0, "bytes behind the planes")
        return bytes(out)

    @staticmethod
    def elements(data, width):
        whole = len(data) // width * width
        return array.array(LETTERS[width], data[:whole]), data[whole:]

    def rotated(self, data, width):
        numbers, tail = self.elements(data, width)
        top = 8 * width - 1
        return array.array(LETTERS[width], [n >> 1 | (n & 1) << top for n in numbers]).tobytes() + tail

    def added(self, stored, before, width):
        numbers, tail = self.elements(stored, width)
        bases, _ = self.elements(before, width)
        sign, mask = 1 << (8 * width - 1), (1 << 8 * width) - 1
        out = [
            unordered((ordered(base, sign, mask) + (n >> 1 ^ -(n & 1))) & mask, sign, mask)
            for n, base in zip(numbers, bases)
        ]
        return array.array(LETTERS[width], out).tobytes() + tail

    def tensor(self, tensor):
        need(tensor.state == 0, "a tensor whose bytes are not stored")
        data = b"".join(self.chunk(*place)[0] for place in tensor.chunks)
        need(len(data) == tensor.size and hash128(data) == tensor.digest, "a tensor that does not verify")
        return data


# ---- section 1: a version, a store ------------------------------------------------------------------------------------------


class Run:
    """A version or replay."""

    def __init__(self, folder, packs):
        with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
            self.info = json.load(file)
        need(self.info["format"] == 1 and self.info["uuid"] == os.path.basename(folder), "run.json is another version's")
        self.journal = Framed(os.path.join(folder, "journal"), b"HCJOURNL")
        need(self.journal.uuid == self.info["uuid"].replace("-", ""), "the journal is another version's")
        self.blocks = [Block(frame.payload) for frame in self.journal.frames if frame.kind == EVENTS]
        self.captures = [capture_of(frame.payload) for frame in self.journal.frames if frame.kind == CAPTURE]
        self.segments = Segments(os.path.join(folder, "segments"), packs)
        self.values = [value for block in self.blocks for value in block.values]

    def state(self, locked=False):
        ends = self.journal.documents(END)
        if self.journal.sealed and ends:
            return ends[-1]["status"]
        return "recording" if locked else "crashed"


class Store:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "FORMAT"), encoding="utf-8") as file:
            need(file.read() == "hindcast-store 1\n", "a store of another format")

    def runs(self, kind="versions"):
        parent = os.path.join(self.folder, kind)
        names = sorted(os.listdir(parent)) if os.path.isdir(parent) else []
        return [Run(os.path.join(parent, name), os.path.join(self.folder, "packs")) for name in names]

    def annotations(self):
        """All of them, oldest first; ties by writer."""
        parent = os.path.join(self.folder, "annotations")
        found = []
        for writer in sorted(os.listdir(parent)) if os.path.isdir(parent) else []:
            for document in Framed(os.path.join(parent, writer), b"HCANNOTE").documents(ANNOTATION):
                found.append((document["at"], writer, document))
        return [document for _, _, document in sorted(found, key=lambda row: row[:2])]

    def numbers(self):
        """{uuid: number}, as section 7 settles claims."""
        claims = {}
        for document in self.annotations():
            if document["what"] == "number":
                known = claims.get(document["version"])
                claims[document["version"]] = min(document["number"], known) if known else document["number"]
        taken = {}
        for version in sorted(claims):
            taken.setdefault(claims[version], version)
        return {version: number for number, version in taken.items()}


def source_pack(path):
    """[(path, mode, content)] and whether it is sealed."""
    pack = Framed(path, b"HCSOURCE")
    files = []
    for frame in pack.frames:
        if frame.kind == FILE:
            cursor = Cursor(frame.payload)
            files.append((cursor.text(), cursor.varint(), cursor.take(cursor.left())))
    return files, pack.sealed

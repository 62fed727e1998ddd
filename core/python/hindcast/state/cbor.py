# SPDX-License-Identifier: Apache-2.0
"""CBOR as FORMAT.md section 5.1 asks: definite lengths, 64-bit floats, tags for what CBOR lacks.

Tensors, references, pickles and instances stay `Tag` objects on decoding; only a restorer knows what they mean.
"""
import collections
import gc
import struct

from .. import _native

TUPLE, FROZENSET, MAPPING, COMPLEX, TENSOR = 48000, 48001, 48002, 48003, 48004
PICKLE, INSTANCE, REFERENCE, DEQUE, BYTEARRAY, SYMBOL = 48005, 48006, 48007, 48008, 48009, 48010
SET = 258


class Tag:
    """A tagged item: `Tag(TENSOR, [3, "torch"])`."""

    __slots__ = ("tag", "value")

    def __init__(self, tag, value):
        self.tag = tag
        self.value = value

    def __eq__(self, other):
        return isinstance(other, Tag) and self.tag == other.tag and self.value == other.value

    def __hash__(self):
        return hash(self.tag)

    def __repr__(self):
        return "Tag(%d, %r)" % (self.tag, self.value)


class Packed:
    """Bytes that are CBOR already; the encoder copies them."""

    __slots__ = ("data",)

    def __init__(self, data):
        self.data = data


def encode(value):
    """Returns the CBOR bytes of `value`; TypeError for a type that has no form."""
    out = bytearray()
    _encode(value, out)
    return bytes(out)


def _head(major, number, out):
    major <<= 5
    if number < 24:
        out.append(major | number)
    elif number < 0x100:
        out += bytes((major | 24, number))
    elif number < 0x10000:
        out += struct.pack(">BH", major | 25, number)
    elif number < 0x100000000:
        out += struct.pack(">BI", major | 26, number)
    else:
        out += struct.pack(">BQ", major | 27, number)


def _integer(value, out):
    if 0 <= value < 1 << 64:
        _head(0, value, out)
    elif -(1 << 64) <= value < 0:
        _head(1, -1 - value, out)
    else:
        positive = value >= 0
        number = value if positive else -1 - value
        _head(6, 2 if positive else 3, out)
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
        _head(2, len(raw), out)
        out += raw


def _text(value, out):
    raw = value.encode("utf-8", "surrogatepass")
    _head(3, len(raw), out)
    out += raw


def _bytes(value, out):
    _head(2, len(value), out)
    out += value


def _array(value, out):
    _head(4, len(value), out)
    for item in value:
        _encode(item, out)


def _mapping(value, out):
    if all(type(key) is str for key in value):
        _head(5, len(value), out)
        for key, item in value.items():
            _text(key, out)
            _encode(item, out)
    else:
        _head(6, MAPPING, out)
        _array([[key, item] for key, item in value.items()], out)


def _tagged(tag, writer):
    def write(value, out):
        _head(6, tag, out)
        writer(value, out)

    return write


def _set(tag):
    def write(value, out):
        _head(6, tag, out)
        _head(4, len(value), out)
        for item in sorted(encode(item) for item in value):  # sets have no order of their own
            out += item

    return write


def _tag(value, out):
    _head(6, value.tag, out)
    _encode(value.value, out)


def _float(value, out):
    out += struct.pack(">Bd", 0xFB, value)


_WRITERS = {
    type(None): lambda value, out: out.append(0xF6),
    bool: lambda value, out: out.append(0xF5 if value else 0xF4),
    int: _integer,
    float: _float,
    str: _text,
    bytes: _bytes,
    list: _array,
    dict: _mapping,
    tuple: _tagged(TUPLE, _array),
    set: _set(SET),
    frozenset: _set(FROZENSET),
    complex: _tagged(COMPLEX, lambda value, out: _array([value.real, value.imag], out)),
    collections.deque: _tagged(DEQUE, _array),
    bytearray: _tagged(BYTEARRAY, _bytes),
    Tag: _tag,
    Packed: lambda value, out: out.extend(value.data),
}


def _encode(value, out):
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise TypeError("no CBOR form for " + type(value).__name__)
    writer(value, out)


def decode(data):
    """Returns the value of exactly one CBOR item; ValueError when the bytes are not that."""
    collects = gc.isenabled()
    gc.disable()  # what is made here all stays
    try:
        return _native.decode_cbor(data, Tag, collections.deque)
    finally:
        if collects:
            gc.enable()

# SPDX-License-Identifier: Apache-2.0
"""The bytes that small state is written as: what went in comes out, in its type; damaged bytes say so."""
import collections
import math
import random
import struct

import pytest
from hindcast.state import cbor

VALUES = [
    None, True, False, 0, 23, 24, 255, 256, 65535, 65536, 2**32, 2**63, 2**64 - 1, 2**64, 2**200, -1, -24, -25, -(2**63), -(2**64), -(2**64) - 1, -(2**90),
    0.0, -0.0, 1.5, 5e-324, math.inf, "", "naïve", "\ud800", "x" * 70000, b"", b"\x00\xff", [], [1, [2, [3]]], (), (1, (2,)), {}, {"b": 1, "a": 2},
    {1: "x", (1, 2): "y", None: "z"}, {1, 2, 3}, frozenset(("a", "b")), 1 - 2j, collections.deque([1, "a"]), bytearray(b"abc"),
    cbor.Tag(cbor.REFERENCE, "code:a.b"), cbor.Tag(cbor.INSTANCE, ["a.B", {"x": 1}]), cbor.Tag(70000, None),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
def test_what_goes_in_comes_out_in_its_type(value):
    back = cbor.decode(cbor.encode([value]))[0]
    assert type(back) is type(value) and repr(back) == repr(value)


@pytest.mark.parametrize("value, written", [
    (0, "00"), (23, "17"), (24, "1818"), (255, "18ff"), (256, "190100"), (65536, "1a00010000"), (2**32, "1b0000000100000000"), (2**64 - 1, "1b" + "ff" * 8),
    (2**64, "c249010000000000000000"), (-1, "20"), (-256, "38ff"), (-(2**63), "3b7fffffffffffffff"), (-(2**64), "3b" + "ff" * 8),
    (-(2**64) - 1, "c349010000000000000000"), (1.1, "fb3ff199999999999a"), (None, "f6"), (True, "f5"), ("\u6c34", "63e6b0b4"), ("\ud800", "63eda080"),
    (b"\x01", "4101"), ((1,), "d9bb808101"), ({"a": 1}, "a1616101"), ({1: 2}, "d9bb8281820102"), ({256, 1, "a"}, "d9010283011901006161"),
    (cbor.Tag(cbor.TENSOR, [3]), "d9bb848103"),
])
def test_bytes_are_those_of_the_format(value, written):
    assert cbor.encode(value).hex() == written


@pytest.mark.parametrize("value", [object(), [1, object()], {"a": {2: type}}, collections.OrderedDict(a=1), cbor.Tag("x", 1)])
def test_what_has_no_form_says_so(value):
    with pytest.raises(TypeError):
        cbor.encode(value)


def test_what_is_nested_without_end_says_so():
    nested = []
    for _ in range(100000):
        nested = [nested]
    with pytest.raises(RecursionError):
        cbor.encode(nested)


def test_a_nan_keeps_its_bits():
    bits = struct.pack(">d", math.nan)[:-1] + b"\x07"
    assert struct.pack(">d", cbor.decode(b"\xfb" + bits)) == bits


def test_short_floats_and_undefined_of_other_writers_are_read():
    assert cbor.decode(b"\x83\xfa\x3f\xc0\x00\x00\xf7\xf6") == [1.5, None, None]


@pytest.mark.parametrize("data", [b"", b"\x9f\xff", b"\x5f", b"\x82\x01", b"\x01\x02", b"\xa1\x80\x01", b"\x1b\x00", b"\x62\xc3\x28", b"\xf8\x20",
                                  b"\xc2\x01", b"\xd9\x01\x02\x81\x80", b"\x9b" + b"\xff" * 8, b"\x81" * 100000, b"\xd9\xbb\x83\x80"])
def test_bytes_that_are_no_item_say_so(data):
    with pytest.raises(ValueError, match="damaged CBOR"):
        cbor.decode(data)


def test_flipped_and_cut_bytes_give_a_value_or_say_so():
    chance, whole = random.Random(5), cbor.encode({"values": VALUES})
    for _ in range(3000):
        damaged = bytearray(whole[: chance.choice((len(whole), chance.randrange(len(whole))))])
        for _ in range(chance.randrange(1, 5)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            cbor.decode(bytes(damaged))
        except ValueError as error:
            assert "damaged CBOR" in str(error)

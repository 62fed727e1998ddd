# SPDX-License-Identifier: Apache-2.0
"""CBOR as FORMAT.md section 5.1 asks: definite lengths, 64-bit floats, tags for what CBOR lacks.

Tensors, references, pickles and instances stay `Tag` objects on decoding; only a restorer knows what they mean.
"""
import collections

from .. import _native
from . import collection

TENSOR, PICKLE, INSTANCE, REFERENCE, SYMBOL = 48004, 48005, 48006, 48007, 48010


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


def encode(value):
    """Returns the CBOR bytes of `value`; TypeError for a type that has no form."""
    return _native.encode_cbor(value, Tag, collections.deque)


def decode(data):
    """Returns the value of exactly one CBOR item; ValueError when the bytes are not that."""
    with collection.put_off():
        return _native.decode_cbor(data, Tag, collections.deque)

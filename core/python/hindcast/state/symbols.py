# SPDX-License-Identifier: Apache-2.0
"""Values of libraries that stand for themselves: dtypes, devices, sizes, ranges; and iterators that tell where they are."""
import io
import sys

from . import cbor, rng


def is_counted(value):
    """An iterator whose position its pickle tells."""
    if type(value) in (io.StringIO, io.BytesIO):
        return True
    return type(value).__module__ == "itertools" and type(value).__name__ in ("count", "repeat") or type(value).__name__ in (
        "list_iterator", "range_iterator", "tuple_iterator")


def is_enum(value):
    """Whether a value is a member of an enumeration."""
    enum = sys.modules.get("enum")
    return enum is not None and isinstance(value, enum.Enum)


def is_parser(value):
    """Whether a value describes a command line: what runs before the loop makes it again, and what was read from it are values."""
    argparse = sys.modules.get("argparse")
    return argparse is not None and isinstance(value, (argparse.ArgumentParser, argparse.Action, argparse._ArgumentGroup))


def symbol(value):
    """The CBOR form of such a value; None for all others."""
    torch = rng.torch_module()
    if torch is not None:
        if isinstance(value, torch.Size):
            return cbor.Tag(cbor.SYMBOL, "size:" + ",".join(str(int(item)) for item in value))
        if isinstance(value, torch.dtype):
            return cbor.Tag(cbor.SYMBOL, "dtype:" + str(value))
        if isinstance(value, torch.device):
            return cbor.Tag(cbor.SYMBOL, "device:" + str(value))
    numpy = rng.numpy_module()
    if numpy is not None:
        if isinstance(value, numpy.dtype):
            return cbor.Tag(cbor.SYMBOL, "numpy:" + value.str)
        if isinstance(value, numpy.generic) and value.dtype.kind in "biufc":
            return cbor.Tag(cbor.INSTANCE, ["numpy-scalar", [value.dtype.str, value.tobytes()]])
    if isinstance(value, (range, slice)):
        return cbor.Tag(cbor.INSTANCE, [type(value).__name__, [value.start, value.stop, value.step]])
    return None

# SPDX-License-Identifier: Apache-2.0
"""Logged values: what becomes a plain number or text, and the CBOR of all others (FORMAT.md 5.2)."""
import json

from . import arrays, cbor, rich, rng, tensors

LARGEST_BYTES = 16 << 20  # the native module has the same limit for texts

_PLAIN = (bool, int, float, str, type(None))
_OWN = (rich.Histogram, rich.Matrix, rich.Image, rich.Unusable)


class NotLogged(TypeError):
    """A value that has no form, or is too large for one."""


def plain(value):
    """A number, text, bool or None that carries `value` exactly; `value` itself when there is none."""
    if type(value) in _PLAIN:
        return value
    if tensors.is_tensor(value):
        return value.item() if value.dim() == 0 and not value.is_complex() else value
    numpy = rng.numpy_module()
    if numpy is not None:
        if isinstance(value, numpy.ndarray):
            return plain(value[()]) if value.ndim == 0 and value.dtype.kind in "biufUSMm" else value
        if isinstance(value, numpy.generic):
            return _numpy_scalar(value)
    for cls in (bool, int, float, str):  # subclasses: enum members, str subclasses
        if isinstance(value, cls):
            return cls(value)
    return value


def _numpy_scalar(value):
    kind = value.dtype.kind
    if kind == "f":
        return float(value)  # a long double loses what a double does not hold
    if kind in "biu":
        return value.item()
    return str(value) if kind in "UMm" else value


def form(value):
    """What is recorded: a float, int, bool, str or None, or bytes of CBOR. NotLogged when there is nothing to record."""
    try:
        found = plain(value)
        if type(found) not in _PLAIN:
            found = _form(found)
    except Exception as error:
        raise NotLogged((str(error) or type(error).__name__).splitlines()[0]) from None
    size = len(found) if isinstance(found, (str, bytes)) else 0
    if size > LARGEST_BYTES:
        raise NotLogged("%d MiB are more than one value may have (%d MiB); log what matters of it" % (size >> 20, LARGEST_BYTES >> 20))
    return found


def log_into(recorder, name, value):
    """Writes one logged value, whatever it is; NotLogged when it has no form."""
    value = form(value)
    if type(value) is bytes:
        recorder.log_rich(name, value)
    elif type(value) is int and not -(1 << 63) <= value < 1 << 63:
        recorder.log_bigint(name, _digits(value))
    else:
        recorder.log(name, value)


def _digits(value):
    """Decimal digits; str() refuses very long ones in newer interpreters."""
    try:
        return str(value)
    except ValueError:
        raise NotLogged("an integer of %d bits is too long to be recorded" % value.bit_length()) from None


def _form(value):
    if isinstance(value, _OWN):
        return cbor.encode(value.form())
    if tensors.is_tensor(value):
        _check_size(value.numel() * value.element_size())
        return cbor.encode(arrays.form(value))
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return _container(value)
    known = rich.automatic(value)
    if known is not None:
        return cbor.encode(known.form())
    if isinstance(value, complex) or hasattr(type(value), "__array__"):
        return _array(value)
    if isinstance(value, (bytes, bytearray)):
        raise TypeError("bytes are no value; log a text or an array")
    if type(value).__str__ is object.__str__ and type(value).__repr__ is object.__repr__:
        raise TypeError("a %s has no value; log a number, text, array or image" % type(value).__name__)
    return str(value)


def _array(value):
    _check_size(getattr(value, "nbytes", 0))
    if tensors.is_array(value) and value.dtype.name not in tensors.CODES and value.dtype.kind in "OUSMm":
        return _object(value.tolist())
    found = arrays.form(value)
    return plain(arrays.read(found)) if not found["shape"] and "complex" not in found["dtype"] else cbor.encode(found)


def _check_size(size):
    if size > LARGEST_BYTES:
        raise TypeError("%d MiB are more than one value may have (%d MiB); log a histogram, a norm or a part" % (size >> 20, LARGEST_BYTES >> 20))


def _container(value):
    if isinstance(value, (list, tuple)) and value and all(type(item) in (int, float, bool) for item in value):
        try:
            return cbor.encode(arrays.form(value))
        except TypeError:
            pass  # integers beyond 64 bits
    return _object(value)


def _object(value):
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=repr)
    return cbor.encode({"type": "object", "json": json.dumps(value, default=_jsonable)})


def _jsonable(value):
    value = plain(value)
    if type(value) in _PLAIN:
        return value
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    return value.tolist() if hasattr(value, "tolist") else str(value)


def read(data):
    """The value that a rich value's CBOR stands for."""
    found = cbor.decode(data)
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "object":
        return json.loads(found["json"])
    return found["text"] if kind == "text" else rich.read(found) if kind is not None else found

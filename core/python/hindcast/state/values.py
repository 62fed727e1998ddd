# SPDX-License-Identifier: Apache-2.0
"""Logged values: what becomes a plain number, and the CBOR form of arrays, images and the rest (FORMAT.md 5.2)."""
import json

from . import cbor, rng, tensors

_PLAIN = (bool, int, float, str, type(None))
_RICH = ("array", "histogram", "matrix", "image", "text", "object")


def plain(value):
    """A number, text, bool or None that carries `value` exactly; `value` itself when there is none."""
    if type(value) in _PLAIN:
        return value
    if tensors.is_tensor(value):
        return value.detach().item() if value.dim() == 0 and not value.is_complex() else value
    numpy = rng.numpy_module()
    if numpy is not None:
        if isinstance(value, numpy.ndarray) and value.ndim == 0 and value.dtype.kind in "biuf":
            return value.item()
        if isinstance(value, numpy.generic) and value.dtype.kind in "biufU":
            return value.item()
    for cls in (bool, int, float, str):  # subclasses: enum members, str subclasses
        if isinstance(value, cls):
            return cls(value)
    return value


def log_into(recorder, name, value):
    """Writes one logged value, whatever it is; TypeError when it has no form."""
    value = plain(value)
    if type(value) is int and not -(1 << 63) <= value < 1 << 63:
        recorder.log_bigint(name, str(value))
    elif type(value) in _PLAIN:
        recorder.log(name, value)
    else:
        recorder.log_rich(name, rich(value))


def rich(value):
    """CBOR bytes of a value that is not plain; TypeError when it has no form."""
    if tensors.is_tensor(value):
        value = value.detach().cpu()
        value = value.float().numpy() if str(value.dtype) == "torch.bfloat16" else value.resolve_conj().numpy()
    if tensors.is_array(value):
        if value.dtype.name not in tensors.CODES:
            raise TypeError("an array of %s cannot be logged" % value.dtype.name)
        return cbor.encode({"type": "array", "dtype": value.dtype.name, "shape": list(value.shape), "data": value.tobytes()})
    if isinstance(value, dict) and value.get("type") in _RICH:
        return cbor.encode(value)
    if isinstance(value, (list, tuple)) and value and all(type(item) in (int, float, bool) for item in value):
        return _numbers(value)
    if isinstance(value, (list, tuple, dict)):
        return cbor.encode({"type": "object", "json": json.dumps(value, default=_jsonable)})
    return cbor.encode({"type": "text", "text": str(value)})


def _numbers(value):
    import array

    code, name = ("q", "int64") if all(type(item) is int for item in value) else ("d", "float64")
    try:
        data = array.array(code, value).tobytes()
    except OverflowError:
        return cbor.encode({"type": "object", "json": json.dumps(list(value))})
    return cbor.encode({"type": "array", "dtype": name, "shape": [len(value)], "data": data})


def _jsonable(value):
    value = plain(value)
    if type(value) in _PLAIN:
        return value
    return value.tolist() if hasattr(value, "tolist") else str(value)

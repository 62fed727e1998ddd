# SPDX-License-Identifier: Apache-2.0
"""Logged arrays: tensors, NumPy arrays and lists of numbers to the "array" of FORMAT.md 5.2 and back."""
import importlib
import struct

from . import rng, tensors

_BITS = {"bfloat16": "int16", "float8_e4m3fn": "uint8", "float8_e5m2": "uint8", "float8_e4m3fnuz": "uint8", "float8_e5m2fnuz": "uint8"}


def numpy():
    """NumPy, imported when the script has not done so."""
    return rng.numpy_module() or importlib.import_module("numpy")


def on_host(value):
    """A tensor as a dense NumPy array (types that NumPy lacks as float32); everything else as it is."""
    if not tensors.is_tensor(value):
        return value
    value = _dense(value)
    name = str(value.dtype).replace("torch.", "")
    return (value.float() if name in _BITS else value).numpy()


def _dense(value):
    torch = rng.torch_module()
    value = value.detach()
    if value.layout is not torch.strided:
        value = value.to_dense()
    if value.is_quantized:
        value = value.dequantize()
    return value.cpu().resolve_conj().resolve_neg().contiguous()


def form(value):
    """The map {type, dtype, shape, data} of an array, tensor, number or (nested) list of numbers; TypeError for all others."""
    if tensors.is_tensor(value):
        value = _dense(value)
        name = str(value.dtype).replace("torch.", "")
        bits = value.view(getattr(rng.torch_module(), _BITS[name])) if name in _BITS else value
        return _form(name, value.shape, bits.numpy().tobytes())
    if isinstance(value, complex):
        return _form("complex128", (), struct.pack("<2d", value.real, value.imag))
    if isinstance(value, (list, tuple)) and value and all(type(item) in (int, float, bool) for item in value):
        return _numbers(value)
    if not tensors.is_array(value):
        if not isinstance(value, (list, tuple)) and not hasattr(type(value), "__array__"):
            raise TypeError("a %s is no array" % type(value).__name__)
        value = numpy().asarray(value)
    if value.dtype.name in ("float96", "float128", "longdouble"):
        value = value.astype("float64")
    if value.dtype.name not in tensors.CODES:
        raise TypeError("an array of %s cannot be recorded" % value.dtype.name)
    return _form(value.dtype.name, value.shape, value.astype(value.dtype.newbyteorder("<"), copy=False).tobytes())


def _form(name, shape, data):
    return {"type": "array", "dtype": name, "shape": [int(extent) for extent in shape], "data": data}


def _numbers(value):
    code = "q" if all(type(item) is int for item in value) else "d"
    try:
        return _form("int64" if code == "q" else "float64", (len(value),), struct.pack("<%d%s" % (len(value), code), *value))
    except (OverflowError, struct.error):
        raise TypeError("a list with an integer beyond 64 bits is no array") from None


def read(form):
    """The NumPy array of such a map; types that NumPy lacks as float32 where that holds them, else as their bits."""
    module = numpy()
    name = form["dtype"]
    name = _SHORT.get(name, name)
    data = module.frombuffer(form["data"], dtype=module.dtype(_BITS.get(name, name)).newbyteorder("<"))
    if name == "bfloat16":
        data = (data.view("uint16").astype("uint32") << 16).view("float32")
    return data.astype(data.dtype.newbyteorder("="), copy=False).reshape(form["shape"])


_SHORT = {
    "u8": "uint8", "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "f16": "float16", "bf16": "bfloat16", "f32": "float32",
    "f64": "float64", "c64": "complex64", "c128": "complex128", "u16": "uint16", "u32": "uint32", "u64": "uint64",
}

# SPDX-License-Identifier: Apache-2.0
"""Tensors and arrays of a capture: addresses going in, memory coming out. Nothing here copies what need not be copied."""
import hashlib

from . import rng

CODES = {
    "uint8": 1, "int8": 2, "int16": 3, "int32": 4, "int64": 5, "float16": 6, "bfloat16": 7, "float32": 8, "float64": 9,
    "bool": 10, "complex64": 11, "complex128": 12, "uint16": 13, "uint32": 14, "uint64": 15, "float8_e4m3fn": 16,
    "float8_e5m2": 17, "float8_e4m3fnuz": 18, "float8_e5m2fnuz": 19, "complex32": 20,
}
NAMES = {code: name for name, code in CODES.items()}
RAW = 21


def is_tensor(value):
    """Whether `value` is a torch tensor (parameters included)."""
    torch = rng.torch_module()
    return torch is not None and isinstance(value, torch.Tensor)


def is_array(value):
    """Whether `value` is a NumPy array."""
    numpy = rng.numpy_module()
    return numpy is not None and isinstance(value, numpy.ndarray)


def form_of(value):
    """The form a tensor tag carries: "torch", "parameter" or "numpy"."""
    if is_array(value):
        return "numpy"
    return "parameter" if isinstance(value, rng.torch_module().nn.Parameter) else "torch"


def size_of(value):
    """Bytes of the elements of a tensor or array."""
    return value.nbytes if is_array(value) else value.numel() * value.element_size()


def refusal(value):
    """Why a tensor or array cannot be captured, or None."""
    if is_array(value):
        return None if value.dtype.name in CODES and value.dtype.isnative else "array of " + value.dtype.name
    if value.layout is not rng.torch_module().strided:
        return "tensor of layout %s" % value.layout
    if value.is_quantized:
        return "quantised tensor"
    if value.device.type == "meta":
        return "tensor without data"
    name = str(value.dtype).replace("torch.", "")
    return None if name in CODES else "tensor of " + name


def entry(key, value):
    """A row of the native tensor table: (key, dtype, shape, address, bytes, what keeps the memory alive)."""
    if is_array(value):
        numpy = rng.numpy_module()
        flat = value if value.flags.c_contiguous else numpy.ascontiguousarray(value)
        address = flat.__array_interface__["data"][0]
        return key, CODES[value.dtype.name], tuple(value.shape), address if flat.nbytes else 0, flat.nbytes, flat
    flat = value.detach()
    if flat.device.type != "cpu":
        flat = flat.cpu()
    if flat.is_conj():
        flat = flat.resolve_conj()
    if flat.is_neg():
        flat = flat.resolve_neg()
    if not flat.is_contiguous():
        flat = flat.contiguous()
    size = flat.numel() * flat.element_size()
    code = CODES[str(value.dtype).replace("torch.", "")]
    return key, code, tuple(value.shape), flat.data_ptr() if size else 0, size, flat


def bytes_entry(key, data):
    """A row of the native tensor table that carries bytes."""
    import ctypes

    keep = ctypes.create_string_buffer(data, len(data)) if data else None
    return key, CODES["uint8"], (len(data),), ctypes.addressof(keep) if data else 0, len(data), keep


def is_shared(value, arrays):
    """Whether a tensor's memory may be written without torch counting it: it is that of one of `arrays` (first and last
    address of each NumPy array), or torch says so."""
    try:
        if value.device.type != "cpu":
            return False
        address = value.data_ptr()
        storage = value.untyped_storage() if hasattr(value, "untyped_storage") else None
        if storage is not None and not storage.resizable():
            return True
    except Exception:  # subclasses and layouts without a storage
        return False
    return any(first <= address < last for first, last in arrays)


def span(value):
    """First address of an array's memory and the one behind its last; of the array that owns it."""
    while is_array(value.base):
        value = value.base
    address = value.__array_interface__["data"][0]
    return address, address + max(value.nbytes, 1)


def signature(value, arrays=()):
    """Something that differs when the content may have changed; cheap for torch, a pass over memory for NumPy and for what
    is shared with it (`arrays`: spans)."""
    if is_array(value):
        return ("array", value.shape, value.strides, _sample_digest(value))
    if is_shared(value, arrays):
        return ("shared", tuple(value.shape), value.stride(), _sample_digest(value))
    try:
        version = value._version
    except RuntimeError:  # inference tensors count no versions
        version = -1
    return ("tensor", tuple(value.shape), value.data_ptr(), version)


def digest_of(item):
    """16 bytes that identify the tensors and arrays in a nested item (a batch), in order; None when there are none."""
    from .. import _native

    rows = []
    pending = [item]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(reversed(list(value.values())))
        elif isinstance(value, (list, tuple)):
            pending.extend(reversed(value))
        elif (is_tensor(value) or is_array(value)) and refusal(value) is None:
            rows.append(entry("", value))
    digests = _native.digest([(row[3], row[4]) for row in rows]) if rows else []
    return hashlib.blake2b(b"".join(digests), digest_size=16).digest() if digests else None


_SAMPLE_BYTES = 64 << 20


def _sample_digest(value):
    """Digest of an array: whole up to 64 MiB, above that of 64 MiB in blocks spread evenly."""
    from .. import _native

    _, _, _, address, size, keep = entry("", value)
    if size <= _SAMPLE_BYTES:
        return _native.digest([(address, size)])[0]
    block = 1 << 16
    step = size // (_SAMPLE_BYTES // block)
    parts = [(address + at, min(block, size - at)) for at in range(0, size, step)]
    result = b"".join(_native.digest(parts))
    del keep
    return result


def allocate(code, shape, form):
    """New memory for a stored tensor: (value, address)."""
    if form == "numpy":
        value = rng.numpy_module().empty(shape, dtype=NAMES[code])
        return value, value.__array_interface__["data"][0]
    torch = rng.torch_module()
    value = torch.empty(tuple(shape), dtype=getattr(torch, NAMES[code]))
    return value, value.data_ptr()


def fits(value, code, shape):
    """Whether stored content of this dtype and shape can be put into `value` in place."""
    name = value.dtype.name if is_array(value) else str(value.dtype).replace("torch.", "")
    return CODES.get(name) == code and tuple(value.shape) == tuple(shape)


def copy_into(target, source):
    """Copies `source` into the memory of `target`; both of the same sort, shape and dtype."""
    if is_array(target):
        target[...] = source
        return
    torch = rng.torch_module()
    with torch.no_grad():
        target.detach().copy_(source)

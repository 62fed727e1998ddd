# SPDX-License-Identifier: Apache-2.0
"""The random generators of the process: read and put back, without drawing from any of them.

Libraries are used only when the script has imported them already.
"""
import array
import hashlib
import random
import sys


def torch_module():
    """torch when the script has imported it (completely), else None."""
    torch = sys.modules.get("torch")
    return torch if torch is not None and hasattr(torch, "get_rng_state") and hasattr(torch, "Tensor") else None


def numpy_module():
    """numpy when the script has imported it (completely), else None."""
    numpy = sys.modules.get("numpy")
    return numpy if numpy is not None and hasattr(numpy, "random") and hasattr(numpy, "ndarray") else None


def capture():
    """State of the global generators: {python, numpy, torch, cuda}, those that exist."""
    state = {"python": _python_state(random)}
    numpy = numpy_module()
    if numpy is not None:
        state["numpy"] = _legacy_state(numpy.random.mtrand._rand)
    torch = torch_module()
    if torch is not None:
        state["torch"] = tensor_bytes(torch.get_rng_state())
        if hasattr(torch, "cuda") and torch.cuda.is_initialized():
            state["cuda"] = [tensor_bytes(one) for one in torch.cuda.get_rng_state_all()]
    return state


def restore(state):
    """Puts back what `capture` returned; parts whose library is absent are left out."""
    if "python" in state:
        random.setstate(_python_tuple(state["python"]))
    numpy = numpy_module()
    if numpy is not None and "numpy" in state:
        _set_legacy(numpy.random.mtrand._rand, state["numpy"])
    torch = torch_module()
    if torch is not None and "torch" in state:
        torch.set_rng_state(_bytes_tensor(torch, state["torch"]))
        if "cuda" in state and torch.cuda.is_available():
            torch.cuda.set_rng_state_all([_bytes_tensor(torch, one) for one in state["cuda"]])


def digest(state):
    """16 bytes that identify a state returned by `capture`."""
    total = hashlib.blake2b(digest_size=16)
    for name in sorted(state):
        total.update(repr((name, state[name])).encode())
    return total.digest()


def kind_of(value):
    """Which sort of generator object `value` is, or None."""
    if isinstance(value, random.Random):
        return "python" if type(value) is random.Random else None
    numpy = numpy_module()
    if numpy is not None:
        if isinstance(value, numpy.random.RandomState):
            return "legacy"
        if isinstance(value, numpy.random.Generator):
            return "generator"
    torch = torch_module()
    if torch is not None and isinstance(value, torch.Generator):
        return "torch"
    return None


def is_global(value):
    """Whether a generator object is one of the process-wide ones that `capture` covers."""
    numpy = numpy_module()
    torch = torch_module()
    return (
        value is getattr(random, "_inst", None)
        or (numpy is not None and value is numpy.random.mtrand._rand)
        or (torch is not None and value is torch.default_generator)
    )


def object_state(value):
    """State of a generator object as [kind, content]."""
    kind = kind_of(value)
    if kind == "python":
        return [kind, _python_state(value)]
    if kind == "legacy":
        return [kind, _legacy_state(value)]
    if kind == "generator":
        return [kind, _plain(value.bit_generator.state)]
    return [kind, tensor_bytes(value.get_state())]


def set_object_state(value, state):
    """Puts a generator object into a state that `object_state` returned; ValueError when kinds differ."""
    kind, content = state
    if kind_of(value) != kind:
        raise ValueError("a %s generator became a %s generator" % (kind, kind_of(value)))
    if kind == "python":
        value.setstate(_python_tuple(content))
    elif kind == "legacy":
        _set_legacy(value, content)
    elif kind == "generator":
        value.bit_generator.state = _unplain(content)
    else:
        value.set_state(_bytes_tensor(torch_module(), content))


def _python_state(source):
    version, words, gauss = source.getstate()
    return {"version": version, "words": array.array("L" if array.array("L").itemsize == 4 else "I", words).tobytes(), "gauss": gauss}


def _python_tuple(state):
    words = array.array("L" if array.array("L").itemsize == 4 else "I")
    words.frombytes(state["words"])
    return state["version"], tuple(words), state["gauss"]


def _legacy_state(source):
    return legacy_form(source.get_state(legacy=False))


def legacy_form(state):
    """The stored form of a state that NumPy's `get_state(legacy=False)` returned."""
    return {"algorithm": state["bit_generator"], "state": _plain(state["state"]), "hasGauss": state["has_gauss"], "gauss": state["gauss"]}


def _set_legacy(target, state):
    target.set_state(legacy_state(state))


def legacy_state(form):
    """What NumPy's `set_state` takes, of a stored form."""
    return {
        "bit_generator": form["algorithm"],
        "state": _unplain(form["state"]),
        "has_gauss": form["hasGauss"],
        "gauss": form["gauss"],
    }


def _plain(value):
    """Arrays inside a bit generator's state become {dtype, bytes}."""
    numpy = numpy_module()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, numpy.ndarray):
        return {"dtype": value.dtype.str, "bytes": value.tobytes()}
    return value.item() if isinstance(value, numpy.generic) else value


def _unplain(value):
    if isinstance(value, dict):
        if set(value) == {"dtype", "bytes"}:
            numpy = sys.modules["numpy"]  # perhaps not yet imported completely
            return numpy.frombuffer(value["bytes"], dtype=value["dtype"]).copy()
        return {key: _unplain(item) for key, item in value.items()}
    return value


def tensor_bytes(tensor):
    """Content of a tensor of bytes, as torch gives its states."""
    return bytes(tensor.contiguous().numpy())


def _bytes_tensor(torch, data):
    return torch.frombuffer(bytearray(data), dtype=torch.uint8)

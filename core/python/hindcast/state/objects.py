# SPDX-License-Identifier: Apache-2.0
"""State objects: modules with all that a state_dict lacks, optimizers, the state_dict protocol, arrays, estimators,
and types that the user registered. Each sort has one way in (`capture`) and one way back (`restore`)."""
import io
import pickle
import random
import sys

from . import cbor, code_state, composed, rng, tensors
from .names import class_name

_INTERNAL = frozenset(
    ("_parameters", "_buffers", "_modules", "_non_persistent_buffers_set", "_backward_hooks", "_forward_hooks",
     "_forward_pre_hooks", "_state_dict_hooks", "_load_state_dict_pre_hooks", "_load_state_dict_post_hooks",
     "_is_full_backward_hook", "_backward_pre_hooks", "_forward_hooks_with_kwargs", "_forward_pre_hooks_with_kwargs",
     "_forward_hooks_always_called", "_state_dict_pre_hooks")
)
_HOOKS = ("_forward_pre_hooks", "_forward_hooks", "_backward_hooks")
_SIMPLE = (bool, int, float, str, type(None))
_HANDLERS = {}


def register(cls, save, load, digest=None):
    """Teaches how objects of `cls` are saved (`save(obj)` gives plain values, arrays, tensors or bytes) and put back
    (`load(obj, saved)` changes the object in place). `digest(obj)` may give bytes to compare instead of what is saved."""
    if not isinstance(cls, type) or not callable(save) or not callable(load):
        raise TypeError("register(type, save, load) needs a class and two functions")
    _HANDLERS[cls] = (save, load, digest)


def _handler(value):
    for cls in type(value).__mro__:
        if cls in _HANDLERS:
            return _HANDLERS[cls]
    return None


def _torch_class(name):
    torch = rng.torch_module()
    return getattr(getattr(torch, name[0], None), name[1], ()) if torch is not None else ()


def kind_of(value):
    """Which sort of state object `value` is, or None. Arrays, containers and instances count only when registered by name."""
    if isinstance(value, type):
        return None
    if _handler(value) is not None:
        return "custom"
    if isinstance(value, _torch_class(("nn", "Module"))):
        return "module"
    if isinstance(value, _torch_class(("optim", "Optimizer"))):
        return "optimizer"
    cls = type(value)
    if callable(getattr(cls, "state_dict", None)) and callable(getattr(cls, "load_state_dict", None)):
        return "protocol"
    if cls.__module__.split(".")[0] == "sklearn" and hasattr(cls, "get_params"):
        return "pickle"
    return None


def named_kind(value):
    """Sort of an object that the user named in checkpointing(); None when it cannot be kept."""
    kind = kind_of(value)
    if kind is not None:
        return kind
    if tensors.is_tensor(value):
        return "tensor"
    if tensors.is_array(value):
        return "array"
    if isinstance(value, (list, dict, set, bytearray)):
        return "container"
    return "pickle" if hasattr(value, "__dict__") else None


def is_state_object(value):
    """Whether a walk treats `value` as a state object without being told to."""
    return kind_of(value) is not None


def owned_tensors(value):
    """(key, tensor) of the tensors an object captures itself, so that others refer to them."""
    if tensors.is_tensor(value) or tensors.is_array(value):
        return [("", value)]
    kind = kind_of(value)
    if kind == "optimizer":
        return list(_optimizer_tensors(value))
    return list(_module_tensors(value)) if kind == "module" else []


def _optimizer_tensors(optimizer):
    """Under the keys that `tree` gives them in its state_dict."""
    params = [param for group in optimizer.param_groups for param in group["params"]]
    for index, param in enumerate(params):
        content = optimizer.state.get(param)
        for key, item in content.items() if isinstance(content, dict) else ():
            if tensors.is_tensor(item):
                yield "state/%d/%s" % (index, key), item


def learned_tensors(value):
    """Tensors of a state object that may carry a gradient."""
    kind = kind_of(value)
    if kind == "module":
        return list(value.parameters())
    if kind == "optimizer":
        return [param for group in value.param_groups for param in group["params"]]
    return [value] if tensors.is_tensor(value) else []


def parts(value):
    """(path, object) of objects inside a state object that are captured with it."""
    return [(path, part) for path, part in value.named_modules() if path] if kind_of(value) == "module" else []


def _module_tensors(module):
    yield from module.named_parameters()
    yield from module.named_buffers()


def signature(value):
    """Text that differs when state cannot be put back in place: classes, groups, shapes."""
    kind = named_kind(value)
    if kind == "module":
        shapes = ["%s%s%s" % (key, tuple(t.shape), str(t.dtype)) for key, t in _module_tensors(value)]
        return "|".join([type(m).__name__ for m in value.modules()] + shapes)
    if kind == "optimizer":
        return "|".join([type(value).__name__] + [str(len(group["params"])) for group in value.param_groups])
    if kind in ("tensor", "array"):
        return "%s%s" % (tuple(value.shape), value.dtype)
    return type(value).__name__


def fits(value, meta):
    """Whether a living state object is built like a stored one, so that this can be put into it."""
    return signature(value) == meta.get("signature") and ("hooks" not in meta or hooks(value) == meta["hooks"])


def hooks(module):
    """{path: what is called around the forward and backward of the modules that have hooks}: no restore can put them there."""
    found = {}
    for path, part in module.named_modules():
        mine = [list(vars(part).get(kind, {}).values()) for kind in _HOOKS]
        if any(mine):
            found[path] = [[code_state.identity(hook) or class_name(hook) for hook in some] for some in mine]
    return found


def capture(name, value, walker, grads=True):
    """Meta of one state object; its tensors go into the walker's table under `name/…`."""
    kind = named_kind(value)
    meta = {"class": class_name(value), "kind": kind, "signature": signature(value)}
    if kind == "module":
        _capture_module(name, value, walker, meta, grads)
    elif kind == "optimizer":
        meta["state"] = tree(value.state_dict(), name, walker)
        for index, param in enumerate(p for group in value.param_groups for p in group["params"]):
            if id(param) not in walker.owned:
                walker.owned[id(param)] = "%s/params/%d" % (name, index)
                walker.add_tensor("%s/params/%d" % (name, index), param)
                _capture_grad(name, "params/%d" % index, param, walker, meta, grads)
    elif kind == "protocol":
        meta["state"] = tree(value.state_dict(), name, walker)
        closures = [item for item in vars(value).get("lr_lambdas", ()) or () if getattr(item, "__closure__", None)]
        for index, function in enumerate(closures):
            walker.value(function, "%s.lr_lambdas[%d]" % (name, index), 1)
    elif kind == "custom":
        meta["state"] = tree(_handler(value)[0](value), name, walker)
    elif kind == "tensor":
        walker.add_tensor(name, value)
        _capture_grad(name, "", value, walker, meta, grads)
    elif kind == "array":
        walker.add_tensor(name, value)
    elif kind == "container":
        meta["state"] = tree(value, name, walker)
    else:
        data = dump(value)
        walker.table.append(tensors.bytes_entry(name, data))
        meta["state"] = cbor.Tag(cbor.TENSOR, [len(walker.table) - 1, "numpy"])
    return meta


def _capture_module(name, module, walker, meta, grads):
    for key, tensor in _module_tensors(module):
        if tensors.refusal(tensor) is None:
            walker.add_tensor(name + "/" + key, tensor)
            continue
        taken = composed.take(tensor, name + "/" + key, walker)
        if taken is not None:
            meta.setdefault("composed", {})[key] = taken
        else:
            meta.setdefault("lost", []).append(key)
    extras = {}
    for path, part in module.named_modules():
        library = type(part).__module__.startswith("torch.")
        found = {}
        for key, item in part.__dict__.items():
            if key in _INTERNAL:
                continue
            if type(item) in _SIMPLE:
                found[key] = ["v", item]
            elif not library or tensors.is_tensor(item) or code_state.identity(item) is not None:
                entry = walker.entry(item, "%s.%s" % (name, path + "." + key if path else key))
                if entry != ["code", None]:
                    found[key] = entry
        extras[path] = found
    meta["extras"] = extras
    meta["hooks"] = hooks(module)
    meta["frozen"] = [key for key, param in module.named_parameters() if not param.requires_grad]
    for key, param in module.named_parameters():
        _capture_grad(name, key, param, walker, meta, grads)


def _capture_grad(name, key, param, walker, meta, grads):
    if not grads or not param.requires_grad and param.grad is None:
        return
    states = meta.setdefault("grads", {})
    grad = param.grad
    if grad is None:
        states[key] = "none"
    elif tensors.refusal(grad) is not None:
        states[key] = "lost"
    else:
        states[key] = "tensor"
        walker.add_tensor("%s/.grad/%s" % (name, key), grad)


def tree(value, key, walker):
    """CBOR form of a nested structure; every tensor in it goes into the table, however large."""
    if tensors.is_tensor(value) or tensors.is_array(value):
        reason = tensors.refusal(value)
        taken = composed.take(value, key, walker) if reason is not None else None
        if taken is not None:
            return taken
        if reason is not None:
            raise TypeError("%s holds a %s, which cannot be captured" % (key, reason))
        return walker.add_tensor(key, value)
    if isinstance(value, dict) and type(value).__name__ in ("dict", "OrderedDict", "defaultdict"):
        return {item: tree(child, "%s/%s" % (key, item), walker) for item, child in value.items()}
    if type(value) in (list, tuple):
        items = [tree(child, "%s/%d" % (key, index), walker) for index, child in enumerate(value)]
        return items if type(value) is list else tuple(items)
    return walker.value(value, key, 1)


class Pickler(pickle.Pickler):
    """Keeps references to the process-wide generators as references: a private copy would draw other numbers."""

    def persistent_id(self, value):
        numpy = rng.numpy_module()
        if numpy is not None and value is numpy.random.mtrand._rand:
            return "numpy.random"
        return "random" if value is random._inst else None

    def reducer_override(self, value):
        """Arrays by content: their usual pickle shows which of them share one type object, which a round trip changes."""
        numpy = rng.numpy_module()
        if numpy is not None and type(value) is numpy.ndarray and not value.dtype.hasobject and value.dtype.names is None:
            order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
            return _array, (value.dtype.str, value.shape, order, value.tobytes(order))
        if numpy is not None and isinstance(value, numpy.dtype) and value.names is None:
            return _dtype, (value.str,)
        return _with_interned_texts(value) if type(value).__module__.split(".")[0] == "sklearn" else NotImplemented


def _with_interned_texts(value):
    """Its usual pickle with equal texts as one object: which are one depends on what the process made before."""
    reduced = value.__reduce_ex__(4)
    if not isinstance(reduced, tuple) or len(reduced) < 3 or type(reduced[2]) is not dict:
        return reduced
    state = {_interned(key): _interned(item) for key, item in reduced[2].items()}
    return (*reduced[:2], state, *reduced[3:])


def _interned(value):
    return sys.intern(value) if type(value) is str else value


def _array(dtype, shape, order, data):
    """An array from its content (called when unpickling)."""
    numpy = sys.modules["numpy"]
    return numpy.frombuffer(bytearray(data), dtype=dtype).reshape(shape, order=order)


def _dtype(text):
    """A NumPy dtype from its text (called when unpickling)."""
    return sys.modules["numpy"].dtype(text)


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, name):
        return sys.modules["numpy"].random.mtrand._rand if name == "numpy.random" else random._inst


def dump(value):
    """Pickle of an instance that shares the process-wide generators. Pickled twice: which equal parts are one object
    shows in a pickle, and only after a round trip is that the same for equal instances."""
    return _dump(load(_dump(value)))


def _dump(value):
    out = io.BytesIO()
    Pickler(out, 4).dump(value)
    return out.getvalue()


def load(data):
    """The instance that `dump` wrote. Only a replay worker calls this."""
    return _Unpickler(io.BytesIO(data)).load()


def check_round_trip(value):
    """None when an instance comes back from a pickle as it was; else why not."""
    try:
        data = dump(value)
        if dump(load(data)) != data:
            return "it is another object after saving and loading"
    except Exception as error:
        return str(error) or type(error).__name__
    return None

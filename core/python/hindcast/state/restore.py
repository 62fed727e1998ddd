# SPDX-License-Identifier: Apache-2.0
"""Putting a capture back into a living process: objects, gradients, instances, locals, generators, random state last.

Containers and arrays are changed in place, so that everything else that refers to them sees the change. What can only be
put back by assigning a name of a function is returned to the caller, which the rewritten script assigns.
"""
import collections
import functools
import importlib
import types

from . import cbor, code_state, composed, objects, opaque, poison, rng, tensors
from .locals import PARTIAL, attributes


class RestoreError(Exception):
    """State that does not fit the living process; the text names the object."""


class Source:
    """One stored capture: its meta decoded, its tensors read when asked for."""

    def __init__(self, reader, number):
        meta, table = reader.capture(number)
        self.number = number
        self.meta = cbor.decode(bytes(meta))
        self.table = [tuple(row) for row in table]
        self.by_key = {}
        for index, row in enumerate(self.table):
            self.by_key.setdefault(row[0], index)
        self._reader = reader

    def holds_gradients(self):
        """Whether gradients were captured."""
        return any("grads" in one for one in self.meta.get("objects", {}).values())

    def fits(self, live):
        """Whether the living state objects {name: object} are built like the stored ones of those names."""
        stored = self.meta.get("objects", {})
        return all(objects.fits(value, stored[name]) for name, value in live.items() if name in stored)

    def read(self, index, form="torch"):
        """A new tensor or array with the stored content."""
        _, code, shape, size, _, _ = self.table[index]
        value, address = tensors.allocate(code, shape, form)
        if size:
            self._reader.read_tensor(self.number, index, address, size)
        return value

    def read_into(self, key, target, what):
        """Stored content of `key` into the memory of `target`."""
        index = self.by_key.get(key)
        if index is None:
            raise RestoreError("%s was not captured" % what)
        if not tensors.fits(target, self.table[index][1], self.table[index][2]):
            raise RestoreError("%s has another shape or type now" % what)
        tensors.copy_into(target, self.read(index, tensors.form_of(target)))

    def bytes_of(self, index):
        """Stored bytes of a row that carries bytes."""
        return bytes(self.read(index, "numpy").tobytes()) if rng.numpy_module() else bytes(self.read(index).tolist())


class Restorer:
    """Restores from `source` into what `walker` met in the living process (its maps of paths to objects)."""

    def __init__(self, source, walker):
        self._source = source
        self._walker = walker
        self._made = {}  # path -> object restored or made, for references
        self._owners = None  # reference -> tensor of a state object, once they are all loaded

    def objects(self, skip=frozenset()):
        """Loads every state object that both sides know; RestoreError when one does not fit."""
        for name, meta in self._source.meta.get("objects", {}).items():
            live = self._walker.objects.get(name)
            if live is None:
                continue  # not bound yet: the locals make or miss it
            if name not in skip:
                self.object(name, live, meta)
        self._owners = None  # loading an optimizer puts new tensors into it

    def object(self, name, live, meta):
        """Loads one state object."""
        if not objects.fits(live, meta):
            raise RestoreError("%s is built differently at this point (%s)" % (name, type(live).__name__))
        kind = meta["kind"]
        if kind == "module":
            self._module(name, live, meta)
        elif kind == "optimizer":
            self._optimizer(name, live, meta)
        elif kind == "protocol":
            live.load_state_dict(self.value(meta["state"]))
        elif kind == "custom":
            objects._handler(live)[1](live, self.value(meta["state"]))
        elif kind in ("tensor", "array"):
            self._source.read_into(name, live, name)
            self._grad(name, "", live, meta)
        elif kind == "container":
            self._into(live, meta["state"])
        else:
            saved = objects.load(self._source.bytes_of(meta["state"].value[0]))
            live.__dict__.clear()
            live.__dict__.update(saved.__dict__)

    def _module(self, name, module, meta):
        for key, tensor in objects._module_tensors(module):
            if tensors.refusal(tensor) is None:
                self._source.read_into(name + "/" + key, tensor, "%s %s" % (name, key))
            elif key in meta.get("composed", {}):
                self._put(module, key, self.value(meta["composed"][key]))
        frozen = set(meta.get("frozen", ()))
        for key, param in module.named_parameters():
            if param.requires_grad == (key in frozen):
                param.requires_grad_(key not in frozen)
            self._grad(name, key, param, meta)
        parts = dict(module.named_modules())
        for path, found in meta.get("extras", {}).items():
            if path in parts:
                self._attributes(parts[path], found, remove=False)

    @staticmethod
    def _put(module, key, value):
        """A parameter or buffer that has no memory to copy into."""
        path, _, name = key.rpartition(".")
        owner = module.get_submodule(path)
        if name in owner._parameters:
            owner._parameters[name].data = value
        else:
            owner._buffers[name] = value

    def _grad(self, name, key, param, meta):
        how = meta.get("grads", {}).get(key)
        if how == "none":
            param.grad = None
        elif how == "tensor":
            index = self._source.by_key["%s/.grad/%s" % (name, key)]
            param.grad = self._source.read(index)

    def _optimizer(self, name, optimizer, meta):
        saved = self.value(meta["state"])
        orders = [list(group) for group in optimizer.param_groups]
        optimizer.load_state_dict(saved)
        for group, order in zip(optimizer.param_groups, orders):  # loading puts "params" last
            content = dict(group)
            group.clear()
            group.update({key: content[key] for key in order + list(content) if key in content})
        # load_state_dict casts state to the dtype of its parameter: put back what was there.
        params = [param for group in optimizer.param_groups for param in group["params"]]
        for index, content in saved.get("state", {}).items():
            if type(index) is not int or index >= len(params) or not isinstance(content, dict):
                continue
            live = optimizer.state.get(params[index])
            for key, value in content.items():
                if tensors.is_tensor(value) and live is not None and live[key].dtype != value.dtype:
                    live[key] = value.to(live[key].device)
        for index, param in enumerate(params):
            key = "params/%d" % index
            if "%s/%s" % (name, key) in self._source.by_key:
                self._source.read_into("%s/%s" % (name, key), param, name)
                self._grad(name, key, param, meta)

    def cells(self):
        """Attributes of instances and closure variables, in place."""
        for path, tag in self._source.meta.get("cells", {}).items():
            live = self._walker.live.get(path)
            if live is None or not isinstance(tag, cbor.Tag):
                continue
            if tag.value[0] == code_state.CLOSURE:
                self._closure(live, tag.value[1])
            elif tag.value[0] == code_state.ATTRIBUTES:
                self._code(live, tag.value[1])
            else:
                self._attributes(live, tag.value[1], remove=True)

    def _closure(self, function, mapping):
        for name, cell in zip(function.__code__.co_freevars, function.__closure__):
            if name in mapping:
                self._assign(mapping[name], lambda: cell.cell_contents, lambda value: setattr(cell, "cell_contents", value))

    def _code(self, owner, mapping):
        present = dict(code_state.parts(owner)).get(code_state.ATTRIBUTES, {})
        for name, entry in mapping.items():
            self._assign(entry, lambda: present[name], lambda value: code_state.put(owner, name, value))

    def _partial(self, instance, mapping):
        """What a functools.partial is made of cannot be assigned."""
        parts = {name: getattr(instance, name) for name in PARTIAL}
        for name in PARTIAL:
            if name in mapping:
                self._assign(mapping[name], lambda: parts[name], lambda value: parts.__setitem__(name, value))
        instance.__setstate__((parts["func"], parts["args"], parts["keywords"], vars(instance)))

    def _attributes(self, instance, mapping, remove):
        if type(instance) is functools.partial:
            self._partial(instance, mapping)
            mapping = {name: entry for name, entry in mapping.items() if name not in PARTIAL}
        present = attributes(instance) if remove else instance.__dict__
        for name, entry in mapping.items():
            self._assign(
                entry,
                lambda: present[name],
                lambda value: object.__setattr__(instance, name, value) if remove else instance.__dict__.__setitem__(name, value),
            )
        for name in set(present) - set(mapping) if remove else ():
            if name in getattr(instance, "__dict__", ()) and name not in ("_iterator",) and not name.startswith("_DataLoader"):
                del instance.__dict__[name]

    def _assign(self, entry, get, put):
        """Puts one [kind, value] back through a getter and a setter; what has no value is left as it is."""
        kind, payload = entry
        if kind not in ("v", "obj", "code"):
            return
        try:
            current = get()
        except (KeyError, AttributeError, ValueError):
            current = _MISSING
        if kind == "code" and payload is None:
            return
        value = code(current, payload) if kind == "code" else self._merged(current, payload)
        if value is not current:
            put(value)

    def scope(self, prefix, entries, mapping):
        """Values of one frame. In place where the living value allows; returns {name: value} still to be assigned.

        `mapping` is the living frame's names.
        """
        assign = {}
        for name, (kind, payload) in entries.items():
            current = mapping.get(name, _MISSING)
            if kind == "code" and payload is not None and current is not _MISSING:
                value = code(current, payload, name)
                if value is not current:
                    assign[name] = value
            if kind not in ("v", "obj"):
                continue
            value = self._merged(current, payload)
            self._made[prefix + name] = value
            if value is not current:
                assign[name] = value
        return assign

    def _merged(self, current, payload):
        """The stored value; the living object itself, changed in place, where that is possible."""
        if type(payload) is cbor.Tag and payload.tag == cbor.TENSOR:
            index, form = payload.value
            _, code, shape, _, _, _ = self._source.table[index]
            same = tensors.is_array(current) if form == "numpy" else tensors.is_tensor(current)
            if same and tensors.fits(current, code, shape) and not _read_only(current):
                tensors.copy_into(current, self._source.read(index, form))
                return current
            return self.value(payload)
        if current is not _MISSING and type(current) in _IN_PLACE:
            if type(payload) is type(current):
                self._into(current, payload)
                return current
            if type(payload) is cbor.Tag and payload.tag == cbor.INSTANCE and _full_name(current) == payload.value[0]:
                content = payload.value[1]
                self._into(current, content[0] if type(current) is collections.deque else content)
                return current
        if type(payload) is tuple and type(current) is tuple and len(payload) == len(current):
            parts = tuple(self._merged(old, new) for old, new in zip(current, payload))  # what is in it may have other names too
            return current if all(old is new for old, new in zip(current, parts)) else parts
        value = self.value(payload)
        if type(payload) is cbor.Tag and payload.tag == cbor.PICKLE and opaque.put_into(current, value):
            return current
        return current if _same(current, value) else value

    def _into(self, live, payload):
        """Makes a living container equal to the stored one, keeping the containers inside it that still fit."""
        if isinstance(live, dict):
            content, old = (payload[0] if isinstance(payload, list) else payload), dict(live)
            live.clear()
            for key, item in content.items():
                live[key] = self._merged(old.get(key, _MISSING), item)
        elif isinstance(live, (list, collections.deque)):
            old = list(live)
            new = [self._merged(old[i] if i < len(old) else _MISSING, item) for i, item in enumerate(payload)]
            live.clear()
            live.extend(new)
        elif isinstance(live, set):
            live.clear()
            live.update(self.value(payload))
        else:
            live[:] = self.value(payload)

    def value(self, payload):
        """A new value from its stored form."""
        if type(payload) is cbor.Tag:
            return self._tagged(payload)
        if type(payload) is dict:
            return {key: self.value(item) for key, item in payload.items()}
        if type(payload) in (list, tuple):
            return type(payload)(self.value(item) for item in payload)
        if type(payload) is collections.deque:
            return collections.deque(self.value(item) for item in payload)
        return payload

    def _tagged(self, tag):
        content = tag.value
        if tag.tag == cbor.TENSOR:
            value = self._source.read(content[0], content[1])
            return rng.torch_module().nn.Parameter(value) if content[1] == "parameter" else value
        if tag.tag == cbor.REFERENCE:
            return self._reference(content)
        if tag.tag == cbor.PICKLE:
            return objects.load(content)
        if tag.tag == cbor.SYMBOL:
            return _symbol(content)
        if tag.tag == cbor.INSTANCE:
            return self._instance(content[0], content[1])
        raise RestoreError("unknown tag %d" % tag.tag)

    def _reference(self, path):
        known = self._source.meta.get("codes", {}).get(path[5:]) if path.startswith("code:") else None
        if known is not None:
            return code(self._walker.live.get(path[5:], _MISSING), known)
        path = path.split(":", 1)[1] if path.startswith(("code:", "same:")) else path.lstrip("=")
        for known in (self._made, self._walker.live, self._walker.objects):
            if path in known:
                return known[path]
        if self._owners is None:
            self._owners = self._walker.by_reference()
        if path in self._owners:
            return self._owners[path]
        cell = self._source.meta.get("cells", {}).get(path)
        if isinstance(cell, cbor.Tag) and cell.value[0] not in (code_state.CLOSURE, code_state.ATTRIBUTES):
            return self._make_instance(path, cell)
        raise RestoreError("%s does not exist at this point" % path)

    def _make_instance(self, path, cell):
        """An instance that did not exist yet: made without its constructor, then filled."""
        cls = _class(cell.value[0])
        made = cls.__new__(cls, len) if cls is functools.partial else cls.__new__(cls)
        self._made[path] = made
        self._attributes(made, cell.value[1], remove=True)
        return made

    def _instance(self, name, content):
        if name == "numpy-scalar":
            return rng.numpy_module().frombuffer(content[1], dtype=content[0])[0]
        if name in ("range", "slice"):
            return (range if name == "range" else slice)(*content)
        if name.startswith(composed.PREFIX):
            return composed.build(name[len(composed.PREFIX) :], self.value(content))
        cls = _class(name)
        if issubclass(cls, collections.defaultdict):
            return cls(self.value(content[1]), self.value(content[0]))
        if cls is collections.deque:
            return cls(self.value(content[0]), content[1])
        if issubclass(cls, tuple):
            items = [self.value(item) for item in content]
            return cls(*items) if hasattr(cls, "_fields") else cls(items)
        return cls(self.value(content))


def start_workers(source, walker):
    """Starts the workers of loaders that lived on from an earlier epoch: a later epoch draws fewer random numbers than the first."""
    for path in source.meta.get("workers", ()):
        loader = walker.live.get(path)
        if getattr(loader, "persistent_workers", False) is True and getattr(loader, "_iterator", _MISSING) is None:
            iter(loader)


def restore_generators(source, walker):
    """Generator objects by path; last of all, the process-wide ones."""
    for path, saved in source.meta.get("generators", {}).items():
        live = walker.live.get(path)
        if live is not None and rng.kind_of(live) is not None:
            rng.set_object_state(live, saved)
    rng.restore(source.meta.get("rng", {}))


_MISSING = object()
_IN_PLACE = (list, dict, set, bytearray, collections.deque, collections.OrderedDict, collections.defaultdict, collections.Counter)


def _read_only(value):
    return tensors.is_array(value) and not value.flags.writeable


def _same(current, value):
    return type(current) is type(value) and isinstance(value, (int, str, float, bool, type(None))) and repr(current) == repr(value)


def _full_name(value):
    return type(value).__module__ + "." + type(value).__qualname__


def code(current, identity, name=None):
    """The function, class or module that stood where `current` is: that itself; what can be imported by that name; else a value
    that asks for a deeper replay when it is used."""
    if current is not _MISSING and code_state.identity(current) == identity:
        return current
    try:
        found = _class(identity)
    except Exception:  # not importable: a lambda, a method, a function in a function
        found = None
    if found is not None and code_state.identity(found) == identity and not isinstance(current, types.MethodType):
        return found
    return poison.Poison(name or identity, "it stood for another function")


def _class(name):
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
            for part in parts[cut:]:
                found = getattr(found, part)
            return found
        except (ImportError, AttributeError):
            continue
    raise RestoreError("the class %s does not exist" % name)


def _symbol(text):
    torch = rng.torch_module()
    sort, _, content = text.partition(":")
    if sort == "size":
        return torch.Size([int(item) for item in content.split(",")] if content else [])
    if sort == "dtype":
        return getattr(torch, content.replace("torch.", ""))
    if sort == "numpy":
        return rng.numpy_module().dtype(content)
    return torch.device(content)

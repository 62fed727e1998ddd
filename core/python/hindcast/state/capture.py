# SPDX-License-Identifier: Apache-2.0
"""Composes captures: which objects, which frames, what goes into the meta. Recording and replay compose alike."""
import os
import sys

from . import cbor, collection, locals as walks, objects, rng
from .names import find_frame

BOUNDARY, EXIT, MID, PREFIX, END = range(5)
EXHAUSTED, BREAK, RETURN, EXCEPTION = range(4)


class Registry:
    """What the user named in checkpointing(), found again by the variable it was bound to."""

    def __init__(self):
        self._entries = {}  # name -> [object, frame code, variable]

    def add(self, name, value, frame):
        """Registers one object, remembering which variable of `frame` held it."""
        variable = name if frame.f_locals.get(name) is value else None
        if variable is None:
            variable = next((key for key, item in frame.f_locals.items() if item is value), None)
        self._entries[name] = [value, frame.f_code, variable]

    def remove(self, names):
        """Forgets names when their `with` block ends."""
        for name in names:
            self._entries.pop(name, None)

    def resolve(self, chain):
        """{name: object}; a variable that was bound to a new object of that kind since counts, not the old object."""
        frames = {frame.f_code: frame for _, frame in reversed(chain)}
        for name, entry in self._entries.items():
            frame = frames.get(entry[1])
            if frame is None or entry[2] is None:
                continue
            bound = frame.f_locals.get(entry[2])
            if bound is not None and bound is not entry[0] and objects.named_kind(bound) == objects.named_kind(entry[0]):
                entry[0] = bound
        return {name: entry[0] for name, entry in self._entries.items()}


class Composition:
    """One composed capture: the walker with its tensor table, and the meta as a tree."""

    def __init__(self, walker, meta):
        self.walker = walker
        self.meta = meta

    @property
    def table(self):
        """Rows for the native recorder."""
        return self.walker.table

    def encoded(self):
        """Meta as CBOR; what has no form there is left out, with that as the reason."""
        try:
            return cbor.encode(self.meta)
        except TypeError:
            for entries in self.meta["locals"].values():
                for name, entry in entries.items():
                    if not _has_form(entry):
                        entries[name] = ["u", "a part of it has no form in a capture"]
            return cbor.encode(self.meta)


def _has_form(entry):
    try:
        cbor.encode(entry)
    except TypeError:
        return False
    return True


@collection.put_off()
def compose(project, registry, memory, frame, point, bound_before=None, exit_grads=False):
    """Composes the state that `frame` (of the loop; None: there is none any more) and everything around it holds.

    `bound_before` maps names of the frame to ids at the inner loop's entry; `exit_grads`: gradients belong to an EXIT too.
    """
    early = point == PREFIX
    chain = project.chain(frame)
    walker = walks.Walker(project, memory, early)
    for name, value in registry.resolve(chain).items():
        walker.add_object(name, value)
    found = {}
    for key, names in project.modules().items():
        before = bound_before if frame is not None and names is frame.f_locals else None
        found[key] = walker.scope(key + "|", names, before)
    for key, outer in reversed(chain):
        if outer.f_code.co_name != "<module>":
            found[key] = walker.scope(key + "|", outer.f_locals, bound_before if outer is frame else None)
    meta = {"rng": rng.capture(), "locals": found}
    meta["objects"] = _objects(walker, exit_grads or point != EXIT)
    if walker.generators:
        meta["generators"] = walker.generators
    if walker.codes:
        meta["codes"] = walker.codes
    if walker.cells:
        meta["cells"] = walker.cells
    if walker.workers:
        meta["workers"] = walker.workers
    if early:
        meta["flags"] = flags()
        meta["fingerprint"] = {"large": walker.large}
    return Composition(walker, meta)


def _objects(walker, grads):
    found, done = {}, 0
    while done < len(walker.objects):  # capturing one object can meet another
        name, value = list(walker.objects.items())[done]
        found[name] = objects.capture(name, value, walker, grads)
        done += 1
    return found


def bindings(frame):
    """{name: id} of a frame's names, to tell later which were rebound."""
    return {name: id(value) for name, value in frame.f_locals.items()}


def find(frame, code):
    """The frame that runs the loop: the first from `frame` outwards whose code called hc.loop, or None."""
    return find_frame(frame, code)


def entry_digest():
    """Digest of the random state where an inner loop begins: shows that the statements before it ran alike."""
    return rng.digest(rng.capture())


def flags():
    """Settings of the process that change bits; compared at replay, not set behind the user's back."""
    found = {"hashFingerprint": hash("hindcast"), "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS")}
    torch = rng.torch_module()
    if torch is not None:
        found["threads"] = torch.get_num_threads()
        found["deterministic"] = bool(torch.are_deterministic_algorithms_enabled())
        found["defaultDtype"] = str(torch.get_default_dtype())
        found["torch"] = str(torch.__version__)
        found["gradEnabled"] = bool(torch.is_grad_enabled())
        cudnn = getattr(torch.backends, "cudnn", None)
        if cudnn is not None:
            found["cudnnBenchmark"] = bool(cudnn.benchmark)
        if torch.cuda.is_initialized():
            found["gpu"] = torch.cuda.get_device_name()
        capability = getattr(torch.backends, "cpu", None)
        if capability is not None and hasattr(capability, "get_cpu_capability"):
            found["cpuCapability"] = capability.get_cpu_capability()
    numpy = rng.numpy_module()
    if numpy is not None:
        found["numpy"] = numpy.__version__
    found["python"] = sys.version.split()[0]
    return found

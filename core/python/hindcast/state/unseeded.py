# SPDX-License-Identifier: Apache-2.0
"""The random state that a script finds before it seeds anything. NumPy and torch draw their own from the system when they are
imported, which may be after `import hindcast`: it is read, or put back, at that moment."""
import importlib.abc
import sys

from . import rng

# The module after whose execution a library's generator is there. NumPy itself is still being imported then.
_MODULES = {"numpy": "numpy.random.mtrand", "torch": "torch"}


class FirstState:
    """What the generators held when the script could first draw from them; made at `import hindcast`."""

    def __init__(self):
        self._state = rng.capture()
        self._read = {}
        if "numpy" not in self._state:
            _when_imported("numpy", lambda module: self._read.update(numpy=module._rand.get_state(legacy=False)))
        if "torch" not in self._state:
            _when_imported("torch", lambda module: self._read.update(torch=module.get_rng_state()))

    def state(self):
        """{python, numpy, torch, cuda}; those that did not exist are left out."""
        if "numpy" in self._read:
            self._state["numpy"] = rng.legacy_form(self._read.pop("numpy"))
        if "torch" in self._read:
            self._state["torch"] = rng.tensor_bytes(self._read.pop("torch"))
        return self._state


def put_back(state):
    """Gives the generators the first state of a recorded run; those of a library when it comes, if it is not there yet."""
    rng.restore(state)
    if "numpy" in state and rng.numpy_module() is None:
        _when_imported("numpy", lambda module: module._rand.set_state(rng.legacy_state(state["numpy"])))
    if "torch" in state and rng.torch_module() is None:
        _when_imported("torch", lambda module: rng.restore({"torch": state["torch"]}))


def _when_imported(library, act):
    sys.meta_path.insert(0, _Watch(_MODULES[library], act))


class _Watch(importlib.abc.MetaPathFinder):
    """Acts on a module once it has been executed, then goes."""

    def __init__(self, name, act):
        self._name = name
        self._act = act
        self._asks = False

    def find_spec(self, name, path=None, target=None):
        """Finds nothing itself: lets the others find the one module."""
        if name != self._name or self._asks:
            return None
        self._asks = True  # another watch may ask in turn
        try:
            found = (finder.find_spec(name, path, target) for finder in list(sys.meta_path) if hasattr(finder, "find_spec"))
            spec = next((spec for spec in found if spec is not None), None)
        finally:
            self._asks = False
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _Loader(spec.loader, self)
        return spec

    def arrived(self, module):
        """The module has been executed."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
            try:
                self._act(module)
            except Exception:  # another library than those we know: its state is taken for seeded
                pass


class _Loader(importlib.abc.Loader):
    def __init__(self, loader, watch):
        self._loader = loader
        self._watch = watch

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._watch.arrived(module)

    def __getattr__(self, name):
        """Who only asks where the module is finds the real loader."""
        return getattr(self._loader, name)

# SPDX-License-Identifier: Apache-2.0
"""The random state that a script finds before it seeds anything. NumPy draws its own from the system when it is imported,
which may be after `import hindcast`: it is read, or put back, at that moment."""
import importlib.abc
import sys

from . import rng

_MODULE = "numpy.random.mtrand"


class FirstState:
    """What the generators held when the script could first draw from them; made at `import hindcast`."""

    def __init__(self):
        self._state = rng.capture()
        self._numpy = None
        if "numpy" not in self._state:
            _when_imported(self._read)

    def _read(self, module):
        self._numpy = module._rand.get_state(legacy=False)  # NumPy itself is still being imported

    def state(self):
        """{python, numpy, torch, cuda}; those that did not exist are left out: torch's is the same in every process."""
        if self._numpy is not None:
            self._state["numpy"] = rng.legacy_form(self._numpy)
            self._numpy = None
        return self._state


def put_back(state):
    """Gives the generators the first state of a recorded run; NumPy's when it comes, if it is not there yet."""
    rng.restore(state)
    if "numpy" in state and rng.numpy_module() is None:
        _when_imported(lambda module: module._rand.set_state(rng.legacy_state(state["numpy"])))


def _when_imported(act):
    sys.meta_path.insert(0, _Watch(act))


class _Watch(importlib.abc.MetaPathFinder):
    """Acts on the module that holds NumPy's generator once it has been executed."""

    def __init__(self, act):
        self._act = act

    def find_spec(self, name, path=None, target=None):
        """Finds nothing itself: lets the others find the one module, and goes."""
        if name != _MODULE or self not in sys.meta_path:
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = _Loader(spec.loader, self._act)
                return spec
        return None


class _Loader(importlib.abc.Loader):
    def __init__(self, loader, act):
        self._loader = loader
        self._act = act

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        try:
            self._act(module)
        except Exception:  # another NumPy than those we know: its state is taken for seeded
            pass

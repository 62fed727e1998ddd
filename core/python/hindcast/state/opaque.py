# SPDX-License-Identifier: Apache-2.0
"""Objects of other libraries that have no protocol: looked at through their pickle, captured whole once they change."""
import hashlib
import io
import time
import warnings

from . import objects

SMALL_BYTES = 1 << 20  # a changed object is captured up to this size
_LARGEST_BYTES = 64 << 20  # larger ones are not looked at
_SLOW_SECONDS = 0.2  # what takes longer is not looked at again
_LOGGERS = ("logging", "tqdm", "wandb", "mlflow", "tensorboard", "tensorboardX", "torch.utils.tensorboard", "argparse", "concurrent", "threading")

_unfit = set()  # classes whose objects have no pickle, or one that takes too long


class _Full(Exception):
    pass


class _Digesting(io.RawIOBase):
    """Takes a pickle, keeps its digest, and its bytes while they are few."""

    def __init__(self):
        super().__init__()
        self.digest = hashlib.blake2b(digest_size=16)
        self.size = 0

    def write(self, data):
        """A part of the pickle."""
        view = memoryview(data).cast("B") if not isinstance(data, bytes) else data
        self.size += len(view)
        if self.size > _LARGEST_BYTES:
            raise _Full
        self.digest.update(view)
        return len(view)


def only_tells(value):
    """Whether an object only passes on what it is told: loggers, bars, writers. What a script computes does not come from it."""
    return type(value).__module__.startswith(_LOGGERS)


def look(value):
    """(digest, size in bytes) of an object's pickle; None when it has none or is too large to look at."""
    cls = type(value)
    if cls in _unfit or only_tells(value):
        return None
    out, began = _Digesting(), time.perf_counter()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            objects.Pickler(out, 4).dump(value)
    except Exception:  # whatever a class says to being pickled
        _unfit.add(cls)
        return None
    if time.perf_counter() - began > _SLOW_SECONDS:
        _unfit.add(cls)
    return out.digest.digest(), out.size


def content(value):
    """The pickle of a small object; None when it does not come back from it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return objects.dump(value)
    except Exception:
        _unfit.add(type(value))
        return None


def put_into(current, saved):
    """Gives `current` the state of `saved`, so that all that refer to it see it; whether that was possible."""
    cls = type(current)
    if cls is not type(saved):
        return False
    if cls in (io.StringIO, io.BytesIO):
        current.__setstate__(saved.__getstate__())
        return True
    plain = cls.__reduce_ex__ is object.__reduce_ex__ and cls.__reduce__ is object.__reduce__ and not hasattr(cls, "__setstate__")
    plain = plain and getattr(cls, "__getstate__", None) is getattr(object, "__getstate__", None) and not hasattr(cls, "__slots__")
    if plain and isinstance(getattr(current, "__dict__", None), dict) and cls.__basicsize__ <= _Plain.__basicsize__:
        current.__dict__.clear()
        current.__dict__.update(saved.__dict__)
        return True
    return False


class _Plain:
    """An instance without memory of its own beside its attributes."""

# SPDX-License-Identifier: Apache-2.0
"""Stands for a value that a shallow replay does not have. Any use of it means: this iteration needs a deep replay."""

_touched = None


def on_touch(function):
    """Sets what happens on a use: `function(name, reason)`, which does not return."""
    global _touched
    _touched = function


class NeedsDeepReplay(BaseException):
    """A value was used that only running the inner loop can give."""

    def __init__(self, name, reason):
        super().__init__("'%s' is not known after the inner loop: %s" % (name, reason))


class Poison:
    """The value that is not there."""

    __slots__ = ("_hindcast_name", "_hindcast_reason")

    def __init__(self, name, reason):
        object.__setattr__(self, "_hindcast_name", name)
        object.__setattr__(self, "_hindcast_reason", reason)

    def __getattribute__(self, attribute):
        _touch(self)

    def __setattr__(self, attribute, value):
        _touch(self)

    def __delattr__(self, attribute):
        _touch(self)


def is_poison(value):
    """Whether `value` is a poison value; does not count as a use."""
    return type(value) is Poison


def _touch(value, *others, **named):
    if type(value) is not Poison:  # a reflected operation
        value = next(item for item in others if type(item) is Poison)
    name = object.__getattribute__(value, "_hindcast_name")
    reason = object.__getattribute__(value, "_hindcast_reason")
    if _touched is not None:
        _touched(name, reason)
    raise NeedsDeepReplay(name, reason)


_OPERATIONS = (
    "call repr str bytes format hash bool lt le eq ne gt ge len length_hint getitem setitem delitem iter next reversed contains "
    "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or radd rsub rmul rmatmul rtruediv rfloordiv "
    "rmod rdivmod rpow rlshift rrshift rand rxor ror iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand "
    "ixor ior neg pos abs invert complex int float index round trunc floor ceil enter exit await aiter anext fspath dir "
    "reduce reduce_ex copy deepcopy array torch_function sizeof get set delete instancecheck subclasscheck"
).split()

for _name in _OPERATIONS:
    setattr(Poison, "__%s__" % _name, _touch)

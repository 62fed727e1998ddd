# SPDX-License-Identifier: Apache-2.0
"""State that functions and classes of a script carry: closure variables, attributes, defaults that are changed in place;
and which function a name stands for."""
import enum
import functools
import hashlib
import sys
import types

CLOSURE, ATTRIBUTES = "<closure>", "<attributes>"
_CHANGEABLE = (list, dict, set, bytearray)
_CODE = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType, types.WrapperDescriptorType,
    types.MemberDescriptorType, types.GetSetDescriptorType, staticmethod, classmethod, property, functools.cached_property, type,
    types.ModuleType,
)
_DEFAULT = "<default>"


def identity(value):
    """Text that tells one function, method, class or module from another, in any process; None for what is no code. Where the
    thing can be imported it is the name to do so by."""
    if isinstance(value, types.ModuleType):
        return value.__name__
    function = value.__func__ if isinstance(value, types.MethodType) else value
    if isinstance(function, types.BuiltinFunctionType):
        return _builtin(function)
    if not isinstance(function, (types.FunctionType, type)):
        return None
    text = "%s.%s" % (function.__module__, function.__qualname__)
    if not isinstance(function, types.FunctionType) or function.__name__ != "<lambda>":
        return text
    code = function.__code__  # several lambdas have one name: their bodies tell them apart
    plain = [item for item in code.co_consts if type(item) in (bool, int, float, str, bytes, type(None))]
    body = repr((code.co_code, code.co_names, code.co_varnames, plain)).encode()
    return "%s %s" % (text, hashlib.blake2b(body, digest_size=8).hexdigest())


def _builtin(function):
    """A function of a library in C rarely says where it is found: `torch.sigmoid` is a method of a hidden class."""
    owner = getattr(function, "__self__", None)
    homes = [owner.__name__ if isinstance(owner, types.ModuleType) else None, function.__module__, "torch", "torch.nn.functional"]
    for home in homes:
        if home in sys.modules and getattr(sys.modules[home], function.__name__, None) is function:
            return "%s.%s" % (home, function.__name__)
    return "%s.%s" % (function.__module__, function.__qualname__)


def is_own(value, project):
    """Whether a function or class belongs to the project."""
    if isinstance(value, types.FunctionType):
        return project.relative(value.__code__.co_filename) is not None
    return isinstance(value, type) and project.owns_class(value) and not issubclass(value, enum.Enum)


def parts(value):
    """[(CLOSURE or ATTRIBUTES, {name: value})] of what there is."""
    found = []
    if isinstance(value, types.FunctionType) and value.__closure__:
        cells = {}
        for name, cell in zip(value.__code__.co_freevars, value.__closure__):
            try:
                cells[name] = cell.cell_contents
            except ValueError:  # not bound yet
                continue
        found.append((CLOSURE, cells))
    attributes = _attributes(value)
    if attributes:
        found.append((ATTRIBUTES, attributes))
    return found


def _attributes(value):
    if isinstance(value, type):
        return {name: item for name, item in vars(value).items() if _is_state(name, item)}
    found = {name: item for name, item in vars(value).items() if not name.startswith("__")}
    for place, item in enumerate(value.__defaults__ or ()):
        if type(item) in _CHANGEABLE:
            found["%s%d" % (_DEFAULT, place)] = item
    for name, item in (value.__kwdefaults__ or {}).items():
        if type(item) in _CHANGEABLE:
            found[_DEFAULT + name] = item
    return found


def _is_state(name, item):
    return not name.startswith(("__", "_abc_")) and not isinstance(item, _CODE) and not hasattr(type(item), "__get__")


def put(value, name, item):
    """Sets an attribute; a default is only changed in place, which was done before."""
    if not name.startswith(_DEFAULT):
        setattr(value, name, item)

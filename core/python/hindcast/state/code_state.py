# SPDX-License-Identifier: Apache-2.0
"""State that functions and classes of a script carry: closure variables, attributes, defaults that are changed in place."""
import enum
import functools
import types

CLOSURE, ATTRIBUTES = "<closure>", "<attributes>"
_CHANGEABLE = (list, dict, set, bytearray)
_CODE = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodDescriptorType, types.WrapperDescriptorType,
    types.MemberDescriptorType, types.GetSetDescriptorType, staticmethod, classmethod, property, functools.cached_property, type,
    types.ModuleType,
)
_DEFAULT = "<default>"


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

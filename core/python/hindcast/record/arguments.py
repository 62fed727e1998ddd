# SPDX-License-Identifier: Apache-2.0
"""Arguments set from outside: `--kwargs k=v …` on the command line, HINDCAST_ARGS from `hindcast run --arg`."""
import ast
import json
import os
import sys

from . import children

_PASSED_ON = "HINDCAST_PASSED_ARGS"  # of this very script, to its children
_forced = {}


def take_from_command_line(argv):
    """Removes `--kwargs k=v …` from `argv` in place and remembers the pairs. The list ends at the first word without '='.
    Processes that multiprocessing starts get them too: they see `argv` as it is left here."""
    try:
        _forced.update({str(k): str(v) for k, v in json.loads(os.environ.get("HINDCAST_ARGS") or "{}").items()})
    except (ValueError, AttributeError):
        sys.stderr.write("hindcast: HINDCAST_ARGS is not a JSON object; it is ignored\n")
    if children.is_started_by_multiprocessing():
        passed = json.loads(os.environ.get(_PASSED_ON) or "[null, {}]")
        _forced.update(passed[1] if passed[0] == _script(argv) else {})
    if "--kwargs" not in argv:
        return
    at = argv.index("--kwargs")
    end = at + 1
    while end < len(argv) and "=" in argv[end] and not argv[end].startswith("-"):
        name, _, text = argv[end].partition("=")
        _forced[name] = text
        end += 1
    del argv[at:end]
    os.environ[_PASSED_ON] = json.dumps([_script(argv), _forced])


def _script(argv):
    return os.path.abspath(argv[0]) if argv else None


def forced():
    """The pairs set from outside, as text."""
    return dict(_forced)


def set_forced(pairs):
    """Replaces the pairs (a replay knows them from run.json)."""
    _forced.clear()
    _forced.update(pairs)


def value(name, default):
    """The argument's value: as set from outside, read as the default's type; else the default."""
    if name not in _forced:
        return default
    return parse(_forced[name], default, name)


def parse(text, default, name):
    """Reads `text` as a value of the default's type; ValueError naming the argument when it is none."""
    try:
        if isinstance(default, bool):
            return {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}[
                text.strip().lower()
            ]
        if isinstance(default, int):
            return int(text)
        if isinstance(default, float):
            return float(text)
        if isinstance(default, str):
            return text
        return _literal(text)
    except (ValueError, KeyError):
        raise ValueError("argument %s=%s is not a %s" % (name, text, type(default).__name__)) from None


def _literal(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text

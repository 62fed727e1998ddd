# SPDX-License-Identifier: Apache-2.0
"""`python -m hindcast.replay.prestart WORKER.json`: a worker that gets ready before its unit is known.

It imports what every unit of its kind imports, in the script's order, then waits for one line on its standard input: the
unit file, a tab, the working folder. An empty line: nothing could be prepared. End of file: nobody needs it.
"""
import importlib
import json
import os
import sys
import time

_BEGAN = time.perf_counter()  # before the imports that follow

from . import worker

NOT_BEGUN = 75  # nothing has been run: the unit can be given to another worker


def _is_code(path, project):
    """Whether a path belongs to the project and not to an environment that lies in it: what stands there now is not the version's."""
    real, root = os.path.join(os.path.realpath(path), ""), os.path.join(os.path.realpath(project), "")
    inside = real.startswith(root)
    return inside and "site-packages" not in real and not real.startswith(os.path.join(os.path.realpath(sys.prefix), ""))


def _import_early(names, project):
    """Imports packages; false when one cannot be imported or brought in a module of the project."""
    kept = list(sys.path)
    sys.path[:] = [path for path in kept[1:] if not _is_code(path, project)]  # [0]: our working folder
    try:
        for name in names:
            importlib.import_module(name)
    except BaseException:  # the script meets it in its own place
        return False
    finally:
        sys.path[:] = kept
        sys.path_importer_cache.clear()
        importlib.invalidate_caches()
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    return not any(file and _is_code(file, project) for file in files)


def _line():
    """What the parent says, read byte by byte: the same descriptor may serve others."""
    text = b""
    while not text.endswith(b"\n"):
        more = os.read(0, 1)
        if not more:
            os._exit(0)
        text += more
    return os.fsdecode(text[:-1])


def _enter(folder, project):
    for path in (folder, project):
        try:
            os.chdir(path)
            return
        except OSError:
            continue


def main(path):
    """Gets ready, waits, runs the unit; leaves the process."""
    with open(path, encoding="utf-8") as file:
        kind = json.load(file)
    worker.set_threads(kind["recordedCores"])
    ready = _import_early(kind["imports"], kind["project"])
    ready_seconds = time.perf_counter() - _BEGAN
    line = _line()
    if not line:
        os._exit(1)
    if not ready:
        os._exit(NOT_BEGUN)
    os.dup2(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC), 0)
    unit, _, folder = line.partition("\t")
    _enter(folder, kind["project"])
    worker.main(unit, ready_seconds)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m hindcast.replay.prestart WORKER.json\n")
        sys.exit(2)
    from hindcast.replay import prestart as _prestart

    _prestart.main(sys.argv[1])

# SPDX-License-Identifier: Apache-2.0
"""`python -m hindcast.replay.worker UNIT.json`: replays one unit of a recorded version and leaves.

Exit status 0 done, 3 another mode is needed (NOTE "escalate" says which), 1 failed, 4 the environment lacks something.
"""
import builtins
import datetime
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import sys
import time
import tokenize
import traceback
import types

from .. import _native
from ..record import arguments, environment, process
from ..state import capture, cbor
from . import outcome, ranks, rewrite, runtime, terminal
from .volatile import Volatile

_FLUSH_SECONDS, _SYNC_SECONDS, _QUEUE_BYTES = 0.1, 5.0, 64 << 20


class _Sources:
    """Compiles sources of the project as this unit needs them, and says to `volatile` which were loaded."""

    def __init__(self, unit, volatile):
        self._volatile = volatile
        self.folder = os.path.realpath(unit["project"])
        self._injected = {}
        for one in unit["injected"]:
            path = os.path.realpath(os.path.join(self.folder, one["file"]))
            self._injected.setdefault(path, []).append((one["first"], one["last"], one["probe"]))
        self._stop = unit["mode"] == "pre"

    def compile(self, path):
        """Code of the file, rewritten."""
        with tokenize.open(path) as file:
            text = file.read()
        real = os.path.realpath(path)
        self._volatile.add(text, os.path.relpath(real, self.folder))
        return rewrite.rewrite(text, path, self._injected.get(real, ()), self._stop)

    def owns(self, path):
        """Whether a file is a source of the project."""
        real = os.path.realpath(path)
        return real.startswith(self.folder + os.sep) and real.endswith(".py") and "site-packages" not in real


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module of the project from its rewritten source; byte code on disk is neither read nor written."""

    sources = None

    def get_code(self, fullname):
        return self.sources.compile(self.path)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds modules of the project before anyone else."""

    def __init__(self, sources):
        self._sources = sources

    def find_spec(self, fullname, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or not spec.origin or not self._sources.owns(spec.origin):
            return None
        if not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            return None
        spec.loader = _Loader(fullname, spec.origin)
        spec.loader.sources = self._sources
        return spec


def _run_json(unit):
    micros = time.time_ns() // 1000
    run = dict(unit["run"])
    stamp = datetime.datetime.fromtimestamp(micros / 1e6, datetime.timezone.utc)
    run.update(
        started=stamp.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), startedMicros=micros, packages=environment.packages(), host=environment.host(),
        pid=os.getpid(), bootId=environment.boot_id(), hashSeed=environment.hash_seed(), interpreter=environment.interpreter(),
    )
    return json.dumps(run, ensure_ascii=False).encode("utf-8", "surrogateescape")


def _recorded_flags(reader):
    for row in reader.captures():
        if row["point"] == capture.PREFIX:
            return cbor.decode(bytes(reader.capture(row["n"])[0])).get("flags", {})
    return {}


def set_threads(recorded_cores):
    """Thread counts of the recorded machine, where this one has another number of cores: they change bits.

    Only then: libraries count differently (torch, OpenMP and OpenBLAS each have a say), and equal cores give equal counts.
    What the recorded run had in its environment is in ours.
    """
    if recorded_cores and recorded_cores != environment.host()["cores"]:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, str(recorded_cores))


def _execute(unit, sources, replay):
    path = os.path.join(unit["project"], unit["script"])
    sys.argv[:] = unit["argv"]
    main = types.ModuleType("__main__")
    main.__file__ = path
    module = unit["run"].get("module")
    sys.path[0] = os.getcwd() if module else os.path.dirname(path)
    if module:  # as runpy does
        main.__package__ = module.rpartition(".")[0]
        main.__spec__ = importlib.machinery.ModuleSpec(module, None, origin=path)
        if main.__package__:
            importlib.import_module(main.__package__)
    main.__builtins__ = builtins
    sys.modules["__main__"] = main
    try:
        exec(sources.compile(path), main.__dict__)
    except SystemExit:
        pass
    except ModuleNotFoundError as error:
        traceback.print_exc()
        sys.stderr.write("hindcast: this interpreter lacks the module %s\n" % error.name)
        replay.finish(outcome.ENVIRONMENT, "this interpreter lacks the module %s" % error.name)
    except BaseException as error:
        traceback.print_exc()
        replay.script_raised(error)
    replay.script_ended()


def _join_ranks(unit, run, replay):
    """The other ranks of a job are replayed beside this one."""
    if ranks.is_follower(unit):
        ranks.follow(unit)
    try:
        others = ranks.ranks_of(unit, run, replay.hazards)
    except outcome.Refused as reason:
        replay.fail(str(reason))
    if others is None:
        return
    problem = others.agree()
    if problem is not None:
        replay.go_deeper(unit["first"], problem)
    others.start()
    replay.ranks = others
    others.watch(replay)


def main(path, ready_seconds=0.0):
    """Runs the unit described by the JSON file at `path`; leaves the process. `ready_seconds`: spent before it was known."""
    with open(path, encoding="utf-8") as file:
        unit = json.load(file)
    reader = _native.Reader(unit["versionFolder"])
    flags = _recorded_flags(reader)
    recorded = json.loads(bytes(reader.run()))
    set_threads(recorded.get("host", {}).get("cores"))
    terminal.stand_in(recorded.get("terminal"))
    recorder = _native.Recorder(unit["folder"], _run_json(unit), _FLUSH_SECONDS, _SYNC_SECONDS, _QUEUE_BYTES)
    arguments.set_forced(unit.get("arguments") or {})
    volatile = Volatile()
    sources = _Sources(unit, volatile)
    replay = runtime.Replay(unit, reader, recorder, volatile, flags)
    _join_ranks(unit, json.loads(bytes(reader.run())), replay)
    replay.note(note="progress", phase="estimate", index=None, seconds=unit.get("estimatedSeconds", 0), resource=unit.get("resource", ""),
                host=environment.host()["name"])
    replay.note(note="progress", phase="import", index=None, seconds=round(ready_seconds, 6))
    process.set_backend(replay)
    process.watch_forks()
    os.environ["HINDCAST"] = "off"  # processes that the script starts record nothing either
    _native.set_current(None)
    _native.set_slow_log(replay.log)
    setattr(builtins, rewrite.RUNTIME, replay)
    sys.meta_path.insert(0, _Finder(sources))
    _execute(unit, sources, replay)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m hindcast.replay.worker UNIT.json\n")
        sys.exit(2)
    from hindcast.replay import worker as _worker

    _worker.main(sys.argv[1])

# SPDX-License-Identifier: Apache-2.0
"""Projects in a temporary folder: recorded, replayed and asked about in processes of their own, as users do it."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import textwrap
import uuid

import pytest

os.environ["HINDCAST"] = "0"  # the tests themselves record nothing
hindcast = pytest.importorskip("hindcast", reason="the package is not on PYTHONPATH (build target hindcast_native)")
from hindcast import _native
from hindcast.state import cbor  # noqa: E402

PACKAGE = str(pathlib.Path(hindcast.__file__).parent.parent)


def exact(value):
    """A form of a logged value that is equal only for equal bits."""
    return value.hex() if isinstance(value, float) else value


class Version:
    """A recorded version."""

    def __init__(self, folder):
        self.folder = folder
        self.reader = _native.Reader(str(folder))

    @property
    def run(self):
        return json.loads(bytes(self.reader.run()))

    def values(self, name=None):
        """{(coordinates, name, ordinal): exact value} without arguments."""
        return {
            (tuple(tuple(level) for level in coordinates), key, ordinal): exact(value)
            for coordinates, key, ordinal, value, is_argument, _ in self.reader.values()
            if not is_argument and name in (None, key)
        }

    def arguments(self):
        return {key: value for _, key, _, value, is_argument, _ in self.reader.values() if is_argument}

    def notes(self, what=None):
        found = [json.loads(bytes(frame)) for frame in self.reader.frames(3)]
        return [note for note in found if what in (None, note["note"])]

    def end(self):
        frames = self.reader.frames(6)
        return json.loads(bytes(frames[-1])) if frames else None

    def captures(self, point=None):
        return [row for row in self.reader.captures() if point in (None, row["point"])]

    def meta(self, row):
        return cbor.decode(bytes(self.reader.capture(row["n"])[0]))


class Replay(Version):
    """What a worker left."""

    def __init__(self, folder, status, output):
        self.status = status
        self.output = output
        super().__init__(folder)

    def fidelity(self):
        """{iteration: FIDELITY content}."""
        return {frame["index"]: frame for frame in self.frames()}

    def frames(self):
        """FIDELITY contents in the order written."""
        return [json.loads(bytes(raw)) for raw in self.reader.frames(5)]

    def grades(self):
        return {index: frame["grade"] for index, frame in self.fidelity().items()}


class Project:
    """A project folder."""

    def __init__(self, folder, files):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))

    def command(self, *arguments, script="train.py"):
        return [sys.executable, script, *arguments]

    def environment(self, **more):
        base = {key: value for key, value in os.environ.items() if key != "HINDCAST" and not key.startswith("HINDCAST_")}
        return {**base, "PYTHONPATH": PACKAGE, "HINDCAST_PROGRAM": "", "HINDCAST_SYSTEM": "off", "PYTHONDONTWRITEBYTECODE": "1", **more}

    def execute(self, *arguments, script="train.py", **environment):
        return subprocess.run(
            self.command(*arguments, script=script), cwd=self.folder, env=self.environment(**environment),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False,
        )

    def record(self, *arguments, script="train.py", **environment):
        """Runs the script; returns its newest version."""
        result = self.execute(*arguments, script=script, **environment)
        assert result.returncode == 0, result.stderr
        version = self.versions()[-1]
        version.output = result
        return version

    def versions(self):
        folder = self.folder / ".hindcast" / "versions"
        return [Version(path) for path in sorted(folder.iterdir())] if folder.is_dir() else []

    def inject(self, target, probes):
        """Writes the statements into a copy; probes: [(file, anchor text, statement)], put after the anchor's line with its
        indentation. Returns where they stand."""
        injected = []
        for number, (file, anchor, statement) in enumerate(probes):
            path = target / file
            lines = path.read_text().split("\n")
            at = next(index for index, line in enumerate(lines) if anchor in line)
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            new = [indent + line for line in statement.split("\n")]
            lines[at + 1 : at + 1] = new
            path.write_text("\n".join(lines))
            for one in injected:
                if one["file"] == file and one["first"] > at + 1:
                    one["first"] += len(new)
                    one["last"] += len(new)
            injected.append({"file": file, "first": at + 2, "last": at + 1 + len(new), "probe": number})
        return injected

    def copy(self, name):
        target = self.folder.parent / name
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns(".hindcast", "__pycache__"))
        return target

    def replay(self, version, mode, first=-1, last=-1, probes=(), loop="epoch", inner=("step",), tolerance=None, unit=None, **environment):
        """Replays in a scratch copy, as the scheduler does it; `unit`: more fields of the unit."""
        scratch = self.copy("scratch-" + uuid.uuid4().hex[:8])
        return self._replay(version, scratch, self.inject(scratch, list(probes)), environment, mode=mode, loop=loop, first=first, last=last,
                            innerLoops=list(inner), tolerance=tolerance, **(unit or {}))

    def replay_spliced(self, version, texts, injected, **unit):
        """Replays sources that hold their probes already; `unit`: fields of the unit."""
        scratch = self.folder.parent / ("scratch-" + uuid.uuid4().hex[:8])
        Project(scratch, texts)
        return self._replay(version, scratch, injected, {}, **unit)

    def _replay(self, version, scratch, injected, environment, **fields):
        identity = str(uuid.uuid4())
        run = version.run
        folder = self.folder / ".hindcast" / "replays" / identity
        folder.parent.mkdir(exist_ok=True)
        described = {"version": run["uuid"], "mode": fields["mode"], "loop": fields["loop"], "first": fields["first"],
                     "last": fields["last"], "probes": []}
        unit = {
            "format": 1, "replay": identity, "folder": str(folder), "run": {**run, "kind": "replay", "uuid": identity, "replay": described},
            "versionFolder": str(version.folder), "project": str(scratch), "script": run["script"], "argv": run["argv"],
            "arguments": run["arguments"], "injected": injected, "innerLoops": [], "tolerance": None, **fields,
        }
        path = self.folder.parent / (identity + ".json")
        path.write_text(json.dumps(unit))
        seed = {"PYTHONHASHSEED": run["hashSeed"]["set"]} if run["hashSeed"]["set"] else {}
        result = subprocess.run(
            [sys.executable, "-m", "hindcast.replay.worker", str(path)], cwd=scratch, env=self.environment(**{**seed, **environment}),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False,
        )
        assert (folder / "journal").exists(), result.stdout
        return Replay(folder, result.returncode, result.stdout)

    def truth(self, probes, *arguments, **environment):
        """A version that logged the probes from the start."""
        target = self.copy("truth-" + uuid.uuid4().hex[:8])
        self.inject(target, list(probes))
        return Project(target, {}).record(*arguments, **environment)

    def decide(self, version, probes):
        """Answers of `python -m hindcast.decide`, one for each probe alone."""
        asked = []
        for probe in probes:
            scratch = self.copy("ask-" + uuid.uuid4().hex[:8])
            injected = self.inject(scratch, [probe])
            asked.append({"root": str(scratch), "injected": injected})
        return [answer["probes"][0] for answer in self._ask(version, asked)]

    def decide_each(self, version, spliced):
        """All answers for sources with their probes in them: [({file: text}, injected)]."""
        asked = [{"files": {name: textwrap.dedent(text) for name, text in texts.items()}, "injected": injected} for texts, injected in spliced]
        return [answer["probes"] for answer in self._ask(version, asked)]

    def _ask(self, version, asked):
        run = version.run
        for one in asked:
            one.update(uuid=run["uuid"], versionFolder=str(version.folder), script=run["script"])
        result = subprocess.run(
            [sys.executable, "-m", "hindcast.decide"], input=json.dumps({"versions": asked}), env=self.environment(HINDCAST="0"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, check=False,
        )
        assert result.returncode == 0, result.stderr
        answers = json.loads(result.stdout)["versions"]
        assert all(answer["ok"] for answer in answers), answers
        return answers


@pytest.fixture
def project(tmp_path):
    """Makes projects: project({"train.py": text})."""
    made = []

    def make(files):
        made.append(Project(tmp_path / ("project%d" % len(made)), files))
        return made[-1]

    return make

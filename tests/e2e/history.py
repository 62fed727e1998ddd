# SPDX-License-Identifier: Apache-2.0
"""Support for end-to-end tests: records histories with the real program, replays, and compares values bit for bit."""
import csv
import io
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ["HINDCAST_PROGRAM"]


def hindcast(*arguments, cwd, expect=(0,), env=None):
    """Runs the program; fails with everything it printed when the exit status is not one of `expect`."""
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=dict(os.environ, **(env or {})), timeout=600)
    if expect is not None and done.returncode not in expect:
        raise AssertionError(f"hindcast {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def lay_out(source, project):
    """Makes the project's tracked files those of `source`; the store stays."""
    for name in os.listdir(project):
        if name != ".hindcast":
            path = os.path.join(project, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    shutil.copytree(source, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


def overlay(source, project):
    shutil.copytree(source, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))


def record(project, script="train.py", arguments=(), given=()):
    """One recorded run; `given` are --arg values, `arguments` the script's own."""
    options = []
    for pair in given:
        options += ["--arg", pair]
    return hindcast("run", "--python", sys.executable, *options, script, *arguments, cwd=project)


def new_project(folder):
    os.makedirs(os.path.join(folder, ".hindcast"))
    return str(folder)


def insert_after(path, line, text):
    """Puts `text` after 1-based line `line`, keeping the file's line endings and every other byte."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().splitlines(keepends=True)
    ending = "\r\n" if lines[line - 1].endswith("\r\n") else "\n"
    if not lines[line - 1].endswith("\n"):
        lines[line - 1] += ending
    lines.insert(line, ending.join(text.split("\n")) + ending)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("".join(lines))


def values(project, name, diverged=False):
    """{(version, coordinates…): text} of one name, with source and fidelity in a second mapping."""
    extra = ["--diverged"] if diverged else []
    done = hindcast("dataframe", name, "--provenance", "--format", "csv", *extra, cwd=project)
    rows = list(csv.reader(io.StringIO(done.stdout)))
    header = rows[0]
    at = header.index(name)
    loops = [i for i, title in enumerate(header) if title not in (name, f"{name}.source", f"{name}.fidelity")]
    found, proof = {}, {}
    for row in rows[1:]:
        if row[at] == "":
            continue
        key = tuple(row[i] for i in loops)
        found.setdefault(key, []).append(row[at])
        proof.setdefault(key, []).append((row[header.index(f"{name}.source")], row[header.index(f"{name}.fidelity")]))
    return found, proof


def plan(project, *names, expect=(0, 3, 4)):
    return json.loads(hindcast("plan", *names, "--json", cwd=project, expect=expect).stdout)


def replay(project, *names, expect=(0,)):
    return hindcast("replay", *names, "--yes", "--json", cwd=project, expect=expect)


def sandbox(project):
    """What holds replays on this machine: "overlaid", "bound", "landlock" or "none"."""
    return json.loads(hindcast("allow", "--json", cwd=project).stdout)["sandbox"]

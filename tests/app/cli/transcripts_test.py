# SPDX-License-Identifier: Apache-2.0
"""Runs, questions and the rows they give, as text files (transcripts/*.txt): what a user types and what comes back, to the letter.

    == file NAME        the lines that follow are written to NAME
    == run ARGUMENTS    runs Python with the arguments (a script that records)
    == ask ARGUMENTS    runs `hindcast ARGUMENTS`; the lines that follow are its output, those that begin with "! " its errors;
                        "-> N" behind the arguments is the exit status when it is not 0
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

import pytest

PROGRAM = os.environ["HINDCAST_PROGRAM"]
FILES = sorted((pathlib.Path(__file__).parent / "transcripts").glob("*.txt"))


def steps_of(path):
    """[(line number, "file" | "run" | "ask", arguments, lines)]."""
    steps = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        head = re.fullmatch(r"== (file|run|ask) (.*)", line)
        if head:
            steps.append((number, head[1], head[2], []))
        elif steps:
            steps[-1][3].append(line)
    return steps


def without_last_empty(lines):
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def start(command, folder, environment):
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          universal_newlines=True, timeout=120, check=False)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_says_what_the_transcript_says(path, tmp_path):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HINDCAST")}
    environment.update(HINDCAST_SYSTEM="off", PYTHONDONTWRITEBYTECODE="1", COLUMNS="120")
    steps = steps_of(path)
    assert any(kind == "ask" for _, kind, _, _ in steps)
    for number, kind, arguments, lines in steps:
        if kind == "file":
            (tmp_path / arguments).write_text("\n".join(lines), encoding="utf-8")
        elif kind == "run":
            done = start([sys.executable, *shlex.split(arguments)], tmp_path, environment)
            assert done.returncode == 0, "%s:%d\n%s" % (path.name, number, done.stderr)
        else:
            question, _, status = arguments.partition(" -> ")
            done = start([PROGRAM, *shlex.split(question)], tmp_path, environment)
            said = without_last_empty(done.stdout.split("\n")) + ["! " + line for line in without_last_empty(done.stderr.split("\n"))]
            assert (said, done.returncode) == (without_last_empty(lines), int(status or 0)), "%s:%d" % (path.name, number)

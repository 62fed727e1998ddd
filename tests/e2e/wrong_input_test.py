# SPDX-License-Identifier: Apache-2.0
"""Wrong input: a clear sentence, the documented exit code, nothing lost, no crash."""
import glob
import json
import os
import sys

import pytest

import history
import tiny_project


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    project = history.new_project(tmp_path_factory.mktemp("wrong") / "project")
    tiny_project.write(project)
    history.record(project)
    tiny_project.write(project, tiny_project.with_probe())
    return project


def refused(*arguments, cwd, status, words):
    done = history.hindcast(*arguments, cwd=cwd, expect=(status,))
    assert done.stderr.startswith("hindcast: ") or status in (3, 5, 6) or "Usage" in done.stderr + done.stdout, done.stderr
    for word in words:
        assert word in done.stderr + done.stdout, (word, done.stderr)
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr


def test_no_store(tmp_path):
    for verb in (["ls"], ["show", "v1"], ["replay", "x", "--yes"], ["dataframe", "x"], ["sql", "select 1"], ["fsck"]):
        refused(*verb, cwd=tmp_path, status=1, words=["hindcast run"])


def test_an_empty_store(tmp_path):
    project = history.new_project(tmp_path / "project")
    with open(os.path.join(project, ".hindcast", "FORMAT"), "w", encoding="utf-8") as file:
        file.write("hindcast-store 1\n")
    assert json.loads(history.hindcast("ls", "--json", cwd=project).stdout)["versions"] == []
    refused("show", "v1", cwd=project, status=2, words=["v1"])
    refused("replay", "grad_norm", "--yes", cwd=project, status=3, words=["version"])


def test_a_newer_format(tmp_path):
    project = history.new_project(tmp_path / "project")
    with open(os.path.join(project, ".hindcast", "FORMAT"), "w", encoding="utf-8") as file:
        file.write("hindcast-store 99\n")
    refused("ls", cwd=project, status=7, words=["newer"])


def test_unknown_names_and_versions_and_bad_filters(recorded):
    refused("dataframe", "no_such_name", cwd=recorded, status=2, words=["no_such_name"])
    refused("replay", "no_such_name", "--yes", cwd=recorded, status=2, words=["no_such_name"])
    refused("show", "v99", cwd=recorded, status=2, words=["v99"])
    refused("ls", "v1,nonsense", cwd=recorded, status=2, words=["nonsense"])
    refused("dataframe", "loss", "--where", "loss >", cwd=recorded, status=2, words=["loss >"])
    refused("dataframe", "loss", "--where", "nothing_like_it > 3", cwd=recorded, status=2, words=["nothing_like_it"])
    refused("sql", "selct 1", cwd=recorded, status=2, words=["selct"])
    refused("sql", "delete from versions", cwd=recorded, status=2, words=[])
    refused("plan", "grad_norm", "--iterations", "epoch=4..2", cwd=recorded, status=2, words=["epoch=4..2"])
    refused("replay", cwd=recorded, status=2, words=[])


def test_a_script_that_does_not_parse(recorded, tmp_path):
    broken = tiny_project.with_probe().replace("loss.backward()\n", "loss.backward(\n")
    tiny_project.write(recorded, broken)
    try:
        refused("replay", "grad_norm", "--yes", cwd=recorded, status=2, words=["train.py"])
    finally:
        tiny_project.write(recorded, tiny_project.with_probe())
    old, new = tmp_path / "old.py", tmp_path / "new.py"
    old.write_text("def f(:\n")
    new.write_text("x = 1\nprint(x)\n")
    refused("propagate", "--from", str(new), "--line", "2", "--to", str(old), "--out", str(tmp_path / "out.py"), cwd=tmp_path, status=2, words=["old.py"])
    assert not (tmp_path / "out.py").exists()


def test_a_missing_interpreter_and_a_missing_torch(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project)
    # An interpreter that is there while recording and gone, or without torch, when replaying.
    python = tmp_path / "python"
    python.symlink_to(sys.executable)
    history.hindcast("run", "--python", str(python), "train.py", cwd=project)
    tiny_project.write(project, tiny_project.with_probe())
    run = glob.glob(os.path.join(project, ".hindcast", "versions", "*", "run.json"))[0]
    with open(run, encoding="utf-8") as file:
        facts = json.load(file)
    facts["interpreter"]["path"] = str(tmp_path / "gone" / "python")
    with open(run, "w", encoding="utf-8") as file:
        json.dump(facts, file)
    history.hindcast("reindex", cwd=project)
    done = history.hindcast("replay", "grad_norm", "--yes", cwd=project, expect=(1, 3))
    assert str(tmp_path / "gone" / "python") in done.stderr

    bare = tmp_path / "bare"
    bare.write_text(f"#!/bin/sh\nexec {sys.executable} -S -E \"$@\"\n")  # without site-packages: no torch
    bare.chmod(0o755)
    facts["interpreter"]["path"] = str(bare)
    with open(run, "w", encoding="utf-8") as file:
        json.dump(facts, file)
    history.hindcast("reindex", cwd=project)
    done = history.hindcast("replay", "grad_norm", "--yes", cwd=project, expect=(1, 3))
    assert "torch" in done.stderr


def test_a_deleted_segment_is_named_and_costs_nothing_else(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project)
    history.record(project)
    segments = glob.glob(os.path.join(project, ".hindcast", "versions", "*", "segments", "*"))
    assert segments
    for segment in segments:
        os.remove(segment)
    refused("fsck", cwd=project, status=6, words=["seg-"])
    assert len(history.values(project, "accuracy")[0]) == 4
    tiny_project.write(project, tiny_project.with_probe())
    # Without tensors only a run from the beginning can answer; it is exact or it says what it is.
    done = history.hindcast("replay", "grad_norm", "--yes", cwd=project, expect=(0, 1, 5))
    found, proof = history.values(project, "grad_norm")
    if done.returncode == 0:
        assert len(found) == 24 and {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    assert "Traceback" not in done.stderr

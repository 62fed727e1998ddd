# SPDX-License-Identifier: Apache-2.0
"""The first promise, on the demo: a gradient norm and a per-class recall, added to the newest version only, come out of every past
version bit for bit as if they had been logged from the start."""
import json
import os
import subprocess
import sys

import pytest

import history

DEMO = os.path.join(history.ROOT, "resources", "demo")
TRUTH = os.path.join(history.HERE, "demo_truth")


def demo_history():
    with open(os.path.join(DEMO, "history.json"), encoding="utf-8") as file:
        return json.load(file)


def given(entry):
    return [f"{name}={value}" for name, value in entry["arguments"].items()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "project"
    subprocess.run([sys.executable, os.path.join(DEMO, "record"), "--program", history.PROGRAM, "--to", str(folder), "--python", sys.executable],
                   check=True)
    return str(folder)


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """The same sources with the statements in from the start."""
    project = history.new_project(tmp_path_factory.mktemp("truth") / "project")
    for entry in demo_history():
        version = os.path.basename(entry["folder"])
        history.lay_out(os.path.join(DEMO, entry["folder"]), project)
        history.overlay(os.path.join(TRUTH, version), project)
        history.record(project, given=given(entry))
    return project


def test_hindsight_values_of_every_version_equal_those_logged_from_the_start(demo, truth):
    with open(os.path.join(TRUTH, "newest", "probes.json"), encoding="utf-8") as file:
        probes = json.load(file)
    history.overlay(os.path.join(TRUTH, "newest", "simple"), demo)
    rows = history.plan(demo, "grad_norm", "recall_0", expect=(0,))["rows"]
    assert len(rows) == len(demo_history())
    assert all(row["willRun"] for row in rows), rows

    history.replay(demo, "grad_norm", "recall_0")
    for probe in probes["variants"]["simple"]:
        for name in probe["names"]:
            found, proof = history.values(demo, name)
            wanted, _ = history.values(truth, name)
            assert found == wanted
            assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}


def test_a_second_replay_runs_nothing(demo):
    before = os.listdir(os.path.join(demo, ".hindcast", "replays"))
    done = history.replay(demo, "grad_norm", "recall_0")
    assert "there already" in done.stderr
    assert os.listdir(os.path.join(demo, ".hindcast", "replays")) == before


def test_the_mistake_shows_in_hindsight_and_not_in_the_recorded_metric(demo):
    recall, _ = history.values(demo, "recall_0")
    accuracy, _ = history.values(demo, "val_acc")
    last = {}
    for (version, epoch), (value,) in recall.items():
        last[version] = (int(epoch), float(value)) if version not in last or int(epoch) > last[version][0] else last[version]
    hurt = {version for version, (_, value) in last.items() if value < 0.2}
    assert len(hurt) == 3 and all(value > 0.8 for version, (_, value) in last.items() if version not in hurt)
    final = {version: max((int(key[1]), float(value[0])) for key, value in accuracy.items() if key[0] == version)[1] for version in last}
    fine = [final[version] for version in final if version not in hurt]
    assert all(min(fine) <= final[version] for version in hurt)

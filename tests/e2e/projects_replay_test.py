# SPDX-License-Identifier: Apache-2.0
"""The same promise on projects written by someone who had not seen the code: every probe, every version, bit for bit.

A place that is not sure may be left to the user, as the bar of propagation allows: three in a hundred. Nothing may be wrong."""
import json
import os
import shlex

import pytest

import history

PROJECTS = ["trainer_function", "several_files", "flat_while"]


def load(name, file):
    with open(os.path.join(history.HERE, "projects", name, file), encoding="utf-8") as handle:
        return json.load(handle)


def record_all(name, kind, project):
    for run in load(name, "runs.json")["versions"]:
        history.lay_out(os.path.join(history.HERE, "projects", name, kind, run["version"]), project)
        arguments = run["arguments"]
        history.record(project, run["script"], shlex.split(arguments) if isinstance(arguments, str) else arguments)


def type_all_probes(name, project):
    """Types every probe into the newest source, from the bottom of each file up so that line numbers stay right."""
    probes = load(name, "probes.json")
    for place in sorted({(probe["file"], probe["line"]) for probe in probes}, key=lambda place: -place[1]):
        here = [probe["add"] for probe in probes if (probe["file"], probe["line"]) == place]
        history.insert_after(os.path.join(project, place[0]), place[1], "\n".join(here))


@pytest.fixture(scope="module", params=PROJECTS)
def case(request, tmp_path_factory):
    name = request.param
    project = history.new_project(tmp_path_factory.mktemp(name) / "project")
    truth = history.new_project(tmp_path_factory.mktemp(name + "_truth") / "project")
    record_all(name, "versions", project)
    record_all(name, "truth", truth)
    type_all_probes(name, project)
    return name, project, truth


def numbered(name):
    """{version folder: number as the dataframe prints it}"""
    return {run["version"]: str(i + 1) for i, run in enumerate(load(name, "runs.json")["versions"])}


def of_version(mapping, number):
    return {key: value for key, value in mapping.items() if key[0] == number}


def test_every_probe_is_exact_where_it_has_a_place_and_silent_where_it_has_none(case):
    name, project, truth = case
    problems, checks, left_open = [], 0, []
    for probe in load(name, "probes.json"):
        history.replay(project, *probe["logs"], expect=(0, 4, 5))
        for logged in probe["logs"]:
            found, proof = history.values(project, logged)
            wanted, _ = history.values(truth, logged)
            for version, number in numbered(name).items():
                expect = probe["versions"][version]["expect"]
                have, want = of_version(found, number), of_version(wanted, number)
                grades = {pair for key in have for pair in proof[key]}
                label = f"{name} {version} {logged} ({expect})"
                checks += 1
                if expect == "conflict" and have:
                    problems.append(f"{label}: has values without an honest place")
                elif expect == "placed" and want and not have:
                    left_open.append(label)
                elif expect in ("placed", "newest") and have != want:
                    missing = len(want.keys() - have.keys())
                    wrong = sum(1 for key in have if have[key] != want.get(key))
                    problems.append(f"{label}: {missing} of {len(want)} missing, {wrong} wrong, {grades}")
                elif expect in ("placed", "newest") and grades - {("replayed", "exact")}:
                    problems.append(f"{label}: {grades}")
                elif expect == "either" and any(have[key] != want.get(key) for key in have):
                    problems.append(f"{label}: a value that is not the true one")
    assert problems == []
    assert len(left_open) <= 0.03 * checks, left_open

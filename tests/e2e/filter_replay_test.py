# SPDX-License-Identifier: Apache-2.0
"""A filter decides what a replay runs: exactly the passes that can satisfy it, and the answer is that of replaying everything and
filtering afterwards."""
import csv
import io
import shutil

import pytest

import history
import tiny_project

RATES = ("0.01", "0.05", "0.1")


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """(recorded, the same with everything replayed); `grad_norm` is asked for in both."""
    recorded = history.new_project(tmp_path_factory.mktemp("filter") / "recorded")
    tiny_project.write(recorded)
    for rate in RATES:
        history.record(recorded, given=["lr=" + rate])
    tiny_project.write(recorded, tiny_project.with_probe())
    everything = str(tmp_path_factory.mktemp("filter") / "everything")
    shutil.copytree(recorded, everything)
    history.replay(everything, "grad_norm")
    return recorded, everything


def rows_of(project, *arguments):
    return list(csv.reader(io.StringIO(history.hindcast(*arguments, "--format", "csv", cwd=project).stdout)))[1:]


def known(projects, condition):
    """{version: passes} for which a condition on recorded values holds."""
    found = {}
    for version, epoch, accuracy in rows_of(projects[0], "dataframe", "accuracy"):
        if condition(int(version), int(epoch), float(accuracy)):
            found.setdefault(int(version), []).append(int(epoch))
    return found


def check(projects, tmp_path, where, expected):
    recorded, everything = projects
    project = str(tmp_path / "project")
    shutil.copytree(recorded, project)
    planned = history.plan(project, "grad_norm", "--where", where)["rows"]
    assert {row["version"]: row["iterations"] for row in planned if row["iterations"]} == expected, planned
    history.replay(project, "grad_norm", "--where", where)
    ran = {}
    for version, epoch in rows_of(project, "sql", "select distinct version, \"index\" from fidelity where loop = 'epoch' order by 1, 2"):
        ran.setdefault(int(version), []).append(int(epoch))
    assert ran == expected
    logged = rows_of(project, "sql", "select distinct version, epoch from logs where name = 'grad_norm' order by 1, 2")
    assert [[int(cell) for cell in row] for row in logged] == [[version, epoch] for version in sorted(expected) for epoch in expected[version]]
    question = ("dataframe", "lr", "accuracy", "grad_norm", "--where", where, "--provenance")
    answer = rows_of(project, *question)
    assert answer == rows_of(everything, *question) and answer
    return answer


def test_arguments_and_loops_rule_out_versions_and_passes(projects, tmp_path):
    check(projects, tmp_path, "lr > 0.02 and epoch >= 2", {2: [2, 3], 3: [2, 3]})


def test_recorded_values_rule_out_passes(projects, tmp_path):
    best = sorted(float(row[2]) for row in rows_of(projects[0], "dataframe", "accuracy"))[6]
    expected = known(projects, lambda version, epoch, accuracy: accuracy > best or epoch == 0)
    assert 0 < sum(map(len, expected.values())) < 12
    check(projects, tmp_path, "grad_norm > 0 and (accuracy > %r or epoch = 0)" % best, expected)


def test_what_the_replay_will_give_rules_out_nothing_before_it_ran(projects, tmp_path):
    norms = sorted(float(row[3]) for row in rows_of(projects[1], "dataframe", "grad_norm", "--where", "version <> 2"))
    answer = check(projects, tmp_path, "grad_norm > %r and version <> 2 and epoch < 3" % norms[len(norms) // 2],
                   {1: [0, 1, 2], 3: [0, 1, 2]})
    assert len(answer) < len(norms)


def test_every_second_pass_from_the_first_of_a_range(projects, tmp_path):
    recorded = projects[0]
    for asked, passes in (("epoch=/2", [0, 2]), ("epoch=1..3/2", [1, 3]), ("epoch=/7", [0])):
        planned = history.plan(recorded, "grad_norm", "--iterations", asked)["rows"]
        assert [row["iterations"] for row in planned] == [passes] * len(RATES), asked
    project = str(tmp_path / "project")
    shutil.copytree(recorded, project)
    history.replay(project, "grad_norm", "--iterations", "epoch=1..3/2")
    assert {int(row[1]) for row in rows_of(project, "dataframe", "grad_norm") if row[3]} == {1, 3}


def test_only_passes_that_cost_one_because_a_state_is_stored(tmp_path):
    """Tensors are stored before the passes 0, 1 and 3 only."""
    seldom = (
        "import itertools\nimport hindcast.record.policy as seldom\nturns = itertools.count()\n"
        "seldom.Policy.choose = lambda policy, now, short: seldom.SMALL if next(turns) % 4 == 3 else seldom.FULL\n"
    )
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project, seldom + tiny_project.SCRIPT)
    history.record(project)
    tiny_project.write(project, seldom + tiny_project.with_probe())
    (row,) = history.plan(project, "grad_norm", "--iterations", "epoch=captured")["rows"]
    assert row["iterations"] == [0, 1, 3], row
    (row,) = history.plan(project, "grad_norm", "--iterations", "epoch=2..2/captured")["rows"]
    assert row["iterations"] == [] and row["reason"] == "no state is stored at the iterations that were asked for", row

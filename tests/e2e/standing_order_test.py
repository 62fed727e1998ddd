# SPDX-License-Identifier: Apache-2.0
"""What the user has said once is replayed in every new version, within the budget, and compared; nothing else ever is."""
import json

import history
import tiny_project


def test_a_new_version_is_replayed_and_compared_once_and_only_on_request(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project)
    history.record(project)
    line = tiny_project.SCRIPT.split("\n").index("            opt.step()") + 1
    history.hindcast("probe", "add", f"train.py:{line}", "--name", "weight", "--expr", "net[0].weight.norm().item()", cwd=project)

    history.hindcast("replay", "--on-new-version", "--once", cwd=project, expect=(3,))  # nobody has ordered anything
    history.hindcast("replay", "weight", "--on-new-version", "--versions", "v1", "--once", cwd=project, expect=(3,))  # nothing is new
    history.record(project, given=("lr=0.02",))
    done = history.hindcast("replay", "--on-new-version", "--once", "--json", cwd=project)
    rows = json.loads(done.stdout)["rows"]
    assert [row["version"] for row in rows] == [2, 1]
    found, proof = history.values(project, "weight")
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    assert len(found) == 2 * 4 * 6
    assert all(str(row["last"]["weight"]) in sum(found.values(), []) for row in rows)

    history.hindcast("replay", "--on-new-version", "--off", cwd=project)
    history.record(project, given=("lr=0.03",))
    history.hindcast("replay", "--on-new-version", "--once", cwd=project, expect=(3,))
    assert len(history.values(project, "weight")[0]) == 2 * 4 * 6


def test_the_budget_says_what_is_left_out(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project)
    history.record(project)
    history.hindcast("replay", "grad_norm", "--on-new-version", "--budget", "0.1s", "--once", cwd=project, expect=(3,))
    history.record(project)
    tiny_project.write(project, tiny_project.with_probe())
    done = history.hindcast("replay", "--on-new-version", "--once", cwd=project)
    assert "v2: the budget reaches for 0 of 4 passes" in done.stderr
    assert not json.loads(history.hindcast("sql", "select count(*) as n from replays", "--format", "json", cwd=project).stdout)[0]["n"]

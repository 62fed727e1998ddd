# SPDX-License-Identifier: Apache-2.0
"""Places where replays can run: described, checked, offered as a choice of time and money."""
import json
import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "e2e"))
import history  # noqa: E402
import tiny_project  # noqa: E402


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    project = history.new_project(tmp_path_factory.mktemp("elsewhere") / "project")
    tiny_project.write(project)
    for lr in ("0.01", "0.02", "0.05"):
        history.record(project, given=["lr=" + lr])
    tiny_project.write(project, tiny_project.with_probe())
    return project


@pytest.fixture
def project(recorded):
    yield recorded
    path = os.path.join(recorded, ".hindcast", "resources.json")
    if os.path.exists(path):
        os.remove(path)


def resources(project, *words, expect=(0,)):
    return history.hindcast("resources", *words, cwd=project, expect=expect)


def listed(project):
    document = json.loads(resources(project, "list", "--json").stdout)
    assert document["schema"] == "hindcast.resources/1"
    return {entry["name"]: entry for entry in document["resources"]}


def options(project, *words):
    plan = json.loads(history.hindcast("plan", "grad_norm", "--json", *words, cwd=project).stdout)
    return plan, plan["options"]


def test_resources_are_added_replaced_listed_and_removed(project):
    assert list(listed(project)) == ["local"]
    resources(project, "add", "batch", "--slurm", "cpu", "--workers", "8", "--price", "0.05")
    resources(project, "add", "gpu", "--ssh", "gpu1", "--path", "/data/p", "--price", "2", "--speed", "5", "--device", "gpu")
    resources(project, "add", "local", "--workers", "3")
    found = listed(project)
    assert list(found) == ["local", "batch", "gpu"]
    assert found["batch"]["where"] == "Slurm, partition cpu" and found["gpu"]["where"] == "ssh gpu1:/data/p" and found["local"]["workers"] == 3
    resources(project, "add", "batch", "--slurm", "--option=--account=lab")
    assert listed(project)["batch"]["options"] == ["--account=lab"] and listed(project)["batch"]["workers"] == 0
    resources(project, "remove", "batch")
    assert "batch" not in listed(project)
    assert "gpu1" in resources(project, "list").stdout


@pytest.mark.parametrize("words, said", [
    (["add", "x"], "--ssh HOST, or --slurm"),
    (["add", "x", "--ssh", "a", "--slurm", "b"], "not both"),
    (["add", "x y", "--slurm"], "letters, digits"),
    (["add", "x", "--ssh", "a", "--gpus", "1"], "belong to Slurm"),
    (["add", "x", "--ssh", "a", "--path", "data"], "absolute"),
    (["add", "x", "--slurm", "--speed", "0"], "speed factor"),
    (["add", "local", "--slurm"], "this machine is the resource 'local'"),
    (["remove", "x"], "no resource 'x'"),
])
def test_what_cannot_be_is_refused_with_what_to_write(project, words, said):
    assert said in resources(project, *words, expect=(2,)).stderr
    assert list(listed(project)) == ["local"]


def test_a_broken_file_is_named_and_nothing_runs_on_the_wrong_machine(project):
    with open(os.path.join(project, ".hindcast", "resources.json"), "w", encoding="utf-8") as file:
        json.dump({"schema": "hindcast.resources/1", "resources": [{"name": "a", "kind": "slurm", "partitoin": "x"}]}, file)
    assert "there is no field 'partitoin'" in resources(project, "list", expect=(2,)).stderr
    assert "partitoin" in history.hindcast("plan", "grad_norm", "--on", "a", cwd=project, expect=(2,)).stderr


def test_a_plan_offers_time_against_money_and_suggests_by_the_limit(project):
    resources(project, "add", "cheap", "--slurm", "cpu", "--workers", "2", "--price", "0.1", "--speed", "2")
    resources(project, "add", "fast", "--slurm", "gpu", "--workers", "3", "--price", "9", "--speed", "40", "--device", "gpu")
    plan, offered = options(project)
    assert plan["resource"] == "local" and not any(option["suggested"] for option in offered)
    assert {"local", "cheap", "fast"} == {option["resource"] for option in offered}
    for quicker, slower in zip(offered, offered[1:]):
        assert quicker["seconds"] <= slower["seconds"] and quicker["price"] >= slower["price"]
    assert all(option["plusMinus"] > 0 for option in offered)

    best = [option for option in options(project, "--budget", "0")[1] if option["suggested"]]
    assert [option["resource"] for option in best] == ["local"]
    tight = offered[0]["seconds"] + offered[0]["plusMinus"] + 0.01
    best = [option for option in options(project, "--deadline", f"{tight}s")[1] if option["suggested"]]
    assert best[0]["resource"] == "fast" and best[0]["keepsLimits"]
    text = history.hindcast("plan", "grad_norm", "--deadline", "1s", cwd=project).stdout
    assert "not kept" in text and "*" in text
    assert "time" in history.hindcast("plan", "grad_norm", "--deadline", "soon", cwd=project, expect=(2,)).stderr


def test_a_plan_for_a_resource_counts_its_workers_speed_and_price(project):
    resources(project, "add", "fast", "--slurm", "gpu", "--workers", "3", "--price", "3600", "--speed", "10")
    here, _ = options(project, "--workers", "1")
    there, _ = options(project, "--on", "fast", "--workers", "1")
    assert there["workers"] == 1 and options(project, "--on", "fast")[0]["workers"] == 3
    assert there["seconds"] == pytest.approx(here["seconds"] / 10)
    assert there["price"] == pytest.approx(sum(row["seconds"] for row in there["rows"]), rel=1e-6)
    assert "costs" in history.hindcast("plan", "grad_norm", "--on", "fast", cwd=project).stdout

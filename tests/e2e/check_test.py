# SPDX-License-Identifier: Apache-2.0
"""`hindcast check` says right after a run whether hindsight will work for its script, and what to change if not."""
import json
import os

import history
import tiny_project

PLAIN = '''\
import hindcast as hc
hc.log("done", 1)
'''
DATA = "        net[0].weight.data.add_(float(__import__('os').urandom(1)[0]) * 1e-4)\n"


def recorded(folder, source):
    project = history.new_project(folder)
    tiny_project.write(project, source)
    history.record(project)
    return project


def check(project, *arguments, expect=(0,)):
    return json.loads(history.hindcast("check", *arguments, "--json", cwd=project, expect=expect).stdout)


def test_a_script_that_replays_is_told_so(tmp_path):
    project = recorded(tmp_path / "project", tiny_project.SCRIPT)
    document = check(project)
    assert document["schema"] == "hindcast.check/1" and document["version"] == 1
    assert [(trial["mode"], trial["result"]) for trial in document["trials"]] == [("deep", "exact"), ("shallow", "exact")]
    assert document["trials"][0]["iteration"] in (1, 2) and document["advice"] == []
    text = history.hindcast("check", "v1", cwd=project).stdout
    assert "Hindsight works for this script." in text and "epoch" in text
    names = json.loads(history.hindcast("show", "v1", "--json", cwd=project).stdout)["names"]
    assert all(name["replayed"] == 0 for name in names)


def test_a_script_that_cannot_be_replayed_exactly_is_told_why(tmp_path):
    project = recorded(tmp_path / "project", tiny_project.SCRIPT.replace("        net.eval()\n", DATA + "        net.eval()\n"))
    document = check(project, expect=(5,))
    deep = document["trials"][0]
    assert deep["result"] == "diverged" and deep["message"]
    assert document["verdict"] == "Hindsight is not exact for this script."


def test_a_script_that_does_not_run_any_more_is_told_so_with_its_output(tmp_path):
    project = recorded(tmp_path / "project", "import os\nassert not os.path.exists('gone')\n" + tiny_project.SCRIPT)
    with open(os.path.join(project, "gone"), "w", encoding="utf-8") as file:
        file.write("x")
    os.utime(os.path.join(project, "gone"), (1, 1))  # older than the run: its replay sees it
    document = check(project, expect=(1,))
    assert document["trials"][0]["result"] == "failed" and os.path.exists(document["trials"][0]["output"])


def test_a_script_without_loops_has_nothing_to_check(tmp_path):
    project = recorded(tmp_path / "project", PLAIN)
    result = history.hindcast("check", cwd=project, expect=(3,))
    assert "no loop" in result.stdout
    assert history.hindcast("check", "v9", cwd=project, expect=(2,)).stderr


def test_show_names_what_is_not_captured_and_what_recording_took(tmp_path):
    source = tiny_project.SCRIPT.replace("with hc.check", "handle = open('notes.txt', 'w')\nwith hc.check", 1)
    project = recorded(tmp_path / "project", source)
    text = history.hindcast("show", "v1", cwd=project).stdout
    assert "handle is not captured: a file that is written" in text and "captures took" in text and "budget 2 %" in text
    findings = json.loads(history.hindcast("show", "v1", "--json", cwd=project).stdout)["findings"]
    assert findings[-1]["kind"] == "cost" and any(note["key"] == "uncaptured" for note in findings)

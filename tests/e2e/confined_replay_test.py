# SPDX-License-Identifier: Apache-2.0
"""Replays where no namespaces are allowed, as in most containers: the kernel's Landlock holds past code, and values are exact.
Where there is none either, a replay asks once."""
import json
import os
import pty
import shutil
import subprocess
import sys
import uuid

import pytest

import history
import tiny_project

sys.path.insert(0, os.path.join(history.ROOT, "tests", "support"))
import confined  # noqa: E402

WORKERS = tiny_project.SCRIPT.replace("batch_size=16, shuffle=True", "batch_size=16, shuffle=True, num_workers=2")


def run(*arguments, cwd, expect=(0,), landlock=True, env=None, stdin=subprocess.DEVNULL):
    """The program, where mounts are refused, and with `landlock` false Landlock too."""
    given = {name: value for name, value in os.environ.items() if name != "HINDCAST_UNSANDBOXED"}
    done = subprocess.run([history.PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, stdin=stdin, timeout=600,
                          env=dict(given, **(env or {})), preexec_fn=lambda: confined.confine(landlock), check=False)
    assert done.returncode in expect, f"hindcast {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def sandbox(project, **options):
    return json.loads(run("allow", "--json", cwd=project, **options).stdout)


@pytest.fixture
def project(tmp_path):
    return history.new_project(tmp_path / "project")


@pytest.fixture
def held(project):
    if not confined.has_landlock():
        pytest.skip("this kernel has no Landlock")
    return project


@pytest.fixture
def outside():
    """A folder that is neither the project nor temporary."""
    folder = os.path.join(os.path.dirname(os.path.dirname(history.PROGRAM)), f"outside-{uuid.uuid4().hex}")
    os.makedirs(folder)
    yield folder
    shutil.rmtree(folder)


def ask(project, script=tiny_project.SCRIPT, body=""):
    """One version, and the gradient norm asked for in hindsight."""
    tiny_project.write(project, script + body)
    history.record(project)
    tiny_project.write(project, tiny_project.with_probe(script) + body)


def truth(tmp_path, script):
    """What a run that logged it from the start has."""
    project = history.new_project(tmp_path / "truth")
    tiny_project.write(project, tiny_project.with_probe(script))
    history.record(project)
    return history.values(project, "grad_norm")[0]


@pytest.mark.parametrize("script", [tiny_project.SCRIPT, WORKERS], ids=["plain", "loader with workers"])
def test_under_landlock_values_are_exact(held, tmp_path, script):
    ask(held, script)
    plan = json.loads(run("plan", "grad_norm", "--json", cwd=held).stdout)
    assert plan["missingConsent"] == "" and any("Landlock" in notice and "Not held" in notice for notice in plan["notices"])
    assert sandbox(held)["sandbox"] == "landlock"
    run("replay", "grad_norm", "--yes", cwd=held)
    found, proof = history.values(held, "grad_norm")
    assert found == truth(tmp_path, script)
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}


def test_under_landlock_neither_the_script_nor_what_it_starts_changes_anything_outside(held, outside):
    kept = os.path.join(outside, "kept.txt")
    body = f'''
        import os, subprocess, sys
        if "HINDCAST_REPLAY" in os.environ:
            for act in ("open({kept!r}, 'w')", "__import__('os').truncate({kept!r}, 0)", "__import__('os').rename({kept!r}, {kept + '.2'!r})",
                        "open('train.py', 'w').write('mine')", "open({outside!r} + '/new', 'w')"):
                subprocess.run([sys.executable, "-c", act], stderr=subprocess.DEVNULL)
            os.system("rm -rf {outside}/*; touch {held}/touched 2>/dev/null")
'''
    with open(kept, "w", encoding="utf-8") as file:
        file.write("what was there")
    ask(held, body=body)
    before = sorted(os.listdir(held))
    run("replay", "grad_norm", "--yes", cwd=held)
    assert sorted(os.listdir(held)) == before and os.listdir(outside) == ["kept.txt"]
    with open(kept, encoding="utf-8") as file:
        assert file.read() == "what was there"
    with open(f"{held}/train.py", encoding="utf-8") as file:
        assert "mine" not in file.read().splitlines()


def test_under_landlock_a_write_by_the_projects_absolute_path_is_told_as_what_it_is(held):
    ask(held, body=f'''
        with open("{held}/epochs.txt", "a") as file:
            file.write("x")
''')
    refused = run("replay", "grad_norm", "--yes", cwd=held, expect=(1, 5))
    assert f"replays may not write to {held}/epochs.txt" in refused.stderr and "absolute path" in refused.stderr
    with open(f"{held}/epochs.txt", encoding="utf-8") as file:
        assert file.read() == "xxxx"


def test_without_any_sandbox_nothing_runs_before_it_was_allowed_once(project):
    ask(project)
    told = sandbox(project, landlock=False)
    assert told["sandbox"] == "none" and told["allowed"] == []
    for verb in (("replay", "grad_norm", "--yes"), ("replay", "grad_norm"), ("check",)):
        refused = run(*verb, cwd=project, landlock=False, expect=(4,))
        assert "`hindcast allow unsandboxed`" in refused.stderr and "use the network" in refused.stderr
    plan = run("plan", "grad_norm", cwd=project, landlock=False).stdout
    assert "Not allowed yet" in plan and "hindcast allow unsandboxed" in plan
    assert not os.path.exists(os.path.join(project, ".hindcast", "replays"))

    run("allow", "unsandboxed", cwd=project, landlock=False)
    assert "Not allowed yet" not in run("plan", "grad_norm", cwd=project, landlock=False).stdout
    run("replay", "grad_norm", "--yes", cwd=project, landlock=False)
    assert {pair for pairs in history.values(project, "grad_norm")[1].values() for pair in pairs} == {("replayed", "exact")}


def test_an_image_can_say_for_all_its_projects_that_it_is_the_sandbox(project):
    ask(project)
    run("replay", "grad_norm", "--yes", cwd=project, landlock=False, env={"HINDCAST_UNSANDBOXED": "1"})
    assert len(history.values(project, "grad_norm")[0]) == 24
    run("check", cwd=project, landlock=False, expect=(4,))


def on_terminal(project, answers):
    """`hindcast replay` with a terminal as its input; the exit status and what it said."""
    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    try:
        done = run("replay", "grad_norm", cwd=project, landlock=False, stdin=theirs, expect=(0, 4, 130))
        return done.returncode, done.stderr
    finally:
        os.close(ours)
        os.close(theirs)


def test_on_a_terminal_it_asks_once_and_remembers(project):
    ask(project)
    question = "without a sandbox from now on? [y/N]"
    status, said = on_terminal(project, "n\n")
    assert status == 130 and question in said
    assert sandbox(project, landlock=False)["allowed"] == []
    status, said = on_terminal(project, "y\nn\n")
    assert status == 130 and question in said and "Replay now?" in said
    assert sandbox(project, landlock=False)["allowed"] == ["replay-without-sandbox"]
    status, said = on_terminal(project, "y\n")
    assert status == 0 and question not in said
    assert len(history.values(project, "grad_norm")[0]) == 24

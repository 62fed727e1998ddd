# SPDX-License-Identifier: Apache-2.0
"""The index is nothing but a copy: without catalog.db and columns/ every question gets the same answer, byte for byte."""
import os
import shutil
import signal
import subprocess
import sys

import history
import tiny_project

TABLES = ("versions", "arguments", "names", "logs", "all_logs", "loops", "loop_totals", "iterations", "captures", "probes", "placements",
          "replays", "replay_probes", "fidelity")
STOPPING = tiny_project.SCRIPT + '''
        if epoch == 1:
            import time
            print("there", flush=True)
            time.sleep(600)
'''


def answers(project):
    """What is asked for: {command: output}."""
    asked = [("ls", "--json"), ("probe", "list", "--json"), ("show", "v1", "--json"), ("show", "v2", "--json"), ("show", "v3", "--json"),
             ("dataframe", "loss", "accuracy", "grad_norm", "--provenance", "--format", "csv"), ("dataframe", "loss", "--format", "json"),
             ("fsck", "--json")]
    found = {command: history.hindcast(*command, cwd=project).stdout for command in asked}
    for table in TABLES:
        rows = history.hindcast("sql", f"SELECT * FROM {table}", "--format", "json", cwd=project).stdout
        found[table] = sorted(rows.splitlines())
    return found


def record_in_many_ways(project):
    """A whole run, one whose source came as source.pack, one that was killed; probes, and replays of the first."""
    tiny_project.write(project, tiny_project.SCRIPT)
    history.record(project)
    environment = {**os.environ, "HINDCAST_PROGRAM": "", "PYTHONHASHSEED": "0"}
    environment.pop("HINDCAST", None)
    subprocess.run([sys.executable, "train.py"], cwd=project, env=environment, check=True, timeout=300, stdout=subprocess.DEVNULL)
    tiny_project.write(project, STOPPING)
    run = subprocess.Popen([history.PROGRAM, "run", "--python", sys.executable, "train.py"], cwd=project, stdout=subprocess.PIPE, text=True)
    assert run.stdout.readline() == "there\n"
    run.send_signal(signal.SIGKILL)
    run.wait()
    run.stdout.close()
    history.hindcast("ls", cwd=project)
    tiny_project.write(project, tiny_project.with_probe())
    history.hindcast("replay", "grad_norm", "--versions", "v1", "--yes", cwd=project)


def test_every_answer_is_the_same_after_the_index_was_deleted(tmp_path):
    project = history.new_project(tmp_path / "project")
    record_in_many_ways(project)
    before = answers(project)
    assert len(before["replays"]) > 0 and len(before["fidelity"]) > 0 and len(before["probes"]) > 0
    store = os.path.join(project, ".hindcast")
    for name in ("catalog.db", "catalog.db-wal", "catalog.db-shm"):
        if os.path.exists(os.path.join(store, name)):
            os.remove(os.path.join(store, name))
    shutil.rmtree(os.path.join(store, "columns"))
    after = answers(project)
    for question, answer in before.items():
        assert after[question] == answer, question
    history.hindcast("reindex", cwd=project)
    assert answers(project) == before

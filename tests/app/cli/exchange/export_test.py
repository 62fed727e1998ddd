# SPDX-License-Identifier: Apache-2.0
"""hindcast export: what replays found goes to the tools that teams have, marked as replayed, and comes back to the same bits."""
import csv
import glob
import io
import json
import os
import sqlite3
import struct
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "e2e"))
import history  # noqa: E402
import other_tools as tools  # noqa: E402
import tiny_project  # noqa: E402


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = history.new_project(tmp_path_factory.mktemp("export") / "project")
    tiny_project.write(folder)
    history.record(folder)
    line = next(number for number, text in enumerate(open(os.path.join(folder, "train.py")), 1) if 'log("loss"' in text)
    history.hindcast("probe", "add", f"train.py:{line}", "--name", "twice", "--expr", "loss.item() * 2 / 3", cwd=folder)
    history.hindcast("replay", "twice", "--yes", cwd=folder)
    return folder


def rows(project, *arguments):
    return list(csv.DictReader(io.StringIO(history.hindcast("dataframe", *arguments, "--format", "csv", cwd=project).stdout)))


def as_float(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def report_of(project, *arguments, expect=(0,)):
    return json.loads(history.hindcast("export", *map(str, arguments), "--json", cwd=project, expect=expect).stdout)


def test_replayed_values_reach_tensorboard_as_a_run_of_their_own(project, tmp_path):
    report = report_of(project, "tensorboard", "--to", tmp_path / "logs")
    assert report["runs"] == ["v1.replayed"]
    [path] = glob.glob(str(tmp_path / "logs" / "v1.replayed" / "events.out.tfevents.*"))
    found = tools.read_events(path)
    expected = rows(project, "twice")
    steps = 1 + max(int(row["step"]) for row in expected)
    assert found == [(int(row["epoch"]) * steps + int(row["step"]), "twice", as_float(float(row["twice"]))) for row in expected]
    # Back again: the same floats.
    other = history.new_project(tmp_path / "other")
    history.hindcast("import", str(tmp_path / "logs"), cwd=other)
    assert [float(row["twice"]) for row in rows(other, "twice")] == [value for _, _, value in found]
    assert "replayed by Hindcast, fidelity exact" in rows(other, "hindcast/source")[0]["hindcast/source"]
    # Once more replaces the files.
    report_of(project, "tensorboard", "--to", tmp_path / "logs", "--recorded")
    assert sorted(os.listdir(tmp_path / "logs")) == ["v1", "v1.replayed"]
    assert len(os.listdir(tmp_path / "logs" / "v1.replayed")) == 1


def test_mlflow_gets_every_bit_and_gives_it_back(project, tmp_path):
    assert report_of(project, "mlflow", "--to", tmp_path / "mlruns", "--recorded")["runs"] == ["v1", "v1.replayed"]
    other = history.new_project(tmp_path / "other")
    history.hindcast("import", str(tmp_path / "mlruns"), cwd=other)
    assert [row["twice"] for row in rows(other, "twice")] == [row["twice"] for row in rows(project, "twice")]
    assert [row["loss"] for row in rows(other, "loss")] == [row["loss"] for row in rows(project, "loss")]
    notes = {version["note"] for version in json.loads(history.hindcast("ls", "--json", cwd=other).stdout)["versions"]}
    assert notes == {"v1", "v1.replayed (replayed by Hindcast)"}
    yaml = pytest.importorskip("yaml")
    for path in glob.glob(str(tmp_path / "mlruns" / "*" / "*" / "meta.yaml")):
        meta = yaml.safe_load(open(path))
        assert meta["run_id"] == os.path.basename(os.path.dirname(path)) and meta["status"] == 3
        assert open(os.path.join(os.path.dirname(path), "tags", "hindcast.source")).read() in ("recorded", "replayed")


def test_a_csv_comes_back_as_the_same_table(project, tmp_path):
    report_of(project, "csv", "loss", "twice", "--to", tmp_path / "table.csv")
    other = history.new_project(tmp_path / "other")
    history.hindcast("import", str(tmp_path / "table.csv"), cwd=other)
    again = history.hindcast("dataframe", "loss", "twice", "--format", "csv", cwd=other).stdout
    assert again == (tmp_path / "table.csv").read_text()
    report_of(project, "jsonl", "twice", "--where", "epoch = 1", "--provenance", "--to", tmp_path / "table.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "table.jsonl").read_text().splitlines()]
    assert {line["epoch"] for line in lines} == {1} and {line["twice.source"] for line in lines} == {"replayed"}


def test_sqlite_holds_the_tables_typed(project, tmp_path):
    report_of(project, "sqlite", "--to", tmp_path / "values.db")
    base = sqlite3.connect(tmp_path / "values.db")
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"versions", "arguments", "logs", "iterations", "loops", "replays", "fidelity"} <= tables
    found = base.execute("SELECT epoch, step, value, source FROM logs WHERE name = 'twice' ORDER BY epoch, step").fetchall()
    assert [(str(epoch), str(step), value, source) for epoch, step, value, source in found] == [
        (row["epoch"], row["step"], float(row["twice"]), "replayed") for row in rows(project, "twice")]
    assert base.execute("SELECT typeof(lr), typeof(number) FROM versions").fetchone() == ("real", "integer")
    base.close()
    done = history.hindcast("export", "sqlite", "--to", str(tmp_path / "values.db"), cwd=project, expect=(2,))
    assert "there already" in done.stderr


def test_without_replayed_values_there_is_nothing_to_export(project, tmp_path):
    other = history.new_project(tmp_path / "other")
    (tmp_path / "x.csv").write_text("epoch,a/../../../b\n0,0.5\n1,nan\n")
    history.hindcast("import", str(tmp_path / "x.csv"), cwd=other)
    report_of(other, "tensorboard", "--to", tmp_path / "logs", expect=(3,))
    # A name that would leave the folder stays in it.
    report_of(other, "mlflow", "--to", tmp_path / "deep" / "mlruns", "--recorded")
    assert sorted(os.listdir(tmp_path)) == ["deep", "logs", "other", "x.csv"] or sorted(os.listdir(tmp_path)) == ["deep", "other", "x.csv"]
    assert glob.glob(str(tmp_path / "deep" / "mlruns" / "*" / "*" / "metrics" / "a" / "__" / "__" / "__" / "b"))

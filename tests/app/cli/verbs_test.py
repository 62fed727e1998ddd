# SPDX-License-Identifier: Apache-2.0
"""The verbs on one small recorded project: schemas, formats, exit codes."""
import csv
import io
import json
import os
import struct
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "e2e"))
import history  # noqa: E402
import tiny_project  # noqa: E402


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = history.new_project(tmp_path_factory.mktemp("verbs") / "project")
    tiny_project.write(folder)
    history.record(folder)
    history.record(folder, given=["lr=0.03", "epochs=2"])
    return folder


def json_of(*arguments, cwd, expect=(0,)):
    return json.loads(history.hindcast(*arguments, cwd=cwd, expect=expect).stdout)


def rows_of(*arguments, cwd):
    return list(csv.DictReader(io.StringIO(history.hindcast(*arguments, cwd=cwd).stdout)))


def test_ls_lists_versions_newest_first_with_a_named_schema(project):
    document = json_of("ls", "--json", cwd=project)
    assert document["schema"] == "hindcast.ls/1"
    assert [version["version"] for version in document["versions"]] == [2, 1]
    newest = document["versions"][0]
    assert newest["state"] == "complete" and newest["iterations"] == 2 and newest["script"] == "train.py"
    assert float(newest["arguments"]["lr"]) == 0.03
    assert json_of("ls", "--json", "--where", "lr > 0.02", cwd=project)["versions"] == [newest]
    assert len(json_of("ls", "v1", "--json", cwd=project)["versions"]) == 1


def test_show_tells_all_about_one_version(project):
    document = json_of("show", "v2", "--json", cwd=project)
    assert document["schema"] == "hindcast.show/1"
    assert {name["name"]: name["recorded"] for name in document["names"]}["loss"] == 12
    assert any(loop["path"] == ["epoch", "step"] for loop in document["loops"])
    assert [file["path"] for file in document["files"]] == ["train.py"]
    assert {"boundary", "exit"} <= {capture["point"] for capture in document["captures"]}
    text = history.hindcast("show", "v2", cwd=project).stdout
    assert "v2" in text and "lr = 0.03" in text


def test_dataframe_gives_the_same_rows_in_every_format(project):
    rows = rows_of("dataframe", "lr", "loss", "accuracy", "--format", "csv", cwd=project)
    assert list(rows[0]) == ["version", "epoch", "step", "lr", "loss", "accuracy"]
    assert len(rows) == 4 * 6 + 2 * 6
    lines = [json.loads(line) for line in history.hindcast("dataframe", "lr", "loss", "accuracy", "--format", "jsonl", cwd=project).stdout.splitlines()]
    assert [float(row["loss"]) for row in rows] == [line["loss"] for line in lines]
    assert [int(row["epoch"]) for row in rows] == [line["epoch"] for line in lines]


def test_dataframe_filters_and_names_source_and_fidelity(project):
    rows = rows_of("dataframe", "accuracy", "--where", "epoch >= 1 and lr < 0.02", "--provenance", "--format", "csv", cwd=project)
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert {row["accuracy.source"] for row in rows} == {"recorded"}


def test_sql_reads_the_relational_view(project):
    rows = rows_of("sql", "select version, count(*) as n from logs where name = 'loss' group by version order by version", "--format", "csv", cwd=project)
    assert [int(row["n"]) for row in rows] == [24, 12]
    rows = rows_of("sql", "select max(accuracy) as best from pivot('accuracy') where epoch > 0", "--format", "csv", cwd=project)
    assert 0 < float(rows[0]["best"]) <= 1


def test_a_probe_lives_in_the_store_and_replays_from_there(project):
    before = open(os.path.join(project, "train.py"), encoding="utf-8").read()
    line = before.split("\n").index("            opt.step()") + 1
    added = json_of("probe", "add", f"train.py:{line}", "--name", "weight", "--expr", "net[0].weight.norm().item()", "--json", cwd=project)
    assert added["schema"] == "hindcast.probes/1" and added["probes"][0]["name"] == "weight"
    assert open(os.path.join(project, "train.py"), encoding="utf-8").read() == before
    plan = json_of("plan", "weight", "--json", cwd=project)
    assert [row["mode"] for row in plan["rows"]] == ["deep", "deep"] and all(row["seconds"] > 0 for row in plan["rows"])
    history.replay(project, "weight")
    found, proof = history.values(project, "weight")
    assert len(found) == 36 and {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    history.hindcast("probe", "remove", "weight", cwd=project)
    assert json_of("probe", "list", "--json", cwd=project)["probes"] == []


def test_scan_finds_what_was_typed_in_an_editor(project):
    history.hindcast("probe", "scan", cwd=project, expect=(3,))
    tiny_project.write(project, tiny_project.with_probe())
    try:
        found = json_of("probe", "scan", "--json", cwd=project)["probes"]
        assert [probe["names"] for probe in found] == [["grad_norm"]]
    finally:
        tiny_project.write(project)


def test_python_reads_typed_columns(project):
    program = "import hindcast as hc; f = hc.dataframe('lr', 'loss'); print(f.dtypes.astype(str).to_dict(), len(f)); print(hc.sql('select 7 as x')['x'][0])"
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True)
    assert "'loss': 'float64'" in done.stdout and " 36" in done.stdout and done.stdout.rstrip().endswith("7")


def test_typed_columns_carry_the_bits(project):
    done = subprocess.run([history.PROGRAM, "dataframe", "loss", "--format", "columns"], cwd=project, capture_output=True, check=True)
    head, data = done.stdout.split(b"\n", 1)
    header = json.loads(head)
    at = 0
    for column in header["columns"]:
        if column["name"] == "loss":
            numbers = struct.unpack_from(f"<{header['rows']}d", data, at + column["nullBytes"])
        at += column["nullBytes"] + column["bytes"]
    texts = [row["loss"] for row in rows_of("dataframe", "loss", "--format", "csv", cwd=project)]
    assert [struct.pack("<d", number) for number in numbers] == [struct.pack("<d", float(text)) for text in texts]


def test_reindex_changes_nothing_that_is_asked(project):
    before = history.hindcast("dataframe", "loss", "accuracy", "--format", "csv", cwd=project).stdout
    history.hindcast("reindex", cwd=project)
    assert history.hindcast("dataframe", "loss", "accuracy", "--format", "csv", cwd=project).stdout == before
    assert json_of("fsck", "--json", cwd=project)["damages"] == []

# SPDX-License-Identifier: Apache-2.0
"""hindcast import: what other tools recorded becomes versions like all others, each once, and hostile files are told in a sentence."""
import csv
import io
import json
import math
import os
import struct
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "..", "e2e"))
import history  # noqa: E402
import other_tools as tools  # noqa: E402


@pytest.fixture
def project(tmp_path):
    return history.new_project(tmp_path / "project")


def take(project, *arguments, expect=(0,)):
    done = history.hindcast("import", *map(str, arguments), "--json", cwd=project, expect=expect)
    return json.loads(done.stdout)


def rows(project, *arguments):
    return list(csv.DictReader(io.StringIO(history.hindcast("dataframe", *arguments, "--format", "csv", cwd=project).stdout)))


def sql(project, query):
    return list(csv.DictReader(io.StringIO(history.hindcast("sql", query, "--format", "csv", cwd=project).stdout)))


def as_float(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def sound(project):
    history.hindcast("fsck", cwd=project)


def test_tensorboard_scalars_of_both_kinds_text_and_histograms(project, tmp_path):
    run = tmp_path / "runs" / "a"
    tools.write_events(run, tools.event(0, tools.hyperparameters(lr=0.1, optimizer="adam", nesterov=True)),
                       tools.event(0, tools.scalar("loss/train", 0.7), tools.tensor_scalar("acc", 0.25), time=1_700_000_001.25),
                       tools.event(1, tools.scalar("loss/train", 0.6), tools.tensor_scalar("acc", 0.5, first=False), tools.image("samples")),
                       tools.event(1, tools.tensor_text("note", "second epoch"),
                                   tools.histogram("w1", [-1.0, 0.0, 1.0, 1.7e308], [0.0, 2.0, 3.0, 0.0], -0.5, 0.9),
                                   tools.tensor_histogram("w2", [(0.0, 0.5, 4.0), (0.5, 1.0, 6.0)])))
    # A second file of the same run goes on.
    tools.write_events(run, tools.event(2, tools.scalar("loss/train", 0.5)), name="events.out.tfevents.1700000100.host.2.0")
    report = take(project, "tensorboard", tmp_path / "runs")
    assert [(each["outcome"], each["version"], each["values"]) for each in report["runs"]] == [("added", 1, 8)]
    assert report["runs"][0]["remarks"] == ["pictures and sounds left out: 1"]
    found = rows(project, "loss/train", "acc", "--provenance")
    assert [float(row["loss/train"]) for row in found] == [as_float(0.7), as_float(0.6), as_float(0.5)]
    assert [row["acc"] for row in found] == ["0.25", "0.5", ""]
    assert found[0]["loss/train.source"] == "imported"
    arguments = {row["name"]: row["text"] for row in sql(project, "select name, text from arguments")}
    assert arguments == {"lr": "0.1", "optimizer": "adam", "nesterov": "True"}
    assert rows(project, "note")[-1]["note"] == "second epoch"
    assert json.loads(rows(project, "w1")[-1]["w1"])["edges"] == [-1.0, 0.0, 1.0]
    assert json.loads(rows(project, "w2")[-1]["w2"])["counts"] == [4.0, 6.0]
    # The run's own times: it began when its first event was written.
    assert sql(project, "select started from versions")[0]["started"].startswith("2023-11-14T22:13:20")
    sound(project)


def test_an_import_twice_adds_nothing_and_a_grown_run_keeps_its_version(project, tmp_path):
    run = tmp_path / "run"
    path = tools.write_events(run, tools.event(0, tools.scalar("loss", 1.0)))
    assert take(project, run)["runs"][0]["outcome"] == "added"
    assert take(project, run, expect=(3,))["runs"][0]["outcome"] == "known"
    with open(path, "ab") as file:
        file.write(tools.record(tools.event(1, tools.scalar("loss", 0.5))))
        file.write(tools.record(tools.event(2, tools.scalar("loss", 0.25)))[:-3])
    grown = take(project, run)["runs"][0]
    assert grown["outcome"] == "grown" and grown["version"] == 1 and grown["values"] == 2
    assert "cut off" in grown["remarks"][0]
    listed = json.loads(history.hindcast("ls", "--json", cwd=project).stdout)["versions"]
    assert [(each["version"], each["state"], each["imported"]) for each in listed] == [(1, "incomplete", "tensorboard")]
    assert [row["loss"] for row in rows(project, "loss")] == ["1.0", "0.5"]
    history.hindcast("reindex", cwd=project)
    assert [row["loss"] for row in rows(project, "loss")] == ["1.0", "0.5"]
    # What holds less than before does not take anything away.
    tools.write_events(run, tools.event(0, tools.scalar("loss", 1.0)))
    assert take(project, run, expect=(3,))["runs"][0]["outcome"] == "kept"
    assert len(rows(project, "loss")) == 2
    sound(project)


def test_steps_that_repeat_or_go_back_lose_nothing(project, tmp_path):
    tools.write_events(tmp_path / "run", *[tools.event(step, tools.scalar("loss", value)) for step, value in
                                           [(5, 1.0), (6, 2.0), (5, 3.0), (5, math.nan), (-1, math.inf), (2**62, -math.inf)]])
    take(project, tmp_path / "run")
    found = sql(project, "select step, ordinal, value, kind from logs where name = 'loss' order by step, ordinal")
    # SQL has no NaN: a sorted one is NULL, and `kind` says what it was.
    assert [(int(row["step"]), int(row["ordinal"]), row["value"] or row["kind"]) for row in found] == [
        (-1, 0, "inf"), (5, 0, "1.0"), (5, 1, "3.0"), (5, 2, "nan"), (6, 0, "2.0"), (2**62, 0, "-inf")]
    for verb in (["ls"], ["show", "v1"]):
        history.hindcast(*verb, cwd=project)


@pytest.mark.parametrize("harm, says", [
    (lambda data: data[:56] + bytes([data[56] ^ 1]) + data[57:], "checksum"),
    (lambda data: data + struct.pack("<QI", 2**31, tools.masked_crc(struct.pack("<Q", 2**31))) + b"x" * 100, "2147483648"),
    (lambda data: data + b"\xff" * 50, "damaged"),
    (lambda data: data[:-1], "cut off"),
])
def test_damaged_event_files_give_what_is_whole(project, tmp_path, harm, says):
    path = tools.write_events(tmp_path / "run", *[tools.event(step, tools.scalar("loss", 1.0 + step)) for step in range(4)])
    data = open(path, "rb").read()
    with open(path, "wb") as file:
        file.write(harm(data))
    report = take(project, "tensorboard", tmp_path / "run")
    assert says in " ".join(report["runs"][0]["remarks"])
    assert report["runs"][0]["values"] >= 3
    sound(project)


def test_noise_in_every_format_is_a_sentence_not_a_crash(project, tmp_path):
    noise = bytes(range(256)) * 40
    for number, (kind, name) in enumerate([("tensorboard", "events.out.tfevents.1"), ("csv", "x.csv"), ("flordb", "x.jsonl"), ("wandb", "offline-run-1-a/run-a.wandb"),
                                           ("mlflow", "0/r/meta.yaml"), ("prometheus", "x.prom")]):
        path = tmp_path / str(number) / name
        os.makedirs(path.parent)
        path.write_bytes(noise)
        os.makedirs(path.parent / "metrics")
        where = path if kind in ("csv", "flordb", "prometheus") else tmp_path / str(number)
        done = history.hindcast("import", kind, str(where), cwd=project, expect=(0, 1, 2, 3, 6))
        assert "internal" not in done.stderr and done.stderr.count("\n") <= 1
    sound(project)


def test_names_that_are_no_text_are_made_readable(project, tmp_path):
    tools.write_events(tmp_path / "run", tools.event(0, tools.field(1, b"lo\xffss") + tools.float_field(2, 1.0)))
    take(project, tmp_path / "run")
    assert sql(project, "select name from names")[0]["name"] == "lo\ufffdss"


def test_mlflow_runs_have_their_parameters_times_and_end(project, tmp_path):
    value = 0.1 + 0.2
    tools.write_mlflow(tmp_path / "mlruns", params={"lr": "0.001", "layers": "[1, 2]", "amp": "True"},
                       metrics={"loss": [(1700000001000, value, 0), (1700000002000, "nan", 1)], "val/acc": [(1700000002000, 1e-300, 1)]})
    tools.write_mlflow(tmp_path / "mlruns", run_id="b" * 32, status=4, name="sad-owl")
    run = take(project, tmp_path / "mlruns")["runs"]
    assert [each["outcome"] for each in run] == ["added"]
    found = rows(project, "lr", "amp", "loss", "val/acc")
    assert [(row["step"], row["lr"], row["amp"], row["loss"], row["val/acc"]) for row in found] == [
        ("0", "0.001", "true", repr(value), ""), ("1", "0.001", "true", "nan", "1e-300")]
    version = json.loads(history.hindcast("show", "v1", "--json", cwd=project).stdout)
    assert version["imported"]["kind"] == "mlflow" and version["script"] == "train.py" and version["note"] == "kind-owl"
    assert version["ended"].startswith("2023-11-14T22:14:20")
    assert "imported" in history.hindcast("ls", cwd=project).stdout


def test_wandb_offline_runs_are_read_record_by_record(project, tmp_path):
    long = "x" * 70_000
    tools.write_wandb(tmp_path / "wandb" / "offline-run-20231114_221320-abcd1234", [
        tools.wandb_run({"lr": 0.01, "net": {"width": 8, "act": "relu"}, "_wandb": {"value": 1}}),
        tools.wandb_history(0, {"loss": 0.5, "text": long}), tools.wandb_history(1, {"loss": float("nan"), "epoch": 1}),
        tools.wandb_history(7, {"h": {"_type": "histogram", "values": [1, 2], "bins": [0.0, 0.5, 1.0]}, "img": {"_type": "image-file", "path": "x"}}),
        tools.field(3, tools.wandb_items(1, {"loss": 0.1, "best": 0.05, "_runtime": 3})), tools.wandb_exit(0)])
    report = take(project, tmp_path / "wandb")
    assert report["runs"][0]["remarks"] == ["pictures, tables and other media left out: 1"]
    found = rows(project, "lr", "net.width", "loss")
    assert [(row["step"], row["lr"], row["net.width"], row["loss"]) for row in found] == [("0", "0.01", "8", "0.5"), ("1", "0.01", "8", "nan")]
    assert rows(project, "text")[0]["text"] == long
    assert rows(project, "best")[0]["best"] == "0.05"
    version = json.loads(history.hindcast("show", "v1", "--json", cwd=project).stdout)
    assert version["state"] == "complete" and version["note"] == "fast-fox-3" and version["host"] == "node7"


def test_a_wandb_log_with_a_damaged_block_goes_on_behind_it(project, tmp_path):
    folder = tmp_path / "offline-run-20231114_221320-abcd1234"
    path = tools.write_wandb(folder, [tools.wandb_history(step, {"loss": float(step), "pad": "y" * 1000}) for step in range(100)])
    data = bytearray(open(path, "rb").read())
    data[40_000] ^= 0xFF
    open(path, "wb").write(bytes(data))
    report = take(project, "wandb", folder)
    assert "checksum" in " ".join(report["runs"][0]["remarks"])
    steps = [int(row["step"]) for row in rows(project, "loss")]
    assert 0 in steps and 99 in steps and 30 < len(steps) < 100


FLOR = [tools.flor_record("lr", 0.001), tools.flor_record("epochs", 2),
        tools.flor_record("loss", 0.5, (("epoch", 1, "0"), ("step", 1, None))), tools.flor_record("loss", 0.25, (("epoch", 1, "0"), ("step", 2, None))),
        tools.flor_record("acc", 0.75, (("epoch", 1, "0"),)), tools.flor_record("acc", 0.875, (("epoch", 2, "1"),)),
        tools.flor_record("delta::loop", 1.5, kind=3), tools.flor_record("final", 0.9)]


def flor_rows(project):
    return [(row["epoch"], row["step"], row["lr"], row["loss"], row["acc"]) for row in rows(project, "lr", "loss", "acc")]


def test_flordb_gives_the_same_from_git_and_from_its_database(project, tmp_path):
    repository = tmp_path / "proj"
    os.makedirs(repository)
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    for time in ("2024-05-06T12:34:56", "2024-05-06T13:00:00"):
        (repository / ".flor.json").write_text(json.dumps([dict(each, tstamp=time) for each in FLOR], indent=2))
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", f"FLOR::Auto-commit::{time}"], check=True)
    tools.write_flor_database(tmp_path / "proj.db", FLOR + FLOR)
    assert [each["outcome"] for each in take(project, repository)["runs"]] == ["added", "added"]
    expected = [("0", "0", "0.001", "0.5", "0.75"), ("0", "1", "0.001", "0.25", "0.75"), ("1", "", "0.001", "", "0.875")]
    assert flor_rows(project) == expected * 2
    assert take(project, "flordb", tmp_path / "proj.db", expect=(3,))["runs"][0]["outcome"] == "known"
    assert rows(project, "final")[0]["final"] == "0.9"
    other = history.new_project(tmp_path / "other")
    take(other, tmp_path / "proj.db")
    assert flor_rows(other) == expected


def test_flordb_version_4_lines_count_from_zero_and_leave_output_out(project, tmp_path):
    runs = tmp_path / "proj" / ".flor" / "runs"
    os.makedirs(runs)
    common = {"projid": "proj", "tstamp": "2026-08-13T11:27:06.000123", "filename": "train.py"}
    lines = [dict(common, name="lr", value=0.1, ctx=None, type=1), dict(common, name="io::stdout", value="hello", ctx=None, type=2),
             dict(common, name="loss", value=float("nan"), ctx=[{"name": "epoch", "iteration": 0, "value": "a"}, {"name": "step", "iteration": 3, "value": None}], type=1)]
    (runs / "2026-08-13T11:27:06.000123.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"cut')
    report = take(project, tmp_path / "proj")
    assert report["runs"][0]["remarks"] == ["lines of captured output left out: 1"]
    assert [(row["epoch"], row["step"], row["lr"], row["loss"]) for row in rows(project, "lr", "loss")] == [("0", "3", "0.1", "nan")]


def test_a_csv_that_hindcast_wrote_reads_back_to_the_same_bits(project, tmp_path):
    table = 'version,epoch,step,loss,name,ok,big\n' \
            '1,0,0,0.30000000000000004,"a,""b""\nc",true,123456789012345678901\n1,0,1,nan,,false,\n1,1,,-inf,"",,7\n2,0,0,5e-324,null,true,8\n'
    (tmp_path / "table.csv").write_text(table)
    assert [each["values"] for each in take(project, tmp_path / "table.csv")["runs"]] == [9, 4]
    again = history.hindcast("dataframe", "loss", "name", "ok", "big", "--format", "csv", cwd=project).stdout
    assert again == table


def test_a_csv_says_which_line_cannot_be_read(project, tmp_path):
    (tmp_path / "x.csv").write_text("epoch,loss\n0,1\nlast,2\n")
    done = history.hindcast("import", str(tmp_path / "x.csv"), cwd=project, expect=(2,))
    assert "line 3" in done.stderr and "last" in done.stderr
    (tmp_path / "y.csv").write_text("epoch,loss\n0,1\n1\n")
    assert "line 3" in history.hindcast("import", str(tmp_path / "y.csv"), cwd=project, expect=(2,)).stderr


def test_measurements_of_production_belong_to_the_version_that_was_deployed(project, tmp_path):
    (tmp_path / "train.csv").write_text("run,epoch,loss\na,0,1.0\nb,0,2.0\n")
    take(project, tmp_path / "train.csv")
    (tmp_path / "live.csv").write_text("time,latency\n2026-11-01T08:00:05Z,10\n2026-11-01T09:00:00Z,20\n2026-11-02T00:00:01Z,30\n2026-10-01T00:00:00Z,99\n")
    deployed = ["--deployed", "v1=2026-11-01T08:00:00Z..2026-11-02T00:00:00Z", "--deployed", "v2=2026-11-02T00:00:00Z.."]
    report = take(project, tmp_path / "live.csv", *deployed)
    assert [(each["version"], each["values"]) for each in report["runs"]] == [(1, 2), (2, 1)]
    assert "measurements" in report["runs"][0]["remarks"][0]
    found = rows(project, "latency", "--provenance")
    assert [(row["version"], row["second"], row["latency"], row["latency.source"]) for row in found] == [
        ("1", "5", "10", "imported"), ("1", "3600", "20", "imported"), ("2", "1", "30", "imported")]
    assert {each["outcome"] for each in take(project, tmp_path / "live.csv", *deployed, expect=(3,))["runs"]} == {"known"}
    (tmp_path / "live.prom").write_text('# TYPE http_requests_total counter\nhttp_requests_total{code="200",path="/a b"} 1027 1793664000000\nup NaN 1793664001000\nbroken\n')
    take(project, tmp_path / "live.prom", "--deployed", "v2=2026-11-03T00:00:00Z..")
    names = {row["name"] for row in sql(project, "select name from names where version = 2")}
    assert {"loss", "latency", 'http_requests_total{code="200",path="/a b"}', "up"} == names
    assert history.hindcast("import", str(tmp_path / "live.prom"), cwd=project, expect=(2,)).stderr.count("--deployed") == 1
    sound(project)
    history.hindcast("rm", "v2", "--yes", cwd=project)
    assert [row["version"] for row in rows(project, "latency")] == ["1", "1"]


def test_an_imported_version_says_why_it_cannot_be_replayed(project, tmp_path):
    tools.write_mlflow(tmp_path / "mlruns", metrics={"loss": [(1700000001000, 0.5, 0)]})
    take(project, tmp_path / "mlruns")
    (tmp_path / "project" / "train.py").write_text("import hindcast as hc\nfor epoch in hc.loop('epoch', range(2)):\n    hc.log('loss', 0.1)\n")
    history.record(project)
    history.hindcast("probe", "add", "train.py:3", "--name", "norm", "--expr", "epoch", cwd=project)
    plan = json.loads(history.hindcast("plan", "norm", "--json", cwd=project, expect=(0, 3)).stdout)
    row = next(row for row in plan["rows"] if row["version"] == 1)
    assert row["reasonKey"] == "imported" and "mlflow" in row["reason"] and not row["willRun"]


def test_a_path_that_is_not_clear_or_not_there_is_told(project, tmp_path):
    assert "say which tool" in history.hindcast("import", str(tmp_path), cwd=project, expect=(2,)).stderr
    assert "nowhere" in history.hindcast("import", "csv", str(tmp_path / "nowhere"), cwd=project, expect=(1,)).stderr

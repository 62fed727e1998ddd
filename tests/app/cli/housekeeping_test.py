# SPDX-License-Identifier: Apache-2.0
"""du, pack, gc, retain, rm, redact and bundle on real recorded training: what stays must read and replay as before."""
import json
import os
import sys
import tarfile

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "e2e"))
import history  # noqa: E402
import tiny_project  # noqa: E402

# An argument that the script only passes on: nothing of it is left in its state.
SCRIPT = tiny_project.SCRIPT.replace("net = nn.Sequential", 'hc.arg("token", "none")\nnet = nn.Sequential')
WITH_PROBE = tiny_project.with_probe(SCRIPT)


def json_of(*arguments, cwd, expect=(0,)):
    return json.loads(history.hindcast(*arguments, "--json", cwd=cwd, expect=expect).stdout)


def size_of(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def table(project, *names):
    return history.hindcast("dataframe", *names, "--format", "csv", cwd=project).stdout


def segments(project):
    return [name for _, _, names in os.walk(os.path.join(project, ".hindcast", "versions")) for name in names if name.startswith("seg-")]


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """grad_norm as a run that logs it records it: {(epoch, step): text}."""
    folder = history.new_project(tmp_path_factory.mktemp("truth") / "project")
    tiny_project.write(folder, WITH_PROBE)
    history.record(folder)
    return {key[1:]: texts for key, texts in history.values(folder, "grad_norm")[0].items()}


@pytest.fixture
def project(tmp_path):
    folder = history.new_project(tmp_path / "project")
    tiny_project.write(folder, SCRIPT)
    history.record(folder)
    history.record(folder, given=["token=hunter2"])
    return folder


def expect_exact_replay(project, truth, versions):
    tiny_project.write(project, WITH_PROBE)
    history.replay(project, "grad_norm")
    found, proof = history.values(project, "grad_norm")
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    for version in versions:
        assert {key[1:]: texts for key, texts in found.items() if key[0] == version} == truth


def test_du_counts_what_is_on_disk(project):
    usage = json_of("du", cwd=project)
    assert usage["schema"] == "hindcast.du/1"
    assert [row["version"] for row in usage["versions"]] == ["v1", "v2"]
    assert usage["total"] == size_of(os.path.join(project, ".hindcast"))
    assert {"model", "optimizer"} <= set(usage["objects"])
    for by in ("version", "object", "tensor", "kind"):
        assert history.hindcast("du", "--by", by, cwd=project).stdout


def test_packed_versions_read_and_replay_as_before(project, truth):
    values = table(project, "loss", "accuracy", "lr")
    before = json_of("du", cwd=project)["total"]
    report = json_of("pack", cwd=project)
    assert report["versions"] == 2 and report["skipped"] == []
    assert report["sharedChunks"] > 0  # two equal runs: the second costs nothing
    assert segments(project) == []
    assert json_of("du", cwd=project)["total"] < before
    assert table(project, "loss", "accuracy", "lr") == values
    assert json_of("fsck", cwd=project)["damages"] == []
    history.hindcast("pack", cwd=project, expect=(3,))
    expect_exact_replay(project, truth, ["1", "2"])
    history.hindcast("reindex", cwd=project)
    assert table(project, "loss", "accuracy", "lr") == values


def test_thinned_versions_keep_all_values_and_replay_exactly(project, truth):
    values = table(project, "loss", "accuracy")
    rules = ("retain", "--thin-after", "0h", "--every", "3")
    plan = json_of(*rules, cwd=project)
    assert plan["dryRun"] and len(plan["thinned"]) == 2 and plan["removed"] == []
    assert all(row["rerunBefore"] == 0 and row["rerunAfter"] == 2 for row in plan["thinned"])
    assert segments(project)
    done = json_of(*rules, "--yes", "--save", cwd=project)
    assert not done["dryRun"] and done["freedBytes"] > 0 and done["remarks"] == []
    assert table(project, "loss", "accuracy") == values
    assert json_of("fsck", cwd=project)["damages"] == []
    expect_exact_replay(project, truth, ["1", "2"])
    history.hindcast("retain", cwd=project, expect=(3,))  # the saved rules have nothing left to do
    changes = json_of("rm", "--log", cwd=project)["changes"]
    assert [change["verb"] for change in changes] == ["retain"]


def test_removed_versions_are_gone_for_good(project, truth):
    history.hindcast("pack", cwd=project)
    done = history.hindcast("rm", "v2", cwd=project, expect=(2,))
    assert "--yes" in done.stderr and "v2" in done.stdout
    assert len(json_of("ls", cwd=project)["versions"]) == 2
    report = json_of("rm", "v2", "--yes", cwd=project)
    assert report["remarks"] == [] and len(report["versions"]) == 1
    assert [row["version"] for row in json_of("ls", cwd=project)["versions"]] == [1]
    assert json_of("fsck", cwd=project)["damages"] == []
    assert all(kind["count"] == 0 for kind in json_of("gc", "--dry-run", cwd=project)["kinds"])
    expect_exact_replay(project, truth, ["1"])
    history.hindcast("rm", "v2", "--yes", cwd=project, expect=(2,))
    history.record(project)
    assert [row["version"] for row in json_of("ls", cwd=project)["versions"]] == [3, 1]


def test_a_redacted_argument_is_nowhere_in_the_store(project):
    values = table(project, "loss")
    assert "hunter2" in table(project, "token")
    report = json_of("redact", "token", "--yes", cwd=project)
    assert report["arguments"] == 1 and report["values"] == 2 and len(report["versions"]) == 2
    assert "token" not in [name["name"] for name in json_of("show", "v2", cwd=project)["names"]]
    for path, _, names in os.walk(os.path.join(project, ".hindcast")):
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                assert b"hunter2" not in file.read(), os.path.join(path, name)
    assert table(project, "loss") == values
    assert json_of("fsck", cwd=project)["damages"] == []
    history.hindcast("redact", "token", "--yes", cwd=project, expect=(3,))


def test_a_bundle_is_read_replayed_and_taken_in_elsewhere(project, truth, tmp_path):
    history.hindcast("rm", "v2", "--yes", cwd=project)
    file = str(tmp_path / "chosen.tar")
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    history.hindcast("bundle", "export", "v1", file, cwd=project)
    with tarfile.open(file) as archive:  # any tar reads it
        names = archive.getnames()
        assert names[0] == ".hindcast/FORMAT" and any(name.endswith("/run.json") for name in names)
    elsewhere = str(tmp_path)
    listing = json.loads(history.hindcast("ls", "--json", "--project", file, cwd=elsewhere, env=cache).stdout)
    assert [row["version"] for row in listing["versions"]] == [1]
    rows = history.hindcast("dataframe", "loss", "--format", "csv", "--project", file, cwd=elsewhere, env=cache).stdout
    assert rows == table(project, "loss")
    opened = history.hindcast("bundle", "open", file, cwd=elsewhere, env=cache).stdout.strip()
    expect_exact_replay(opened, truth, ["1"])

    target = history.new_project(tmp_path / "target")
    tiny_project.write(target, SCRIPT)
    history.record(target, given=["epochs=1"])
    assert len(json_of("bundle", "import", file, cwd=target)["versions"]) == 1
    history.hindcast("bundle", "import", file, cwd=target, expect=(3,))
    uuids = {row["uuid"] for row in json_of("ls", cwd=target)["versions"]}
    assert json_of("ls", cwd=project)["versions"][0]["uuid"] in uuids and len(uuids) == 2
    assert json_of("fsck", cwd=target)["damages"] == []


def test_wrong_words_are_wrong_usage(project):
    for words in (("rm",), ("rm", "v9", "--yes"), ("retain",), ("retain", "--thin-after", "soon"), ("du", "--by", "colour"),
                  ("bundle",), ("bundle", "export", "v1", os.path.join(project, "train.py"))):
        done = history.hindcast(*words, cwd=project, expect=(2,))
        assert done.stderr.startswith("hindcast: "), done.stderr

# SPDX-License-Identifier: Apache-2.0
"""Ingest, reindex and annotations when calls fail: the command says so, what stood before still stands, and the next one does all."""
import json
import os

import pytest
import recorded
import sweep

def prepare(folder):
    """Two whole runs and one that was cut off."""
    for number in (1, 2, 3):
        recorded.record(folder, number)
    journal = os.path.join(folder, ".hindcast", "versions", recorded.UUID % 2, "journal")
    os.truncate(journal, os.path.getsize(journal) - 60)


def prepare_indexed(folder):
    prepare(folder)
    sweep.hindcast(folder, "ls")


def answers(folder):
    """All that the programs say about a store, but for times; the store is whole."""
    sweep.hindcast(folder, "fsck")
    frame = sweep.hindcast(folder, "dataframe", "pass", "quarter", "words", "--format", "csv", "--provenance")
    versions = json.loads(sweep.hindcast(folder, "ls", "--json"))["versions"]
    return frame, [{key: value for key, value in version.items() if key not in ("started", "ended", "storedBytes")} for version in versions]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("wanted"))
    os.makedirs(os.path.join(folder, ".hindcast"))
    with open(os.path.join(folder, ".hindcast", "FORMAT"), "w", encoding="ascii") as file:
        file.write("hindcast-store 1\n")
    prepare(folder)
    return answers(folder)


def check_same(wanted):
    def check(outcome):
        if outcome.status > 0:
            assert outcome.err.startswith("hindcast: ") and outcome.err.count("\n") == 1
        assert answers(outcome.folder) == wanted

    return check


def test_every_call_of_an_ingest_may_fail(tmp_path, wanted):
    operation = sweep.Operation("ingest", lambda folder: [sweep.PROGRAM, "ls", "--json"], prepare, check_same(wanted), limit=5)
    assert sweep.sweep(operation, str(tmp_path)) > 20


def test_every_call_of_a_reindex_may_fail(tmp_path, wanted):
    operation = sweep.Operation("reindex", lambda folder: [sweep.PROGRAM, "reindex"], prepare_indexed, check_same(wanted), limit=5)
    assert sweep.sweep(operation, str(tmp_path)) > 20


def prepare_sources(folder):
    with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
        file.write("for epoch in range(3):\n    total = epoch\n")
    prepare(folder)
    sweep.hindcast(folder, "snapshot", "--project", folder, "--version", recorded.UUID % 3)
    sweep.hindcast(folder, "ls")
    sweep.hindcast(folder, "probe", "add", "train.py:2", "--name", "first", "--expr", "epoch")


def check_probes(outcome):
    """The probe that was there is there; the one that was being added is there whole or not at all, and is when it was said to be."""
    names = [probe["name"] for probe in json.loads(sweep.hindcast(outcome.folder, "probe", "list", "--json"))["probes"]]
    assert names in (["first"], ["first", "second"])
    if outcome.status == 0:
        assert names == ["first", "second"]
    if names == ["first"]:
        sweep.hindcast(outcome.folder, "probe", "add", "train.py:2", "--name", "second", "--expr", "epoch + 1")
    sweep.hindcast(outcome.folder, "fsck")


def test_every_call_of_an_annotation_may_fail(tmp_path):
    add = ["probe", "add", "train.py:2", "--name", "second", "--expr", "epoch + 1"]
    operation = sweep.Operation("probe add", lambda folder: [sweep.PROGRAM, *add], prepare_sources, check_probes, limit=5)
    assert sweep.sweep(operation, str(tmp_path)) > 10

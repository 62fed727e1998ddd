# SPDX-License-Identifier: Apache-2.0
"""Packing, collecting, removing, redacting, thinning and importing when calls fail: what is to stay stays, whole; the next try ends it."""
import json
import os

import index_test
import pytest
import recorded
import sweep
from recorded import page

WHOLE = (1, 3)  # index_test.prepare cuts the second run off


def version_path(folder, number, *parts):
    return os.path.join(folder, ".hindcast", "versions", recorded.UUID % number, *parts)


def check_versions(folder, numbers=WHOLE):
    """The whole runs among `numbers` are there with every value and tensor."""
    for number in numbers:
        run = page.Run(version_path(folder, number), os.path.join(folder, ".hindcast", "packs"))
        recorded.check_content(run, closed=True)
        assert run.state() == "complete"


def values_of(folder):
    return sweep.hindcast(folder, "dataframe", "pass", "quarter", "--format", "csv")


def prepare_packed(folder):
    index_test.prepare_indexed(folder)
    sweep.hindcast(folder, "pack")
    sweep.hindcast(folder, "rm", "v1", "--yes")


def swept(name, command, prepare, check, tmp_path, limit=4):
    operation = sweep.Operation(name, lambda folder: [sweep.PROGRAM, *command], prepare, check, limit=limit)
    assert sweep.sweep(operation, str(tmp_path)) > 10


def test_every_call_of_a_pack_may_fail(tmp_path):
    def check(outcome):
        check_versions(outcome.folder)
        sweep.hindcast(outcome.folder, "fsck")
        sweep.hindcast(outcome.folder, "pack")
        sweep.hindcast(outcome.folder, "gc")
        check_versions(outcome.folder)
        sweep.hindcast(outcome.folder, "fsck")
        assert len(values_of(outcome.folder).splitlines()) == 1 + 3 * recorded.PASSES

    swept("pack", ["pack"], index_test.prepare_indexed, check, tmp_path)


def test_every_call_of_a_collection_may_fail(tmp_path):
    def check(outcome):
        check_versions(outcome.folder, (3,))
        sweep.hindcast(outcome.folder, "gc")
        check_versions(outcome.folder, (3,))
        sweep.hindcast(outcome.folder, "fsck")

    swept("gc", ["gc"], prepare_packed, check, tmp_path)


def test_every_call_of_a_removal_may_fail(tmp_path):
    def check(outcome):
        check_versions(outcome.folder, (3,))
        listed = json.loads(sweep.hindcast(outcome.folder, "ls", "--json"))["versions"]
        if outcome.status == 0:
            assert recorded.UUID % 1 not in [version["uuid"] for version in listed]
        if recorded.UUID % 1 in [version["uuid"] for version in listed]:
            sweep.hindcast(outcome.folder, "rm", "v1", "--yes")
        assert not os.path.exists(version_path(outcome.folder, 1))
        check_versions(outcome.folder, (3,))
        sweep.hindcast(outcome.folder, "fsck")

    swept("rm", ["rm", "v1", "--yes"], index_test.prepare_indexed, check, tmp_path)


def test_every_call_of_a_redaction_may_fail(tmp_path):
    def check(outcome):
        sweep.hindcast(outcome.folder, "fsck")
        sweep.hindcast(outcome.folder, "redact", "words", "--yes", expect=(0, 3))
        for number in WHOLE:
            run = page.Run(version_path(outcome.folder, number), "")
            assert [v.value for v in run.values if v.name == "pass"] == list(range(recorded.PASSES))
            assert not [v for v in run.values if v.name == "words"] and len(run.captures) == recorded.PASSES
        assert len(values_of(outcome.folder).splitlines()) == 1 + 3 * recorded.PASSES
        sweep.hindcast(outcome.folder, "fsck")

    swept("redact", ["redact", "words", "--yes"], index_test.prepare_indexed, check, tmp_path)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle") / "project"
    (folder / ".hindcast").mkdir(parents=True)
    (folder / ".hindcast" / "FORMAT").write_text("hindcast-store 1\n", encoding="ascii")
    index_test.prepare_indexed(str(folder))
    file = str(folder.parent / "runs.bundle")
    sweep.hindcast(str(folder), "bundle", "export", "all", file)
    return file


def test_every_call_of_an_import_may_fail(tmp_path, bundle):
    def check(outcome):
        for number in WHOLE:
            if os.path.exists(version_path(outcome.folder, number)):
                check_versions(outcome.folder, (number,))
        if outcome.status == 0:
            check_versions(outcome.folder)
        sweep.hindcast(outcome.folder, "bundle", "import", bundle, expect=(0, 3))
        check_versions(outcome.folder)
        sweep.hindcast(outcome.folder, "fsck")

    swept("import", ["bundle", "import", bundle], lambda folder: None, check, tmp_path)

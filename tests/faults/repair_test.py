# SPDX-License-Identifier: Apache-2.0
"""hindcast fsck --repair: salvages what is whole, says what it did, deletes nothing; then the store reads and verifies again."""
import json
import os
import shutil
import subprocess

import pytest
import recorded
import sweep
from recorded import page

ONE, TWO = recorded.UUID % 1, recorded.UUID % 2


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repair") / "project"
    (folder / ".hindcast").mkdir(parents=True)
    (folder / ".hindcast" / "FORMAT").write_text("hindcast-store 1\n", encoding="ascii")
    (folder / "train.py").write_text("for epoch in range(3):\n    total = epoch\n", encoding="utf-8")
    for number in (1, 2):
        recorded.record(str(folder), number)
        sweep.hindcast(str(folder), "snapshot", "--project", str(folder), "--version", recorded.UUID % number)
    sweep.hindcast(str(folder), "ls")
    sweep.hindcast(str(folder), "probe", "add", "train.py:2", "--name", "first", "--expr", "epoch")
    sweep.hindcast(str(folder), "probe", "add", "train.py:2", "--name", "second", "--expr", "epoch + 1")
    return str(folder)


@pytest.fixture
def project(template, tmp_path):
    folder = str(tmp_path / "project")
    shutil.copytree(template, folder, symlinks=True)
    return folder


def store_path(project, *parts):
    return os.path.join(project, ".hindcast", *parts)


def version_path(project, uuid, *parts):
    return store_path(project, "versions", uuid, *parts)


def flip(path, offset):
    os.chmod(path, 0o600)
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 4]))


def frames_of(path):
    """[(kind, offset)] of a journal or annotation file."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = [], 40
    while data[at : at + 4] == b"HCFR":
        size, kind = int.from_bytes(data[at + 4 : at + 8], "little"), int.from_bytes(data[at + 8 : at + 10], "little")
        found.append((kind, at))
        at += 32 + size
    return found


def read(project, uuid=ONE):
    return page.Run(version_path(project, uuid), store_path(project, "packs"))


def repair(project, expect=(0,)):
    """What a dry run says and leaves untouched, then the repair; the store is whole afterwards."""
    before = {path: open(path, "rb").read() for path in all_files(project)}
    dry = sweep.hindcast(project, "fsck", "--repair", "--dry-run", expect=(6,))
    assert "--repair: " in dry
    assert {path: open(path, "rb").read() for path in all_files(project)} == before
    report = json.loads(sweep.hindcast(project, "fsck", "--repair", "--json", expect=expect))
    assert report["damages"] and report["repairs"]
    if expect == (0,):
        assert report["left"] == []
        sweep.hindcast(project, "fsck")
        again = json.loads(sweep.hindcast(project, "fsck", "--repair", "--json"))
        assert again["damages"] == [] and again["repairs"] == []
    return report


def all_files(project):
    skipped = ("catalog.db", "scratch", "columns")
    found = []
    for root, _, names in os.walk(store_path(project)):
        found += [os.path.join(root, name) for name in names]
    return sorted(path for path in found if not os.path.relpath(path, store_path(project)).startswith(skipped))


def kept(project, report, *parts):
    """Content of what was put aside."""
    with open(store_path(project, report["keptIn"], *parts), "rb") as file:
        return file.read()


def test_values_behind_a_damaged_stretch_of_the_journal_come_back(project):
    frames = frames_of(version_path(project, ONE, "journal"))
    events = [offset for kind, offset in frames if kind == page.EVENTS]
    path = version_path(project, ONE, "journal")
    flip(path, events[-3] + 40)  # that of pass 1; the loop's entry may have a frame of its own
    damaged = open(path, "rb").read()
    damage, = json.loads(sweep.hindcast(project, "fsck", "--json", expect=(6,)))["damages"]
    assert damage["path"] == f"versions/{ONE}/journal"
    assert "version v1" in damage["costs"] and "between epoch=0 and epoch=" in damage["costs"]
    assert [v.value for v in read(project).values if v.name == "pass"] == [0]
    report = repair(project)
    assert kept(project, report, "versions", ONE, "journal") == damaged
    run = read(project)
    assert run.state() == "complete"
    assert [v.value for v in run.values if v.name == "pass"] == [0, 2, 3]
    assert len(run.captures) == 4
    note, = [note for note in run.journal.documents(page.NOTE) if note["note"] == "repaired"]
    assert note["keptIn"] == report["keptIn"]
    table = sweep.hindcast(project, "dataframe", "pass", "--format", "csv").splitlines()
    assert table == ["version,epoch,pass"] + [f"1,{i},{i}" for i in (0, 2, 3)] + [f"2,{i},{i}" for i in range(4)]


def test_a_capture_whose_chunk_is_damaged_keeps_its_values_and_digests(project):
    run = read(project)
    segment, offset = run.captures[2].tensors[0].chunks[0]
    path = version_path(project, ONE, "segments", "seg-%06d" % segment)
    flip(path, offset + 90)
    damages = json.loads(sweep.hindcast(project, "fsck", "--json", expect=(6,)))["damages"]
    assert "boundary epoch=2" in damages[0]["costs"] and "remain" in damages[0]["costs"]
    repair(project)
    run = read(project)
    assert run.state() == "complete"
    assert [v.value for v in run.values if v.name == "pass"] == [0, 1, 2, 3]
    assert [capture.stored for capture in run.captures].count(False) >= 1
    assert not run.captures[2].stored and run.captures[2].tensors[0].state == 1
    assert run.captures[2].tensors[1].state == 0
    for index, capture in enumerate(run.captures):
        weights, frozen = capture.tensors
        if weights.state == 0:
            assert run.segments.tensor(weights) == recorded.numbers(index * 1000, 5000)
        assert run.segments.tensor(frozen) == recorded.numbers(0, 70_000)
    assert read(project, TWO).captures[2].stored


@pytest.mark.parametrize("where", [0, 5, 9, 17, 33])
def test_damaged_headers_are_written_anew(project, where):
    flip(version_path(project, ONE, "segments", "seg-000000"), where)
    if where < 32:
        flip(version_path(project, TWO, "journal"), where)
    if sweep.hindcast(project, "fsck", expect=(0, 6)).endswith(" 0 damaged places\n"):
        return  # bits that mean nothing
    repair(project)
    for uuid in (ONE, TWO):
        recorded.check_content(read(project, uuid), closed=True)


def test_a_missing_segment_costs_its_captures_and_nothing_else(project):
    os.remove(version_path(project, ONE, "segments", "seg-000000"))
    damage, = json.loads(sweep.hindcast(project, "fsck", "--json", expect=(6,)))["damages"]
    assert damage["what"] == "it is missing" and "no other remains" in damage["costs"]
    repair(project)
    run = read(project)
    assert [v.value for v in run.values if v.name == "pass"] == [0, 1, 2, 3]
    assert [capture.stored for capture in run.captures] == [False] * 4


def test_without_its_seal_a_whole_run_is_sealed_again(project):
    path = version_path(project, ONE, "journal")
    flip(path, os.path.getsize(path) - 3)
    assert read(project).state() == "crashed"
    repair(project)
    assert read(project).state() == "complete"


@pytest.mark.parametrize("how", ["gone", "cut"])
def test_without_run_json_the_values_can_be_read_again(project, how):
    path = version_path(project, ONE, "run.json")
    os.remove(path) if how == "gone" else os.truncate(path, 40)
    damage, = json.loads(sweep.hindcast(project, "fsck", "--json", expect=(6,)))["damages"]
    assert "cannot be replayed" in damage["costs"]
    repair(project)
    recorded.check_content(read(project), closed=True)
    assert "1,0,0" in sweep.hindcast(project, "dataframe", "pass", "--format", "csv").splitlines()


def test_annotations_behind_a_damaged_one_are_kept(project):
    name, = os.listdir(store_path(project, "annotations"))
    path = store_path(project, "annotations", name)
    probes = [number for number, document in enumerate(page.Framed(path, b"HCANNOTE").documents(page.ANNOTATION)) if document["what"] == "probe"]
    flip(path, frames_of(path)[probes[0]][1] + 33)
    repair(project)
    names = [probe["name"] for probe in json.loads(sweep.hindcast(project, "probe", "list", "--json"))["probes"]]
    assert names == ["second"]
    sweep.hindcast(project, "probe", "remove", "second")
    sweep.hindcast(project, "fsck")


def test_a_source_object_is_taken_from_the_file_that_still_has_its_bytes(project):
    def git(*arguments):
        return subprocess.run(["git", f"--git-dir={store_path(project, 'code.git')}", *arguments], check=True, stdout=subprocess.PIPE,
                              universal_newlines=True).stdout.strip()

    blob = git("rev-parse", f"refs/versions/{ONE}:train.py")
    path = store_path(project, "code.git", "objects", blob[:2], blob[2:])
    flip(path, os.path.getsize(path) // 2)
    report = json.loads(sweep.hindcast(project, "fsck", "--json", expect=(6,)))
    assert any("train.py of version v1" in damage["costs"] for damage in report["damages"])
    repair(project)
    assert git("cat-file", "blob", blob) == open(os.path.join(project, "train.py"), encoding="utf-8").read().strip()


def test_a_lost_source_that_nothing_holds_any_more_stays_named(project):
    os.remove(os.path.join(project, "train.py"))
    objects = store_path(project, "code.git", "objects")
    for root, _, names in os.walk(objects):
        for name in names:
            with open(os.path.join(root, name), "rb") as file:
                if file.read(2) == b"x\x01":
                    flip(os.path.join(root, name), 6)
    report = repair(project, expect=(6,))
    assert report["left"] and all("source" in damage["costs"] or "train.py" in damage["costs"] for damage in report["left"])


def test_of_a_damaged_source_pack_the_whole_files_become_the_source_of_the_version(project):
    native = pytest.importorskip("hindcast._native")
    shutil.rmtree(store_path(project, "code.git"))
    pack = version_path(project, ONE, "source.pack")
    texts = {name: ("# %s\n" % name).encode() * 40 for name in ("model.py", "train.py", "util.py")}
    native.write_source_pack(pack, ONE, [(name, 0o100644, text) for name, text in texts.items()])
    offsets = [offset for _, offset in frames_of(pack)]
    flip(pack, offsets[1] + 60)
    report = json.loads(sweep.hindcast(project, "fsck", "--json", expect=(6,)))
    assert any("source.pack" in damage["path"] for damage in report["damages"])
    repair(project)
    sweep.hindcast(project, "reindex")
    git = ["git", "--git-dir=" + store_path(project, "code.git"), "ls-tree", "-r", "--name-only", f"refs/versions/{ONE}"]
    assert subprocess.run(git, check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout.split() == ["model.py", "util.py"]
    kept = subprocess.run(git[:2] + ["show", f"refs/versions/{ONE}:model.py"], check=True, stdout=subprocess.PIPE).stdout
    assert kept == texts["model.py"]


def test_a_lost_reference_is_found_by_its_snapshot(project):
    os.remove(store_path(project, "code.git", "refs", "versions", ONE))
    repair(project)
    assert "train.py" in sweep.hindcast(project, "show", "v1")


def test_a_run_that_is_being_recorded_is_left_alone(project):
    number = 5
    process = subprocess.Popen(recorded.command(project, number, 1_000_000), stdout=subprocess.PIPE, universal_newlines=True)
    try:
        for line in process.stdout:
            if line == "acknowledged 3\n":
                break
        path = version_path(project, ONE, "journal")
        flip(path, frames_of(path)[2][1] + 40)
        sweep.hindcast(project, "fsck", "--repair", "--json", expect=(0, 6))
        assert read(project, ONE).state() == "complete"
        journal = version_path(project, recorded.UUID % number, "journal")
        size = os.path.getsize(journal)
        for line in process.stdout:
            if os.path.getsize(journal) > size:
                break
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    recorded.check_content(read(project, recorded.UUID % number), acknowledged=3, passes=1_000_000)

# SPDX-License-Identifier: Apache-2.0
"""Flipped bits in every kind of file of a store: no program crashes or hangs, nothing wrong is returned as right, and fsck finds it."""
import json
import os
import random
import shutil
import subprocess

import pytest
import recorded
import sweep
from recorded import page

SEED = 20260711
FLIPS = 400 if sweep.EVERY else 5  # for each file


def make_store(folder):
    """Every kind of file that a store has: two whole runs, one with a source.pack, sources, annotations, the index."""
    store = os.path.join(folder, ".hindcast")
    os.makedirs(store)
    with open(os.path.join(store, "FORMAT"), "w", encoding="ascii") as file:
        file.write("hindcast-store 1\n")
    with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
        file.write("for epoch in range(3):\n    total = epoch\n")
    for number in (1, 2):
        recorded.record(folder, number)
        sweep.hindcast(folder, "snapshot", "--project", folder, "--version", recorded.UUID % number)
    sweep.hindcast(folder, "ls")
    sweep.hindcast(folder, "probe", "add", "train.py:2", "--name", "first", "--expr", "epoch")
    shutil.copy(os.path.join(os.path.dirname(recorded.page.__file__), "golden", "v1", "versions", "0192f3c4-0000-7000-8000-000000000001",
                             "source.pack"), os.path.join(store, "versions", recorded.UUID % 1, "source.pack"))
    # Its header names another run, which would be damage; the frames are those of the golden store.
    path = os.path.join(store, "versions", recorded.UUID % 1, "source.pack")
    with open(path, "r+b") as file:
        file.seek(16)
        file.write(bytes.fromhex((recorded.UUID % 1).replace("-", "")))


def files_of(folder):
    """Paths below the store; the index apart, for it is built again."""
    found = []
    for root, _, names in os.walk(os.path.join(folder, ".hindcast")):
        for name in names:
            found.append(os.path.relpath(os.path.join(root, name), os.path.join(folder, ".hindcast")))
    return sorted(path for path in found if not path.startswith("scratch"))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("flips") / "project")
    make_store(folder)
    sweep.hindcast(folder, "fsck")
    return folder


def ask(folder, *arguments):
    """Exit status and output; a crash or a hang fails the test."""
    done = subprocess.run([sweep.PROGRAM, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=sweep.SECONDS, check=False, errors="replace")
    assert done.returncode >= 0, f"hindcast {' '.join(arguments)} died of signal {-done.returncode}\n{done.stderr}"
    return done.returncode, done.stdout


def values_of(folder):
    """{(version, epoch, name): text}, or None where the command fails."""
    status, out = ask(folder, "dataframe", "pass", "quarter", "words", "--format", "json")
    if status != 0:
        return None
    return {(row["version"], row["epoch"], name): row[name] for row in json.loads(out) for name in ("pass", "quarter", "words") if name in row}


def check_tensors(folder):
    """The program's own reader, over every capture: bytes as they were, or an error."""
    from hindcast import _native
    import ctypes

    for number in (1, 2):
        try:
            reader = _native.Reader(os.path.join(folder, ".hindcast", "versions", recorded.UUID % number))
        except (ValueError, OSError):
            continue
        for row in reader.captures():
            index = row["coords"][0][2]
            wanted = (recorded.numbers(index * 1000, 5000), recorded.numbers(0, 70_000))
            for tensor, content in enumerate(wanted):
                memory = ctypes.create_string_buffer(len(content))
                try:
                    reader.read_tensor(row["n"], tensor, ctypes.addressof(memory), len(content))
                except (ValueError, OSError):
                    continue
                assert memory.raw == content


def wrong_values(folder, right, told):
    """Right values, fewer of them and an error are all well. Numbers of versions are annotations: a lost one is given anew."""
    found = values_of(folder) or {}
    numbers = {version for version, *_ in found}
    known = {version for version, *_ in right}
    wrong = {key: value for key, value in found.items() if (right.get(key) if numbers <= known else value) != value}
    return [f"{told}: {wrong}"] if wrong else []


def unused(path, offset):
    """Whether the bits of this byte mean nothing, or nothing that could be told from right (FORMAT.md says which)."""
    folder, name = os.path.split(path)
    if path.startswith("code.git"):
        return not path.startswith(os.path.join("code.git", "objects")) and not path.startswith(os.path.join("code.git", "refs", "versions"))
    if name in (".gitignore", "FORMAT", "run.json") or name.endswith(("-shm", "-wal")):
        return True  # text whose letters cannot be told from others; working files of SQLite's
    if folder.endswith("segments"):
        return offset in (10, 11) or 16 <= offset < 32  # the minor number, the run that wrote it
    if name in ("journal", "source.pack") or folder == "annotations":
        # The minor number and the time of the start. The last record of an annotation file may be a killed writer's.
        return offset in (10, 11) or 32 <= offset < 40 or folder == "annotations" and offset >= 16
    return False


def offsets_of(path, size, generator):
    """Every byte of a small file, a sample of a large one with its first and last bytes."""
    if size <= FLIPS:
        return range(size)
    return sorted({0, size - 1} | {generator.randrange(size) for _ in range(FLIPS - 2)})


def test_a_flipped_bit_in_any_file_gives_no_wrong_answer_and_fsck_finds_it(store, tmp_path):
    generator = random.Random(SEED)
    right = values_of(store)
    assert len(right) == 2 * recorded.PASSES * 3
    copy = str(tmp_path / "copy")
    seen = set()
    problems = []
    for path in files_of(store):
        with open(os.path.join(store, ".hindcast", path), "rb") as file:
            content = file.read()
        for offset in offsets_of(path, len(content), generator):
            bit = generator.randrange(8)
            flipped = bytearray(content)
            flipped[offset] ^= 1 << bit
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(store, copy, symlinks=True)
            damaged = os.path.join(copy, ".hindcast", path)
            os.chmod(damaged, 0o600)
            with open(damaged, "wb") as file:
                file.write(flipped)
            told = f"{path}, byte {offset} of {len(content)}, bit {bit}"
            status, out = ask(copy, "fsck")
            same = path.startswith("code.git") and flipped.lower() == content.lower()  # of a hexadecimal name
            if status != 6 and not unused(path, offset) and not same:
                problems.append(f"{told}: fsck finds nothing, exit {status}")
            problems += wrong_values(copy, right, told)
            if path.startswith("versions"):
                ask(copy, "reindex")  # so that the answers come from the damaged file, not from the index
                problems += wrong_values(copy, right, told)
                check_tensors(copy)
            seen.add(path.split(os.sep)[0])
    assert not problems, "\n".join(problems)
    assert seen >= {"FORMAT", "versions", "code.git", "annotations", "columns", "catalog.db"}


def test_a_damaged_index_is_built_again_with_the_same_answers(store, tmp_path):
    right = values_of(store)
    generator = random.Random(SEED)
    for path in [path for path in files_of(store) if path == "catalog.db" or path.startswith("columns")]:
        copy = str(tmp_path / "copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(store, copy, symlinks=True)
        damaged = os.path.join(copy, ".hindcast", path)
        with open(damaged, "r+b") as file:
            for offset in generator.sample(range(os.path.getsize(damaged)), 40):
                file.seek(offset)
                file.write(bytes([generator.randrange(256)]))
        sweep.hindcast(copy, "reindex")
        assert values_of(copy) == right
        sweep.hindcast(copy, "fsck")

# SPDX-License-Identifier: Apache-2.0
"""The user's work tree, branch, index and HEAD are never touched, at record or replay; secrets stay out of the store."""
import hashlib
import os
import subprocess

import pytest

import history
import tiny_project


def git(project, *arguments):
    return subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments], cwd=project, check=True,
                          capture_output=True, text=True).stdout


def files(project):
    """Content digest, modification time and mode of every file outside the store, the user's .git included."""
    seen = {}
    for folder, names, plain in os.walk(project):
        names[:] = [name for name in names if name != ".hindcast"]
        for name in plain:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            with open(path, "rb") as file:
                seen[os.path.relpath(path, project)] = (hashlib.sha256(file.read()).hexdigest(), status.st_mtime_ns, status.st_mode)
    return seen


@pytest.fixture
def repository(tmp_path):
    project = str(tmp_path / "project")
    os.makedirs(project)
    tiny_project.write(project)
    tiny_project.write(project, "committed\n", "notes.txt")
    git(project, "init", "-q", "-b", "work")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "first")
    tiny_project.write(project, "staged\n", "notes.txt")
    git(project, "add", "notes.txt")
    tiny_project.write(project, "staged and edited\n", "notes.txt")
    tiny_project.write(project, "untracked\n", "scratch.txt")
    tiny_project.write(project, "TOKEN=hunter2-secret\n", ".env")
    git(project, "status")  # settles the index's own stat cache before anything is compared
    return project


def facts(project):
    return [git(project, "rev-parse", "HEAD"), git(project, "symbolic-ref", "HEAD"), git(project, "diff", "--cached"),
            git(project, "--no-optional-locks", "status", "--porcelain", "--untracked-files=all")]


def test_recording_and_replaying_leave_the_repository_as_it_was(repository):
    before, seen = facts(repository), files(repository)
    history.record(repository)
    assert files(repository) == seen and facts(repository) == before

    tiny_project.write(repository, tiny_project.with_probe())
    before, seen = facts(repository), files(repository)
    history.replay(repository, "grad_norm")
    history.hindcast("dataframe", "grad_norm", cwd=repository)
    history.hindcast("fsck", cwd=repository)
    assert files(repository) == seen and facts(repository) == before
    assert history.values(repository, "grad_norm")[0]


def test_secrets_are_not_in_the_store_and_untracked_sources_are(repository):
    history.record(repository)
    store = os.path.join(repository, ".hindcast")
    listing = subprocess.run(["git", "--git-dir", os.path.join(store, "code.git"), "for-each-ref", "--format=%(objectname)"], capture_output=True,
                             text=True, check=True).stdout.split()
    tree = subprocess.run(["git", "--git-dir", os.path.join(store, "code.git"), "ls-tree", "-r", "--name-only", listing[0]], capture_output=True,
                          text=True, check=True).stdout.split()
    assert "train.py" in tree and "scratch.txt" in tree and ".env" not in tree
    for folder, _, names in os.walk(store):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                assert b"hunter2-secret" not in file.read()

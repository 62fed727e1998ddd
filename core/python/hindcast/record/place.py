# SPDX-License-Identifier: Apache-2.0
"""Where the project and its store are."""
import collections
import os
import shutil
import sys

Place = collections.namedtuple("Place", "project script")
Place.__doc__ = "`project`: absolute folder; `script`: relative to it, absolute when outside, empty in a prompt."


def find():
    """The project of the running script: walking up, the first folder with `.hindcast` or `.git`; else the script's own
    folder. Raises OSError where no store may be made by itself: in a home folder or the root."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    script = os.path.realpath(main) if main and not main.startswith("<") else ""  # "<stdin>" is no file
    start = os.path.dirname(script) if script else os.path.realpath(os.getcwd())
    for _ in (module() or "").split(".")[:-1]:  # `python -m package.train`: the folder that holds the package
        start = os.path.dirname(start)
    project = _above(start) or start
    if _forbidden(project):
        raise OSError("the project would be %s; put the script into a folder of its own" % project)
    if not script:
        return Place(project, "")
    inside = script.startswith(project.rstrip(os.sep) + os.sep)
    return Place(project, os.path.relpath(script, project) if inside else script)


def module():
    """The name that `python -m` was given, None when a file was run."""
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    return spec.name if spec is not None and spec.name != "__main__" else None


def _forbidden(folder):
    return folder == os.path.dirname(folder) or folder == os.path.realpath(os.path.expanduser("~"))


def _above(folder):
    while not _forbidden(folder):
        if os.path.isdir(os.path.join(folder, ".hindcast")) or os.path.exists(os.path.join(folder, ".git")):
            return folder
        folder = os.path.dirname(folder)
    return None


# Who may use a store that is made now: its owner; the folder's group too; the group, to look. As Project::create.
_SHARED = {"": 0o700, "group": 0o2770, "group-read": 0o2750}


def _group_rights(folder):
    """What the group gets of what is made in a folder: nothing, unless the folder passes its group on (setgid)."""
    mode = os.stat(folder).st_mode
    return mode & 0o2070 if mode & 0o2000 and mode & 0o040 else 0


def _shared_rights():
    wish = os.environ.get("HINDCAST_SHARED", "")
    if wish not in _SHARED:
        raise OSError("HINDCAST_SHARED is %r: it can be group (all may record) or group-read (all may look)" % wish)
    return _SHARED[wish]


def prepare(place):
    """Makes the store when there is none; returns its folder. OSError when it was written by a newer program."""
    store = os.path.join(place.project, ".hindcast")
    if not os.path.exists(store):
        _make(store)
    versions = os.path.join(store, "versions")
    if not os.path.isdir(versions):
        os.makedirs(versions, mode=0o700, exist_ok=True)
        os.chmod(versions, 0o700 | _group_rights(store))
    mark = os.path.join(store, "FORMAT")
    if not os.path.exists(mark):
        _write(mark, "hindcast-store 1\n")
    with open(mark, encoding="utf-8", errors="replace") as file:
        parts = file.readline().split()
    if len(parts) != 2 or parts[0] != "hindcast-store" or parts[1] != "1":
        raise OSError("the store %s has another format (%s); install a newer Hindcast" % (store, " ".join(parts) or "empty"))
    if not os.path.exists(os.path.join(store, ".gitignore")):
        _write(os.path.join(store, ".gitignore"), "*\n")
    return store


def _make(store):
    """Makes the folders with their rights under another name: ranks of one job find the store as it should be or not at all."""
    rights = _shared_rights()
    made = "%s.%s.%d" % (store, os.uname().nodename, os.getpid())
    for folder in (made, os.path.join(made, "versions")):
        os.makedirs(folder, mode=0o700)
        os.chmod(folder, rights)
    try:
        os.rename(made, store)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        if not os.path.isdir(store):
            raise


def _write(path, text):
    temporary = "%s.%d" % (path, os.getpid())
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600 | _group_rights(os.path.dirname(path)) & 0o060)
        file.write(text)
    os.replace(temporary, path)

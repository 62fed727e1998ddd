# SPDX-License-Identifier: Apache-2.0
"""Folders that a script made for its output before the place where a replay begins.

Many are named after the time at which the run began: what ran before the loop has made another one in this replay, and the name that
a restore brings back is that of a folder which is not here. It is made when the script writes into it.
"""
import os
import sys
import threading

_busy = threading.local()


def make_when_written(project):
    """From now on, folders of the project that are missing are made as soon as something is to be written there."""
    root = os.path.join(os.path.realpath(project), "")

    def make(path):
        if not isinstance(path, (str, bytes, os.PathLike)) or getattr(_busy, "making", False):
            return
        parent = os.path.dirname(os.path.abspath(os.fsdecode(path)))
        if os.path.isdir(parent) or not os.path.join(os.path.realpath(parent), "").startswith(root):
            return
        _busy.making = True
        try:
            os.makedirs(parent, exist_ok=True)
        except OSError:
            pass  # the script meets the error itself
        finally:
            _busy.making = False

    def hook(event, arguments):
        if event == "open" and _writes(*arguments[1:3]) or event in ("os.mkdir", "sqlite3.connect"):
            make(arguments[0])

    sys.addaudithook(hook)
    _watch_torch(make)


def _writes(mode, flags):
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _watch_torch(make):
    """torch.save opens files by name without asking Python."""
    torch = sys.modules.get("torch")
    save = getattr(torch, "save", None)
    if save is None:
        return

    def saving(obj, f, *arguments, **named):
        make(f)
        return save(obj, f, *arguments, **named)

    torch.save = saving

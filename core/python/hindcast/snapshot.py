# SPDX-License-Identifier: Apache-2.0
"""The source of a version: the hindcast program takes it beside the run."""
import subprocess

from . import program


class Running:
    """A snapshot that the program is taking."""

    def __init__(self, process, recorder):
        self._process = process
        self._recorder = recorder

    def finish(self):
        """Waits a few seconds at the run's end; the program goes on by itself when that is not enough."""
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            return


def start(project, uuid, recorder):
    """Starts taking the snapshot; None when there is no program to do it."""
    path = program.find()
    if path is None:
        return None
    process = subprocess.Popen(
        [path, "snapshot", "--project", project, "--version", uuid],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
    )
    return Running(process, recorder)

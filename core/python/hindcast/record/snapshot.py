# SPDX-License-Identifier: Apache-2.0
"""The source of a version. The hindcast program takes it beside the run; where there is none, or it fails, the sources go
into `source.pack`, read when recording starts, and ingest imports them."""
import os
import subprocess
import sys

from .. import _native, program
from . import sources


_CLOCK_SECONDS = 0.05  # the start of a process is known in clock ticks only


class Snapshot:
    """The snapshot of one version, being taken."""

    def __init__(self, project, uuid, folder, note):
        self._project, self._uuid, self._folder, self._note = project, uuid, folder, note
        self._process = None
        path = program.find()
        if path is not None:
            self._process = subprocess.Popen(
                [path, "snapshot", "--project", project, "--version", uuid],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=True,
            )
        else:
            self._pack()

    def finish(self):
        """At the run's end: waits a few seconds; the program goes on by itself when that is not enough."""
        if self._process is None:
            return
        try:
            failed = self._process.wait(5) != 0
        except subprocess.TimeoutExpired:
            return
        if failed:
            self._pack()

    def _pack(self):
        taken, left = sources.collect(self._project)
        _native.write_source_pack(os.path.join(self._folder, "source.pack"), self._uuid, taken)
        if left:
            self._note("hint", what="sources left out", files=[{"path": path, "reason": reason} for path, reason in left[:200]])


def changed_while_starting(project, since):
    """Imported sources of the project (as paths) that were changed after `since` (seconds): the snapshot may hold other text."""
    found = []
    for module in list(sys.modules.values()):
        relative = project.relative(getattr(module, "__file__", None) or "")
        if relative is not None:
            try:
                if os.stat(module.__file__).st_mtime > since + _CLOCK_SECONDS:
                    found.append(relative)
            except OSError:
                continue
    return sorted(set(found))

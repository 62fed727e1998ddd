# SPDX-License-Identifier: Apache-2.0
"""Finds the `hindcast` program."""
import os
import shutil


def find():
    """Path of the program: HINDCAST_PROGRAM, beside the package (../../bin), then PATH; None when there is none."""
    named = os.environ.get("HINDCAST_PROGRAM")
    if named is not None:
        return named if named and os.access(named, os.X_OK) else None
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for candidate in (os.path.join(here, "..", "bin", "hindcast"), os.path.join(here, "bin", "hindcast")):
        if os.access(candidate, os.X_OK) and os.path.isfile(candidate):
            return os.path.normpath(candidate)
    return shutil.which("hindcast")

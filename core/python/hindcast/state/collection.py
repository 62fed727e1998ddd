# SPDX-License-Identifier: Apache-2.0
"""Python's search for garbage, kept away from work that makes many objects at once."""
import contextlib
import gc


@contextlib.contextmanager
def put_off():
    """No search while the body runs: what a walk over a large project makes all stays, and each search among it and everything
    that the script holds takes as long as the walk. The setting of the script comes back."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()

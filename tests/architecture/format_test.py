# SPDX-License-Identifier: Apache-2.0
"""Every C++ source is as .clang-format has it."""
import os
import shutil
import subprocess

import pytest
from layers import tracked

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FORMATTER = shutil.which("clang-format-14")


@pytest.mark.skipif(FORMATTER is None, reason="another clang-format would disagree about details")
def test_sources_are_formatted():
    sources = [name for name in tracked(ROOT) if name.endswith((".cpp", ".h"))]
    done = subprocess.run([FORMATTER, "--dry-run", *sources], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sorted({line.split(":", 1)[0] for line in done.stderr.splitlines() if "clang-format-violations" in line}) == []

# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the native module's tests."""
import sys
import uuid

import pytest

from native_module import load


@pytest.fixture(scope="session")
def native():
    return sys.modules.setdefault("native_under_test", load())


@pytest.fixture
def folder(tmp_path):
    """A version's folder that does not exist yet."""
    return str(tmp_path / "versions" / str(uuid.uuid4()))


@pytest.fixture
def recorder(native, folder):
    recorder = native.Recorder(folder, b'{"format": 1}', 1.0, 5.0, 1 << 28)
    native.set_current(recorder)
    yield recorder
    native.set_current(None)
    native.set_slow_log(None)
    recorder.close(b'{"status": "complete", "reason": ""}')

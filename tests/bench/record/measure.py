# SPDX-License-Identifier: Apache-2.0
"""What the Python benchmarks share: the built extension, a recorder of its own, medians, one row of the table."""
import importlib.util
import os
import statistics
import time
import uuid

TYPES = {"torch.float32": 8, "torch.bfloat16": 7, "torch.float16": 6, "torch.float64": 9, "torch.int64": 5, "torch.uint8": 1}


def native_module():
    """The extension of the package on PYTHONPATH, without starting a recording."""
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        path = os.path.join(folder, "hindcast", "_native.abi3.so")
        if os.path.exists(path):
            spec = importlib.util.spec_from_file_location("hindcast._native", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise SystemExit("PYTHONPATH does not hold the built package")


def new_recorder(native, top, queue_bytes):
    """A recorder and the folder it writes."""
    folder = os.path.join(top, str(uuid.uuid4()))
    return native.Recorder(folder, b"{}", 1.0, 5.0, queue_bytes), folder


def tensor_views(state):
    """A state as Recorder.capture takes it."""
    return [(key, TYPES[str(t.dtype)], tuple(t.shape), t.data_ptr(), t.numel() * t.element_size(), t) for key, t in state.items()]


def cpu_seconds(body):
    """CPU time of this thread."""
    begin = time.thread_time()
    body()
    return time.thread_time() - begin


def wall_seconds(body):
    begin = time.perf_counter()
    body()
    return time.perf_counter() - begin


def median(values):
    return statistics.median(values)


def row(what, reach, peer, measured):
    """One row of the table that packaging/bench collects."""
    print(f"| {what} | {reach} | {peer} | {measured} |", flush=True)

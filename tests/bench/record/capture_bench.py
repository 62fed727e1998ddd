# SPDX-License-Identifier: Apache-2.0
"""Blocked time of a capture against torch.save of the same state, and restoring it against torch.load.

    PYTHONPATH=<build>/python capture_bench.py [MEGABYTES]
"""
import os
import sys
import tempfile

import torch
from measure import cpu_seconds, median, native_module, new_recorder, row, tensor_views

ROUNDS = 7
TENSORS = 120


def step(state):
    """Every element moves a little, as an optimizer moves it."""
    for tensor in state.values():
        tensor.add_(torch.randn(4096).mul_(1e-4).repeat(tensor.numel() // 4096))


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    native = native_module()
    torch.manual_seed(0)
    state = {f"t{i}": torch.randn(megabytes * 1_000_000 // TENSORS // 4 // 4096 * 4096) * 0.05 for i in range(TENSORS)}
    size = sum(tensor.numel() * 4 for tensor in state.values())
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as top:
        recorder, folder = new_recorder(native, top, 3 * size)
        recorder.reserve(2 * size)
        recorder.flush(False)
        blocked, saves = [], []
        for epoch in range(ROUNDS):
            step(state)
            path = os.path.join(top, "saved.pt")
            saves.append(cpu_seconds(lambda: torch.save(state, path)))
            views = tensor_views(state)
            blocked.append(cpu_seconds(lambda: recorder.capture(0, 0, [("epoch", 0, epoch)], 0, views, b"", True)))
            recorder.flush(False)
        recorder.close(b'{"status": "complete"}')
        reader = native.Reader(folder)
        out = {key: torch.zeros_like(tensor) for key, tensor in state.items()}

        def restore(capture):
            for index, tensor in enumerate(out.values()):
                reader.read_tensor(capture, index, tensor.data_ptr(), tensor.numel() * 4)

        restores, loads = [], []
        for _ in range(3):
            restores.append(cpu_seconds(lambda: restore(0)))
            loads.append(cpu_seconds(lambda: torch.load(path)))
    save = median(saves)
    row(f"blocked time of a capture from Python, {size / 1e6:.0f} MB", "0.10 x torch.save", f"torch.save {save * 1e3:.0f} ms",
        f"{median(blocked) / save:.3f} x ({median(blocked) * 1e3:.1f} ms)")
    row(f"restore of {size / 1e6:.0f} MB without a difference, verified", "", f"torch.load {median(loads) * 1e3:.0f} ms",
        f"{median(restores) * 1e3:.0f} ms, {size / median(restores) / 1e9:.2f} GB/s per core")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Blocked time of a capture, stored bytes and restore, against torch.save, for a model trained with Adam.

    PYTHONPATH=<build>/python capture_bench.py
"""
import ctypes
import io
import os
import tempfile
import time
import uuid

import torch
from log_bench import load

EPOCHS = 10


def state_of(model, optimizer):
    state = {f"m/{k}": v for k, v in model.state_dict().items()}
    for i, entry in enumerate(optimizer.state.values()):
        state.update({f"o/{i}/{k}": v for k, v in entry.items() if torch.is_tensor(v) and v.numel() > 1})
    return state


def views(state):
    return [(k, 8, tuple(v.shape), v.data_ptr(), v.numel() * v.element_size(), v) for k, v in state.items()]


def cpu(body):
    begin = time.thread_time()
    result = body()
    return time.thread_time() - begin, result


def plain_copy(state, arena):
    at = arena.data_ptr()
    for tensor in state.values():
        count = tensor.numel() * tensor.element_size()
        ctypes.memmove(at, tensor.data_ptr(), count)
        at += count


def train(model, optimizer):
    for _ in range(5):
        x = torch.randn(64, 784)
        optimizer.zero_grad()
        (model(x) - x[:, :10]).square().mean().backward()
        optimizer.step()


def restore(native, folder, state):
    reader = native.Reader(folder)
    count = 0
    begin = time.thread_time()
    for n in range(EPOCHS):
        for index, tensor in enumerate(state.values()):
            out = torch.empty_like(tensor)
            reader.read_tensor(n, index, out.data_ptr(), out.numel() * out.element_size())
            count += out.numel() * out.element_size()
    return count / (time.thread_time() - begin) / 1e9


def main():
    native = load()
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(784, 2000), torch.nn.ReLU(), torch.nn.Linear(2000, 2000), torch.nn.ReLU(), torch.nn.Linear(2000, 10))
    optimizer = torch.optim.Adam(model.parameters())
    train(model, optimizer)
    size = sum(v.numel() * v.element_size() for v in state_of(model, optimizer).values())
    arena = torch.zeros(size // 4 + 16)
    with tempfile.TemporaryDirectory() as top:
        folder = os.path.join(top, str(uuid.uuid4()))
        recorder = native.Recorder(folder, b"{}", 1.0, 5.0, 1 << 30)
        recorder.reserve(size + (8 << 20))
        recorder.flush(False)
        ours, copies, saves, saved = [], [], [], 0
        for epoch in range(EPOCHS):
            state = state_of(model, optimizer)
            copies.append(cpu(lambda: plain_copy(state, arena))[0])
            ours.append(cpu(lambda: recorder.capture(0, 0, [("epoch", 0, epoch)], 0, views(state), b"", True))[0])
            buffer = io.BytesIO()
            saves.append(cpu(lambda: torch.save(state, buffer))[0])
            saved += buffer.tell()
            recorder.flush(False)
            train(model, optimizer)
        recorder.flush(True)
        copy, save, mine = (sorted(times)[EPOCHS // 2] for times in (copies, saves, ours))
        stats = recorder.stats()
        recorder.close(b'{"status": "complete"}')
        print(f"state {size / 1e6:.0f} MB, blocked {mine * 1e3:.1f} ms: {mine / copy:.2f} x memcpy (goal 1.15 x a streaming copy), {mine / save:.2f} x torch.save")
        print(f"stored {stats['bytes_stored'] / saved:.3f} of torch.save over {EPOCHS} epochs (goal 0.75), {stats['captures']} of {EPOCHS} captured")
        print(f"restore {restore(native, folder, state):.2f} GB/s per core, all depths, verified (goal 3.4 at depth 0, 0.6 at depth 3)")


if __name__ == "__main__":
    main()

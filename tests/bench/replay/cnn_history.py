# SPDX-License-Identifier: Apache-2.0
"""A history for the replay benchmarks: versions of a small CNN, ten epochs each, with edits between them as people make
them, and the same scripts as they would have been written with the statement in from the start."""
import os
import subprocess
import sys

SCRIPT = '''\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import hindcast as hc

torch.manual_seed({seed})
images, labels = torch.randn(1216, 3, 16, 16), torch.randint(0, 10, (1216,))
loader = DataLoader(TensorDataset(images[:960], labels[:960]), batch_size=32, shuffle=True)
{net} = nn.Sequential(nn.Conv2d(3, {width}, 3, padding=1), nn.ReLU(), nn.BatchNorm2d({width}), nn.MaxPool2d(2),
                    nn.Conv2d({width}, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.2),
                    nn.Linear(64 * 16, 10))
optimizer = torch.optim.Adam({net}.parameters(), lr=hc.arg("lr", {lr}))


def accuracy():
    {net}.eval()
    with torch.no_grad():
        right = ({net}(images[960:]).argmax(1) == labels[960:]).float().mean().item()
    {net}.train()
    return right


with hc.checkpointing(model={net}, optimizer=optimizer):
    for epoch in hc.loop("epoch", range(hc.arg("epochs", 10))):
        for {batch}, target in {steps}:
            loss = nn.functional.cross_entropy({net}({batch}), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            hc.log("loss", loss.item())
{deep}        hc.log("val_acc", accuracy())
{shallow}'''

SHALLOW = '        hc.log("norm", sum(p.detach().norm().item() for p in {net}.parameters()))\n'
DEEP = '            hc.log("grad_norm", sum(p.grad.norm().item() for p in {net}.parameters()))\n'


def script(version, shallow=False, deep=False, empty=False):
    """The source of one version (1, 2, …), with statements, or with the inner loop left out."""
    names = {"net": "net" if version < 4 else "model", "batch": "x" if version < 7 else "inputs"}
    steps = "[]" if empty else 'hc.loop("step", loader)'
    return SCRIPT.format(seed=version, width=16 if version < 9 else 24, lr=0.001 * version, steps=steps, **names,
                         deep=DEEP.format(**names) if deep else "", shallow=SHALLOW.format(**names) if shallow else "")


def write(folder, text):
    with open(os.path.join(folder, "train.py"), "w", encoding="utf-8") as file:
        file.write(text)


def environment():
    """One thread a process, so that as many workers fit as there are cores."""
    return dict(os.environ, OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", PYTHONDONTWRITEBYTECODE="1")


def record(folder, versions):
    """The recorded history in `folder`, made once."""
    if os.path.exists(os.path.join(folder, "complete")):
        return
    os.makedirs(os.path.join(folder, ".hindcast"), exist_ok=True)
    for version in range(1, versions + 1):
        write(folder, script(version))
        subprocess.run(["hindcast", "run", "--python", sys.executable, "train.py"], cwd=folder, env=environment(), check=True)
    open(os.path.join(folder, "complete"), "w").close()

# SPDX-License-Identifier: Apache-2.0
"""A training script that is done in a second or two after its imports, for tests about everything but training."""

SCRIPT = '''\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import hindcast as hc

torch.manual_seed(3)
data = TensorDataset(torch.randn(96, 5), torch.randint(0, 3, (96,)))
loader = DataLoader(data, batch_size=16, shuffle=True)
net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 0.01))

with hc.checkpointing(model=net, optimizer=opt):
    for epoch in hc.loop("epoch", range(hc.arg("epochs", 4))):
        for x, y in hc.loop("step", loader):
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
        net.eval()
        with torch.no_grad():
            accuracy = (net(data.tensors[0]).argmax(1) == data.tensors[1]).float().mean().item()
        net.train()
        hc.log("accuracy", accuracy)
'''

GRAD_NORM = '            hc.log("grad_norm", sum(p.grad.norm().item() for p in net.parameters()))\n'


def with_probe(script=SCRIPT):
    """The script with a gradient norm logged after backward()."""
    return script.replace("            loss.backward()\n", "            loss.backward()\n" + GRAD_NORM)


def write(folder, text=SCRIPT, name="train.py"):
    with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
        file.write(text)

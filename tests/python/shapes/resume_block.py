# SPDX-License-Identifier: Apache-2.0
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(8)
net = nn.Linear(6, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
start_epoch, best = 0, 1e9
if os.path.exists("checkpoint.pt"):
    saved = torch.load("checkpoint.pt")
    net.load_state_dict(saved["net"])
    opt.load_state_dict(saved["opt"])
    start_epoch, best = saved["epoch"] + 1, saved["best"]
x = torch.randn(48, 6)
y = torch.randint(0, 3, (48,))
patience = 0
for epoch in hc.loop("epoch", range(start_epoch, 8)):
    permutation = torch.randperm(48)
    losses = torch.zeros(6)
    for k in hc.loop("step", range(6)):
        chosen = permutation[k * 8:k * 8 + 8]
        loss = F.cross_entropy(net(x[chosen]), y[chosen])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses[k] = loss.detach()
        hc.log("loss", loss.item())
    mean = losses.mean().item()
    improved = mean < best - 0.002
    if improved:
        best, patience = mean, 0
        torch.save({"net": net.state_dict(), "opt": opt.state_dict(), "epoch": epoch, "best": best}, "checkpoint.pt")
    else:
        patience += 1
    hc.log("mean", mean)
    if epoch == 5 or patience > 4:
        break
hc.log("epochs", epoch)

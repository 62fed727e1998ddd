# SPDX-License-Identifier: Apache-2.0
import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

random.seed(1)
np.random.seed(2)
torch.manual_seed(0)


class Noisy(torch.utils.data.Dataset):
    def __init__(self, size=48):
        self.x = torch.randn(size, 8)
        self.y = (self.x.sum(1) > 0).long()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        noise = 0.1 * torch.randn(8) + 0.1 * random.random() + 0.1 * float(np.random.rand())
        return self.x[index] + noise, self.y[index]


data = Noisy()
loader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)
net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
sched = torch.optim.lr_scheduler.StepLR(opt, 2)
best, history = 0.0, []
with hc.checkpointing(model=net, optimizer=opt, scheduler=sched):
    for epoch in hc.loop("epoch", range(4)):
        net.train()
        total, count = 0.0, 0
        for x, y in hc.loop("step", loader):
            opt.zero_grad()
            out = net(x)
            loss = F.cross_entropy(out, y)
            loss.backward()
            opt.step()
            total += loss.item()
            count += 1
            hc.log("loss", loss.item())
        net.eval()
        with torch.no_grad():
            scores = net(data.x)
            acc = (scores.argmax(1) == data.y).float().mean().item()
        if acc > best:
            best = acc
        history.append(acc)
        sched.step()
        hc.log("acc", acc)
        hc.log("mean", total / count)
hc.log("final", best)

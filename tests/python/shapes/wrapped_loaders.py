# SPDX-License-Identifier: Apache-2.0
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(2)


class Progress:
    """A bar that counts, as tqdm does."""

    def __init__(self, iterable, desc=""):
        self.iterable, self.desc, self.n = iterable, desc, 0
        self.start_time = time.time()
        self.postfix = ""

    def __len__(self):
        return len(self.iterable)

    def __iter__(self):
        for item in self.iterable:
            yield item
            self.n += 1

    def set_postfix(self, **values):
        self.postfix = ", ".join("%s=%.3f" % pair for pair in values.items())


def log_every(iterable, frequency):
    seen = 0
    for item in iterable:
        yield item
        seen += 1
        if seen % frequency == 0:
            hc.log("seen", seen)


data = torch.utils.data.TensorDataset(torch.randn(48, 5), torch.randint(0, 3, (48,)))
other = torch.utils.data.TensorDataset(torch.randn(32, 5), torch.randint(0, 3, (32,)))
first = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)
second = torch.utils.data.DataLoader(other, batch_size=8, shuffle=True)
net = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 3))
opt = torch.optim.AdamW(net.parameters(), lr=0.01)
steps = 0
for epoch in Progress(hc.loop("epoch", range(4)), desc="epochs"):
    bar = Progress(hc.loop("step", zip(first, second)), desc="steps")
    average = 0.0
    for i, ((xa, ya), (xb, yb)) in enumerate(bar):
        loss = F.cross_entropy(net(xa), ya) + 0.5 * F.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        steps += 1
        average += (loss.item() - average) / (i + 1)
        bar.set_postfix(loss=average)
        hc.log("loss", loss.item())
    right = 0
    for xs, ys in log_every(hc.loop("valid", second), 2):
        with torch.no_grad():
            right += (net(xs).argmax(1) == ys).sum().item()
    hc.log("right", right)
    hc.log("average", average)

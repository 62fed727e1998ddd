# SPDX-License-Identifier: Apache-2.0
"""Training scripts of the shapes that people write. Tiny, real, seeded."""

DATA = '''
import random
import numpy as np
import torch


class Noisy(torch.utils.data.Dataset):
    """Augments with three generators."""

    def __init__(self, size=48):
        source = torch.Generator().manual_seed(1)
        self.x = torch.randn(size, 8, generator=source)
        self.y = (self.x.sum(1) > 0).long()

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        noise = 0.1 * torch.randn(8) + 0.1 * random.random() + 0.1 * float(np.random.rand())
        return self.x[index] + noise, self.y[index]
'''

FLAT = '''
import random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc
from data import Noisy

random.seed(1); np.random.seed(2); torch.manual_seed(hc.arg("seed", 0))
loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, shuffle=True, num_workers=hc.arg("workers", 0))
net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters(), lr=hc.arg("lr", 0.01))
sched = torch.optim.lr_scheduler.StepLR(opt, 2)
best, history = 0.0, []
with hc.checkpointing(model=net, optimizer=opt, scheduler=sched):
    for epoch in hc.loop("epoch", range(hc.arg("epochs", 5))):
        net.train()
        total = 0.0
        for x, y in hc.loop("step", loader):
            opt.zero_grad()
            out = net(x)
            loss = F.cross_entropy(out, y)
            loss.backward()
            opt.step()
            total += loss.item()
            hc.log("loss", loss.item())
        net.eval()
        acc = (net(loader.dataset.x).argmax(1) == loader.dataset.y).float().mean().item()
        best = max(best, acc)
        history.append(acc)
        sched.step()
        hc.log("acc", acc)
        hc.log("best", best)
        hc.log("mean", total / len(loader))
hc.log("final", best)
'''

ENGINE = '''
import torch.nn.functional as F
import hindcast as hc


class Meter:
    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, value):
        self.total += value
        self.count += 1


def train_one_epoch(model, loader, optimizer, limit=None):
    model.train()
    meter = Meter()
    for index, (x, y) in enumerate(hc.loop("step", loader)):
        if index == limit:
            break
        if index % 3 == 1:
            continue
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        meter.add(loss.item())
        hc.log("loss", loss.item())
    else:
        hc.log("whole", meter.count)
    model.eval()
    return meter.total / meter.count


def accuracy(model, x, y):
    right = (model(x).argmax(1) == y).float()
    return right.mean().item()
'''

FUNCTIONS = '''
import random
import numpy as np
import torch
import torch.nn as nn
import hindcast as hc
from data import Noisy
from engine import accuracy, train_one_epoch


def logged(items):
    for item in items:
        yield item


def main():
    random.seed(1); np.random.seed(2); torch.manual_seed(0)
    data = Noisy()
    loader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)
    model = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.2), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.9 ** epoch)
    best, best_epoch, curve = 0.0, -1, []
    alias = curve
    for number, epoch in enumerate(logged(hc.loop("epoch", range(5)))):
        train_loss = train_one_epoch(model, loader, optimizer, 4 if epoch == 2 else None)
        acc = accuracy(model, data.x, data.y)
        if acc > best:
            best, best_epoch = acc, epoch
        curve.append(train_loss)
        scheduler.step()
        hc.log("train_loss", train_loss)
        hc.log("acc", acc)
        hc.log("number", number)
        hc.log("curve", sum(alias))
    hc.log("best_epoch", best_epoch)


if __name__ == "__main__":
    main()
'''

HEAD = '''
import random
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc
from data import Noisy
'''

SEED = "random.seed(1); np.random.seed(2); torch.manual_seed(0)\n"

STEP = '''
        for x, y in hc.loop("step", loader):
            opt.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
'''

END = '        hc.log("end", epoch)\n'


def script(setup, body, seed=SEED, register="model=net, optimizer=opt"):
    """A training script around `body`, what a pass of the epoch loop does."""
    return (
        HEAD + seed + "loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, shuffle=True)\n"
        "net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))\n"
        "opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)\n" + setup + "\nwith hc.checkpointing(" + register + "):\n"
        '    for epoch in hc.loop("epoch", range(5)):\n' + body
    )

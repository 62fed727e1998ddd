# SPDX-License-Identifier: Apache-2.0
import torch
import torch.nn as nn
import hindcast as hc


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 8, batch_first=True)
        self.head = nn.Linear(8, 1)
        self.calls = 0

    def forward(self, x, h):
        self.calls += 1
        out, h = self.rnn(x, h)
        return self.head(out), h


def repackage(h):
    return h.detach() if isinstance(h, torch.Tensor) else tuple(repackage(v) for v in h)


torch.manual_seed(6)
series = torch.cumsum(torch.randn(1, 241, 3), 1) * 0.1
net = Net()
lr = 0.05
best_loss = None
hidden = torch.zeros(1, 1, 8)
for epoch in hc.loop("epoch", range(4)):
    opt = torch.optim.SGD(net.parameters(), lr=lr)
    total = 0.0
    for start in hc.loop("chunk", range(0, 240, 40)):
        hidden = repackage(hidden)
        window = series[:, start:start + 40]
        target = series[:, start + 1:start + 41, :1]
        predicted, hidden = net(window, hidden)
        loss = ((predicted - target) ** 2).mean()
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p.add_(p.grad, alpha=-lr)
        total += loss.item()
        hc.log("loss", loss.item())
    if best_loss is None or total < best_loss:
        best_loss = total
    else:
        lr /= 4.0
    hc.log("total", total)
    hc.log("lr", lr)
    hc.log("memory_norm", hidden.norm().item())

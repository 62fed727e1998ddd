# Methods and functions that only libraries call (forward, a hook, a handler kept in a table), before, inside and after the loop.
import torch
import torch.nn as nn

import hindcast as hc


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 8)
        self.drop = nn.Dropout(0.2)
        self.last = nn.Linear(8, 2)

    def forward(self, x):
        hidden = self.drop(torch.relu(self.first(x)))
        level = hidden.mean()
        return self.last(hidden) + 0 * level


def watch(module, inputs, output):
    size = output.abs().mean()
    return output + 0 * size


def brief(values):
    least = min(values)
    return least


REPORTS = {"brief": brief}


def main():
    torch.manual_seed(hc.arg("seed", 5))
    data = torch.randn(48, 6)
    target = (data.sum(1) > 0).long()
    net = Net()
    net.last.register_forward_hook(watch)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    before = net(data[:8]).sum().item()
    losses = [before]
    with hc.checkpointing(net=net, optimizer=optimizer):
        for epoch in hc.loop("epoch", range(4)):
            for step in hc.loop("step", range(3)):
                batch = slice(16 * step, 16 * step + 16)
                loss = nn.functional.cross_entropy(net(data[batch]), target[batch])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            losses.append(loss.item())
            hc.log("loss", losses[-1])
            worst = REPORTS["brief"](losses)
    net.eval()
    final = net(data).argmax(1)
    accuracy = (final == target).float().mean().item()
    best = REPORTS["brief"](losses)
    hc.log("accuracy", accuracy)
    hc.log("best", best)


main()

# SPDX-License-Identifier: Apache-2.0
"""What a command line calls through `args.func(args)`: nobody can see who calls `train`."""
import argparse
import torch
import torch.nn as nn
import hindcast as hc


def data(seed):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(64, 6, generator=generator)
    return x, (x[:, 0] > 0).long()


def validate(model, x, y):
    model.eval()
    with torch.no_grad():
        correct = (model(x).argmax(1) == y).float().mean().item()
    model.train()
    return correct


def train(args):
    torch.manual_seed(args.seed)
    x, y = data(args.seed)
    model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
    best, history = 0.0, []
    for epoch in hc.loop("epoch", range(5)):
        total = 0.0
        for k in hc.loop("batch", range(4)):
            loss = nn.functional.cross_entropy(model(x[k * 16:k * 16 + 16]), y[k * 16:k * 16 + 16])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        accuracy = validate(model, x, y)
        best = max(best, accuracy)
        history.append(total / 4)
        hc.log("accuracy", accuracy)
    final = sum(p.detach().double().sum().item() for p in model.parameters())
    hc.log("best", best)
    summary = len(history) + final


def describe(args):
    print(args)


parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=3)
parser.add_argument("--lr", type=float, default=0.1)
parser.set_defaults(func=train)
commands = parser.add_subparsers()
commands.add_parser("describe").set_defaults(func=describe)
args = parser.parse_args()
args.func(args)
